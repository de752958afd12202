"""Webhooks: who asked to be told, and what is told. Payloads are those captured on live accounts in August 2026."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from traginer.sandbox.callbacks import Call, Callbacks
from traginer.sandbox.clock import Clock, iso
from traginer.sandbox.contacts import Contact, Contacts, compact
from traginer.sandbox.lists import Lists
from traginer.sandbox.store import Store

MOST_WEBHOOKS = 40  # help article 360007666479
# The event as registered, and as it is called in payloads.
EVENTS = {
    "listAddition": "list_addition",
    "contactUpdated": "contact_updated",
    "contactDeleted": "contact_deleted",
    "unsubscribed": "unsubscribe",
    "hardBounce": "hard_bounce",
    "softBounce": "soft_bounce",
    "spam": "spam",
    "delivered": "delivered",
    "opened": "opened",
    "click": "click",
}
TRANSACTIONAL_EVENTS = (
    "sent", "request", "delivered", "hardBounce", "softBounce", "blocked", "spam", "invalid", "deferred", "click",
    "opened", "uniqueOpened", "unsubscribed",
)  # fmt: skip
EVENTS_BY_TYPE = {
    "marketing": tuple(EVENTS),
    "transactional": TRANSACTIONAL_EVENTS,
    "inbound": ("inboundEmailProcessed", "reply"),
}


class Webhooks:
    """The registered webhooks, and the events they are sent."""

    def __init__(self, store: Store, clock: Clock, callbacks: Callbacks) -> None:
        self.store, self.clock, self.callbacks = store, clock, callbacks

    def all(self, *, descending: bool = True) -> list[Any]:
        """Every webhook's row, by age."""
        return self.store.rows(f"SELECT * FROM webhook ORDER BY id {'DESC' if descending else 'ASC'}")

    def find(self, webhook_id: int) -> Any:
        """A webhook's row, or None."""
        return self.store.row("SELECT * FROM webhook WHERE id = ?", (webhook_id,))

    def listeners(self, event: str) -> list[tuple[int, dict[str, Any]]]:
        """The marketing webhooks registered for an event: id and settings."""
        settings = [(row["id"], json.loads(row["settings"])) for row in self.all(descending=False)]
        return [(one, held) for one, held in settings if held["type"] == "marketing" and event in held["events"]]

    def newcomers(self, lists: Lists, list_ids: Iterable[int], contact_ids: list[int]) -> dict[int, list[int]]:
        """Who is about to join each list and is not on it yet; empty when nobody listens."""
        if not self.listeners("listAddition"):
            return {}
        known = {list_id: lists.members(list_id, contact_ids) for list_id in list_ids}
        return {list_id: [one for one in contact_ids if one not in members] for list_id, members in known.items()}

    def imported(
        self,
        contacts: Contacts,
        newcomers: Mapping[int, list[int]],
        changed: Mapping[int, Any],
        *,
        api_key_name: str = "",
    ) -> None:
        """Tell of additions to lists and of changed contacts."""
        self.added(contacts, newcomers, api_key_name=api_key_name)
        if changed and self.listeners("contactUpdated"):
            payloads = [self._updated(contacts, one, values, api_key_name) for one, values in changed.items()]
            self.tell("contactUpdated", payloads)

    def added(self, contacts: Contacts, newcomers: Mapping[int, list[int]], *, api_key_name: str = "") -> None:
        """Tell of additions to lists."""
        payloads = [
            {
                "email": self._email(contacts, one),
                "list_id": [list_id],
                "date": self._date(),
                "api_key_name": api_key_name,
            }
            for list_id, people in newcomers.items()
            for one in people
        ]
        self.tell("listAddition", payloads)

    def _updated(self, contacts: Contacts, contact_id: int, values: Any, api_key_name: str) -> dict[str, Any]:
        email = self._email(contacts, contact_id)
        content = [{"email": email, "attributes": dict(values)}]
        return {"email": email, "content": content, "date": self._date(), "api_key_name": api_key_name}

    def deleted(self, email: str) -> None:
        """Tell that a contact was deleted. Here the address is an array and the date ISO, as seen live."""
        date = datetime.fromtimestamp(self.clock.now(), UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.tell("contactDeleted", [{"email": [email], "date": date}])

    def blocked(self, contact: Contact, event: str, list_ids: list[int]) -> None:
        """Tell why a contact was blocked: `event` as registered."""
        facts: dict[str, Any] = {"email": contact.identifiers.get("email"), "date": self._date()}
        facts |= {"camp_id": 1, "campaign_name": "Sandbox", "list_id": list_ids}
        if event != "unsubscribed":
            ts = int(self.clock.now())
            facts |= {
                "reason": "Made up by the sandbox",
                "sending_ip": "127.0.0.1",
                "tag": "",
                "ts_sent": ts,
                "ts_event": ts,
            }
            facts |= {"date_sent": self._date(), "date_event": self._date()}
        self.tell(event, [facts])

    def tell(self, event: str, payloads: list[dict[str, Any]]) -> None:
        """Queue the payloads for every listener; a batched webhook gets them in one array."""
        if not payloads:
            return
        for webhook_id, settings in self.listeners(event):
            stamp = {"id": webhook_id, "event": EVENTS[event], "ts": int(self.clock.now())}
            bodies: list[Any] = [stamp | payload for payload in payloads]
            for body in [bodies] if settings.get("batched") else bodies:
                self.callbacks.post(_call(settings, body))

    def _date(self) -> str:
        return datetime.fromtimestamp(self.clock.now(), UTC).strftime("%Y-%m-%d %H:%M:%S")

    def _email(self, contacts: Contacts, contact_id: int) -> str | None:
        found: str | None = contacts.store.value("SELECT email FROM contact WHERE id = ?", (contact_id,))
        return found

    def as_json(self, row: Any) -> dict[str, Any]:
        """A webhook as GET /webhooks shows it."""
        settings = json.loads(row["settings"])
        return {"id": row["id"], **settings, "createdAt": iso(row["created_at"]), "modifiedAt": iso(row["modified_at"])}


def _call(settings: Mapping[str, Any], body: object) -> Call:
    headers = {"Content-Type": "application/json", "User-Agent": "Brevo-Webhooks (sandbox)"}
    if token := (settings.get("auth") or {}).get("token"):
        headers["Authorization"] = f"Bearer {token}"
    headers |= {each["key"]: each["value"] for each in settings.get("headers") or []}
    parts = urlsplit(settings["url"])
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return Call(settings["url"], compact(body).encode(), headers)
