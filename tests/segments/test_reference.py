"""Random rules over random profiles select in DuckDB whom the reference selects."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.segments import reference
from tests.segments.world import chosen
from traginer.segments import OPERATORS, Condition, Group, Join, Operator, Rule, Span, check, parse_rules, to_raw
from traginer.segments import forms as form
from traginer.segments.moments import UNITS
from traginer.values import AsOf, Column, ColumnType

T = ColumnType
COLUMNS = {
    "language": Column("language", T.TEXT, ""),
    "note": Column("note", T.TEXT, ""),
    "orders": Column("orders", T.NUMBER, ""),
    "value": Column("value", T.NUMBER, ""),
    "balance": Column("balance", T.NUMBER, ""),
    "vip": Column("vip", T.BOOLEAN, ""),
    "birthday": Column("birthday", T.DATE, ""),
    "bought_at": Column("bought_at", T.TIMESTAMP, ""),
    "seen_at": Column("seen_at", T.TIMESTAMP, "", zoned=True),
}
TYPES = {"orders": pa.int64(), "value": pa.float64(), "balance": pa.decimal128(18, 2)}
# Zones whose clocks jump at midnight, by half an hour, or over a whole day, beside one that never moves.
ZONES = ["Europe/Madrid", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]

TEXTS = [
    "",
    "ca",
    "CA",
    "ca ",
    "català",
    "CATALÀ",
    "İstanbul",
    "straße",
    "STRASSE",
    "ΣΑΣ",
    "σας",
    "%",
    "_",
    "c_",
    "\\",
    "100%",
    "O'Brien",
    "😀a",
    "é",
]
WHOLE = [0, 1, -1, 5, 500, 2**53 + 1, 2**63 - 1, -(2**63)]
FRACTIONS = [0.1, 0.5, -0.25, 19.99, 0.1 + 0.2, 1e-7, 1e16, 1e22, 1e300, 500.0, -0.0, 123456789.123456]
STARTS = [datetime(2026, 3, 29, 0, 59, 59, 999999), datetime(2026, 10, 25, 1, 30), datetime(2018, 11, 4, 3), datetime(2018, 2, 18, 2), datetime(2011, 12, 30, 10), datetime(2024, 2, 29, 12)]  # fmt: skip # noqa: DTZ001


def near(starts: list[datetime]) -> st.SearchStrategy[datetime]:
    """Moments around the edges of days, months and clock changes."""
    steps = [
        timedelta(0),
        timedelta(microseconds=1),
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(days=1),
        timedelta(days=28),
    ]
    return st.builds(
        lambda start, step, sign: start + sign * step,
        st.sampled_from(starts),
        st.sampled_from(steps),
        st.sampled_from([-1, 1]),
    )


moments = near(STARTS)
days = moments.map(datetime.date)
FOUND: dict[str, st.SearchStrategy[Any]] = {
    "language": st.sampled_from(TEXTS),
    "note": st.text(st.sampled_from("aAàÀßσΣς%_\\'\"😀é\n "), max_size=4),
    "orders": st.sampled_from(WHOLE),
    "value": st.sampled_from([*map(float, WHOLE), *FRACTIONS, float("inf"), float("-inf"), float("nan")]),
    "balance": st.sampled_from(
        [
            Decimal("0.00"),
            Decimal("0.10"),
            Decimal("-0.25"),
            Decimal("19.99"),
            Decimal(500),
            Decimal("9999999999999.99"),
        ]
    ),
    "vip": st.booleans(),
    "birthday": days,
    "bought_at": moments,
    "seen_at": moments.map(lambda moment: moment.replace(tzinfo=UTC)),
}
profiles = st.fixed_dictionaries({name: st.none() | values for name, values in FOUND.items()})
iso_days = st.one_of(days, st.sampled_from([date.min, date.max])).map(date.isoformat)
iso_moments = st.one_of(moments.map(datetime.isoformat), moments.map(lambda moment: f"{moment.isoformat()}+00:00"))
WRITTEN: dict[ColumnType, st.SearchStrategy[Any]] = {
    T.TEXT: st.sampled_from(TEXTS) | FOUND["note"],
    T.NUMBER: st.sampled_from([*WHOLE, *FRACTIONS]),
    T.BOOLEAN: st.booleans(),
    T.DATE: iso_days,
    T.TIMESTAMP: iso_days | iso_moments,
}


def span(column: Column) -> st.SearchStrategy[dict[str, int]]:
    units = [unit for unit in UNITS if column.type is T.TIMESTAMP or UNITS[unit].back]
    return st.dictionaries(
        st.sampled_from(units), st.sampled_from([1, 2, 13, 90, 3000, 100_000]), min_size=1, max_size=1
    )


def some(item: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return item | st.lists(item, min_size=1, max_size=4)


clock_times = st.sampled_from(["00:00", "00:59:59", "01:30", "02:30", "03:00", "10:00", "23:59", "23:59:59"])
VALUES: dict[str, Callable[[Column], st.SearchStrategy[Any]]] = {
    form.FLAG.expects: lambda _: st.just(True),
    form.ONE.expects: lambda column: WRITTEN[column.type],
    form.SOME.expects: lambda column: st.lists(WRITTEN[column.type], min_size=1, max_size=8),
    form.PAIR.expects: lambda column: st.lists(WRITTEN[column.type], min_size=2, max_size=2),
    form.LETTERS.expects: lambda _: st.sampled_from([*filter(None, TEXTS), "a", "a%", "ß", "À", "Σ"]),
    form.SPAN.expects: span,
    form.TIME.expects: lambda _: clock_times | st.lists(clock_times, min_size=2, max_size=2),
    form.DAY_NUMBERS.expects: lambda _: some(st.sampled_from([1, 25, 29, 30, 31])),
    form.MONTH_NAMES.expects: lambda _: some(st.sampled_from([2, 3, "october", "November"])),
    form.YEAR_NUMBERS.expects: lambda _: some(st.sampled_from([1, 2011, 2018, 2026, 9999])),
    form.WEEKDAY_NAMES.expects: lambda _: some(st.sampled_from([1, 7, "sunday", "Friday"])),
}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    column = draw(st.sampled_from([*COLUMNS.values()]))
    operator: Operator = draw(st.sampled_from([row for row in OPERATORS.values() if column.type in row.types]))
    raw = {"field": column.name, operator.name: draw(VALUES[operator.form.expects](column))}
    if operator.folds and column.type is T.TEXT and draw(st.booleans()):
        raw["ignore_case"] = True
    rule = parse_rules(raw)
    assert isinstance(rule, Condition)
    return rule


rules = st.recursive(
    conditions(),
    lambda inner: st.builds(Group, st.sampled_from(Join), st.lists(inner, min_size=1, max_size=4).map(tuple)),
    max_leaves=6,
)
clocks = st.builds(lambda moment, zone: AsOf(moment.replace(tzinfo=UTC), zone), moments, st.sampled_from(ZONES))


def selects_as_the_reference(rule: Rule, people: list[dict[str, Any]], now: AsOf) -> None:
    check(rule, COLUMNS)
    expected = [place for place, person in enumerate(people) if reference.belongs(rule, person, COLUMNS, now)]
    assert chosen(rule, people, COLUMNS, now, TYPES) == expected


def in_order(rule: Rule) -> Rule:
    """The rule with the ends of its ranges the right way round."""
    if isinstance(rule, Group):
        return Group(rule.join, tuple(in_order(inner) for inner in rule.rules))
    if OPERATORS[rule.operator].form is form.PAIR and isinstance(rule.value, tuple):
        return Condition(rule.field, rule.operator, tuple(sorted(rule.value)))  # type: ignore[type-var]
    return rule


quick = settings(
    max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@quick
@given(conditions().map(in_order), st.lists(profiles, min_size=6, max_size=16), clocks)
def test_a_random_condition_selects_whom_the_reference_selects(rule, people, now):
    selects_as_the_reference(rule, people, now)


@quick
@given(rules.map(in_order), st.lists(profiles, min_size=6, max_size=16), clocks)
def test_random_rules_select_whom_the_reference_selects(rule, people, now):
    selects_as_the_reference(rule, people, now)


@quick
@given(rules)
def test_random_rules_survive_their_raw_form(rule):
    assert parse_rules(to_raw(rule)) == rule


def test_the_random_values_cover_every_form_and_column_type():
    assert {row.form.expects for row in OPERATORS.values()} == set(VALUES)
    assert {column.type for column in COLUMNS.values()} == set(ColumnType) - {T.OTHER}


def test_a_span_is_read_as_it_was_drawn():
    assert parse_rules({"field": "birthday", "within_last": {"days": 3000}}) == Condition(
        "birthday", "within_last", Span("days", 3000)
    )
