"""Rules as they are written: what is read, what is refused, where, and with which words."""

import json

import jsonschema
import pytest
import yaml

from tests.segments.world import COLUMNS
from traginer.segments import (
    OPERATORS,
    Condition,
    Group,
    Join,
    Span,
    check,
    errors,
    fields,
    parse_rules,
    problems,
    rules_schema,
    to_raw,
)
from traginer.values import Column, ColumnType

SPENDERS = """
all:
  - {field: language, is: ca}
  - {field: lifetime_value, at_least: 500}
  - any:
      - {field: last_purchase_at, within_last: {days: 90}}
      - {field: country, is_one_of: [AD, ES]}
"""
TREE = Group(
    Join.ALL,
    (
        Condition("language", "is", "ca"),
        Condition("lifetime_value", "at_least", 500),
        Group(
            Join.ANY,
            (
                Condition("last_purchase_at", "within_last", Span("days", 90)),
                Condition("country", "is_one_of", ("AD", "ES")),
            ),
        ),
    ),
)
REFUSED = [
    ("[]", errors.RuleMalformed, ()),
    ("", errors.RuleMalformed, ()),
    ("all: [5]", errors.RuleMalformed, ("all", 0)),
    ("all: [{}]", errors.RuleMalformed, ("all", 0)),
    ("all: []", errors.GroupMalformed, ("all",)),
    ("any: [{none: {field: language, is: ca}}]", errors.GroupMalformed, ("any", 0, "none")),
    ("{all: [{field: language, is: ca}], any: []}", errors.GroupMalformed, ("all",)),
    ("all: [{any: [{field: language}]}]", errors.OperatorCount, ("all", 0, "any", 0)),
    ("{field: orders, at_least: 1, at_most: 2}", errors.OperatorCount, ()),
    ("all: [{field: language, iz: ca}]", errors.OperatorUnknown, ("all", 0, "iz")),
    ("{is: ca}", errors.FieldMissing, ()),
    ("{field: 5, is: ca}", errors.FieldMissing, ()),
    ("{field: language, is: }", errors.ValueMalformed, ("is",)),
    ("{field: language, is: [ca]}", errors.ValueMalformed, ("is",)),
    ('{field: language, is: "a\\0b"}', errors.ValueMalformed, ("is",)),
    ('{field: language, is: "\\ud800"}', errors.ValueMalformed, ("is",)),
    ("{field: orders, is: .nan}", errors.ValueMalformed, ("is",)),
    ("{field: orders, is: 10000000000000000000000000000}", errors.ValueMalformed, ("is",)),
    ("{field: country, is_one_of: []}", errors.ValueMalformed, ("is_one_of",)),
    ("{field: country, is_one_of: AD}", errors.ValueMalformed, ("is_one_of",)),
    ("{field: country, is_one_of: [AD, [ES]]}", errors.ValueMalformed, ("is_one_of", 1)),
    ("{field: email, contains: ''}", errors.ValueMalformed, ("contains",)),
    ("{field: email, is_empty: false}", errors.ValueMalformed, ("is_empty",)),
    ("{field: orders, is_between: [1]}", errors.ValueMalformed, ("is_between",)),
    ("{field: birthday, within_last: 90}", errors.ValueMalformed, ("within_last",)),
    ("{field: birthday, within_last: {fortnights: 1}}", errors.ValueMalformed, ("within_last",)),
    ("{field: birthday, within_last: {days: 1, weeks: 1}}", errors.ValueMalformed, ("within_last",)),
    ("{field: birthday, within_last: {days: 0}}", errors.ValueMalformed, ("within_last", "days")),
    ("{field: birthday, within_last: {days: true}}", errors.ValueMalformed, ("within_last", "days")),
    ("{field: birthday, day_of: 32}", errors.ValueMalformed, ("day_of",)),
    ("{field: birthday, month_of: [june, brumaire]}", errors.ValueMalformed, ("month_of", 1)),
    ("{field: birthday, day_of_week: true}", errors.ValueMalformed, ("day_of_week",)),
    ('{field: seen_at, time_at: "24:00"}', errors.ValueMalformed, ("time_at",)),
    ('{field: seen_at, time_at: ["09:00"]}', errors.ValueMalformed, ("time_at",)),
    ("{field: orders, is: 1, ignore_case: true}", errors.IgnoreCaseUnfit, ("ignore_case",)),
    ("{field: orders, at_least: 1, ignore_case: true}", errors.IgnoreCaseUnfit, ("ignore_case",)),
    ("{field: language, is: ca, ignore_case: 1}", errors.IgnoreCaseUnfit, ("ignore_case",)),
    ("{field: language, is_empty: true, ignore_case: true}", errors.IgnoreCaseUnfit, ("ignore_case",)),
    ("all: [{field: langage, is: ca}]", errors.FieldUnknown, ("all", 0, "field")),
    ("{field: orders, contains: '5'}", errors.OperatorUnfit, ("contains",)),
    ("{field: is_subscribed, at_least: true}", errors.OperatorUnfit, ("at_least",)),
    ('{field: birthday, time_at: "09:00"}', errors.OperatorUnfit, ("time_at",)),
    ("{field: language, at_least: b}", errors.OperatorUnfit, ("at_least",)),
    ('{field: orders, at_least: "500"}', errors.ValueUnfit, ("at_least",)),
    ("{field: orders, is: true}", errors.ValueUnfit, ("is",)),
    ("{field: language, is: 5}", errors.ValueUnfit, ("is",)),
    ("{field: is_subscribed, is: 1}", errors.ValueUnfit, ("is",)),
    ("{field: country, is_one_of: [AD, NO]}", errors.ValueUnfit, ("is_one_of", 1)),
    ("{field: birthday, is: 2026-02-30}", errors.ValueUnfit, ("is",)),
    ("{field: birthday, is: 20260228}", errors.ValueUnfit, ("is",)),
    ('{field: birthday, is: "2026-02-28T00:00"}', errors.ValueUnfit, ("is",)),
    ('{field: seen_at, is: "2026-02-28T25:00"}', errors.ValueUnfit, ("is",)),
    ('{field: seen_at, is: "yesterday"}', errors.ValueUnfit, ("is",)),
    ("{field: birthday, within_last: {hours: 3}}", errors.ValueUnfit, ("within_last", "hours")),
    ("{field: orders, is_between: [2, 1]}", errors.RangeBackwards, ("is_between",)),
    ('{field: seen_at, is_not_between: [2026-01-02, "2026-01-01T23:00"]}', errors.RangeBackwards, ("is_not_between",)),
]


def read(text):
    """Rules out of YAML; a date that YAML itself cannot read is left as its text."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))
    return parse_rules(yaml.load(text, Loader))


def test_rules_are_read_as_a_tree_and_written_back_as_they_were():
    assert parse_rules(yaml.safe_load(SPENDERS)) == TREE
    assert to_raw(TREE) == yaml.safe_load(SPENDERS)
    assert json.loads(json.dumps(to_raw(TREE))) == yaml.safe_load(SPENDERS)


def test_the_fields_of_rules_are_those_they_ask_about():
    assert fields(TREE) == {"language", "lifetime_value", "last_purchase_at", "country"}


def test_a_date_that_yaml_reads_is_the_text_it_was():
    rule = parse_rules(yaml.safe_load("{field: birthday, is_one_of: [1990-02-28, 2026-03-29T10:00:00Z]}"))
    assert rule == Condition("birthday", "is_one_of", ("1990-02-28", "2026-03-29T10:00:00+00:00"))


def test_a_time_that_yaml_reads_as_a_number_is_the_time_it_was():
    rule = parse_rules(yaml.safe_load("{field: seen_at, time_at: [09:00, 17:30]}"))
    assert rule == Condition("seen_at", "time_at", ("09:00", "17:30"))
    assert parse_rules(yaml.safe_load("{field: seen_at, time_at: 17:30:05}")).value == "17:30:05"


def test_names_of_months_and_weekdays_are_numbers_within_and_names_without():
    rule = parse_rules({"field": "birthday", "day_of_week": ["Monday", 7]})
    assert rule.value == (1, 7)
    assert to_raw(rule) == {"field": "birthday", "day_of_week": ["monday", "sunday"]}
    assert to_raw(parse_rules({"field": "birthday", "month_of": "JUNE"})) == {"field": "birthday", "month_of": "june"}


@pytest.mark.parametrize(("text", "error", "path"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_rules_that_cannot_be_used_are_refused_at_the_place(text, error, path):
    with pytest.raises(errors.RulesError) as refusal:
        check(read(text), COLUMNS)
    assert type(refusal.value) is error
    assert refusal.value.path == path
    assert errors.where(path) in str(refusal.value)
    assert "{" not in refusal.value.sentence


def test_the_path_is_written_as_people_write_it():
    assert errors.where(("all", 1, "any", 0)) == "rules.all[1].any[0]"


def test_an_error_can_be_seen_from_further_up():
    error = errors.FieldMissing(("all", 0)).under("segments", 2, "rules")
    assert error.path == ("segments", 2, "rules", "all", 0)
    assert "segments[2].rules.all[0]" in error.sentence


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("{field: language, strats_with: c}", "starts_with"),
        ("{field: langage, is: ca}", "language"),
        ("{al: []}", "all"),
    ],
)
def test_what_is_misspelt_is_guessed(text, near):
    with pytest.raises(errors.RulesError) as refusal:
        check(read(text), COLUMNS)
    assert near in refusal.value.advice.partition("?")[2]


def test_an_error_names_what_would_do_instead():
    with pytest.raises(errors.OperatorUnfit) as refusal:
        check(read("{field: is_subscribed, contains: x}"), COLUMNS)
    assert refusal.value.advice == "Use one of: is, is_not, is_empty, is_not_empty."


def test_a_field_of_another_kind_can_be_asked_nothing():
    with pytest.raises(errors.FieldUnfit) as refusal:
        check(read("{field: tags, is_empty: true}"), {"tags": Column("tags", ColumnType.OTHER, "VARCHAR[]")})
    assert "VARCHAR[]" in refusal.value.sentence


def test_all_that_does_not_fit_is_told_at_once_to_those_who_ask():
    rule = read("all: [{field: nobody, is: 1}, {field: language, is: ca}, {field: orders, is: x}]")
    assert [type(problem) for problem in problems(rule, COLUMNS)] == [errors.FieldUnknown, errors.ValueUnfit]


def nested(depth):
    raw = {"field": "language", "is": "ca"}
    for _ in range(depth - 1):
        raw = {"all": [raw]}
    return raw


def test_rules_may_be_fifty_levels_deep_and_no_more():
    check(parse_rules(nested(50)), COLUMNS)
    for depth in (51, 100_000):
        with pytest.raises(errors.RulesTooLarge, match="50 levels"):
            parse_rules(nested(depth))


def test_a_tree_that_contains_itself_is_too_deep():
    with pytest.raises(errors.RulesTooLarge):
        parse_rules(yaml.safe_load("&a {all: [*a]}"))


def test_rules_may_hold_five_thousand_conditions_and_no_more():
    condition = {"field": "language", "is": "ca"}
    assert len(parse_rules({"any": [condition] * 5000}).rules) == 5000
    with pytest.raises(errors.RulesTooLarge, match="5000 conditions"):
        parse_rules({"any": [condition] * 5001})


def test_a_bomb_of_anchors_is_counted_not_unfolded():
    bomb = {"field": "language", "is": "ca"}
    for _ in range(40):
        bomb = {"any": [bomb] * 10}
    with pytest.raises(errors.RulesTooLarge, match="5000 conditions"):
        parse_rules(bomb)


def test_rules_may_hold_ten_thousand_values_and_no_more():
    values = [str(number) for number in range(10_000)]
    parse_rules({"field": "country", "is_one_of": values})
    with pytest.raises(errors.RulesTooLarge, match="10000 values"):
        parse_rules({"all": [{"field": "country", "is_one_of": values}, {"field": "language", "is": "ca"}]})


def test_the_schema_takes_what_is_taken():
    schema = rules_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for operator in OPERATORS.values():
        jsonschema.validate({"none": [{"field": "it", operator.name: yaml.safe_load(operator.form.example)}]}, schema)
    jsonschema.validate(to_raw(TREE), schema)
    jsonschema.validate({"field": "language", "is": "ca", "ignore_case": True}, schema)


@pytest.mark.parametrize(
    "text",
    [
        text
        for text, error, _ in REFUSED
        if error
        in {
            errors.OperatorCount,
            errors.OperatorUnknown,
            errors.GroupMalformed,
            errors.RuleMalformed,
            errors.FieldMissing,
        }
    ],
)
def test_the_schema_refuses_what_has_no_shape(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), rules_schema())
