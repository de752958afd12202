"""One field as SQL sees it: its expression, and the literals of its own type to compare it with.

Values enter SQL here and nowhere else, as SQLGlot literals. Each is compared like with like, without a cast around the
column, so that zone maps and indexes stay usable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlglot import exp

from traginer.segments import moments
from traginer.segments.tree import Scalar
from traginer.segments.typed import TYPES, Typed
from traginer.values import AsOf, Column, ColumnType

# A double keeps 15 digits of any decimal: as many can be compared as decimals without a rounding of ours.
EXACT_DIGITS = 15


@dataclass(frozen=True)
class Stretch:
    """What a written value covers on the field's scale: one value, or from `first` up to but without `end`.

    Values of one `family` may stand in one IN list: an engine gives the list one type, and nothing is rounded by it.
    """

    first: exp.Expr
    end: exp.Expr | None = None
    family: str = ""

    def at_or_after(self, this: exp.Expr) -> exp.Expr:
        return exp.GTE(this=this, expression=self.first)

    def before(self, this: exp.Expr) -> exp.Expr:
        return exp.LT(this=this, expression=self.first)

    def after(self, this: exp.Expr) -> exp.Expr:
        return exp.GTE(this=this, expression=self.end) if self.end else exp.GT(this=this, expression=self.first)

    def at_or_before(self, this: exp.Expr) -> exp.Expr:
        return exp.LT(this=this, expression=self.end) if self.end else exp.LTE(this=this, expression=self.first)

    def at(self, this: exp.Expr) -> exp.Expr:
        if self.end is None:
            return exp.EQ(this=this, expression=self.first)
        return exp.and_(self.at_or_after(this), self.at_or_before(this), copy=False)


@dataclass(frozen=True)
class Target:
    """The field a condition asks about, in the SQL of `dialect`."""

    column: Column
    as_of: AsOf
    dialect: str
    ignore_case: bool = False

    @property
    def this(self) -> exp.Expr:
        """The field; in lower case where case is ignored."""
        return self._folded(exp.column(self.column.name, quoted=True))

    @property
    def local(self) -> exp.Expr:
        """The field as a date or wall clock of the run's zone, to take parts of."""
        return (
            _LOCAL[self.dialect](self.this, exp.Literal.string(self.as_of.timezone)) if self.column.zoned else self.this
        )

    def stretch(self, value: Scalar) -> Stretch:
        """What `value` covers. Raises ValueError for a value that `check` refuses."""
        typed = TYPES[self.column.type].read(value)
        if typed is None:
            raise ValueError(f"not a value for {self.column.type}")
        return _STRETCHES[self.column.type](self, typed)

    def text(self, value: str) -> exp.Expr:
        """`value` as a text literal; where case is ignored, the engine folds both sides by its own rules."""
        return self._folded(exp.Literal.string(value))

    def part(self, name: str) -> exp.Expr:
        """A part of the date or wall clock: DAY, MONTH, HOUR, MINUTE, SECOND."""
        return exp.Extract(this=exp.var(name), expression=self.local)

    def weekday(self) -> tuple[exp.Expr, Callable[[int], int]]:
        """The day of the week in the dialect's own numbers, and what turns ISO numbers (Monday is 1) into them."""
        name, number = _WEEKDAY[self.dialect]
        return self.part(name), number

    def moment(self, moment: datetime) -> exp.Expr:
        """A moment in the field's own kind: an instant where the field is zoned, else a wall clock of the run's zone."""
        zone = self.as_of.timezone
        if self.column.zoned:
            return _cast(moments.instant(moment, zone).isoformat(sep=" "), exp.DType.TIMESTAMPTZ)
        return _cast(moments.wall(moment, zone).isoformat(sep=" "), exp.DType.TIMESTAMPNTZ)

    def _folded(self, expression: exp.Expr) -> exp.Expr:
        return exp.Lower(this=expression) if self.ignore_case else expression


def day(value: date) -> exp.Expr:
    """`value` as a date literal."""
    return _cast(value.isoformat(), exp.DType.DATE)


def _cast(text: str, kind: exp.DType) -> exp.Expr:
    return exp.cast(exp.Literal.string(text), kind)


def _of_text(target: Target, value: Typed) -> Stretch:
    return Stretch(target.text(str(value)), family="text")


def _of_boolean(_: Target, value: Typed) -> Stretch:
    return Stretch(exp.Boolean(this=bool(value)))


def _of_day(_: Target, value: Typed) -> Stretch:
    if not isinstance(value, date):
        raise TypeError(f"not a date: {type(value)}")
    return Stretch(day(value), family="day")


def _of_moment(target: Target, value: Typed) -> Stretch:
    if isinstance(value, datetime):
        return Stretch(target.moment(value), family="moment")
    if not isinstance(value, date):
        raise TypeError(f"not a moment: {type(value)}")
    return Stretch(target.moment(moments.midnight(value)), target.moment(moments.day_after(value)))


def _of_number(_: Target, value: Typed) -> Stretch:
    """A number, written so that no engine rounds what we compare.

    Whole numbers and short decimals stay exact. A longer one is only meaningful as a double: the exponent makes DuckDB
    read it as one, where it would take 0.30000000000000004 for a DECIMAL of 17 digits.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        value = int(value)
    text = repr(value)
    if isinstance(value, int):
        return Stretch(exp.Literal.number(text), family="whole")
    if "e" in text or len(text.strip("-").replace(".", "").lstrip("0")) > EXACT_DIGITS:
        return Stretch(exp.Literal.number(text if "e" in text else f"{text}e0"), family="double")
    return Stretch(exp.Literal.number(text), family=f"decimal({len(text.partition('.')[2])})")


def _at_time_zone(this: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return exp.AtTimeZone(this=this, zone=zone)


def _convert_timezone(this: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="CONVERT_TIMEZONE", expressions=[zone, this])


def _datetime(this: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="DATETIME", expressions=[this, zone])


def _iso(number: int) -> int:
    return number


def _sunday_first(number: int) -> int:
    return number % 7 + 1


_STRETCHES: dict[ColumnType, Callable[[Target, Typed], Stretch]] = {
    ColumnType.TEXT: _of_text,
    ColumnType.NUMBER: _of_number,
    ColumnType.BOOLEAN: _of_boolean,
    ColumnType.DATE: _of_day,
    ColumnType.TIMESTAMP: _of_moment,
}
# Spark's FROM_UTC_TIMESTAMP depends on the session's zone; CONVERT_TIMEZONE to a named zone does not.
_LOCAL: dict[str, Callable[[exp.Expr, exp.Expr], exp.Expr]] = {
    "duckdb": _at_time_zone,
    "postgres": _at_time_zone,
    "spark": _convert_timezone,
    "snowflake": _convert_timezone,
    "bigquery": _datetime,
}
# BigQuery alone has no ISO day of the week: its DAYOFWEEK counts from Sunday, 1.
_WEEKDAY: dict[str, tuple[str, Callable[[int], int]]] = {
    "duckdb": ("ISODOW", _iso),
    "postgres": ("ISODOW", _iso),
    "spark": ("DAYOFWEEK_ISO", _iso),
    "snowflake": ("DAYOFWEEKISO", _iso),
    "bigquery": ("DAYOFWEEK", _sunday_first),
}
DIALECTS = tuple(_LOCAL)
