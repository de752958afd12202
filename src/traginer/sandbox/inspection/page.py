"""The page at `/`: the whole sandbox at a glance, as plain HTML without a script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from html import escape
from typing import Any

from traginer.sandbox.clock import iso
from traginer.sandbox.contacts import Selection, contact_of
from traginer.sandbox.inspection.style import STYLE
from traginer.sandbox.inspection.views import as_text, list_rows, process_shown, state
from traginer.sandbox.lists import members_of
from traginer.sandbox.messages import Answer, Request, html
from traginer.sandbox.world import World

SHOWN_ROWS = 20
_POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def show(world: World, request: Request) -> Answer:
    """The page; `?list=7` shows the members of a list."""
    chosen = request.number("list", 0)
    sections = (
        _now(world),
        _lists(world, chosen),
        _contacts(world, chosen),
        _processes(world),
        _requests(world),
        _faults(world),
        _switches(world),
    )
    return html(200, _PAGE.format(style=STYLE, sections="".join(sections), url=escape(world.url)), _POLICY)


_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Sandbox of Brevo</title>'
    "<style>{style}</style></head><body><header><h1>Sandbox of Brevo</h1>"
    "<p>A local stand-in for Brevo’s API at <code>{url}/v3</code>. Nothing here reaches Brevo or an inbox.</p>"
    "</header><main>{sections}</main></body></html>"
)


def _section(title: str, content: str, note: str = "") -> str:
    text = f"<p>{note}</p>" if note else ""
    return f"<section><h2>{escape(title)}</h2>{text}{content}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return '<p class="none">None yet.</p>'
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(*values: object) -> list[str]:
    return ["" if value is None else escape(as_text(value)) for value in values]


def _facts(pairs: Iterable[tuple[str, object]]) -> str:
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(as_text(value))}</dd></div>" for name, value in pairs)
    return f"<dl>{items}</dl>"


def _now(world: World) -> str:
    now = state(world)
    sums = [
        (name, now[key])
        for name, key in (
            ("Contacts", "contacts"),
            ("Blocked", "blocked"),
            ("Lists", "lists"),
            ("Unfinished processes", "processes_unfinished"),
            ("Requests", "requests"),
        )
    ]
    never = now["invariants"]
    bad = [
        ("Blocks lifted", never["blocks_lifted"]),
        ("Contacts deleted", never["contacts_deleted"]),
        ("Contacts merged away", never["contacts_merged_away"]),
        ("Overlapping imports", never["overlapping_imports"]),
        ("Most imports at once", never["most_imports_in_flight"]),
    ]
    frozen = "standing still" if now["clock_frozen"] else "running"
    note = f"Clock: {escape(now['now'])}, {frozen}. Plan: {escape(now['tier'])}."
    return _section("Now", _facts(sums), note) + _section("What should not happen", _facts(bad))


def _lists(world: World, chosen: int) -> str:
    rows = [
        [
            *_cells(row["id"]),
            _list_link(row, chosen=row["id"] == chosen),
            *_cells(row["contacts"], "dynamic" if row["dynamic"] else ""),
        ]
        for row in list_rows(world)
    ]
    return _section("Lists", _table(("Id", "Name", "Contacts", ""), rows))


def _list_link(row: Mapping[str, Any], *, chosen: bool) -> str:
    mark = ' aria-current="true"' if chosen else ""
    return f'<a href="/?list={row["id"]}#contacts"{mark}>{escape(row["name"])}</a>'


def _contacts(world: World, chosen: int) -> str:
    selection = members_of(chosen) if chosen else Selection()
    ids = world.contacts.pages.ids(selection, limit=SHOWN_ROWS, offset=0, descending=True)
    found = [world.store.row("SELECT * FROM contact WHERE id = ?", (one,)) for one in ids]
    rows = []
    for row in filter(None, found):
        contact = contact_of(row)
        email = contact.identifiers.get("email")
        values = ", ".join(f"{name} {as_text(value)}" for name, value in contact.all_attributes().items())
        rows.append(_cells(contact.id, email, values, "blocked" if contact.is_blocked else ""))
    title = f"Contacts of list {chosen}" if chosen else "Contacts"
    table = _table(("Id", "E-mail", "Attributes", ""), rows)
    return f'<div id="contacts">{_section(title, table, f"The newest, at most {SHOWN_ROWS}.")}</div>'


def _processes(world: World) -> str:
    rows, _ = world.processes.page(limit=SHOWN_ROWS, offset=0, descending=True)
    shown = [process_shown(world, row) for row in rows]
    table = _table(
        ("Id", "Name", "Status", "Rows done", "Rows", "Rejected", "Queued at", "Finished at"),
        (
            _cells(
                each["id"], each["name"], each["status"], each["next_row"], each["rows"], each["rejects"] or "",
                each["created_at"], each["finished_at"],
            )
            for each in shown
        ),
    )  # fmt: skip
    return _section("Processes", table)


def _requests(world: World) -> str:
    entries = reversed(world.log.entries(last=SHOWN_ROWS))
    table = _table(
        ("At", "Method", "Path", "Status", "Sent bytes", "Answer bytes", "Seconds", "Limits", "Rows", "Fault"),
        (
            _cells(
                iso(entry.at), entry.method, entry.path, entry.status, entry.request_bytes, entry.answer_bytes,
                f"{entry.seconds:.3f}", entry.bucket, entry.rows, entry.fault,
            )
            for entry in entries
        ),
    )  # fmt: skip
    return _section(
        "Requests", table, f"The newest first, at most {SHOWN_ROWS}; all of them at <code>/sandbox/requests</code>."
    )


def _faults(world: World) -> str:
    names = ("kind", "when", "method", "path", "status", "nth", "times", "probability", "seen", "fired")
    rows: list[list[str]] = [_cells(*(fault[name] for name in names)) for fault in world.faults.as_json()]
    return _section("Faults", _table([name.capitalize() for name in names], rows))


def _switches(world: World) -> str:
    rows = [_switch_row(world, spec) for spec in dataclass_fields(world.switches)]
    return _section("Switches", _table(("Switch", "Value", "Meaning"), rows))


def _switch_row(world: World, spec: Any) -> list[str]:
    value = getattr(world.switches, spec.name)
    shown = escape(as_text(value))
    changed = f"<strong>{shown}</strong>" if value != spec.default else shown
    return [f"<code>{escape(spec.name)}</code>", changed, escape(spec.metadata["says"])]
