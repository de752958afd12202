"""POST /contacts/export."""

from dataclasses import asdict
from typing import Any

from traginer.sandbox import callbacks
from traginer.sandbox.endpoints import fields
from traginer.sandbox.exporting import ExportOptions, exported
from traginer.sandbox.messages import Answer, Request, answer
from traginer.sandbox.processes import EXPORT
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World

ACTIONS = ("allContacts", "subscribed", "unsubscribed", "unsubscribedPerList")


def export_contacts(world: World, request: Request) -> Answer:
    """Queue an export; its file is linked from the finished process."""
    body = request.json
    options = _options(world, body)
    if not options.mandatory and not options.attributes:
        raise refuse("field-missing", name="exportAttributes")
    rows = world.contacts.pages.count(exported(options))
    process_id = world.processes.add(EXPORT, asdict(options), rows=rows, request_id=request.id)
    world.worker.wake()
    return answer(202, {"processId": process_id})


def _options(world: World, body: dict[str, Any]) -> ExportOptions:
    if body.get("customContactFilter") is None:
        raise refuse("field-missing", name="customContactFilter")
    chosen = fields.mapping(body, "customContactFilter")
    action = fields.text(chosen, "actionForContacts")
    if action not in ACTIONS:
        raise refuse("field-invalid", name="actionForContacts")
    list_id, segment_id = _where(world, chosen)
    fields.boolean(body, "disableNotification")
    return ExportOptions(
        action=action,
        list_id=list_id,
        segment_id=segment_id,
        attributes=fields.texts(body, "exportAttributes"),
        mandatory=fields.boolean(body, "exportMandatoryAttributes", default=True),
        metadata=fields.texts(body, "exportMetadata"),
        subscription=fields.texts(body, "exportSubscriptionStatus"),
        notify_url=_notify_url(world, body),
    )


def _where(world: World, chosen: dict[str, Any]) -> tuple[int | None, int | None]:
    """The list or the segment: exactly one of them."""
    if (chosen.get("listId") is None) == (chosen.get("segmentId") is None):
        raise refuse("one-of", names="listId, segmentId")
    if chosen.get("listId") is not None:
        list_id = fields.number(chosen, "listId")
        if world.lists.find(list_id) is None:
            raise refuse("list-unknown")
        return list_id, None
    segment_id = fields.number(chosen, "segmentId")
    if world.lists.segment(segment_id) is None:
        raise refuse("segment-missing")
    return None, segment_id


def _notify_url(world: World, body: dict[str, Any]) -> str | None:
    url = fields.optional_text(body, "notifyUrl") or None
    if url is not None and not callbacks.is_web_address(url):
        raise refuse("field-invalid", name="notifyUrl")
    if url is not None and world.switches.callbacks == "loopback" and not callbacks.is_loopback(url):
        raise refuse("url-not-allowed", name="notifyUrl")
    return url
