"""The other processes: exports of contacts to CSV, and taking everybody off a list."""

import csv
import io
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from traginer.sandbox.clock import iso
from traginer.sandbox.contacts import Contact, Contacts, Selection, contact_of
from traginer.sandbox.lists import Lists
from traginer.sandbox.processes import Processes

READ_ROWS = 10_000


@dataclass(frozen=True)
class ExportOptions:
    """Which contacts, and which columns."""

    action: str
    list_id: int | None = None
    segment_id: int | None = None
    attributes: list[str] = field(default_factory=list)
    mandatory: bool = True
    metadata: list[str] = field(default_factory=list)
    subscription: list[str] = field(default_factory=list)
    notify_url: str | None = None


_ACTIONS = {
    "allContacts": "1",
    "subscribed": "c.email_blocked = 0",
    "unsubscribed": "c.email_blocked = 1",
    "unsubscribedPerList": "c.id IN (SELECT contact_id FROM list_block WHERE list_id = :list_id)",
}


def exported(options: ExportOptions) -> Selection:
    """The contacts an export is about."""
    where, list_id = _ACTIONS[options.action], int(options.list_id or 0)
    where = where.replace(":list_id", str(list_id))
    if options.list_id is not None and options.action != "unsubscribedPerList":
        where += f" AND c.id IN (SELECT contact_id FROM membership WHERE list_id = {list_id})"
    if options.segment_id is not None:
        where += f" AND c.id IN (SELECT contact_id FROM segment_member WHERE segment_id = {int(options.segment_id)})"
    return Selection("contact c", "c.id", where)


class Export:
    """An export under way. Its rows are time only: the file is a picture of the moment it ends."""

    def __init__(self, process: Any, contacts: Contacts, processes: Processes) -> None:
        self.id: int = process["id"]
        self.total: int = process["rows"]
        self.options = ExportOptions(**json.loads(process["options"]))
        self.notify_url = self.options.notify_url
        self.contacts, self.processes, self.store = contacts, processes, contacts.store

    def run(self, first: int, last: int) -> None:  # noqa: ARG002 - the protocol names both
        """Let `last` rows be done."""
        self.processes.progress(self.id, last)

    def finish(self) -> str:
        """Write the file; its name."""
        name = f"export-{self.id}-{secrets.token_hex(8)}.csv"
        content = self._content().encode()
        self.store.run("INSERT INTO file VALUES (?, ?, ?)", (name, self.contacts.clock.now(), content))
        return name

    def _content(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.contacts.switches.report_separator, lineterminator="\n")
        writer.writerow(self._header())
        selection, last_id = exported(self.options), 0
        while rows := self._rows(selection, last_id):
            last_id = rows[-1]["id"]
            writer.writerows(self._line(row) for row in rows)
        return text.getvalue()

    def _rows(self, selection: Selection, last_id: int) -> list[Any]:
        lists = "(SELECT group_concat(list_id) FROM membership m WHERE m.contact_id = c.id)"
        return self.store.rows(
            f"SELECT c.*, {lists} AS lists FROM {selection.table} "
            f"WHERE {selection.where} AND c.id > ? ORDER BY c.id LIMIT ?",
            (last_id, READ_ROWS),
        )

    def _header(self) -> list[str]:
        return [
            *(("EMAIL",) if self.options.mandatory else ()),
            *self._attributes(),
            *self._metadata(),
            *self.options.subscription,
        ]

    def _attributes(self) -> list[str]:
        wanted = [name.upper() for name in self.options.attributes]
        return [name for name in wanted if not (name == "EMAIL" and self.options.mandatory)]

    def _metadata(self) -> list[str]:
        own = ["ADDED_TIME", "MODIFIED_TIME"] if self.options.mandatory else []
        return own + [name for name in self.options.metadata if name not in own]

    def _line(self, row: Any) -> list[Any]:
        contact = contact_of(row)
        email = contact.identifiers.get("email", "")
        values = contact.all_attributes() | {"EMAIL": email}
        line = [email] if self.options.mandatory else []
        line += [_cell(values.get(name)) for name in self._attributes()]
        meta = {"ADDED_TIME": iso(contact.created_at), "MODIFIED_TIME": iso(contact.modified_at)}
        meta["_listIds"] = row["lists"] or ""
        line += [meta.get(name, "") for name in self._metadata()]
        return line + [_subscription(contact, name) for name in self.options.subscription]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ",".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


def _subscription(contact: Contact, channel: str) -> str:
    block = {"email_marketing": "email_blocked", "sms_marketing": "sms_blocked"}.get(channel)
    return "" if block is None else ("unsubscribed" if contact.blocks[block] else "subscribed")


class Removal:
    """Everybody who was on a list when the request came is taken off it."""

    notify_url = None

    def __init__(self, process: Any, lists: Lists, processes: Processes) -> None:
        self.id: int = process["id"]
        self.list_id: int = json.loads(process["options"])["list_id"]
        self.total: int = process["rows"]
        self.lists, self.processes = lists, processes

    def run(self, first: int, last: int) -> None:
        """Take the next members off."""
        store = self.lists.store
        with store.transaction():
            rows = store.rows(
                "SELECT contact_id FROM membership WHERE list_id = ? ORDER BY contact_id LIMIT ?",
                (self.list_id, last - first),
            )
            self.lists.remove(self.list_id, [row[0] for row in rows])
            self.processes.progress(self.id, last)

    def finish(self) -> None:
        """Nothing remains."""
