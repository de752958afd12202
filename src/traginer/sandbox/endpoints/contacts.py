"""/contacts and /contacts/{identifier}: one contact at a time, and the filtered list of all."""

import json
import re
from collections.abc import Callable
from typing import Any

from traginer.sandbox.contacts import Contact, Selection
from traginer.sandbox.endpoints import fields
from traginer.sandbox.endpoints.filters import attribute_filter
from traginer.sandbox.identifiers import IDENTIFIERS, PHONES, clean, clean_email, clean_phone
from traginer.sandbox.messages import JSON, NO_CONTENT, Answer, Request, answer, html
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import ACCOUNT_EMAIL, World

MOST_CONTACTS_PAGE = 1000
MOST_IDS = 20
_COLUMN_BY_TYPE = {each.path_type: each.column for each in IDENTIFIERS} | {"contact_id": "id"}
NO_STATISTICS: dict[str, Any] = {
    "messagesSent": [],
    "delivered": [],
    "opened": [],
    "clicked": [],
    "hardBounces": [],
    "softBounces": [],
    "complaints": [],
    "unsubscriptions": {"userUnsubscription": [], "adminUnsubscription": []},
    "transacAttributes": [],
}


def get_contacts(world: World, request: Request) -> Answer:
    """Contacts by list, segment, ids, age or attribute."""
    segment_id = request.one("segmentId")
    if segment_id is not None:
        number = request.number("segmentId", 0)
        if world.lists.segment(number) is None:
            raise refuse("segment-missing")
        sql = "SELECT 1 FROM segment_member WHERE segment_id = ?"
        if world.store.row(sql, (number,)) is None and world.switches.empty_segment_times_out:
            return html(524, "<html><head><title>524: A timeout occurred</title></head><body></body></html>")
    page = fields.page_of(request, most=MOST_CONTACTS_PAGE, default=50)
    return Answer(200, world.contacts.page(_selection(world, request), **page), JSON)


def _selection(world: World, request: Request) -> Selection:
    conditions = [found for reader in _FILTERS if (found := reader(world, request))]
    if not conditions:
        return Selection()
    where = " AND ".join(condition for condition, _ in conditions)
    return Selection("contact c", "c.id", where, tuple(value for _, values in conditions for value in values))


_Condition = tuple[str, tuple[Any, ...]] | None


def _by_lists(_world: World, request: Request) -> _Condition:
    ids = request.numbers("listIds")
    if ids and request.one("segmentId") is not None:
        raise refuse("one-of", names="listIds, segmentId")
    member = "c.id IN (SELECT contact_id FROM membership WHERE list_id IN (SELECT value FROM json_each(?)))"
    return (member, (json.dumps(ids),)) if ids else None


def _by_segment(_world: World, request: Request) -> _Condition:
    if request.one("segmentId") is None:
        return None
    return "c.id IN (SELECT contact_id FROM segment_member WHERE segment_id = ?)", (request.number("segmentId", 0),)


def _by_ids(_world: World, request: Request) -> _Condition:
    ids = request.numbers("ids")
    if len(ids) > MOST_IDS:
        raise refuse("too-many-entries", most=MOST_IDS)
    return ("c.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)) if ids else None


def _since(column: str, name: str) -> Callable[[World, Request], _Condition]:
    def condition(_world: World, request: Request) -> _Condition:
        moment = request.moment(name)
        return None if moment is None else (f"c.{column} > ?", (moment,))

    return condition


def _by_attribute(world: World, request: Request) -> _Condition:
    text = request.one("filter")
    return attribute_filter(world.attributes.all(), text) if text else None


_FILTERS = (
    _by_lists,
    _by_segment,
    _by_ids,
    _since("modified_at", "modifiedSince"),
    _since("created_at", "createdSince"),
    _by_attribute,
)


def get_contact(world: World, request: Request) -> Answer:
    """One contact, with empty statistics: nothing is ever mailed from here."""
    contact = _contact(world, request, untyped=("id", "email", "sms"))
    text = world.contacts.shown([contact.id])[contact.id]
    return Answer(200, f'{text[:-1]},"statistics":{json.dumps(_statistics(request))}}}'.encode())


def get_statistics(world: World, request: Request) -> Answer:
    """A contact's campaign statistics."""
    _contact(world, request, untyped=("id", "email"))
    return answer(200, _statistics(request))


def _statistics(request: Request) -> dict[str, Any]:
    start, end = request.one("startDate"), request.one("endDate")
    if (start is None) != (end is None) or not all(
        re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) for day in (start, end) if day
    ):
        raise refuse("query-invalid", name="startDate" if start is None else "endDate")
    return NO_STATISTICS


def delete_contact(world: World, request: Request) -> Answer:
    """The contact goes for good. The account's own address is protected."""
    contact = _contact(world, request, untyped=("id", "email"))
    if contact.identifiers.get("email") == ACCOUNT_EMAIL:
        raise refuse("contact-protected")
    with world.store.transaction():
        world.contacts.delete(contact.id)
        world.incidents.note("contact-deleted", request.id, contact_id=contact.id)
    world.webhooks.deleted(contact.identifiers.get("email", ""))
    return NO_CONTENT


def _contact(world: World, request: Request, *, untyped: tuple[str, ...]) -> Contact:
    """The contact a path names. Without identifierType only some kinds are tried."""
    found = find_contact(world, request, untyped=untyped)
    if found is None or _is_too_fresh(world, found):
        raise refuse("contact-missing")
    return found


def find_contact(world: World, request: Request, *, untyped: tuple[str, ...]) -> Contact | None:
    """The contact a path names, or None. Raises Refusal for an unknown identifierType."""
    text, kind = request.path_args["identifier"], request.one("identifierType")
    if kind is not None:
        if kind not in _COLUMN_BY_TYPE:
            raise refuse("query-invalid", name="identifierType")
        return _find(world, _COLUMN_BY_TYPE[kind], text)
    for column in untyped:
        if found := _find(world, column, text):
            return found
    return None


def _find(world: World, column: str, text: str) -> Contact | None:
    if column == "id":
        return world.contacts.find("id", int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if column == "email":
        email = clean_email(text)
        return (world.contacts.find("email", email) or world.contacts.by_made_up_email(email)) if email else None
    value = clean_phone(text, rule="digits") if column in PHONES else clean(column, text)
    return world.contacts.find(column, value) if value else None


def _is_too_fresh(world: World, contact: Contact) -> bool:
    lag = world.switches.search_lag_seconds
    return lag > 0 and world.clock.now() - contact.created_at < lag
