"""POST /contacts/import: what is refused at once, and what is queued."""

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from traginer.sandbox import callbacks
from traginer.sandbox.endpoints import fields
from traginer.sandbox.identifiers import IDENTIFIERS
from traginer.sandbox.importing import Options
from traginer.sandbox.keys import KEY_NAME
from traginer.sandbox.messages import Answer, Request, answer
from traginer.sandbox.processes import IMPORT
from traginer.sandbox.refusals import Refusal, refuse
from traginer.sandbox.rows import RawRow, has_identifier, parse, read_row
from traginer.sandbox.world import World

MOST_FILE_BYTES = 250_000_000  # the limit of the import page: help article 208729849


def import_contacts(world: World, request: Request) -> Answer:
    """Queue an import; its rows are looked at when its turn comes, but for what makes it useless as a whole."""
    if len(request.body) > world.switches.body_limit_bytes:
        wording = refuse("body-too-large", most=world.switches.body_limit_bytes)
        raise Refusal(world.switches.too_large_status, wording.code, wording.message)
    body = request.json
    kind, payload = _payload(world, request, body)
    rows = _rows(world, kind, payload)
    if not has_identifier(rows, world.switches):
        raise refuse("no-identifier")
    _check_contract(world, rows)
    with world.store.transaction():
        options = Options(kind=kind, list_ids=_lists(world, body), **_flags(world, body))
        process_id = _queue(world, request, options, payload, len(rows))
    world.worker.wake()
    return Answer(202, answer(202, {"processId": process_id}).body, rows=len(rows))


def _payload(world: World, request: Request, body: dict[str, Any]) -> tuple[str, bytes]:
    """How the rows came, and their bytes."""
    given = [name for name in ("fileBody", "fileUrl", "jsonBody") if body.get(name) is not None]
    if len(given) != 1:
        raise refuse("one-of", names="fileBody, fileUrl, jsonBody")
    if given[0] == "jsonBody":
        if not isinstance(body["jsonBody"], list):
            raise refuse("field-invalid", name="jsonBody")
        return "json", request.body
    if given[0] == "fileBody":
        return "csv", fields.text(body, "fileBody").encode("utf-8", "surrogatepass")
    return _fetched(world, fields.text(body, "fileUrl"))


def _fetched(world: World, url: str) -> tuple[str, bytes]:
    _check_callback(world, url, "fileUrl")
    content = callbacks.fetch(url, most_bytes=MOST_FILE_BYTES)
    if content is None:
        raise refuse("file-unreachable")
    return ("json-file" if urlsplit(url).path.endswith(".json") else "csv"), content


def _rows(world: World, kind: str, payload: bytes) -> list[RawRow]:
    try:
        return parse(kind, payload, world.switches)
    except (ValueError, RecursionError):
        raise refuse("json-invalid") from None


def _lists(world: World, body: dict[str, Any]) -> list[int]:
    ids, new = fields.list_ids(world, body), fields.mapping(body, "newList")
    if new.get("listName"):
        folder_id = fields.number(new, "folderId")
        if world.lists.folder(folder_id) is None:
            raise refuse("folder-missing")
        ids.append(world.lists.create(fields.text(new, "listName"), folder_id))
    if not ids and world.switches.import_without_list == "refuse":
        raise refuse("import-without-list")
    return ids


def _flags(world: World, body: dict[str, Any]) -> dict[str, Any]:
    notify_url = fields.optional_text(body, "notifyUrl") or None
    if notify_url is not None:
        _check_callback(world, notify_url, "notifyUrl")
    groups = fields.numbers(body, "consentGroupIds")
    if groups and not world.switches.consent_groups:
        raise refuse("consent-groups-off")
    fields.boolean(body, "disableNotification")
    return {
        "update": fields.boolean(body, "updateExistingContacts", default=True),
        "empty": fields.boolean(body, "emptyContactsAttributes"),
        "email_block": fields.optional_boolean(body, "emailBlacklist"),
        "sms_block": fields.optional_boolean(body, "smsBlacklist"),
        "notify_url": notify_url,
        "consent_group_ids": groups,
        "api_key_name": KEY_NAME,
    }


def _check_callback(world: World, url: str, name: str) -> None:
    if not callbacks.is_web_address(url):
        raise refuse("field-invalid", name=name)
    if world.switches.callbacks == "loopback" and not callbacks.is_loopback(url):
        raise refuse("url-not-allowed", name=name)


def _queue(world: World, request: Request, options: Options, payload: bytes, rows: int) -> int:
    in_flight = world.processes.imports_in_flight()
    stuck = in_flight > 0 and world.switches.overlapping_imports == "stuck"
    process_id = world.processes.add(
        IMPORT, asdict(options), rows=rows, request_id=request.id, payload=payload, stuck=stuck
    )
    world.incidents.in_flight(in_flight + 1)
    if in_flight:
        world.incidents.note("imports-overlapped", request.id, process_id=process_id)
    return process_id


def _check_contract(world: World, rows: list[RawRow]) -> None:
    """In two of three modes an import over the contract's limit is refused whole."""
    limit, mode = world.switches.contact_limit, world.switches.contact_limit_answer
    if limit and mode != "failed" and world.contacts.count() + _new_contacts(world, rows) > limit:
        raise refuse(f"contract-full-{mode}")


def _new_contacts(world: World, rows: list[RawRow]) -> int:
    wanted: set[tuple[str, str]] = set()
    for raw in rows:
        row = read_row(raw, world.switches)
        first = next((each.column for each in IDENTIFIERS if each.column in row.identifiers), None)
        if first and not row.fault:
            wanted.add((first, row.identifiers[first]))
    known = 0
    for column in {column for column, _ in wanted}:
        values = json.dumps([value for name, value in wanted if name == column])
        sql = f"SELECT count(*) FROM contact WHERE {column} IN (SELECT value FROM json_each(?))"
        known += world.store.value(sql, (values,))
    return len(wanted) - known
