"""The operators, one row each. Reading, checking, SQL, sentences, JSON Schema, documentation and tests read this table."""

from dataclasses import dataclass

from traginer.i18n import N_
from traginer.segments import builders as build
from traginer.segments import forms
from traginer.segments.builders import Build
from traginer.segments.forms import AMOUNT, FLAG, LETTERS, ONE, PAIR, SOME, SPAN, TIME, Form
from traginer.values import ColumnType

ANY = frozenset(ColumnType) - {ColumnType.OTHER}
TEXT = frozenset({ColumnType.TEXT})
LISTED = ANY - {ColumnType.BOOLEAN}
ORDERED = LISTED - TEXT
DATED = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP})
TIMED = frozenset({ColumnType.TIMESTAMP})


@dataclass(frozen=True)
class Operator:
    """A question to a field, or the opposite of one.

    `build` gives the SQL of the question; a `negative` row holds exactly where its question does not, so also where the
    field is empty. `of_empty` is the question's answer for an empty field. `engine` is the operator's name in Dynamics
    365 Customer Insights (SegmentMembershipCriteria), where it has one.
    """

    name: str
    types: frozenset[ColumnType]
    form: Form
    build: Build
    says: str
    engine: str = ""
    negative: bool = False
    of_empty: bool = False

    @property
    def holds_when_empty(self) -> bool:
        """Whether a profile whose field is empty satisfies the condition."""
        return self.of_empty != self.negative

    @property
    def folds(self) -> bool:
        """Whether `ignore_case` may stand beside it, on a text field."""
        return ColumnType.TEXT in self.types and self.form is not FLAG


ROWS = (
    Operator("is", ANY, ONE, build.equals, N_("{field} is {value}"), "equals"),
    Operator("is_not", ANY, ONE, build.equals, N_("{field} is not {value}"), "notEquals", negative=True),
    Operator("is_one_of", LISTED, SOME, build.is_one_of, N_("{field} is one of {value}"), "isIn"),
    Operator("is_not_one_of", LISTED, SOME, build.is_one_of, N_("{field} is not one of {value}"), negative=True),
    Operator("is_empty", ANY, FLAG, build.is_empty, N_("{field} is empty"), "isNull", of_empty=True),
    Operator(
        "is_not_empty", ANY, FLAG, build.is_empty, N_("{field} is not empty"), "isNotNull", negative=True, of_empty=True
    ),
    Operator("contains", TEXT, LETTERS, build.contains, N_("{field} contains {value}"), "contains"),
    Operator("does_not_contain", TEXT, LETTERS, build.contains, N_("{field} does not contain {value}"), negative=True),
    Operator("starts_with", TEXT, LETTERS, build.starts_with, N_("{field} starts with {value}"), "startsWith"),
    Operator("ends_with", TEXT, LETTERS, build.ends_with, N_("{field} ends with {value}"), "endsWith"),
    Operator("greater_than", ORDERED, AMOUNT, build.greater_than, N_("{field} is greater than {value}"), "greaterThan"),
    Operator("at_least", ORDERED, AMOUNT, build.at_least, N_("{field} is at least {value}"), "greaterThanOrEqualTo"),
    Operator("less_than", ORDERED, AMOUNT, build.less_than, N_("{field} is less than {value}"), "lessThan"),
    Operator("at_most", ORDERED, AMOUNT, build.at_most, N_("{field} is at most {value}"), "lessThanOrEqualTo"),
    Operator("is_between", ORDERED, PAIR, build.is_between, N_("{field} is between {value}"), "isBetween"),
    Operator(
        "is_not_between",
        ORDERED,
        PAIR,
        build.is_between,
        N_("{field} is not between {value}"),
        "isNotBetween",
        negative=True,
    ),
    Operator("within_last", DATED, SPAN, build.within_last, N_("{field} is within the last {value}"), "isWithinLast"),
    Operator("year_to_date", DATED, FLAG, build.year_to_date, N_("{field} is in this year, up to now"), "yearToDate"),
    Operator("day_of", DATED, forms.DAY_NUMBERS, build.day_of, N_("{field} is on day {value} of the month"), "dayOf"),
    Operator("month_of", DATED, forms.MONTH_NAMES, build.month_of, N_("{field} is in {value}"), "monthOf"),
    Operator("year_of", DATED, forms.YEAR_NUMBERS, build.year_of, N_("{field} is in the year {value}"), "yearOf"),
    Operator("day_of_week", DATED, forms.WEEKDAY_NAMES, build.day_of_week, N_("{field} is on {value}"), "dayOfWeek"),
    Operator("time_at", TIMED, TIME, build.time_at, N_("{field} is at {value}"), "timeAt"),
)
OPERATORS = {row.name: row for row in ROWS}
