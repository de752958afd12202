"""Contacts as they are stored, and as Brevo's JSON shows them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from traginer.sandbox.attributes import DROPPED, Attributes
from traginer.sandbox.clock import Clock, iso
from traginer.sandbox.identifiers import BY_ATTRIBUTE, COLUMNS, IDENTIFIERS, made_up_email
from traginer.sandbox.incidents import Incidents
from traginer.sandbox.store import Store
from traginer.sandbox.switches import Switches

BLOCKS = ("email_blocked", "sms_blocked", "whatsapp_blocked")
_LISTS = "(SELECT group_concat(list_id) FROM (SELECT list_id FROM {} x WHERE x.contact_id = c.id ORDER BY list_id))"
_SHOWN = f"c.*, {_LISTS.format('membership')} AS lists, {_LISTS.format('list_block')} AS list_blocks"
_TRUTH = ("false", "true")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(value: object) -> str:
    """JSON without blanks, letters as they are."""
    return _ENCODER.encode(value)


@dataclass
class Contact:
    """One contact. `identifiers` by column, `blocks` by column."""

    id: int
    identifiers: dict[str, str]
    attributes: dict[str, Any]
    blocks: dict[str, bool]
    created_at: float
    modified_at: float

    @property
    def is_blocked(self) -> bool:
        """Whether any channel is blocked."""
        return any(self.blocks.values())

    def all_attributes(self) -> dict[str, Any]:
        """The attributes together with the identifiers Brevo keeps among them."""
        held = {each.attribute: self.identifiers.get(each.column) for each in IDENTIFIERS if each.column != "email"}
        return self.attributes | {name: value for name, value in held.items() if value}


class Selection(NamedTuple):
    """Which contacts a page is about: a table, its column of contact ids, and a condition with its values."""

    table: str = "contact"
    id_column: str = "id"
    where: str = "1"
    values: tuple[Any, ...] = ()


@dataclass
class _Memory:
    """What is known about a selection while nothing is written: its size, and where pages ended."""

    generation: int
    count: int
    ends: dict[tuple[bool, int], int] = field(default_factory=dict)


class Pages:
    """Offset paging that stays fast at depth: a reader who goes on where the last page ended is recognised."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._memories: dict[Selection, _Memory] = {}

    def count(self, selection: Selection) -> int:
        """How many contacts are selected."""
        return self._memory(selection).count

    def ids(self, selection: Selection, *, limit: int, offset: int, descending: bool) -> list[int]:
        """The ids of one page, by age of the contact."""
        memory = self._memory(selection)
        end = memory.ends.get((descending, offset))
        found = self._read(selection, limit, offset if end is None else 0, end, descending)
        if found:
            memory.ends[descending, offset + len(found)] = found[-1]
        return found

    def _read(self, selection: Selection, limit: int, skip: int, end: int | None, descending: bool) -> list[int]:
        table, column, where, values = selection
        after = "" if end is None else f"AND {column} {'<' if descending else '>'} {end}"
        order = "DESC" if descending else "ASC"
        sql = f"SELECT {column} FROM {table} WHERE {where} {after} ORDER BY {column} {order} LIMIT ? OFFSET ?"
        return [row[0] for row in self._store.rows(sql, (*values, limit, skip))]

    def _memory(self, selection: Selection) -> _Memory:
        generation = self._store.generation
        memory = self._memories.get(selection)
        if memory is None or memory.generation != generation:
            sql = f"SELECT count(*) FROM {selection.table} WHERE {selection.where}"
            memory = _Memory(generation, self._store.value(sql, selection.values))
            if len(self._memories) >= 64:
                self._memories.clear()
            self._memories[selection] = memory
        return memory


class Contacts:
    """Find, write and show contacts."""

    def __init__(
        self, store: Store, clock: Clock, switches: Switches, attributes: Attributes, incidents: Incidents
    ) -> None:
        self.store, self.clock, self.switches = store, clock, switches
        self.attributes, self.incidents = attributes, incidents
        self.pages = Pages(store)

    def find(self, column: str, value: str | int) -> Contact | None:
        """The contact with that id or identifier."""
        row = self.store.row(f"SELECT * FROM contact WHERE {column} = ?", (value,))
        return contact_of(row) if row else None

    def by_made_up_email(self, email: str) -> Contact | None:
        """The contact with only a phone that is shown under that address."""
        phone = email.removesuffix("@mailin-sms.com")
        found = self.find("sms", phone) if phone != email else None
        return found if found and "email" not in found.identifiers else None

    def holders(self, identifiers: Mapping[str, str]) -> dict[str, int]:
        """For each given identifier that some contact has: the column, and that contact's id."""
        found = {column: self.find(column, value) for column, value in identifiers.items()}
        return {column: contact.id for column, contact in found.items() if contact}

    def count(self) -> int:
        """All contacts of the account."""
        return self.pages.count(Selection())

    def create(
        self, identifiers: Mapping[str, str], attributes: Mapping[str, Any], *, blocks: Mapping[str, bool] | None = None
    ) -> int:
        """Store a new contact; its id. The identifiers must be free."""
        now = self.clock.now()
        columns = [*COLUMNS, "attributes", *BLOCKS, "created_at", "modified_at"]
        values: list[Any] = [identifiers.get(column) for column in COLUMNS]
        values += [compact(dict(attributes)), *((blocks or {}).get(name, False) for name in BLOCKS), now, now]
        marks = ", ".join("?" * len(columns))
        return self.store.insert(f"INSERT INTO contact ({', '.join(columns)}) VALUES ({marks})", values)

    def save(self, contact: Contact, *, request_id: str) -> None:
        """Write a changed contact; a block that was lifted is remembered against the request."""
        with self.store.transaction():
            before = self.find("id", contact.id)
            if before and any(before.blocks[name] and not contact.blocks[name] for name in BLOCKS):
                self.incidents.note("block-lifted", request_id, contact_id=contact.id)
            columns = (*COLUMNS, "attributes", *BLOCKS, "modified_at")
            values: list[Any] = [contact.identifiers.get(column) for column in COLUMNS]
            values += [compact(contact.attributes), *(contact.blocks[name] for name in BLOCKS), self.clock.now()]
            assignments = ", ".join(f"{column} = ?" for column in columns)
            self.store.run(f"UPDATE contact SET {assignments} WHERE id = ?", (*values, contact.id))

    def delete(self, contact_id: int) -> None:
        """Remove a contact and everything that points at it."""
        with self.store.transaction():
            for table in ("membership", "segment_member", "list_block", "consent"):
                self.store.run(f"DELETE FROM {table} WHERE contact_id = ?", (contact_id,))
            self.store.run("DELETE FROM contact WHERE id = ?", (contact_id,))

    def page(self, selection: Selection, *, limit: int, offset: int, descending: bool) -> bytes:
        """One page as Brevo's `{contacts, count}`."""
        with self.store.transaction():
            count = self.pages.count(selection)
            ids = self.pages.ids(selection, limit=limit, offset=offset, descending=descending)
            shown = self.shown(ids)
        ordered = ",".join(shown[contact_id] for contact_id in ids)
        return f'{{"contacts":[{ordered}],"count":{count}}}'.encode()

    def shown(self, ids: Sequence[int]) -> dict[int, str]:
        """Contacts as JSON text, by id."""
        rows = self.store.rows(
            f"SELECT {_SHOWN} FROM contact c WHERE c.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        return {row["id"]: self._text(row) for row in rows}

    def _text(self, row: Any) -> str:
        email = row["email"] or (made_up_email(row["sms"]) if row["sms"] and self.switches.phone_only_email else None)
        return (
            f'{{"id":{row["id"]},{f'"email":{compact(email)},' if email else ""}'
            f'"emailBlacklisted":{_TRUTH[row["email_blocked"]]},"smsBlacklisted":{_TRUTH[row["sms_blocked"]]},'
            f'"whatsappBlacklisted":{_TRUTH[row["whatsapp_blocked"]]},"createdAt":"{iso(row["created_at"])}",'
            f'"modifiedAt":"{iso(row["modified_at"])}","listIds":[{row["lists"] or ""}],'
            f"{f'"listUnsubscribed":[{row["list_blocks"]}],' if row['list_blocks'] else ''}"
            f'{self._consents(row["id"])}"attributes":{self.attributes_text(row)}}}'
        )

    def attributes_text(self, row: Any) -> str:
        """The attributes of a contact's row as JSON text, identifiers among them."""
        if self.switches.category_shown == "label" and not (
            row["sms"] or row["ext_id"] or row["whatsapp"] or row["landline"]
        ):
            return str(row["attributes"])
        values = contact_of(row).all_attributes()
        return compact(values if self.switches.category_shown == "label" else self.attributes.shown(values))

    def _consents(self, contact_id: int) -> str:
        if not self.switches.consent_groups:
            return ""
        groups = self.store.rows("SELECT group_id FROM consent WHERE contact_id = ? ORDER BY group_id", (contact_id,))
        return f'"consentGroups":{compact([{"id": row[0], "status": "subscribed"} for row in groups])},'


def contact_of(row: Any) -> Contact:
    """A row of the contact table."""
    return Contact(
        id=row["id"],
        identifiers={column: row[column] for column in COLUMNS if row[column]},
        attributes=json.loads(row["attributes"]),
        blocks={name: bool(row[name]) for name in BLOCKS},
        created_at=row["created_at"],
        modified_at=row["modified_at"],
    )


def split_identifiers(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Attributes as sent, parted into identifiers by column and the rest; names in capitals, as Brevo keeps them."""
    upper = {str(name).upper(): value for name, value in values.items()}
    identifiers = {each.column: upper.pop(name) for name, each in BY_ATTRIBUTE.items() if name in upper}
    return identifiers, upper


def read_attributes(attributes: Attributes, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that survive: known attributes of the right type. None stands for an emptied one."""
    readers = attributes.readers()
    read = {
        name: None if value in ("", None) else readers[name](value) for name, value in values.items() if name in readers
    }
    return {name: value for name, value in read.items() if value is not DROPPED}


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Old values under new ones; None erases."""
    return {name: value for name, value in {**old, **new}.items() if value is not None}


def ids_as_json(ids: Iterable[int]) -> str:
    """Ids for `json_each`."""
    return json.dumps(list(ids))
