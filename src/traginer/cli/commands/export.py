"""`traginer export ...`."""

import sys
from typing import Any, cast

import click
from rich.markup import escape

from traginer.cli import asking, door
from traginer.cli.groups import Group
from traginer.cli.main import OK
from traginer.cli.showing import exit_code, show_run
from traginer.cli.tables import show_table
from traginer.cli.watching import TerminalWatch
from traginer.control import connections, exports, runs, schedules, wording
from traginer.control.exports import STATES, ExportRow
from traginer.control.rights import Actor
from traginer.i18n import N_, gettext

STATUSES: dict[str, str] = {status.value: text for status, text in wording.STATUSES.items()}
NAME = click.argument("name", metavar=gettext(N_("EXPORT")))
REASON = click.option("--reason", default="", help=gettext(N_("Why, for those who look back.")))


@click.group(cls=Group, help=gettext(N_("Exports: list, duplicate, enable, disable, detach, attach, remove.")))
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show the exports. With their last run, and what you may do with each.")))
@click.option("--search", default="", help=gettext(N_("Only those whose name, connection or type holds this.")))
@door.as_json
def list_(search: str, as_json: bool) -> None:
    found = exports.listed(door.start(), search)
    if as_json:
        door.print_json([_as_dict(row) for row in found])
        return
    titles = (
        *(N_("Display name"), N_("Type"), N_("Connection used"), N_("Status"), N_("Refreshed"), N_("Schedule")),
        N_("Your permissions"),
    )
    show_table(titles, [_row(row) for row in found])


@command.command(help=gettext(N_("Copy EXPORT under the name COPY. The copy is disabled until you enable it.")))
@NAME
@click.argument("copy", metavar=gettext(N_("COPY")))
@door.as_json
def duplicate(name: str, copy: str, as_json: bool) -> None:
    actor = door.start()

    made = exports.duplicate(actor, exports.get(actor, name), copy, door.now())
    _done(actor, made.name, gettext(N_("Created, and disabled: traginer export enable lets it run.")), as_json=as_json)


@command.command(help=gettext(N_("Let EXPORT run again.")))
@NAME
@door.as_json
def enable(name: str, as_json: bool) -> None:
    actor = door.start()

    exports.enable(actor, exports.get(actor, name))
    _done(actor, name, gettext(N_("Enabled.")), as_json=as_json)


@command.command(help=gettext(N_("Switch EXPORT off. It does not run, neither by schedule nor on demand.")))
@NAME
@REASON
@door.as_json
def disable(name: str, reason: str, as_json: bool) -> None:
    actor = door.start()

    exports.disable(actor, exports.get(actor, name), door.now(), reason)
    _done(actor, name, gettext(N_("Disabled.")), as_json=as_json)


@command.command(help=gettext(N_("Detach EXPORT from its connection. It keeps its configuration and does not run.")))
@NAME
@REASON
@door.as_json
def detach(name: str, reason: str, as_json: bool) -> None:
    actor = door.start()

    exports.detach(actor, exports.get(actor, name), door.now(), reason)
    _done(actor, name, gettext(N_("Detached.")), as_json=as_json)


@command.command(help=gettext(N_("Let EXPORT run over CONNECTION.")))
@NAME
@click.argument("connection", metavar=gettext(N_("CONNECTION")))
@door.as_json
def attach(name: str, connection: str, as_json: bool) -> None:
    actor = door.start()

    exports.attach(actor, exports.get(actor, name), connections.get(actor, connection))
    _done(actor, name, gettext(N_("Attached.")), as_json=as_json)


@command.command(
    help=gettext(
        N_(
            "Remove EXPORT. Its contacts stay on the list (leave), or a last run takes off those that it put there and no "
            "other export wants (remove); they stay contacts in Brevo."
        )
    )
)
@NAME
@click.option(
    "--contacts",
    type=click.Choice(["leave", "remove"]),
    help=gettext(N_("What becomes of the contacts that the export put on its list.")),
)
@asking.yes
@door.as_json
def remove(name: str, contacts: str | None, yes: bool, as_json: bool) -> int:
    actor = door.start()

    export = exports.get(actor, name)
    fate = contacts or _asked_fate()
    asking.require_sure(gettext(N_('Remove the export "{name}"?')).format(name=name), yes=yes)
    if exports.remove(actor, export, cast("exports.Fate", fate), door.now()):
        _say({"removed": name, "contacts": fate}, gettext(N_("Removed.")), as_json=as_json)
        return OK
    return _last_run(actor, name, fate, as_json=as_json)


def _asked_fate() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(gettext(N_("Say with --contacts what becomes of the contacts: leave or remove.")))
    question = gettext(N_("What becomes of the contacts that it put on its list?"))
    return str(click.prompt(question, type=click.Choice(["leave", "remove"]), default="leave", err=True))


def _last_run(actor: Actor, name: str, fate: str, *, as_json: bool) -> int:
    """Take off the list whom the export put there; only then is it gone."""
    with TerminalWatch() as watch:
        run, _ = runs.run_now(actor, exports.get(actor, name), runs.Means(watch))
    view, is_gone = wording.described(run), exports.settle_removal(run.export, door.now())
    if as_json:
        door.print_json({"removed": name if is_gone else None, "contacts": fate, "run": view.as_dict()})
        return exit_code(view)
    show_run(view)
    door.console.print(
        gettext(N_("Removed.")) if is_gone else gettext(N_("The export stays until its contacts are off the list."))
    )
    return exit_code(view)


def _done(actor: Actor, name: str, said: str, *, as_json: bool) -> None:
    rows = [row for row in exports.listed(actor, name) if row.name == name]
    _say(_as_dict(rows[0]), said, as_json=as_json)


def _say(shown: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        door.print_json(shown)
    else:
        door.console.print(said, markup=False)


def _as_dict(row: ExportRow) -> dict[str, Any]:
    may = row.permissions
    deeds = ("edit", "plan", "run", "schedule", "detach", "remove")
    return {
        "name": row.name,
        "type": row.type,
        "connection": row.connection or None,
        "list": row.list_id,
        "state": row.state,
        "run": row.run,
        "status": row.status or None,
        "refreshed_at": row.refreshed_at.isoformat() if row.refreshed_at else None,
        "schedule": row.schedule,
        "permissions": [deed for deed in deeds if getattr(may, deed)],
    }


def _schedule(schedule: dict[str, Any]) -> str:
    return escape(schedules.describe(schedule or schedules.WITH_SYSTEM).rstrip("."))


def _row(row: ExportRow) -> tuple[str, ...]:
    refreshed = row.refreshed_at.astimezone().strftime("%Y-%m-%d %H:%M") if row.refreshed_at else "-"
    status = gettext(STATUSES[row.status]) if row.status else "-"
    state = "" if row.state == "active" else f" ({gettext(STATES[row.state])})"
    detached = STATES["detached"]
    connection = escape(row.connection) or gettext(detached)
    named = f"[bold]{escape(row.name)}[/]{'' if row.state == 'detached' else state}"
    return named, row.type, connection, status, refreshed, _schedule(row.schedule), gettext(row.permissions.word)
