"""What rules mean, in plain Python: the specification that the SQL is held against. It shares no code with it.

A profile is a mapping from field to value; a moment in a zoned column is an aware datetime, in another a naive one.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from traginer.segments import Condition, Group, Join, Rule, Span
from traginer.values import AsOf, Column, ColumnType

Profile = Mapping[str, Any]


def belongs(rule: Rule, profile: Profile, columns: Mapping[str, Column], as_of: AsOf) -> bool:
    """Whether the profile is a member: every answer is yes or no."""
    if isinstance(rule, Condition):
        return Asked(rule, profile.get(rule.field), columns[rule.field], as_of).answer()
    answers = [belongs(inner, profile, columns, as_of) for inner in rule.rules]
    return {Join.ALL: all, Join.ANY: any, Join.NONE: lambda found: not any(found)}[rule.join](answers)


OPPOSITES = {
    "is_not": "is",
    "is_not_one_of": "is_one_of",
    "is_not_empty": "is_empty",
    "does_not_contain": "contains",
    "is_not_between": "is_between",
}


class Asked:
    """One condition, asked of one value."""

    def __init__(self, condition: Condition, found: Any, column: Column, as_of: AsOf) -> None:
        self.condition, self.found, self.column, self.as_of = condition, found, column, as_of
        self.zone = ZoneInfo(as_of.timezone)

    def answer(self) -> bool:
        name = self.condition.operator
        if name in OPPOSITES:
            return not self.question(OPPOSITES[name])
        return self.question(name)

    def question(self, name: str) -> bool:
        """An empty field answers every question with no, but whether it is empty."""
        if name == "is_empty":
            return self.found is None
        return self.found is not None and QUESTIONS[name](self)

    # What was written, and what was found, in terms that compare.

    @property
    def value(self) -> Any:
        return self.condition.value

    @property
    def values(self) -> list[Any]:
        return list(self.value) if isinstance(self.value, tuple) else [self.value]

    def text(self, value: str) -> str:
        """Upper and lower case meet letter by letter; nothing else does (ß is not SS, é is not e)."""
        return "".join(letter.lower()[0] for letter in value) if self.condition.ignore_case else value

    def compare(self, how: Callable[[Any, Any], bool], written: Any) -> bool:
        """A day is compared with the day of a moment; a moment with the moment, or the wall clock, to the microsecond."""
        kind = self.column.type
        if kind is ColumnType.TEXT:
            return how(self.text(self.found), self.text(written))
        if kind is ColumnType.NUMBER:
            return how(*comparable_numbers(self.found, written))
        if kind is ColumnType.BOOLEAN:
            return how(self.found, written)
        if len(written) == 10:
            return how(self.day, date.fromisoformat(written))
        moment = datetime.fromisoformat(written)
        if self.column.zoned:
            return how(self.found, moment if moment.tzinfo else moment.replace(tzinfo=self.zone).astimezone(UTC))
        return how(self.found, moment.astimezone(self.zone).replace(tzinfo=None) if moment.tzinfo else moment)

    @property
    def wall(self) -> datetime:
        """The moment on the wall clock of the run's zone."""
        return self.found.astimezone(self.zone) if self.column.zoned else self.found

    @property
    def day(self) -> date:
        return self.wall.date() if isinstance(self.found, datetime) else self.found

    @property
    def now(self) -> Any:
        """The run's moment, as the column would hold it."""
        if self.column.type is ColumnType.DATE:
            return self.as_of.local.date()
        return self.as_of.instant if self.column.zoned else self.as_of.local.replace(tzinfo=None)

    @property
    def second_of_day(self) -> int:
        return self.wall.hour * 3600 + self.wall.minute * 60 + self.wall.second

    def begins(self, span: Span) -> Any:
        """The moment or day that lies `span` before now."""
        if span.unit in {"minutes", "hours"}:
            length = timedelta(**{span.unit: span.count})
            instant = self.as_of.instant.astimezone(UTC) - length
            if self.column.zoned:
                return instant
            wall = instant.astimezone(self.zone).replace(tzinfo=None)
            return wall if wall <= self.now else self.now - length
        day = some_days_back(self.as_of.local.date(), span)
        if self.column.type is ColumnType.DATE:
            return day
        wall = datetime.combine(day, self.as_of.local.time())
        return wall.replace(tzinfo=self.zone).astimezone(UTC) if self.column.zoned else wall


def comparable_numbers(found: Any, written: float) -> tuple[Any, Any]:
    """Exact, as decimals, up to 15 digits; beyond them a fraction is a double and so is what it is compared with.

    NaN is one value, greater than all others.
    """
    short = isinstance(written, int) or (written.is_integer() and abs(written) < 10**15)
    text = str(int(written)) if short else repr(written)
    exact = short or ("e" not in text and len(text.replace("-", "").replace(".", "").lstrip("0")) <= 15)
    if isinstance(found, float) or not exact:
        return (found != found, float(found)), (False, float(written))
    return (False, Decimal(found)), (False, Decimal(text))


def some_days_back(day: date, span: Span) -> date:
    """Days and weeks are counted; months and years keep the day of the month, or take the last there is."""
    if span.unit in {"days", "weeks"}:
        back = span.count * (7 if span.unit == "weeks" else 1)
        return day - timedelta(days=back) if back < day.toordinal() else date.min
    months = day.year * 12 + day.month - 1 - span.count * (12 if span.unit == "years" else 1)
    if months < 12:
        return date.min
    first = date(months // 12, months % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _seconds(clock_time: str) -> tuple[int, int]:
    """A time without seconds lasts its minute."""
    parts = [*map(int, clock_time.split(":"))]
    begin = sum(part * length for part, length in zip(parts, (3600, 60, 1), strict=False))
    return begin, begin + (60 if len(parts) == 2 else 1)


def _time_at(asked: Asked) -> bool:
    begin, end = _seconds(asked.values[0])[0], _seconds(asked.values[-1])[1]
    return begin <= asked.second_of_day < end if begin < end else not end <= asked.second_of_day < begin


QUESTIONS: dict[str, Callable[[Asked], bool]] = {
    "is": lambda asked: asked.compare(operator.eq, asked.value),
    "is_one_of": lambda asked: any(asked.compare(operator.eq, value) for value in asked.values),
    "contains": lambda asked: asked.text(asked.value) in asked.text(asked.found),
    "starts_with": lambda asked: asked.text(asked.found).startswith(asked.text(asked.value)),
    "ends_with": lambda asked: asked.text(asked.found).endswith(asked.text(asked.value)),
    "greater_than": lambda asked: asked.compare(operator.gt, asked.value),
    "at_least": lambda asked: asked.compare(operator.ge, asked.value),
    "less_than": lambda asked: asked.compare(operator.lt, asked.value),
    "at_most": lambda asked: asked.compare(operator.le, asked.value),
    "is_between": lambda asked: (
        asked.compare(operator.ge, asked.value[0]) and asked.compare(operator.le, asked.value[1])
    ),
    "within_last": lambda asked: asked.begins(asked.value) <= asked.found <= asked.now,
    "year_to_date": lambda asked: (
        asked.found <= asked.now and asked.day >= asked.as_of.local.date().replace(month=1, day=1)
    ),
    "day_of": lambda asked: asked.day.day in asked.values,
    "month_of": lambda asked: asked.day.month in asked.values,
    "year_of": lambda asked: asked.day.year in asked.values,
    "day_of_week": lambda asked: asked.day.isoweekday() in asked.values,
    "time_at": _time_at,
}


def group_size(rule: Rule) -> int:
    """How many conditions the rule has."""
    return sum(map(group_size, rule.rules)) if isinstance(rule, Group) else 1
