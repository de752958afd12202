"""Rules in words."""

import pytest
import yaml

from traginer.i18n import speaking
from traginer.segments import parse_rules, sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            (
                "all: [{field: language, is: ca}, {field: lifetime_value, at_least: 500}, "
                "any: [{field: last_purchase_at, within_last: {days: 90}}, {field: country, is_one_of: [AD, ES]}]]"
            ),
            (
                'language is "ca" and lifetime_value is at least 500 and '
                "(last_purchase_at is within the last 90 days or country is one of AD, ES)"
            ),
        ),
        ("none: [{field: a, is: x}, {field: b, is_empty: true}]", 'not (a is "x" or b is empty)'),
        ("all: [{none: [{field: a, is: x}]}, {any: [{field: b, is: true}]}]", 'not (a is "x") and b is true'),
        ("{field: a, is: CA, ignore_case: true}", 'a is "CA" (in any case)'),
        ("{field: a, within_last: {months: 1}}", "a is within the last 1 month"),
        ("{field: a, is: 2026-03-29}", "a is 2026-03-29"),
        ("{field: a, is_between: [1, 2.5]}", "a is between 1 and 2.5"),
        ("{field: a, time_at: ['09:00', '17:00']}", "a is at 09:00 to 17:00"),
        ("{field: a, day_of_week: [1, sunday]}", "a is on Monday, Sunday"),
        ("{field: '{b}', contains: '{field}'}", '{b} contains "{field}"'),
        (f"{{field: a, is_one_of: {list(range(12))}}}", "a is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"),
    ],
)
def test_rules_read_as_one_sentence(text: str, said: str):
    with speaking("en"):
        assert sentence(parse_rules(yaml.safe_load(text))) == said
