"""The sandbox as one object: start it, point a client at it, look at what it holds."""

import json
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from traginer.sandbox.attributes import TYPES, Attribute
from traginer.sandbox.callbacks import Made
from traginer.sandbox.contacts import BLOCKS, merged, read_attributes, split_identifiers
from traginer.sandbox.faults import Fault
from traginer.sandbox.front import Front
from traginer.sandbox.identifiers import clean, clean_email
from traginer.sandbox.incidents import Invariants
from traginer.sandbox.inspection.views import members, process_shown
from traginer.sandbox.keys import DEFAULT_API_KEY
from traginer.sandbox.requestlog import LoggedRequest
from traginer.sandbox.server import Server
from traginer.sandbox.switches import Switches
from traginer.sandbox.world import build

# The event a block comes from, as registered on webhooks, and its reason among transactional blocks.
BLOCK_REASONS = {
    "unsubscribed": "unsubscribedViaEmail",
    "hardBounce": "hardBounce",
    "spam": "contactFlaggedAsSpam",
}


class Sandbox:
    """A local Brevo account. Its state lives in the folder `home` and survives, or in memory when there is none.

    `port` 0 takes any free port. `switches` are copied; `tier` sets the switch of that name.
    `public_url` is what links in answers begin with, where callers know the sandbox under another address than it
    listens on. Usable as a context manager; nothing is served before `start`.
    """

    def __init__(
        self,
        home: Path | str | None = None,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        api_key: str = DEFAULT_API_KEY,
        switches: Switches | None = None,
        tier: str | None = None,
        faults: Iterable[Fault | str] = (),
        public_url: str | None = None,
    ) -> None:
        self.switches = Switches(**(switches or Switches()).as_dict())
        if tier is not None:
            self.switches.tier = tier
        self._server = Server(host, port)
        self.api_key = api_key
        self.url = f"http://{host}:{self._server.server_port}"
        self.base_url = f"{self.url}/v3"
        links = (public_url or self.url).rstrip("/")
        self._world = build(links, Path(home) if home else None, api_key=api_key, switches=self.switches)
        self._front = Front(self._world)
        self.clock = self._world.clock
        self.faults = self._world.faults
        for fault in faults:
            self.faults.add(fault)

    def start(self) -> Self:
        """Answer from now on, in daemon threads."""
        self._world.callbacks.start()
        self._world.worker.start()
        self._server.start(self._front)
        return self

    def stop(self) -> None:
        """Close every connection and stop. Unfinished processes go on at the next start with the same home."""
        self._front.stopping.set()
        self._server.stop()
        self._world.worker.stop()
        self._world.callbacks.stop()
        self._world.store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def settle(self) -> None:
        """Return when all that is due by the clock is done, and every callback of it made."""
        self._world.worker.settle()
        self._world.callbacks.wait()

    def reset(self) -> None:
        """A fresh account; the switches stay."""
        self._world.reset()

    # What it holds

    def emails_on(self, list_id: int) -> set[str]:
        """The addresses on a list."""
        sql = "SELECT c.email FROM membership m JOIN contact c ON c.id = m.contact_id WHERE m.list_id = ?"
        return {row[0] or "" for row in self._world.store.rows(sql, (list_id,))}

    def contacts_on(self, list_id: int) -> dict[str, dict[str, Any]]:
        """The attributes of everybody on a list, by address."""
        return {email: json.loads(text) for email, text in members(self._world, list_id)}

    def emails(self) -> set[str]:
        """The addresses of all contacts."""
        return {row[0] for row in self._world.store.rows("SELECT email FROM contact WHERE email IS NOT NULL")}

    def blocked_emails(self) -> set[str]:
        """The addresses of all contacts that are blocked for e-mail."""
        sql = "SELECT email FROM contact WHERE email_blocked = 1 AND email IS NOT NULL"
        return {row[0] for row in self._world.store.rows(sql)}

    def unsubscribed_from(self, list_id: int) -> set[str]:
        """The addresses of everybody who opted out of one list."""
        sql = "SELECT c.email FROM list_block b JOIN contact c ON c.id = b.contact_id WHERE b.list_id = ?"
        return {row[0] or "" for row in self._world.store.rows(sql, (list_id,))}

    def contact(self, email: str) -> dict[str, Any] | None:
        """A contact, or None: id, email, attributes, listIds and the three blocks, named as in Brevo's JSON."""
        found = self._world.contacts.find("email", clean_email(email) or "")
        if found is None:
            return None
        rows = self._world.store.rows("SELECT list_id FROM membership WHERE contact_id = ? ORDER BY 1", (found.id,))
        names = ("emailBlacklisted", "smsBlacklisted", "whatsappBlacklisted")
        shown = {"id": found.id, "email": found.identifiers["email"], "attributes": found.all_attributes()}
        blocks = {name: found.blocks[block] for name, block in zip(names, BLOCKS, strict=True)}
        return {**shown, "listIds": [row[0] for row in rows], **blocks}

    def lists(self) -> dict[int, str]:
        """The names of all lists by id."""
        return {row["id"]: row["name"] for row in self._world.store.rows("SELECT id, name FROM list ORDER BY id")}

    def processes(self) -> list[dict[str, Any]]:
        """All processes, oldest first, with rows, times and counts of rejects."""
        rows, _ = self._world.processes.page(limit=-1, offset=0, descending=False)
        return [process_shown(self._world, row) for row in rows]

    def requests(self, prefix: str = "") -> list[LoggedRequest]:
        """The logged requests whose path below /v3 begins with `prefix`, oldest first."""
        return self._world.log.entries(prefix=prefix)

    def callbacks(self) -> list[Made]:
        """The calls made to webhooks and notifyUrls, oldest first."""
        return [*self._world.callbacks.made]

    def invariants(self) -> Invariants:
        """What no request should ever have done, counted."""
        return self._world.incidents.invariants()

    # What can be arranged, past the API: none of this counts as a request or an incident

    def add_contact(
        self, email: str, attributes: Mapping[str, Any] | None = None, *, list_ids: Iterable[int] = ()
    ) -> int:
        """A contact with attributes (identifiers among them), on lists; its id. ValueError for a bad identifier."""
        sent, values = split_identifiers(attributes or {})
        sent["email"] = email
        cleaned = {column: clean(column, value, phone_rule="digits") for column, value in sent.items() if value}
        bad = [column for column, value in cleaned.items() if value is None]
        if bad:
            raise ValueError(f"Not usable as {', '.join(bad)}.")
        identifiers = {column: value for column, value in cleaned.items() if value}
        with self._world.store.transaction():
            kept = merged({}, read_attributes(self._world.attributes, values))
            contact_id = self._world.contacts.create(identifiers, kept)
            self._world.lists.add(list_ids, [contact_id])
        return contact_id

    def add_to_list(self, list_id: int, *emails: str) -> None:
        """Contacts join a list."""
        self._world.lists.add([list_id], [self._id(email) for email in emails])

    def take_off(self, list_id: int, *emails: str) -> None:
        """Contacts leave a list."""
        self._world.lists.remove(list_id, [self._id(email) for email in emails])

    def block(self, email: str, *, event: str = "unsubscribed") -> None:
        """The person opted out, bounced or complained (`event`: one of BLOCK_REASONS); webhooks are told."""
        contact = self._world.contacts.find("id", self._id(email))
        if contact is None:
            raise ValueError("The contact was deleted meanwhile.")
        reason = BLOCK_REASONS[event]
        contact.blocks["email_blocked"] = True
        with self._world.store.transaction():
            self._world.contacts.save(contact, request_id="")
            self._world.store.run(
                "INSERT INTO blocked (email, sender, code, message, blocked_at) VALUES (?, ?, ?, ?, ?)",
                (contact.identifiers["email"], "botiga@example.com", reason, reason, self.clock.now()),
            )
        on = self._world.store.rows("SELECT list_id FROM membership WHERE contact_id = ? ORDER BY 1", (contact.id,))
        self._world.webhooks.blocked(contact, event, [row[0] for row in on])

    def unsubscribe_from(self, list_id: int, email: str) -> None:
        """The person opted out of one list only."""
        self._world.store.run("INSERT OR IGNORE INTO list_block VALUES (?, ?)", (self._id(email), list_id))

    def create_list(self, name: str, *, folder_id: int = 1) -> int:
        """A new list's id."""
        return self._world.lists.create(name, folder_id)

    def delete_list(self, list_id: int) -> None:
        """Remove a list; its contacts stay."""
        self._world.lists.delete(list_id)

    def dynamic_list(self, name: str, emails: Iterable[str] = (), *, folder_id: int = 1) -> int:
        """A list that Brevo fills by rules and nobody by hand; its id."""
        list_id = self._world.lists.create(name, folder_id, dynamic=True)
        self.add_to_list(list_id, *emails)
        return list_id

    def create_segment(self, name: str, emails: Iterable[str] = (), *, category: str = "Sandbox") -> int:
        """A segment of these contacts; its id."""
        return self._world.lists.create_segment(name, category, [self._id(email) for email in emails])

    def create_attribute(
        self,
        name: str,
        type: str = "text",  # noqa: A002 - Brevo's word
        *,
        category: str = "normal",
        options: Iterable[Any] = (),
        value: str | None = None,
    ) -> None:
        """An attribute; options are texts for multiple-choice, {value, label} pairs for a category."""
        kind = "category" if category == "category" else type
        if kind not in TYPES[category] and TYPES[category]:
            raise ValueError(f"A {category} attribute has no type {type}.")
        self._world.attributes.save(Attribute(name, category, kind if TYPES[category] else None, list(options), value))

    def delete_attribute(self, name: str) -> None:
        """Remove an attribute and its values."""
        self._world.attributes.delete(name)

    def switch_off_key(self) -> None:
        """The key answers 401 from now on."""
        self._world.keys.switch_off()

    def switch_on_key(self) -> None:
        """The key works again."""
        self._world.keys.switch_on()

    def set_recognised_ips(self, addresses: Iterable[str] | None) -> None:
        """Accept only these addresses or networks; None for everyone."""
        self._world.keys.recognise(addresses)

    def _id(self, email: str) -> int:
        found = self._world.contacts.find("email", clean_email(email) or "")
        if found is None:
            raise ValueError(f"There is no contact {email}.")
        return found.id


def serve(
    *,
    home: Path | str | None = None,
    port: int = 0,
    host: str = "127.0.0.1",
    api_key: str = DEFAULT_API_KEY,
    switches: Switches | None = None,
    tier: str | None = None,
    faults: Iterable[Fault | str] = (),
    public_url: str | None = None,
    ready: Callable[[Sandbox], None] = lambda _: None,
) -> None:
    """Run a sandbox until SIGINT or SIGTERM. `ready` is called once it answers; nothing is printed here.

    Only in the main thread, where Python delivers signals. Raises OSError when the port is taken.
    """
    over = threading.Event()
    before = {number: signal.signal(number, lambda *_: over.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Sandbox(
            home,
            port=port,
            host=host,
            api_key=api_key,
            switches=switches,
            tier=tier,
            faults=faults,
            public_url=public_url,
        ) as sandbox:
            ready(sandbox)
            over.wait()
    finally:
        for number, former in before.items():
            signal.signal(number, former)
