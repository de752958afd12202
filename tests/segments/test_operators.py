"""The operator table: nothing that an operator needs is forgotten, and what an empty field answers is written down here."""

from datetime import UTC, date, datetime

import pytest
import yaml

from tests.segments import docs, reference
from tests.segments.world import AS_OF, COLUMNS, chosen
from traginer.i18n import LANGUAGES
from traginer.segments import OPERATORS, Condition, Group, Join, Operator, check, parse_rules, sentence, to_raw
from traginer.segments.operators import ROWS
from traginer.values import Column, ColumnType

EMPTY_FIELD_SATISFIES = {
    "is": False,
    "is_not": True,
    "is_one_of": False,
    "is_not_one_of": True,
    "is_empty": True,
    "is_not_empty": False,
    "contains": False,
    "does_not_contain": True,
    "starts_with": False,
    "ends_with": False,
    "greater_than": False,
    "at_least": False,
    "less_than": False,
    "at_most": False,
    "is_between": False,
    "is_not_between": True,
    "within_last": False,
    "year_to_date": False,
    "day_of": False,
    "month_of": False,
    "year_of": False,
    "day_of_week": False,
    "time_at": False,
}
# SegmentMembershipCriteria of Customer Insights. `any` and `all` are our groups; a hierarchy of accounts is not ours.
ENGINE = [
    "equals",
    "notEquals",
    "greaterThan",
    "greaterThanOrEqualTo",
    "lessThan",
    "lessThanOrEqualTo",
    "any",
    "contains",
    "startsWith",
    "endsWith",
    "isNull",
    "isNotNull",
    "all",
    "isIn",
    "isWithinLast",
    "isBetween",
    "isNotBetween",
    "yearToDate",
    "dayOf",
    "monthOf",
    "yearOf",
    "dayOfWeek",
    "timeAt",
    "childOf",
    "parentOf",
]
FIELDS = {
    ColumnType.TEXT: "language",
    ColumnType.NUMBER: "lifetime_value",
    ColumnType.BOOLEAN: "is_subscribed",
    ColumnType.DATE: "birthday",
    ColumnType.TIMESTAMP: "last_purchase_at",
}
WRITTEN = {
    ColumnType.TEXT: "ca",
    ColumnType.NUMBER: 5,
    ColumnType.BOOLEAN: True,
    ColumnType.DATE: "2026-03-29",
    ColumnType.TIMESTAMP: "2026-03-29T09:30",
}
FOUND = {
    ColumnType.TEXT: ["ca", "es"],
    ColumnType.NUMBER: [5.0, 6.0],
    ColumnType.BOOLEAN: [True, False],
    ColumnType.DATE: [date(2026, 3, 29), date(2024, 6, 1)],
    ColumnType.TIMESTAMP: [datetime(2026, 3, 29, 9, 30), datetime(2024, 6, 1, 9, 31)],  # noqa: DTZ001 - a wall clock
}
CASES = [(operator, kind) for operator in ROWS for kind in ColumnType if kind in operator.types]


def condition(operator: Operator, kind: ColumnType, field: str | None = None) -> Condition:
    """A condition by the operator on a field of the type, with a value of the operator's form."""
    example = yaml.safe_load(operator.form.example)
    typed = operator.form.check.__name__ in {"_fits", "_fits_in_order"}
    value = ([WRITTEN[kind]] * len(example) if isinstance(example, list) else WRITTEN[kind]) if typed else example
    rule = parse_rules({"field": field or FIELDS[kind], operator.name: value})
    assert isinstance(rule, Condition)
    return rule


@pytest.mark.parametrize(("operator", "kind"), CASES, ids=lambda part: getattr(part, "name", part))
def test_what_an_empty_field_answers_is_as_written_here_in_the_open_and_under_none(
    operator: Operator, kind: ColumnType
):
    rule, satisfied = condition(operator, kind), EMPTY_FIELD_SATISFIES[operator.name]
    assert operator.holds_when_empty is satisfied
    assert chosen(rule, [{}]) == [0] * satisfied
    assert chosen(Group(Join.NONE, (rule,)), [{}]) == [0] * (not satisfied)


@pytest.mark.parametrize(("operator", "kind"), CASES, ids=lambda part: getattr(part, "name", part))
def test_a_group_none_holds_exactly_where_the_condition_does_not(operator: Operator, kind: ColumnType):
    rule = condition(operator, kind)
    profiles = [{rule.field: value} for value in [*FOUND[kind], None]]
    inside, outside = chosen(rule, profiles), chosen(Group(Join.NONE, (rule,)), profiles)
    assert sorted(inside + outside) == [0, 1, 2]
    assert inside == [
        place for place, profile in enumerate(profiles) if reference.belongs(rule, profile, COLUMNS, AS_OF)
    ]


@pytest.mark.parametrize(("operator", "kind"), CASES, ids=lambda part: getattr(part, "name", part))
def test_an_operator_can_be_asked_of_an_instant_and_in_any_case_where_it_may(operator: Operator, kind: ColumnType):
    if kind is ColumnType.TIMESTAMP:
        rule = condition(operator, kind, "seen_at")
        found = [datetime(2026, 3, 29, 7, 30, tzinfo=UTC), None]
        places = [
            place for place, value in enumerate(found) if reference.belongs(rule, {"seen_at": value}, COLUMNS, AS_OF)
        ]
        assert chosen(rule, [{"seen_at": value} for value in found]) == places
    if kind is ColumnType.TEXT and operator.folds:
        rule = parse_rules({**to_raw(condition(operator, kind)), "ignore_case": True})
        assert chosen(rule, [{"language": "CA"}]) == chosen(condition(operator, kind), [{"language": "ca"}])


@pytest.mark.parametrize("operator", ROWS, ids=lambda operator: operator.name)
def test_an_operator_survives_yaml_both_ways(operator: Operator):
    for kind in sorted(operator.types):
        rule = condition(operator, kind)
        assert parse_rules(yaml.safe_load(yaml.safe_dump(to_raw(rule)))) == rule


@pytest.mark.parametrize("operator", ROWS, ids=lambda operator: operator.name)
def test_an_operator_has_a_sentence_that_names_the_field_and_the_value(operator: Operator):
    for kind in sorted(operator.types):
        rule = condition(operator, kind)
        said = sentence(rule)
        assert said.startswith(f"{rule.field} ")
        assert operator.form.says(rule.value) in said
        assert "{" not in said


@pytest.mark.parametrize("operator", ROWS, ids=lambda operator: operator.name)
def test_the_example_of_an_operator_is_one_it_takes(operator: Operator):
    kind = next(kind for kind in ColumnType if kind in operator.types)
    rule = parse_rules({"field": "it", operator.name: yaml.safe_load(operator.form.example)})
    check(rule, {"it": Column("it", kind, "")})


def test_names_are_unique_and_all_of_the_engines_operators_have_theirs_here():
    assert len(OPERATORS) == len(ROWS)
    assert set(EMPTY_FIELD_SATISFIES) == set(OPERATORS)
    named = [operator.engine for operator in ROWS if operator.engine]
    assert sorted([*named, "any", "all", "childOf", "parentOf"]) == sorted(ENGINE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", docs.BLOCKS)
def test_the_page_shows_the_table_as_it_is(name: str, language: str):
    text = docs.page(language).read_text(encoding="utf-8")
    assert docs.block(name, text) == docs.BLOCKS[name](language)
