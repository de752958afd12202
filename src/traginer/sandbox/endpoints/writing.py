"""Creating and changing single contacts, and the deprecated batch of changes."""

from collections.abc import Mapping
from typing import Any

from traginer.sandbox.contacts import Contact, merged, read_attributes, split_identifiers
from traginer.sandbox.endpoints import fields
from traginer.sandbox.endpoints.contacts import find_contact
from traginer.sandbox.identifiers import IDENTIFIERS, PHONES, clean
from traginer.sandbox.keys import KEY_NAME
from traginer.sandbox.messages import NO_CONTENT, Answer, Request, answer
from traginer.sandbox.refusals import Refusal, refuse
from traginer.sandbox.world import World

# The order in which messages seen in the wild name them.
_SPOKEN_ORDER = ("email", "sms", "ext_id", "whatsapp", "landline")
_SPOKEN = {each.column: each.spoken for each in IDENTIFIERS}
_BLOCKS = {"emailBlacklisted": "email_blocked", "smsBlacklisted": "sms_blocked"}


def create_contact(world: World, request: Request) -> Answer:
    """A new contact; with updateEnabled also a change of the one who has the address."""
    body = request.json
    with world.store.transaction():
        _check_account(world)
        identifiers, attributes = _sent(world, body)
        if not identifiers:
            raise refuse("identifier-missing")
        list_ids = fields.list_ids(world, body)
        holders = world.contacts.holders(identifiers)
        if holders and fields.boolean(body, "forceMerge"):
            return _merge(world, request, identifiers, holders)
        target = _target(identifiers, holders)
        if target is not None and fields.boolean(body, "updateEnabled"):
            _change(world, request, target, body)
            return answer(201, {"id": target}) if fields.boolean(body, "getId") else NO_CONTENT
        if holders:
            raise _taken("create", list(holders))
        contact_id = _create(world, body, identifiers, attributes, list_ids)
    world.webhooks.added(world.contacts, {one: [contact_id] for one in list_ids}, api_key_name=KEY_NAME)
    return answer(201, {"id": contact_id})


def _create(
    world: World, body: dict[str, Any], identifiers: dict[str, str], attributes: dict[str, Any], list_ids: list[int]
) -> int:
    limit = world.switches.contact_limit
    if limit and world.contacts.count() >= limit:
        raise refuse("contract-full-400" if world.switches.contact_limit_answer == "400" else "contract-full-402")
    blocks = {column: fields.boolean(body, name) for name, column in _BLOCKS.items()}
    contact_id = world.contacts.create(identifiers, merged({}, attributes), blocks=blocks)
    world.lists.add(list_ids, [contact_id])
    return contact_id


def update_contact(world: World, request: Request) -> Answer:
    """Changes to the contact that the path names."""
    with world.store.transaction():
        _check_account(world)
        contact = find_contact(world, request, untyped=("id", "email"))
        if contact is None:
            raise refuse("contact-missing")
        _change(world, request, contact.id, request.json)
    return NO_CONTENT


def update_batch(world: World, request: Request) -> Answer:
    """Changes to many contacts, all or none: one unknown contact, and nobody is changed."""
    entries = request.json.get("contacts")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise refuse("field-invalid" if entries else "field-missing", name="contacts")
    with world.store.transaction():
        for entry in entries:
            _change(world, request, _named(world, entry), entry)
    return NO_CONTENT


def _named(world: World, entry: dict[str, Any]) -> int:
    given = {name: entry[name] for name in ("email", "id", "sms") if entry.get(name) is not None}
    if len(given) != 1:
        raise refuse("one-of", names="email, id, sms")
    name, value = next(iter(given.items()))
    wanted = fields.number(entry, "id") if name == "id" else clean(name, value, phone_rule="digits")
    found = world.contacts.find(name, wanted) if wanted is not None else None
    if found is None:
        raise refuse("contact-missing")
    return found.id


def _check_account(world: World) -> None:
    if world.switches.account_in_process:
        raise refuse("account-in-process")


def _sent(world: World, body: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """The identifiers and attributes of a body, cleaned. A single bad one refuses the whole contact."""
    sent, attributes = split_identifiers(fields.mapping(dict(body), "attributes"))
    if body.get("email") is not None:
        sent["email"] = body["email"]
    if body.get("ext_id") is not None:
        sent["ext_id"] = body["ext_id"]
    identifiers = {}
    for column, value in sent.items():
        if value in ("", None):
            continue
        cleaned = clean(column, value, phone_rule=world.switches.phone_rule)
        if cleaned is None:
            raise _unusable(column)
        identifiers[column] = cleaned
    return identifiers, read_attributes(world.attributes, attributes)


def _unusable(column: str) -> Refusal:
    if column == "email":
        return refuse("email-invalid")
    return refuse("phone-invalid") if column in PHONES else refuse("field-invalid", name="ext_id")


def _target(identifiers: Mapping[str, str], holders: Mapping[str, int]) -> int | None:
    """Whom a create with updateEnabled changes: the holder of the address, or else of the first identifier sent."""
    if "email" in identifiers:
        return holders.get("email")
    return next(iter(holders.values()), None)


def _change(world: World, request: Request, contact_id: int, body: dict[str, Any]) -> None:
    contact = world.contacts.find("id", contact_id)
    if contact is None:
        raise refuse("contact-missing")
    list_ids = fields.list_ids(world, body)
    identifiers, attributes = _changes(world, body)
    rivals = {column: one for column, one in world.contacts.holders(identifiers).items() if one != contact_id}
    if rivals and not fields.boolean(body, "forceMerge"):
        raise _taken("update", list(rivals))
    for rival in set(rivals.values()):
        _delete_merged(world, request, rival)
    _apply(contact, identifiers, attributes, body)
    joined = [one for one in list_ids if not world.lists.members(one, [contact_id])]
    world.contacts.save(contact, request_id=request.id)
    world.lists.add(list_ids, [contact_id])
    for list_id in fields.numbers(body, "unlinkListIds"):
        world.lists.remove(list_id, [contact_id])
    world.webhooks.imported(
        world.contacts, {one: [contact_id] for one in joined}, {contact_id: attributes}, api_key_name=KEY_NAME
    )


def _changes(world: World, body: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """A change's identifiers are in its attributes and in ext_id; email, id and sms only name the contact."""
    named = {"attributes": body.get("attributes"), "ext_id": body.get("ext_id")}
    return _sent(world, named)


def _apply(contact: Contact, identifiers: dict[str, str], attributes: dict[str, Any], body: dict[str, Any]) -> None:
    old_email = contact.identifiers.get("email")
    contact.identifiers |= identifiers
    contact.attributes = merged(contact.attributes, attributes)
    if old_email and contact.identifiers["email"] != old_email:
        # Brevo resubscribes a blocked contact whose address is changed (brevo-python 5.1.0, update_contact).
        contact.blocks["email_blocked"] = False
    for name, column in _BLOCKS.items():
        wanted = fields.optional_boolean(body, name)
        if wanted is not None:
            contact.blocks[column] = wanted


def _taken(verb: str, columns: list[str]) -> Refusal:
    spoken = [_SPOKEN[column] for column in _SPOKEN_ORDER if column in columns]
    names = " or ".join(spoken) + (" is" if len(spoken) == 1 else " are")
    return refuse(f"{verb}-conflict", names=names, metadata={"duplicate_identifiers": spoken})


def _merge(world: World, request: Request, identifiers: dict[str, str], holders: dict[str, int]) -> Answer:
    """forceMerge: the most recently changed holder survives with the new values, the others are deleted."""
    contacts = [found for one in set(holders.values()) if (found := world.contacts.find("id", one))]
    survivor = max(contacts, key=lambda contact: (contact.modified_at, contact.id))
    for contact in contacts:
        if contact.id != survivor.id:
            _delete_merged(world, request, contact.id)
    sent = fields.mapping(request.json, "attributes")
    attributes = {
        **sent,
        **{each.attribute: identifiers.get(each.column) for each in IDENTIFIERS if each.column in identifiers},
    }
    _change(world, request, survivor.id, {**request.json, "attributes": attributes})
    return answer(201, {"id": survivor.id}) if fields.boolean(request.json, "getId") else NO_CONTENT


def _delete_merged(world: World, request: Request, contact_id: int) -> None:
    world.contacts.delete(contact_id)
    world.incidents.note("contact-merged-away", request.id, contact_id=contact_id)
