"""Our own client, in every position of every switch: list = wanted = ledger, or the one clear error that belongs to it."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from tests.contract.placed import PLACES, Position, positions
from tests.e2e.virtual import LIST, World, new_world
from traginer.contacts import AttributeMapping, Mapping
from traginer.sandbox import Sandbox, Switches

NAMES = {"en": "FIRSTNAME", "fr": "PRENOM", "es": "NOMBRE"}
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("email", pa.string()),
        ("name", pa.string()),
        ("phone", pa.string()),
        ("spend", pa.float64()),
        ("since", pa.date32()),
        ("vip", pa.bool_()),
        ("grade", pa.string()),
        ("active", pa.bool_()),
    ]
)


def profile(n: int, **values: Any) -> dict[str, Any]:
    return {
        "id": n,
        "email": f"p{n}@example.org",
        "name": f'Núria {n}; "O\'Rourke"',
        "phone": f"+346001000{n:02}",
        "spend": n + 0.5,
        "since": date(2026, 3, n + 1),
        "vip": n % 2 == 0,
        "grade": ("gold", "silver")[n % 2],
        "active": True,
        **values,
    }


FIRST = [profile(n) for n in range(12)] + [profile(20, email="broken")]
CHANGED = [
    profile(0, name="Ada"),
    profile(1, email="p1-new@example.org"),
    *(profile(n) for n in range(2, 9)),
    profile(9, active=False),
    profile(10, phone=None),
    profile(11, spend=0.25),
    profile(12),
    profile(13, phone="no"),
]


def mapping(switches: Switches) -> Mapping:
    fields_of = {NAMES[switches.language]: "name", "SMS": "phone", "SPEND": "spend", "SINCE": "since", "VIP": "vip"}
    return Mapping("email", tuple(AttributeMapping(name, f) for name, f in {**fields_of, "GRADE": "grade"}.items()))


def furnish(sandbox: Sandbox) -> None:
    """The account before us: its attributes, one contact who is blocked, one who left our list by themselves."""
    for name, kind in (("SPEND", "float"), ("SINCE", "date"), ("VIP", "boolean")):
        sandbox.create_attribute(name, kind)
    sandbox.create_attribute(
        "GRADE", category="category", options=[{"value": 1, "label": "gold"}, {"value": 2, "label": "silver"}]
    )
    sandbox.add_contact("p0@example.org")
    sandbox.block("p0@example.org")
    sandbox.add_contact("p2@example.org", list_ids=[LIST])
    sandbox.unsubscribe_from(LIST, "p2@example.org")


@pytest.fixture
def world(position: Position) -> Iterator[World]:
    with new_world(position.switches, arrange=furnish) as world:
        world.mapping = mapping(world.sandbox.switches)
        position.place.arrange(world)
        yield world


def wanted(profiles: list[dict[str, Any]]) -> dict[str, str]:
    return {p["email"]: p["name"] for p in profiles if p["active"] and "@" in p["email"]}


def assert_all_one(world: World, profiles: list[dict[str, Any]]) -> None:
    """The list is what is wanted is what the ledger says, with the values of today."""
    name = world.mapping.attributes[0].attribute
    listed = {email: values.get(name) for email, values in world.sandbox.contacts_on(LIST).items()}
    assert listed == wanted(profiles)
    assert set(world.ledger()) == listed.keys()
    assert None not in world.ledger().values()


def assert_nobody_harmed(world: World, position: Position, overlaps_before: int) -> None:
    found = world.sandbox.invariants()
    merged = 1 if position.value == position.place.merges else 0
    assert (found.blocks_lifted, found.contacts_deleted, found.contacts_merged_away) == (0, 0, merged)
    assert found.overlapping_imports == overlaps_before
    blocked = world.sandbox.contact("p0@example.org")
    assert blocked is not None
    assert blocked["emailBlacklisted"] is True


def put_right(world: World, position: Position) -> None:
    """Somebody does what the error says: the account is as by default again."""
    assert position.place.mends is not None
    position.place.mends(world)
    default = Switches()
    for name in {position.name, *position.place.beside} - {"tier", "language"}:
        setattr(world.sandbox.switches, name, getattr(default, name))


@pytest.mark.parametrize("position", positions(), ids=str)
def test_our_client_ends_right_in_every_position(position: Position, world: World) -> None:
    overlaps = world.sandbox.invariants().overlapping_imports
    world.put(FIRST, SCHEMA)
    assert world.run_code() == position.ends
    if not position.ends and not position.place.rejects and not position.later:
        assert_all_one(world, FIRST)
    world.put(CHANGED, SCHEMA)
    assert world.run_code() == position.later
    if position.place.mends is not None and (position.ends or position.place.rejects):
        assert world.sandbox.emails_on(LIST) <= wanted(FIRST).keys() | wanted(CHANGED).keys()
        put_right(world, position)
        assert world.run_code() == ""
    assert_nobody_harmed(world, position, overlaps)
    if position.place.seen is not None:
        assert any(position.place.seen(request) for request in world.sandbox.requests())
    if position.place.mends is not None or not position.later:
        assert_all_one(world, CHANGED)
        assert_an_unchanged_run_asks_nothing(world)


def assert_an_unchanged_run_asks_nothing(world: World) -> None:
    before = len(world.exchanges)
    assert world.run_code() == ""
    assert len(world.exchanges) == before


def test_every_switch_has_its_place() -> None:
    assert PLACES.keys() == {spec.name for spec in fields(Switches)}
    assert {position.name for position in positions()} == PLACES.keys()
