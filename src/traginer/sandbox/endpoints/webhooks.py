"""/webhooks: read, create, change, delete."""

import json
from typing import Any

from traginer.sandbox.callbacks import is_web_address
from traginer.sandbox.endpoints import fields
from traginer.sandbox.messages import NO_CONTENT, Answer, Request, answer
from traginer.sandbox.refusals import refuse
from traginer.sandbox.webhooks import EVENTS_BY_TYPE, MOST_WEBHOOKS
from traginer.sandbox.world import World


def get_webhooks(world: World, request: Request) -> Answer:
    """The webhooks of one type: transactional, unless asked otherwise."""
    kind = request.one("type") or "transactional"
    if kind not in EVENTS_BY_TYPE:
        raise refuse("query-invalid", name="type")
    shown = [world.webhooks.as_json(row) for row in world.webhooks.all(descending=request.descending())]
    return answer(200, {"webhooks": [each for each in shown if each["type"] == kind]})


def get_webhook(world: World, request: Request) -> Answer:
    """One webhook."""
    return answer(200, world.webhooks.as_json(_webhook(world, request)))


def create_webhook(world: World, request: Request) -> Answer:
    """A new webhook."""
    body = request.json
    kind = fields.optional_text(body, "type") or "transactional"
    if kind not in EVENTS_BY_TYPE:
        raise refuse("field-invalid", name="type")
    if not body.get("events") and kind != "inbound":
        raise refuse("field-missing", name="events")
    fields.text(body, "url")
    if len(world.webhooks.all()) >= MOST_WEBHOOKS:
        raise refuse("webhook-limit", most=MOST_WEBHOOKS)
    settings = {"type": kind, "description": "", "events": ["inboundEmailProcessed"], **_settings(body, kind)}
    now = world.clock.now()
    sql = "INSERT INTO webhook (settings, created_at, modified_at) VALUES (?, ?, ?)"
    return answer(201, {"id": world.store.insert(sql, (json.dumps(settings), now, now))})


def update_webhook(world: World, request: Request) -> Answer:
    """Other settings; the type can't change."""
    row = _webhook(world, request)
    settings = json.loads(row["settings"])
    settings |= _settings(request.json, settings["type"])
    sql = "UPDATE webhook SET settings = ?, modified_at = ? WHERE id = ?"
    world.store.run(sql, (json.dumps(settings), world.clock.now(), row["id"]))
    return NO_CONTENT


def delete_webhook(world: World, request: Request) -> Answer:
    """No more calls."""
    world.store.run("DELETE FROM webhook WHERE id = ?", (_webhook(world, request)["id"],))
    return NO_CONTENT


def _settings(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """The settings that were sent, checked."""
    settings: dict[str, Any] = {}
    if body.get("url") is not None:
        if not is_web_address(body["url"]):
            raise refuse("field-invalid", name="url")
        settings["url"] = body["url"]
    if body.get("events"):
        settings["events"] = fields.texts(body, "events")
        if not set(settings["events"]) <= set(EVENTS_BY_TYPE[kind]):
            raise refuse("field-invalid", name="events")
    for name in ("description", "domain"):
        if body.get(name) is not None:
            settings[name] = fields.optional_text(body, name)
    if body.get("batched") is not None:
        settings["batched"] = fields.boolean(body, "batched")
    return settings | _credentials(body)


def _credentials(body: dict[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if auth := fields.mapping(body, "auth"):
        settings["auth"] = {"type": fields.text(auth, "type"), "token": fields.text(auth, "token")}
        if settings["auth"]["type"] != "bearer":
            raise refuse("field-invalid", name="auth")
    if headers := body.get("headers"):
        if not isinstance(headers, list) or not all(isinstance(each, dict) for each in headers):
            raise refuse("field-invalid", name="headers")
        settings["headers"] = [
            {"key": fields.text(each, "key"), "value": fields.text(each, "value")} for each in headers
        ]
    return settings


def _webhook(world: World, request: Request) -> Any:
    row = world.webhooks.find(request.path_number("webhookId", "webhook-missing"))
    if row is None:
        raise refuse("webhook-missing")
    return row
