"""What an import does to the account: rows in chunks, each chunk whole or not at all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from traginer.sandbox.attributes import DROPPED, Reader
from traginer.sandbox.contacts import BLOCKS, Contact, Contacts, compact, contact_of, merged
from traginer.sandbox.identifiers import COLUMNS, IDENTIFIERS
from traginer.sandbox.lists import Lists
from traginer.sandbox.processes import Processes, ProcessFailed
from traginer.sandbox.rows import RawRow, Row, Winners, parse, read_row
from traginer.sandbox.webhooks import Webhooks

# In the order in which two contacts named by one row outrank each other.
_REPORT_OF = {each.column: each.report for each in IDENTIFIERS}
_INSERT = (
    f"INSERT INTO contact (id, {', '.join(COLUMNS)}, attributes, email_blocked, sms_blocked, created_at, modified_at) "
    f"VALUES ({', '.join('?' * (len(COLUMNS) + 6))})"
)
_UPDATE = (
    f"UPDATE contact SET {', '.join(f'{column} = ?' for column in (*COLUMNS, 'attributes', *BLOCKS))}, modified_at = ? "
    "WHERE id = ?"
)


@dataclass(frozen=True)
class Options:
    """An import's request, without its rows. A blocking flag that was not sent is None."""

    kind: str
    list_ids: list[int]
    update: bool = True
    empty: bool = False
    email_block: bool | None = None
    sms_block: bool | None = None
    notify_url: str | None = None
    consent_group_ids: list[int] = field(default_factory=list)
    api_key_name: str = ""


@dataclass
class _Chunk:
    """What a chunk of rows will write."""

    touched: dict[int, Contact] = field(default_factory=dict)
    created: list[tuple[Any, ...]] = field(default_factory=list)
    created_emails: dict[int, str | None] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    rejects: list[tuple[Any, ...]] = field(default_factory=list)


class Import:
    """One import under way. `total` rows; `run` takes the next of them."""

    def __init__(
        self, process: Any, contacts: Contacts, lists: Lists, processes: Processes, webhooks: Webhooks
    ) -> None:
        self.id: int = process["id"]
        self.request_id: str = process["request_id"]
        self.options = Options(**json.loads(process["options"]))
        self.contacts, self.lists, self.processes, self.webhooks = contacts, lists, processes, webhooks
        self.store, self.switches = contacts.store, contacts.switches
        self._rows: list[RawRow] = parse(self.options.kind, process["payload"], self.switches)
        self._winners = Winners(self._rows, self.switches)
        self._readers: dict[str, Reader] = {}

    @property
    def total(self) -> int:
        """Rows of the body."""
        return len(self._rows)

    @property
    def notify_url(self) -> str | None:
        """Whom to tell when the import is over."""
        return self.options.notify_url

    def finish(self) -> None:
        """An import makes no file; its reports are read from its rejects."""

    def run(self, first: int, last: int) -> None:
        """Do rows `first` to `last` (not included), and remember it in the same transaction. Raises ProcessFailed."""
        chunk = _Chunk()
        with self.store.transaction():
            self._readers = self.contacts.attributes.readers()
            list_ids = self._lists_now()
            rows = self._good_rows(chunk, first, last)
            holders = self._holders([row for row, _ in rows])
            full = not self._plan(chunk, rows, holders)
            self._write(chunk, list_ids)
            self.processes.progress(self.id, last)
        if full:
            raise ProcessFailed("The contact limit of the plan was reached")

    def _lists_now(self) -> list[int]:
        existing = self.lists.existing(self.options.list_ids)
        if len(existing) < len(set(self.options.list_ids)) and self.switches.list_deleted == "fail":
            raise ProcessFailed("A list of the import was deleted")
        return existing

    def _good_rows(self, chunk: _Chunk, first: int, last: int) -> list[tuple[Row, dict[str, Any]]]:
        good = []
        for index in range(first, last):
            row = read_row(self._rows[index], self.switches)
            lost = self._winners.lost(index, row) if not row.fault else []
            if row.fault or lost or self._is_unlucky(row):
                self._reject(chunk, row.fault or (lost[0][1] if lost else "invalid_emails"), row)
                row = self._without_lost(row, lost)
            if row.is_named:
                good.append((row, self._values(row.values)))
        return good

    def _without_lost(self, row: Row, lost: list[tuple[str, str]]) -> Row:
        """A reported row goes on only where the switch keeps it, and never for the address or a fault."""
        columns = {column for column, _ in lost}
        if not columns or not columns.isdisjoint(("email", "ext_id")) or self.switches.phone_conflict != "keep-without":
            return Row({}, {})
        return row._replace(identifiers={name: text for name, text in row.identifiers.items() if name not in columns})

    def _is_unlucky(self, row: Row) -> bool:
        if not self.switches.reject_probability or not row.is_named:
            return False
        text = f"{self.switches.reject_seed}:{self.id}:{sorted(row.identifiers.items())}"
        drawn = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) / 2**64
        return drawn < self.switches.reject_probability

    def _values(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        readers = self._readers
        for name, value in sent.items():
            reader = readers.get(name) or readers.get(name.upper())
            if reader is None:
                continue
            read = None if value is None or value == "" else reader(value)
            if read is not DROPPED:
                values[name.upper()] = read
        return values

    def _reject(self, chunk: _Chunk, kind: str, row: Row) -> None:
        if kind == "dropped":
            return
        held = {**row.identifiers, **({"email": row.sent_email} if row.sent_email else {})}
        chunk.rejects.append(
            (self.id, kind, *(held.get(name) for name in ("email", "ext_id", "sms", "whatsapp", "landline")))
        )

    def _holders(self, rows: Sequence[Row]) -> dict[str, dict[Any, int]]:
        """Who holds each identifier of the chunk now: by column, value to contact id."""
        wanted: dict[str, list[Any]] = {}
        for row in rows:
            for column, value in row.identifiers.items():
                wanted.setdefault(column, []).append(value)
            if row.contact_id is not None:
                wanted.setdefault("id", []).append(row.contact_id)
        return {column: self._ids(column, values) for column, values in wanted.items()}

    def _ids(self, column: str, values: list[Any]) -> dict[Any, int]:
        sql = f"SELECT {column}, id FROM contact WHERE {column} IN (SELECT value FROM json_each(?))"
        return {row[0]: row[1] for row in self.store.rows(sql, (json.dumps(values),))}

    def _plan(self, chunk: _Chunk, rows: list[tuple[Row, dict[str, Any]]], holders: dict[str, dict[Any, int]]) -> bool:
        """Decide for each row; False when the contract has no room for the next new contact."""
        now = self.contacts.clock.now()
        next_id = self.store.last_id("contact") + 1
        limit = self.switches.contact_limit
        room = limit - self.contacts.count() if limit else len(rows)
        self._load(chunk, {owner for owners in holders.values() for owner in owners.values()})
        for given, values in rows:
            # A contact merged away earlier in this chunk no longer holds anything.
            owners = {column: one for column, one in _owners(given, holders).items() if one in chunk.touched}
            row, owners = self._without_taken(chunk, given, owners)
            if row is None:
                continue
            if owners:
                self._plan_existing(chunk, row, values, owners)
            elif row.contact_id is not None and not row.identifiers:
                self._reject(chunk, "duplicate_contact_id", row)
            elif len(chunk.created) >= room:
                return False
            else:
                self._plan_new(chunk, row, values, next_id + len(chunk.created), now)
        return True

    def _taken(self, chunk: _Chunk, row: Row, owners: dict[str, int]) -> dict[str, int]:
        """The numbers of a row with a new address that contacts with another address hold."""
        if "email" not in row.identifiers or not owners.keys().isdisjoint(("id", "ext_id", "email")):
            return {}
        return {column: owner for column, owner in owners.items() if chunk.touched[owner].identifiers.get("email")}

    def _without_taken(self, chunk: _Chunk, row: Row, owners: dict[str, int]) -> tuple[Row | None, dict[str, int]]:
        """What is left of row and owners by the switch: all (merge), all but the numbers, or no row, reported."""
        taken = self._taken(chunk, row, owners)
        if not taken:
            return row, owners
        if self.switches.phone_conflict == "merge":
            for owner in set(taken.values()):
                note = self.contacts.incidents.note
                note("contact-merged-away", self.request_id, contact_id=owner, process_id=self.id)
            return row, owners
        self._reject(chunk, _REPORT_OF[next(iter(taken))], row)
        if self.switches.phone_conflict == "report":
            return None, {}
        kept = {name: text for name, text in row.identifiers.items() if name not in taken}
        return row._replace(identifiers=kept), {}

    def _load(self, chunk: _Chunk, ids: set[int]) -> None:
        rows = self.store.rows(
            "SELECT * FROM contact WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
        )
        chunk.touched = {row["id"]: contact_of(row) for row in rows}

    def _plan_new(self, chunk: _Chunk, row: Row, values: dict[str, Any], contact_id: int, now: float) -> None:
        kept = compact({name: value for name, value in values.items() if value is not None})
        blocks = (bool(self.options.email_block), bool(self.options.sms_block))
        get = row.identifiers.get
        chunk.created.append((contact_id, *(get(column) for column in COLUMNS), kept, *blocks, now, now))
        chunk.created_emails[contact_id] = get("email")
        chunk.joined.append(contact_id)

    def _plan_existing(self, chunk: _Chunk, row: Row, values: dict[str, Any], owners: dict[str, int]) -> None:
        target = next(iter(owners.values()))
        rivals = {column: owner for column, owner in owners.items() if owner != target}
        if rivals and self.options.update:
            column = next(iter(rivals))
            if self.switches.phone_conflict == "merge":
                self._merge_away(chunk, set(rivals.values()))
            else:
                self._reject(chunk, _REPORT_OF[column], row)
                if self.switches.phone_conflict == "report":
                    return
                row = row._replace(identifiers={k: v for k, v in row.identifiers.items() if k not in rivals})
        if self.options.update:
            self._change(chunk, chunk.touched[target], row, values)
        if self.options.update or self.switches.existing_join_list:
            chunk.joined.append(target)

    def _merge_away(self, chunk: _Chunk, rivals: set[int]) -> None:
        for rival in rivals:
            self.contacts.delete(rival)
            self.contacts.incidents.note("contact-merged-away", self.request_id, contact_id=rival, process_id=self.id)
            chunk.touched.pop(rival, None)
            chunk.changed.pop(rival, None)
            chunk.joined = [contact_id for contact_id in chunk.joined if contact_id != rival]

    def _change(self, chunk: _Chunk, contact: Contact, row: Row, values: dict[str, Any]) -> None:
        if not self.options.empty:
            values = {name: value for name, value in values.items() if value is not None}
        else:
            for column in row.emptied:
                contact.identifiers.pop(column, None)
        contact.identifiers.update(row.identifiers)
        contact.attributes = merged(contact.attributes, values)
        self._flag(contact, "email_blocked", self.options.email_block)
        self._flag(contact, "sms_blocked", self.options.sms_block)
        chunk.changed[contact.id] = values

    def _flag(self, contact: Contact, block: str, wanted: bool | None) -> None:
        if wanted:
            contact.blocks[block] = True
        elif wanted is False and self.switches.import_false_unblocks and contact.blocks[block]:
            contact.blocks[block] = False
            self.contacts.incidents.note("block-lifted", self.request_id, contact_id=contact.id, process_id=self.id)

    def _write(self, chunk: _Chunk, list_ids: list[int]) -> None:
        now = self.contacts.clock.now()
        changed = [chunk.touched[contact_id] for contact_id in chunk.changed]
        self.store.many(_UPDATE, (_update_values(contact, now) for contact in changed))
        self.store.many(_INSERT, chunk.created)
        newcomers = self.webhooks.newcomers(self.lists, list_ids, chunk.joined)
        self.lists.add(list_ids, chunk.joined)
        pairs = [(person, group) for group in self.options.consent_group_ids for person in chunk.joined]
        self.store.many("INSERT OR IGNORE INTO consent VALUES (?, ?)", pairs)
        self.store.many("INSERT INTO reject VALUES (?, ?, ?, ?, ?, ?, ?)", chunk.rejects)
        self.webhooks.imported(self.contacts, newcomers, chunk.changed, api_key_name=self.options.api_key_name)


def _owners(row: Row, holders: dict[str, dict[Any, int]]) -> dict[str, int]:
    """The contacts a row names, the highest-ranking first: by column, contact id."""
    owners: dict[str, int] = {}
    if row.contact_id is not None and row.contact_id in holders.get("id", ()):
        owners["id"] = row.contact_id
    identifiers = row.identifiers
    for column in COLUMNS if len(identifiers) > 1 else identifiers:
        if column in identifiers and (found := holders[column].get(identifiers[column])) is not None:
            owners[column] = found
    return owners


def _update_values(contact: Contact, now: float) -> tuple[Any, ...]:
    identifiers = (contact.identifiers.get(column) for column in COLUMNS)
    return (*identifiers, compact(contact.attributes), *(contact.blocks[name] for name in BLOCKS), now, contact.id)
