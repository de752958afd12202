"""Members in a session, and what becomes of them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pytest

from traginer import contacts
from traginer.contacts import AttributeMapping, AttributeType, Kind
from traginer.contacts.mapping import PHONE_ATTRIBUTES
from traginer.duck import Duck, ident, open_duck

TYPES = {
    one.name: one
    for one in (
        AttributeType("FIRSTNAME", Kind.TEXT),
        AttributeType("LASTNAME", Kind.TEXT),
        AttributeType("LTV", Kind.FLOAT),
        AttributeType("VIP", Kind.BOOLEAN),
        AttributeType("LAST_PURCHASE", Kind.DATE),
        AttributeType("TIER", Kind.CATEGORY, ("Gold", "Silver", 'Bronze "B"')),
        AttributeType("INTERESTS", Kind.MULTIPLE_CHOICE, ("Books", "Music", "Història")),
        AttributeType("SMS", Kind.PHONE),
        AttributeType("WHATSAPP", Kind.PHONE),
        AttributeType("LANDLINE_NUMBER", Kind.PHONE),
        AttributeType("TOTAL", Kind.READ_ONLY),
    )
}


@dataclass(frozen=True)
class Built:
    """What `build` made of the members, by key."""

    counts: contacts.Contacts
    contacts: dict[str, dict[str, Any]]
    invalid: dict[str, tuple[str, str | None, str | None]]
    warnings: set[tuple[str, str, str]]

    @property
    def emails(self) -> dict[str, str]:
        return {key: contact["email"] for key, contact in self.contacts.items()}

    @property
    def reasons(self) -> dict[str, str]:
        return {key: reason for key, (reason, _, _) in self.invalid.items()}

    def sent(self, key: Any) -> dict[str, Any]:
        """The attributes as Brevo would read them."""
        attributes: dict[str, Any] = json.loads(self.contacts[str(key)]["row"])["attributes"]
        return attributes


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Duck]:
    with open_duck(tmp_path / "duck") as session:
        yield session


@pytest.fixture
def build(duck: Duck) -> Callable[..., Built]:
    """`build({"email": "VARCHAR", "phone": "VARCHAR"}, [(1, "a@b.cat", None)], SMS={"field": "phone"})`."""
    return lambda *args, **options: built(duck, *args, **options)


def built(
    duck: Duck,
    columns: dict[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    key: str = "BIGINT",
    timezone: str = "Europe/Madrid",
    types: Mapping[str, AttributeType] = MappingProxyType(TYPES),
    holders: str | None = None,
    **attributes: str | dict[str, str],
) -> Built:
    fill(duck, {contacts.KEY: key, **columns}, rows)
    mapping = contacts.Mapping(
        "email",
        tuple(
            AttributeMapping(name, **({"field": item} if isinstance(item, str) else item))
            for name, item in attributes.items()
        ),
    )
    counts = contacts.build(duck, mapping, types, as_of_timezone=timezone)
    if holders:
        counts = contacts.leave_out_held(duck, counts, holders, among="contacts")
    names = ("key", "email", *PHONE_ATTRIBUTES, "row", "fingerprint")
    wanted = duck.rows(f"SELECT {', '.join(names)} FROM contacts")
    return Built(
        counts,
        {row[0]: dict(zip(names, row, strict=True)) for row in wanted},
        {row[0]: row[1:] for row in duck.rows("SELECT key, reason, field, winner FROM invalid")},
        set(duck.rows("SELECT key, reason, field FROM warnings")),
    )


def fill(duck: Duck, columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Make the session's table of members."""
    named = ", ".join(f"{ident(name)} {native}" for name, native in columns.items())
    duck.run(f"CREATE OR REPLACE TABLE members ({named})")
    if rows:
        arrays = (pa.array(list(column)) for column in zip(*rows, strict=True))
        duck.connection.from_arrow(pa.table(dict(zip(columns, arrays, strict=True)))).insert_into("members")
