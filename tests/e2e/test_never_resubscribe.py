"""Whoever was blocked once stays blocked: 100,000 random histories through the real client, in every position of Brevo's unknowns."""

import itertools
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.request import Request, urlopen

import duckdb
import pytest

from tests.e2e.virtual import LIST, World, new_world
from traginer.contacts import AttributeMapping, Mapping
from traginer.duck import literal
from traginer.sandbox import LoggedRequest, Sandbox, Switches

MAPPING = Mapping("email", (AttributeMapping("FIRSTNAME", "name"), AttributeMapping("SMS", "phone", None, "ES")))
POSITIONS = [
    {"import_false_unblocks": unblocks, "existing_join_list": joins, "phone_conflict": conflict}
    for unblocks, joins, conflict in itertools.product(
        (True, False), (True, False), ("merge", "report", "keep-without")
    )
]
EVENTS = ("unsubscribed", "hardBounce", "spam", "this list only")
BLOCKED_PERCENT, BLOCKED_BEFORE_PERCENT = 3, 30
FORBIDDEN = {
    *("emailBlacklist", "smsBlacklist", "emailBlacklisted", "smsBlacklisted", "smtpBlacklistSender"),
    *("forceMerge", "unlinkListIds", "EMAIL", "EXT_ID"),
}
ROUTES = {("POST", "/contacts/import"), ("POST", f"/contacts/lists/{LIST}/contacts/remove")}
# Each history is a draw for every person, deed and run; a person's row holds the run of the latest change of each kind.
# Numbers are few, so that they wander from one person to another; an address may come back.
DRAWN = "CREATE MACRO drawn(n, deed, run, sides) AS md5_number_lower(concat_ws(':', n, deed, run)) % sides"
BIRTH = """
CREATE TABLE people AS SELECT n, 0 AS address, 0 AS name, 0 AS phone, 0 AS membership FROM range({people}) born(n)"""
CHANGES = """
CREATE OR REPLACE TABLE people AS
  SELECT n, CASE WHEN drawn(n, 'move', {run}, 100) < 6 THEN {run} ELSE address END AS address,
         CASE WHEN drawn(n, 'rename', {run}, 100) < 10 THEN {run} ELSE name END AS name,
         CASE WHEN drawn(n, 'renumber', {run}, 100) < 8 THEN {run} ELSE phone END AS phone,
         CASE WHEN drawn(n, 'join or leave', {run}, 100) < 15 THEN {run} ELSE membership END AS membership
    FROM people"""
PROFILES = """
COPY (
  SELECT n AS id, 'p' || n || '.' || drawn(n, 'address', address, 3) || '@example.org' AS email, 'Name ' || name AS name,
         CASE WHEN drawn(n, 'phone', phone, 10) < 7 THEN (612000000 + drawn(n, 'number', phone, {numbers}))::VARCHAR END AS phone,
         drawn(n, 'in', membership, 10) < 7 AS active
    FROM people
) TO {file} (FORMAT parquet)"""


@dataclass
class Life:
    """What happens to the people of one account, and who was blocked by it so far."""

    world: World
    people: int
    duck: duckdb.DuckDBPyConnection
    listed_before: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    unsubscribed: set[str] = field(default_factory=set)
    seen_requests: int = 0

    def begin(self) -> None:
        """Some had been contacts before us, on the list or not, and some of those were blocked."""
        sandbox = self.world.sandbox
        for n in range(0, self.people, 10):
            sandbox.add_contact(f"p{n}.{n % 3}@example.org", list_ids=[LIST] if n % 20 else [])
        self.listed_before = sandbox.emails_on(LIST)
        self.block_some("before", BLOCKED_BEFORE_PERCENT)
        self.duck.execute(DRAWN)
        self.duck.execute(BIRTH.format(people=self.people))

    def put_profiles(self, run: int) -> None:
        """Every person's history goes on."""
        self.duck.execute(CHANGES.format(run=run))
        file = literal(self.world.profiles_file)
        self.duck.execute(PROFILES.format(numbers=self.people * 4 // 5, file=file))

    def block_some(self, when: object, percent: int) -> None:
        for email in sorted(self.world.sandbox.emails()):
            die = int.from_bytes(blake2b(f"{when}:{email}".encode(), digest_size=4).digest())
            if die % 100 < percent:
                self.block(email, EVENTS[die // 100 % len(EVENTS)])

    def block(self, email: str, event: str) -> None:
        if event == "this list only":
            self.world.sandbox.unsubscribe_from(LIST, email)
            self.unsubscribed.add(email)
        else:
            self.world.sandbox.block(email, event=event)
            self.blocked.add(email)

    def run(self) -> None:
        """One run: the list holds whom the ledger names and who was there before us, and nobody came back."""
        assert self.world.run_code() == ""
        listed, ledger = self.world.sandbox.emails_on(LIST), self.world.ledger().keys()
        assert ledger <= listed <= ledger | self.listed_before
        assert_nobody_came_back(self.world.sandbox, self.blocked, self.unsubscribed)
        requests = self.world.sandbox.requests()
        assert_harmless(requests[self.seen_requests :])
        self.seen_requests = len(requests)


def assert_nobody_came_back(sandbox: Sandbox, blocked: set[str], unsubscribed: set[str]) -> None:
    assert blocked <= sandbox.blocked_emails()
    assert unsubscribed <= sandbox.unsubscribed_from(LIST)
    found = sandbox.invariants()
    assert (found.blocks_lifted, found.contacts_deleted, found.contacts_merged_away) == (0, 0, 0), found.incidents


def assert_harmless(requests: Iterable[LoggedRequest]) -> None:
    for request in requests:
        assert request.method == "GET" or (request.method, request.path) in ROUTES
        if request.path == "/contacts/import":
            assert request.body is not None
            assert not FORBIDDEN & keys_of(json.loads(request.body))


def keys_of(body: dict[str, Any]) -> set[str]:
    """The names on every level of an import."""
    rows = body["jsonBody"]
    return set(body).union(*rows, *(row["attributes"] for row in rows))


@contextmanager
def life_of(people: int, switches: Switches) -> Iterator[Life]:
    with new_world(switches) as world, duckdb.connect() as duck:
        world.mapping = MAPPING
        life = Life(world, people, duck)
        life.begin()
        yield life


@pytest.mark.slow
def test_nobody_who_was_blocked_comes_back_in_100_000_histories() -> None:
    with life_of(100_000, Switches(tier="unlimited")) as life:
        for run, position in enumerate(POSITIONS):
            life.world.sandbox.switches.patch(position)
            life.put_profiles(run)
            life.run()
            life.block_some(run, BLOCKED_PERCENT)
        life.run()
        assert len(life.blocked) > 20_000
        assert len(life.unsubscribed) > 5_000


def test_a_client_that_sends_the_flag_is_found_out() -> None:
    with life_of(50, Switches(tier="unlimited", import_false_unblocks=True)) as life:
        sandbox = life.world.sandbox
        life.put_profiles(0)
        life.run()
        life.block_some("now", 100)
        careless_import(sandbox, min(life.blocked))
        with pytest.raises(AssertionError):
            assert_nobody_came_back(sandbox, life.blocked, life.unsubscribed)
        with pytest.raises(AssertionError):
            assert_harmless(sandbox.requests())


def careless_import(sandbox: Sandbox, email: str) -> None:
    """An import as the official clients send it by default: with emailBlacklist false."""
    body = {"listIds": [LIST], "emailBlacklist": False, "jsonBody": [{"email": email, "attributes": {}}]}
    headers = {"api-key": sandbox.api_key, "content-type": "application/json"}
    with urlopen(Request(f"{sandbox.base_url}/contacts/import", json.dumps(body).encode(), headers)):
        sandbox.settle()
