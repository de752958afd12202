"""What can be looked at: contacts, lists, processes, requests, files, and the sums."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from traginer.sandbox.clock import iso
from traginer.sandbox.contacts import Selection, compact
from traginer.sandbox.endpoints import fields
from traginer.sandbox.identifiers import BY_ATTRIBUTE, COLUMNS, IDENTIFIERS, clean_email
from traginer.sandbox.lists import members_of
from traginer.sandbox.messages import JSON, Answer, Request, answer
from traginer.sandbox.processes import REPORTS
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World

LINES_AT_ONCE = 20_000
_OFFENDER = {each.report: each.column for each in IDENTIFIERS} | {
    "invalid_emails": "email",
    "duplicate_contact_id": "email",
}
_COLUMN_NAME = {each.column: name for name, each in BY_ATTRIBUTE.items()}


def state(world: World) -> dict[str, Any]:
    """The sums: what there is, and what should never have happened."""
    count = world.store.value
    return {
        "url": world.url,
        "tier": world.switches.tier,
        "now": iso(world.clock.now()),
        "clock_frozen": world.clock.is_frozen,
        "contacts": world.contacts.count(),
        "blocked": count("SELECT count(*) FROM contact WHERE email_blocked = 1"),
        "lists": count("SELECT count(*) FROM list"),
        "processes": count("SELECT count(*) FROM process"),
        "processes_unfinished": count("SELECT count(*) FROM process WHERE finished_at IS NULL"),
        "requests": world.log.total,
        "faults": len(world.faults.as_json()),
        "invariants": asdict(world.incidents.invariants()),
    }


def summary(world: World, _request: Request) -> Answer:
    """The state as JSON."""
    return answer(200, state(world))


def contacts(world: World, request: Request) -> Answer:
    """A page of contacts as the API would show them; `email` picks one."""
    email = request.one("email")
    selection = Selection() if email is None else Selection("contact", "id", "email = ?", (clean_email(email),))
    page = fields.page_of(request, most=10_000, default=100)
    return Answer(200, world.contacts.page(selection, **page), JSON)


def lists(world: World, _request: Request) -> Answer:
    """Every list with its true size."""
    return answer(200, list_rows(world))


def list_rows(world: World) -> list[dict[str, Any]]:
    """Lists with id, name, folder, size and whether they are dynamic."""
    rows = world.store.rows("SELECT * FROM list ORDER BY id")
    return [
        {**dict(row), "dynamic": bool(row["dynamic"]), "contacts": world.contacts.pages.count(members_of(row["id"]))}
        for row in rows
    ]


def emails(world: World, request: Request) -> Answer:
    """The members of a list as JSON lines `{email, attributes}`, all of them at once."""
    list_id = request.path_number("listId", "list-missing")
    if world.lists.find(list_id) is None:
        raise refuse("list-missing")
    lines = [f'{{"email":{compact(email)},"attributes":{text}}}\n' for email, text in members(world, list_id)]
    return Answer(200, "".join(lines).encode(), "application/x-ndjson")


def members(world: World, list_id: int) -> Iterator[tuple[str, str]]:
    """The address of everybody on a list, by age, and the attributes as JSON text."""
    last_id = 0
    sql = (
        "SELECT c.* FROM membership m JOIN contact c ON c.id = m.contact_id "
        "WHERE m.list_id = ? AND m.contact_id > ? ORDER BY m.contact_id LIMIT ?"
    )
    while rows := world.store.rows(sql, (list_id, last_id, LINES_AT_ONCE)):
        last_id = rows[-1]["id"]
        yield from ((row["email"] or "", world.contacts.attributes_text(row)) for row in rows)


def processes(world: World, request: Request) -> Answer:
    """Processes with what Brevo does not show: rows done, times, the request that began them."""
    rows, count = world.processes.page(**fields.page_of(request, most=1000, default=100))
    return answer(200, {"count": count, "processes": [process_shown(world, row) for row in rows]})


def process_shown(world: World, row: Any) -> dict[str, Any]:
    """A process with everything the sandbox knows of it."""
    times = {name: iso(row[name]) if row[name] else None for name in ("created_at", "started_at", "finished_at")}
    rejects = world.store.rows("SELECT kind, count(*) FROM reject WHERE process_id = ? GROUP BY kind", (row["id"],))
    shown = world.processes.as_json(row, world.url)
    own = {"rows": row["rows"], "next_row": row["next_row"], "error": row["error"], "request_id": row["request_id"]}
    return {**shown, **own, **times, "rejects": {each[0]: each[1] for each in rejects}}


def requests(world: World, request: Request) -> Answer:
    """The request log, the newest last; `prefix` of the path, `last` so many, `bodies=1` with bodies."""
    last = request.number("last", 100, most=20_000)
    bodies = request.one("bodies") == "1"
    entries = world.log.entries(prefix=request.one("prefix") or "", last=last)
    return answer(200, [entry.as_json(body=bodies) for entry in entries])


def callbacks(world: World, _request: Request) -> Answer:
    """The calls made to webhooks and notifyUrls, the newest last."""
    shown = [
        {"url": made.call.url, "body": made.call.body.decode(), "outcome": made.outcome}
        for made in [*world.callbacks.made]
    ]
    return answer(200, shown)


def file(world: World, request: Request) -> Answer:
    """A report of an import, or the file of an export."""
    name = request.path_args["name"]
    if name.startswith("export-"):
        return _export(world, name)
    process_id, _, kind = name.removesuffix(".csv").partition("-")
    if kind not in REPORTS or not process_id.isdigit() or len(process_id) > 15:
        raise refuse("sandbox-missing", what="The file")
    return _report(world, int(process_id), kind)


def _export(world: World, name: str) -> Answer:
    row = world.store.row("SELECT * FROM file WHERE name = ?", (name,))
    if row is None or _is_expired(world, row["created_at"]):
        raise refuse("sandbox-missing", what="The file")
    return Answer(200, row["content"], "text/csv; charset=utf-8")


def _report(world: World, process_id: int, kind: str) -> Answer:
    finished = world.store.value("SELECT finished_at FROM process WHERE id = ?", (process_id,))
    rows = world.store.rows("SELECT * FROM reject WHERE process_id = ? AND kind = ?", (process_id, kind))
    if finished is None or not rows or _is_expired(world, finished):
        raise refuse("sandbox-missing", what="The file")
    return Answer(200, _csv(world, kind, rows), "text/csv; charset=utf-8")


def _is_expired(world: World, since: float) -> bool:
    seconds = world.switches.files_live_seconds
    return seconds > 0 and world.clock.now() > since + seconds


def _csv(world: World, kind: str, rows: list[Any]) -> bytes:
    switches = world.switches
    ordered = ("email", *(column for column in COLUMNS if column != "email"))
    columns = ordered if switches.report_columns == "identifiers" else (_OFFENDER[kind],)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=switches.report_separator, lineterminator="\n")
    if switches.report_header:
        writer.writerow([_COLUMN_NAME[column] for column in columns])
    writer.writerows([row[column] or "" for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig" if switches.report_bom else "utf-8")


def as_text(value: object) -> str:
    """A value for a table cell."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
