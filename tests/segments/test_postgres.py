"""The same rules mean the same in a real PostgreSQL: its SELECT finds whom the plain Python of reference.py finds.

TRAGINER_RULES says how many random rule trees are asked (make conformance asks more than make test).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.postgres.server import Server, running
from tests.segments import reference
from tests.segments.test_reference import COLUMNS, ZONES, clocks, conditions, in_order, profiles, rules
from traginer.segments import Rule, RuleSegment, check, members_query, parse_rules
from traginer.values import AsOf

TREES = int(os.environ.get("TRAGINER_RULES", "200"))
NATIVE = {
    "language": "text",
    "note": "text",
    "orders": "bigint",
    "value": "double precision",
    "balance": "numeric(18, 2)",
    "vip": "boolean",
    "birthday": "date",
    "bought_at": "timestamp",
    "seen_at": "timestamptz",
}
often = settings(
    max_examples=TREES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


class Postgres:
    """A table `profiles` in a real server, with a session in a zone that nobody here means."""

    def __init__(self, server: Server) -> None:
        self.connection = psycopg.connect(server.url(server.create()), autocommit=True)
        columns = ", ".join(f'"{name}" {kind}' for name, kind in NATIVE.items())
        self.connection.execute("SET TimeZone = 'Asia/Tokyo'")
        self.connection.execute(f'CREATE TEMP TABLE profiles ("place" integer PRIMARY KEY, {columns})')

    def chosen(self, rule: Rule, people: Sequence[Mapping[str, Any]], now: AsOf) -> list[int]:
        """The places of the people that the server selects, counted from 0."""
        query = members_query([RuleSegment("", rule)], COLUMNS, "place", [], now, dialect="postgres")
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("TRUNCATE profiles")
            with cursor.copy(f'COPY profiles ("place", {", ".join(NATIVE)}) FROM STDIN') as rows:
                for place, person in enumerate(people):
                    rows.write_row([place, *(person[name] for name in NATIVE)])
            cursor.execute(query)
            return sorted(place for (place,) in cursor.fetchall())


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running() as server:
        engine = Postgres(server)
        yield engine
        engine.connection.close()


def selects_as_the_reference(engine: Postgres, rule: Rule, people: list[dict[str, Any]], now: AsOf) -> None:
    check(rule, COLUMNS)
    expected = [place for place, person in enumerate(people) if reference.belongs(rule, person, COLUMNS, now)]
    assert engine.chosen(rule, people, now) == expected


@often
@given(rule=conditions().map(in_order), people=st.lists(profiles, min_size=6, max_size=16), now=clocks)
def test_a_random_condition_selects_in_postgres_whom_the_reference_selects(postgres, rule, people, now):
    selects_as_the_reference(postgres, rule, people, now)


@often
@given(rule=rules.map(in_order), people=st.lists(profiles, min_size=6, max_size=16), now=clocks)
def test_random_rules_select_in_postgres_whom_the_reference_selects(postgres, rule, people, now):
    selects_as_the_reference(postgres, rule, people, now)


def test_the_zones_of_the_clocks_are_known_to_postgres(postgres):
    known = {name for (name,) in postgres.connection.execute("SELECT name FROM pg_timezone_names")}
    assert set(ZONES) <= known


def test_a_table_of_postgres_holds_what_the_people_have(postgres):
    person = dict.fromkeys(NATIVE)
    found = {"birthday": date(2024, 2, 29), "bought_at": datetime(2026, 3, 29, 0, 59, 59, 999999)}  # noqa: DTZ001 - a wall clock
    now = AsOf(datetime.fromisoformat("2026-03-29T12:00Z"), "UTC")
    rule = parse_rules(
        {"all": [{"field": "birthday", "is": "2024-02-29"}, {"field": "bought_at", "within_last": {"days": 1}}]}
    )
    assert postgres.chosen(rule, [person, {**person, **found}], now) == [1]
