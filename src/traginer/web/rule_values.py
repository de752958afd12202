"""The value of a condition, as a person types it and as a rule keeps it; which inputs a form of values takes."""

from typing import Any

from traginer.i18n import gettext
from traginer.segments.forms import (
    DAY_NUMBERS,
    FLAG,
    LETTERS,
    MONTH_NAMES,
    MONTHS,
    PAIR,
    SOME,
    SPAN,
    TIME,
    WEEKDAY_NAMES,
    WEEKDAYS,
    YEAR_NUMBERS,
    Form,
    NotThisForm,
    items,
)
from traginer.segments.moments import UNITS
from traginer.values import ColumnType
from traginer.web import forms

CALENDAR = (DAY_NUMBERS, MONTH_NAMES, YEAR_NUMBERS, WEEKDAY_NAMES)
TWO = (PAIR, TIME)
YES = ("true", "yes", "1")


def inputs(form: Form) -> str:
    """What to draw: none, one, two, span, list or choices."""
    if form == FLAG:
        return "none"
    if form == SPAN:
        return "span"
    if _names(form):
        return "choices"
    return "two" if form in TWO else "list" if is_listed(form) else "one"


def units() -> list[str]:
    """The units of a span."""
    return list(UNITS)


def choices(form: Form, value: str) -> list[tuple[int, str, bool]]:
    """The parts of the calendar to tick: the number of each, its name, and whether it is among those of `value`."""
    ticked = forms.words(value)
    return [(n, gettext(name), str(n) in ticked) for n, name in enumerate(_names(form), start=1)]


def is_complete(form: Form, value: str, second: str) -> bool:
    """Whether everything has been typed that a rule takes; a time may stand alone."""
    if form == FLAG:
        return True
    return bool(value) and (form != PAIR or bool(second))


def read(form: Form, kind: ColumnType, value: str, second: str, unit: str) -> Any:
    """The value as a rule keeps it; what cannot be read stays as it was typed, for the check of the rules to name."""
    if form == SPAN:
        return {unit: _number(value)}
    if form in TWO:
        return _range(form, kind, value, second)
    if is_listed(form):
        return _list(form, kind, forms.words(value))
    if form == FLAG:
        return True
    return value if form == LETTERS else _scalar(kind, value)


def typed_out(form: Form, value: Any) -> tuple[str, str, str]:
    """The value, the second one and the unit, as a person would type them; names of the calendar as their numbers."""
    if form == FLAG:
        return "", "", "days"
    if form == SPAN:
        unit, count = next(iter(value.items()))
        return str(count), "", unit
    if form in TWO and isinstance(value, list):
        return _text(value[0]), _text(value[1]), "days"
    if _names(form):
        return _numbered(form, value), "", "days"
    return (", ".join(map(_text, value)) if isinstance(value, list) else _text(value)), "", "days"


def is_listed(form: Form) -> bool:
    """Whether several values may stand in the one input."""
    return form == SOME or form in CALENDAR


def _names(form: Form) -> tuple[str, ...]:
    return next((names for named, names in ((MONTH_NAMES, MONTHS), (WEEKDAY_NAMES, WEEKDAYS)) if form == named), ())


def _numbered(form: Form, value: Any) -> str:
    try:
        return ", ".join(str(item) for item in items(form.read(value)))
    except NotThisForm:
        return str(value)


def _range(form: Form, kind: ColumnType, value: str, second: str) -> Any:
    if form == PAIR:
        return [_scalar(kind, value), _scalar(kind, second)]
    return [value, second] if second else value


def _list(form: Form, kind: ColumnType, parts: list[str]) -> Any:
    """A part of the calendar may stand alone; a choice of values is always a list."""
    if form == SOME:
        return [_scalar(kind, part) for part in parts]
    numbers = [_number(part) for part in parts]
    return numbers[0] if len(numbers) == 1 else numbers


def _scalar(kind: ColumnType, text: str) -> Any:
    if kind is ColumnType.NUMBER:
        return _number(text)
    return text.lower() in YES if kind is ColumnType.BOOLEAN else text


def _number(text: str) -> Any:
    plain = text.replace(",", ".")
    for read_as in (int, float):
        try:
            return read_as(plain)
        except ValueError:
            continue
    return text


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
