"""The members: whoever is in one segment or more, each once."""

from datetime import datetime, timedelta

import duckdb
import pytest
import sqlglot

from tests.segments.world import AS_OF, COLUMNS, rules
from traginer.segments import DIALECTS, RuleSegment, SqlSegment, condition, member_tables, members_query, parse_rules
from traginer.values import Column, ColumnType

KEY = "customer_id"
CATALAN = RuleSegment("Catalan", rules("{field: language, is: ca}"))
ANDORRAN = RuleSegment("Andorran", rules("{field: country, is: AD}"))
CHOSEN = SqlSegment("Chosen", "SELECT customer_id FROM profiles")


@pytest.fixture
def people():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE profiles (customer_id INT, language TEXT, country TEXT, email TEXT)")
        connection.execute(
            "INSERT INTO profiles VALUES (1, 'ca', 'AD', 'a'), (2, 'ca', 'ES', 'b'), (3, 'es', 'AD', 'c'), (4, NULL, NULL, 'd')"
        )
        yield connection


def asked(people, segments, select=()):
    return sorted(people.execute(members_query(segments, COLUMNS, KEY, select, AS_OF)).fetchall())


def test_a_profile_in_several_segments_is_one_member(people):
    assert asked(people, [CATALAN, ANDORRAN]) == [(1,), (2,), (3,)]


def test_the_members_carry_the_columns_asked_for(people):
    assert asked(people, [CATALAN], ["email", KEY]) == [(1, "a"), (2, "b")]


def test_a_select_adds_those_whose_keys_it_gave(people):
    people.execute("CREATE TABLE sql_members_0 AS SELECT unnest([4, 2, 99]) AS customer_id")
    assert asked(people, [CHOSEN, ANDORRAN]) == [(1,), (2,), (3,), (4,)]


def test_a_select_that_gave_no_key_adds_nobody(people):
    people.execute("CREATE TABLE sql_members_0 (customer_id INT)")
    assert asked(people, [CHOSEN]) == []


def test_each_select_has_a_table_of_its_own_even_if_it_is_the_same_select():
    assert member_tables([CHOSEN, CATALAN, CHOSEN]) == {"sql_members_0": CHOSEN, "sql_members_1": CHOSEN}
    sql = members_query([CHOSEN, CHOSEN], COLUMNS, KEY, [], AS_OF)
    assert "sql_members_0" in sql
    assert "sql_members_1" in sql


def test_no_segment_has_no_member(people):
    assert asked(people, []) == []


def test_an_unknown_dialect_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="oracle"):
        condition(CATALAN.rules, COLUMNS, AS_OF, "oracle")


def test_a_value_that_is_sql_stays_a_value(people):
    for text in ["'; DROP TABLE profiles; --", "' OR '1'='1", "\\' OR 1=1 --", "$$; DROP TABLE profiles; $$"]:
        segment = RuleSegment(
            "", parse_rules({"any": [{"field": "language", "is": text}, {"field": "email", "contains": text}]})
        )
        assert asked(people, [segment]) == []
        for dialect in DIALECTS:
            literals = sqlglot.parse_one(
                members_query([segment], COLUMNS, KEY, [], AS_OF, dialect=dialect), dialect=dialect
            ).find_all(sqlglot.exp.Literal)
            assert [literal.name for literal in literals if literal.is_string] == [text, text]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_largest_rules_are_written_and_read_again_without_end_of_the_stack(dialect):
    wide = parse_rules({"any": [{"field": "language", "is": str(number)} for number in range(5000)]})
    sql = condition(wide, COLUMNS, AS_OF, dialect).sql(dialect=dialect)
    assert sum(1 for _ in sqlglot.parse_one(sql, dialect=dialect).find_all(sqlglot.exp.EQ)) == 5000


def test_the_largest_rules_run(people):
    deep = {"field": "language", "is": "ca"}
    for level in range(49):
        deep = {["all", "none", "any"][level % 3]: [deep, {"field": "country", "is": f"{level}"}]}
    wide = [{"field": "language", "is_not": str(number)} for number in range(4900)]
    segment = RuleSegment("", parse_rules({"all": wide}))
    assert len(asked(people, [segment, RuleSegment("", parse_rules(deep))])) == 4


def test_a_condition_in_the_open_is_pushed_into_the_scan(tmp_path):
    """Zone maps work on bare comparisons only: what DuckDB tells of its plan must show the filter at the scan."""
    file = tmp_path / "profiles.parquet"
    columns = {
        "bought_at": Column("bought_at", ColumnType.TIMESTAMP, ""),
        "orders": Column("orders", ColumnType.NUMBER, ""),
    }
    rule = parse_rules(
        {
            "none": [
                {
                    "none": [
                        {
                            "all": [
                                {"field": "bought_at", "within_last": {"days": 90}},
                                {"field": "orders", "at_least": 2},
                            ]
                        }
                    ]
                }
            ]
        }
    )
    with duckdb.connect() as connection:
        start = (AS_OF.local - timedelta(days=600)).replace(tzinfo=None).isoformat()
        connection.execute(
            f"COPY (SELECT i AS customer_id, i % 5 AS orders, TIMESTAMP '{start}' + INTERVAL (10 * i) MINUTE AS bought_at FROM range(100000) t(i)) TO '{file}'"
        )
        connection.execute(f"CREATE VIEW profiles AS SELECT * FROM '{file}'")
        plan = connection.execute(
            "EXPLAIN " + members_query([RuleSegment("", rule)], columns, KEY, [], AS_OF)
        ).fetchall()[0][1]
        assert "FILTER" not in plan
        assert "bought_at >=" in plan.replace("│", "")


def test_now_is_a_literal(people):
    sql = members_query(
        [RuleSegment("", rules("{field: last_purchase_at, within_last: {days: 1}}"))], COLUMNS, KEY, [], AS_OF
    )
    assert datetime(2026, 3, 28, 14, 30).isoformat(sep=" ") in sql  # noqa: DTZ001 - a wall clock
    assert "NOW" not in sql
    assert "CURRENT" not in sql
