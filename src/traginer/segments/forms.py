"""The forms a condition's value can have in YAML and JSON: read, checked, written back and spoken, a row each."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from traginer.errors import Phrase
from traginer.i18n import N_, gettext, ngettext
from traginer.segments.errors import Path, RangeBackwards, ValueUnfit
from traginer.segments.moments import CLOCK_TIME, UNITS, moment_of
from traginer.segments.tree import Scalar, Span, Value
from traginer.segments.typed import TYPES, comparable, order
from traginer.values import Column, ColumnType

SPOKEN_VALUES = 10
# Exact in every engine even beside ten decimals: the widest DECIMAL is 38 digits.
MAX_DIGITS = 28
MAX_COUNT = 100_000
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
# PostgreSQL stores no NUL in a text, and a lone surrogate has no UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class NotThisForm(Exception):
    """A value does not have the form; `at` leads to the part that does not."""

    def __init__(self, *at: str | int) -> None:
        self.at = at
        super().__init__()


def _raw(value: Value) -> object:
    if isinstance(value, Span):
        return {value.unit: value.count}
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Form:
    """`expects` completes "takes ..."; `example` is YAML. `read` raises NotThisForm; `check` raises a RulesError."""

    expects: str
    example: str
    schema: Mapping[str, object]
    read: Callable[[object], Value]
    says: Callable[[Value], str]
    raw: Callable[[Value], object] = _raw
    check: Callable[[Value, Column, Path], None] = lambda _value, _column, _path: None


def items(value: Value) -> tuple[Scalar, ...]:
    """The scalars of a value: one, or those of a list."""
    if isinstance(value, Span):
        return ()
    return value if isinstance(value, tuple) else (value,)


def shown(raw: object) -> str:
    """A value out of somebody's rules as an error names it."""
    if isinstance(raw, str):
        return f'"{raw[:40]}{"..." if len(raw) > 40 else ""}"'
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, int | float) and (not isinstance(raw, int) or abs(raw) < 10**MAX_DIGITS):
        return str(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    kinds: tuple[tuple[type, str], ...] = (
        (type(None), N_("nothing")),
        (Mapping, N_("a mapping")),
        (Sequence, N_("a list")),
        (int, N_("a number of too many digits")),
    )
    return Phrase(next((text for kind, text in kinds if isinstance(raw, kind)), N_("something else")))


def scalar(raw: object) -> Scalar:
    """One value. A date or moment that YAML already read becomes its ISO text, so that rules can be kept as JSON."""
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, str) and not _UNSTORABLE.search(raw):
        return raw
    if isinstance(raw, bool) or (isinstance(raw, int) and abs(raw) < 10**MAX_DIGITS):
        return raw
    if isinstance(raw, float) and math.isfinite(raw):
        return raw
    raise NotThisForm


def _true(raw: object) -> bool:
    if raw is not True:
        raise NotThisForm
    return True


def _some_text(raw: object) -> str:
    value = scalar(raw)
    if not isinstance(value, str) or not value:
        raise NotThisForm
    return value


def _each(read: Callable[[object], Scalar], raw: object, *, count: int | None = None) -> tuple[Scalar, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes) or not raw or (count and len(raw) != count):
        raise NotThisForm
    found = []
    for place, item in enumerate(raw):
        try:
            found.append(read(item))
        except NotThisForm:
            raise NotThisForm(place) from None
    return tuple(found)


def _one_or_some(read: Callable[[object], Scalar], count: int | None = None) -> Callable[[object], Value]:
    def reading(raw: object) -> Value:
        return _each(read, raw, count=count) if isinstance(raw, Sequence) and not isinstance(raw, str) else read(raw)

    return reading


def _span(raw: object) -> Span:
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise NotThisForm
    unit, count = next(iter(raw.items()))
    if unit not in UNITS:
        raise NotThisForm
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MAX_COUNT:
        raise NotThisForm(unit)
    return Span(unit, count)


def _calendar_part(lowest: int, highest: int, names: Sequence[str]) -> Callable[[object], int]:
    def read(raw: object) -> int:
        lowered = [name.lower() for name in names]
        if isinstance(raw, str) and raw.lower() in lowered:
            return lowered.index(raw.lower()) + 1
        if isinstance(raw, bool) or not isinstance(raw, int) or not lowest <= raw <= highest:
            raise NotThisForm
        return raw

    return read


def _clock_time(raw: object) -> str:
    """A time of day. YAML 1.1 reads an unquoted 17:00 as 17 x 60, and 17:00:00 as 17 x 3600; both are undone."""
    if isinstance(raw, str) and CLOCK_TIME.fullmatch(raw):
        return raw
    if isinstance(raw, int) and 600 <= raw < 1440:
        return f"{raw // 60:02}:{raw % 60:02}"
    if isinstance(raw, int) and 36_000 <= raw < 86_400:
        return f"{raw // 3600:02}:{raw // 60 % 60:02}:{raw % 60:02}"
    raise NotThisForm


def _fits(value: Value, column: Column, path: Path) -> None:
    typing = TYPES[column.type]
    for place, item in enumerate(items(value)):
        if typing.read(item) is None:
            at = (*path, place) if isinstance(value, tuple) else path
            facts = {"type": Phrase(typing.says), "expected": Phrase(typing.expected)}
            raise ValueUnfit(at, field=column.name, found=shown(item), **facts)


def _fits_in_order(value: Value, column: Column, path: Path) -> None:
    _fits(value, column, path)
    typed = [found for item in items(value) if (found := TYPES[column.type].read(item)) is not None]
    for low, high in pairwise(typed):
        if comparable(low, high) and order(low) > order(high):  # type: ignore[operator]
            raise RangeBackwards(path)


def _fits_days(value: Value, column: Column, path: Path) -> None:
    if column.type is ColumnType.DATE and isinstance(value, Span) and UNITS[value.unit].back is None:
        facts = {"type": Phrase(TYPES[column.type].says), "expected": Phrase(N_("days, weeks, months or years"))}
        raise ValueUnfit((*path, value.unit), field=column.name, found=value.unit, **facts)


def _spoken(item: Scalar) -> str:
    if isinstance(item, bool):
        return gettext("true") if item else gettext("false")
    return str(item)


def _say_one(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) and moment_of(value) is None else _say_list(value)


def _say_list(value: Value) -> str:
    return _joined([_spoken(item) for item in items(value)])


def _joined(texts: Sequence[str]) -> str:
    first, more = ", ".join(texts[:SPOKEN_VALUES]), len(texts) - SPOKEN_VALUES
    return (
        ngettext("{first} and {n} more", "{first} and {n} more", more).format(first=first, n=more)
        if more > 0
        else first
    )


def _say_pair(value: Value) -> str:
    first, last = (_spoken(item) for item in items(value))
    return gettext("{first} and {last}").format(first=first, last=last)


def _say_time(value: Value) -> str:
    if isinstance(value, tuple):
        return gettext("{first} to {last}").format(first=value[0], last=value[1])
    return str(value)


def _say_span(value: Value) -> str:
    return UNITS[value.unit].says(value.count) if isinstance(value, Span) else ""


def _list_schema(item: Mapping[str, object], **limits: object) -> dict[str, object]:
    return {"type": "array", "items": item, **(limits or {"minItems": 1})}


def _either_schema(item: Mapping[str, object], **limits: object) -> dict[str, object]:
    return {"anyOf": [item, _list_schema(item, **limits)]}


def _calendar(expects: str, example: str, *, lowest: int, highest: int, names: Sequence[str] = ()) -> Form:
    """The form of a part of the calendar: a number or a name, or a list of them."""

    def spoken(value: Value) -> str:
        return _joined([gettext(names[int(item) - 1]) if names else str(item) for item in items(value)])

    def raw(value: Value) -> object:
        written = [names[int(item) - 1].lower() if names else item for item in items(value)]
        return written if isinstance(value, tuple) else written[0]

    number = {"type": "integer", "minimum": lowest, "maximum": highest}
    item = {"anyOf": [number, {"enum": [name.lower() for name in names]}]} if names else number
    reading = _one_or_some(_calendar_part(lowest, highest, names))
    return Form(expects, example, _either_schema(item), read=reading, says=spoken, raw=raw)


def _spans() -> Iterator[dict[str, object]]:
    count = {"type": "integer", "minimum": 1, "maximum": MAX_COUNT}
    for unit in UNITS:
        yield {"type": "object", "properties": {unit: count}, "required": [unit], "additionalProperties": False}


_SCALAR: Mapping[str, object] = {"type": ["string", "number", "boolean"]}
_TIME = {"type": "string", "pattern": f"^{CLOCK_TIME.pattern}$"}

FLAG = Form(N_("true"), "true", {"const": True}, read=_true, says=lambda _: "")
ONE = Form(N_("one value"), "ca", _SCALAR, read=scalar, says=_say_one, check=_fits)
AMOUNT = replace(ONE, example="500")
SOME = Form(
    N_("a list of values"),
    "[AD, ES]",
    _list_schema(_SCALAR),
    read=lambda raw: _each(scalar, raw),
    says=_say_list,
    check=_fits,
)
PAIR = Form(
    N_("a list of two values"),
    "[10, 20]",
    _list_schema(_SCALAR, minItems=2, maxItems=2),
    read=lambda raw: _each(scalar, raw, count=2),
    says=_say_pair,
    check=_fits_in_order,
)
LETTERS = Form(
    N_("a text that is not empty"),
    "gmail",
    {"type": "string", "minLength": 1},
    read=_some_text,
    says=_say_one,
    check=_fits,
)
SPAN = Form(
    N_("a number of minutes, hours, days, weeks, months or years"),
    "{days: 90}",
    {"oneOf": list(_spans())},
    read=_span,
    says=_say_span,
    check=_fits_days,
)
TIME = Form(
    N_('a time of day as "HH:MM" or "HH:MM:SS", or a list of two'),
    '["09:00", "17:30"]',
    _either_schema(_TIME, minItems=2, maxItems=2),
    read=_one_or_some(_clock_time, 2),
    says=_say_time,
)
DAY_NUMBERS = _calendar(N_("a day of the month from 1 to 31, or a list of them"), "[1, 15]", lowest=1, highest=31)
MONTH_NAMES = _calendar(
    N_("a month, by name or from 1 to 12, or a list of them"),
    "[june, july]",
    lowest=1,
    highest=12,
    names=MONTHS,
)
YEAR_NUMBERS = _calendar(N_("a year, or a list of them"), "2026", lowest=1, highest=9999)
WEEKDAY_NAMES = _calendar(
    N_("a day of the week, by name or from 1 (Monday) to 7, or a list of them"),
    "[monday, 7]",
    lowest=1,
    highest=7,
    names=WEEKDAYS,
)
