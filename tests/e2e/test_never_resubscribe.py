"""Whoever was blocked once stays blocked: 100,000 random histories through the real client, in every position of Brevo's unknowns."""

import itertools
import json
from collections.abc import Iterable
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
BLOCKED_PERCENT, BLOCKED_BEFORE_PERCENT = 2, 30
FORBIDDEN = {
    *("emailBlacklist", "smsBlacklist", "emailBlacklisted", "smsBlacklisted", "smtpBlacklistSender"),
    *("forceMerge", "unlinkListIds", "EMAIL", "EXT_ID"),
}
ROUTES = {("POST", "/contacts/import"), ("POST", f"/contacts/lists/{LIST}/contacts/remove")}
# Each history is a draw for every person, deed and run: in or out, name, number, address. Numbers are few, so that they
# wander from one person to another; an address may come back.
PROFILES = """
COPY (
  SELECT n AS id, 'p' || n || '.' || drawn(n, 'address', last_change(n, 'address', {run}, 6), 3) || '@example.org' AS email,
         'Name ' || last_change(n, 'name', {run}, 10) AS name,
         CASE WHEN drawn(n, 'phone', last_change(n, 'phone', {run}, 8), 10) < 7
              THEN (612000000 + drawn(n, 'number', last_change(n, 'phone', {run}, 8), {numbers}))::VARCHAR END AS phone,
         drawn(n, 'in', last_change(n, 'in', {run}, 15), 10) < 7 AS active
    FROM range({people}) people(n)
) TO {file} (FORMAT parquet)"""
MACROS = """
CREATE MACRO drawn(n, deed, run, sides) AS md5_number_lower(concat_ws(':', n, deed, run)) % sides;
CREATE MACRO last_change(n, deed, run, percent) AS
  coalesce(list_max(list_filter(range(1, run + 1), lambda k: drawn(n, 'when ' || deed, k, 100) < percent)), 0)"""


@dataclass
class Life:
    """What happens to the people of one account, and who was blocked by it so far."""

    world: World
    people: int
    blocked: set[str] = field(default_factory=set)
    unsubscribed: set[str] = field(default_factory=set)
    seen_requests: int = 0

    def begin(self) -> None:
        """Some had been contacts before us, on the list or not, and some of those were blocked."""
        sandbox = self.world.sandbox
        for n in range(0, self.people, 10):
            sandbox.add_contact(f"p{n}.{n % 3}@example.org", list_ids=[LIST] if n % 20 else [])
        self.block_some("before", BLOCKED_BEFORE_PERCENT)

    def put_profiles(self, run: int) -> None:
        with duckdb.connect() as duck:
            duck.execute(MACROS)
            file = literal(self.world.profiles_file)
            duck.execute(PROFILES.format(people=self.people, numbers=self.people * 4 // 5, run=run, file=file))

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
        """One run; the list follows the segment, and nobody came back."""
        assert self.world.run_code() == ""
        assert self.world.sandbox.emails_on(LIST) >= self.world.ledger().keys()
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


@pytest.mark.slow
def test_nobody_who_was_blocked_comes_back_in_100_000_histories() -> None:
    with new_world(Switches(tier="unlimited")) as world:
        world.mapping = MAPPING
        life = Life(world, 100_000)
        life.begin()
        for run, position in enumerate(POSITIONS):
            world.sandbox.switches.patch(position)
            life.put_profiles(run)
            life.run()
            life.block_some(run, BLOCKED_PERCENT)
        life.run()
        assert len(life.blocked) > 20_000
        assert len(life.unsubscribed) > 5_000


def test_a_client_that_sends_the_flag_is_found_out() -> None:
    with new_world(Switches(tier="unlimited", import_false_unblocks=True)) as world:
        world.mapping = MAPPING
        life = Life(world, 50)
        life.begin()
        life.put_profiles(0)
        life.run()
        life.block_some("now", 100)
        careless_import(world.sandbox, min(life.blocked))
        with pytest.raises(AssertionError):
            assert_nobody_came_back(world.sandbox, life.blocked, life.unsubscribed)
        with pytest.raises(AssertionError):
            assert_harmless(world.sandbox.requests())


def careless_import(sandbox: Sandbox, email: str) -> None:
    """An import as the official clients send it by default: with emailBlacklist false."""
    body = {"listIds": [LIST], "emailBlacklist": False, "jsonBody": [{"email": email, "attributes": {}}]}
    headers = {"api-key": sandbox.api_key, "content-type": "application/json"}
    with urlopen(Request(f"{sandbox.base_url}/contacts/import", json.dumps(body).encode(), headers)):
        sandbox.settle()
