"""What a written value means to each type of column. A value fits or it does not: no text becomes a number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from traginer.i18n import N_
from traginer.segments.moments import day_of, midnight, moment_of
from traginer.segments.tree import Scalar
from traginer.values import ColumnType

Typed = Scalar | date | datetime


@dataclass(frozen=True)
class Typing:
    """`says` names the type in a sentence, `expected` its values; `read` gives the value, or None if unfit."""

    says: str
    expected: str
    read: Callable[[Scalar], Typed | None]


def comparable(first: Typed, second: Typed) -> bool:
    """Whether it can be told without the run's zone which of the two comes first."""
    offsets = [getattr(value, "tzinfo", None) is None for value in (first, second)]
    return offsets[0] == offsets[1]


def order(value: Typed) -> Typed:
    """A form of `value` that sorts beside others of its type: a day as its first moment."""
    return midnight(value) if isinstance(value, date) and not isinstance(value, datetime) else value


def _text(value: Scalar) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Scalar) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _boolean(value: Scalar) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: Scalar) -> date | None:
    return day_of(value) if isinstance(value, str) else None


def _moment(value: Scalar) -> date | datetime | None:
    return moment_of(value) if isinstance(value, str) else None


TYPES = {
    ColumnType.TEXT: Typing(
        N_("text"), N_("a text, in quotes where YAML reads it as something else: NO, 5, true"), _text
    ),
    ColumnType.NUMBER: Typing(N_("a number"), N_("a number without quotes"), _number),
    ColumnType.BOOLEAN: Typing(N_("yes or no"), N_("true or false"), _boolean),
    ColumnType.DATE: Typing(N_("a date"), N_("a date as YYYY-MM-DD"), _day),
    ColumnType.TIMESTAMP: Typing(
        N_("a moment"), N_("a date as YYYY-MM-DD, or a moment as YYYY-MM-DDTHH:MM with an offset or without"), _moment
    ),
}
