"""`traginer diff FILE`."""

import difflib
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from traginer.cli import door
from traginer.cli.main import DRIFT, OK
from traginer.control import configuration, wording
from traginer.control.configuration import Applied, Change
from traginer.i18n import N_, gettext

COLOURS = {"-": "red", "+": "green"}
MARKS = {"created": "[green]+[/]", "updated": "[yellow]~[/]", "unnamed": "[red]?[/]"}


@click.command(
    help=gettext(
        N_(
            "Show what traginer apply FILE would create and update, and change nothing. With --whole, also what the server has and "
            "FILE does not name. Exit codes: 0 no difference, 3 some."
        )
    )
)
@click.argument("file", metavar=gettext(N_("FILE")), type=click.Path(path_type=Path))
@click.option("--whole", is_flag=True, help=gettext(N_("Take FILE for the whole configuration.")))
@door.as_json
def command(file: Path, whole: bool, as_json: bool) -> int:
    actor = door.start()

    found = configuration.diff(actor, file, door.now(), whole=whole)
    if as_json:
        door.print_json([_as_dict(item) for item in found])
        return DRIFT if found else OK
    for item in found:
        _show(item)
    if not found:
        door.console.print(gettext(N_("The server is as the file says.")))
    return DRIFT if found else OK


def _as_dict(item: Applied) -> dict[str, Any]:
    changes = [{"field": one.field, "before": one.before, "after": one.after} for one in item.changes]
    return {"kind": item.kind, "name": item.name, "outcome": item.outcome, "changes": changes}


def _show(item: Applied) -> None:
    unnamed = gettext(N_(": the file does not name it")) if item.outcome == "unnamed" else ""
    kind = gettext(wording.KINDS[item.kind])
    door.console.print(f"{MARKS[item.outcome]} {kind} [bold]{escape(item.name)}[/]{unnamed}")
    for one in item.changes if item.outcome == "updated" else ():
        if isinstance(one.before, dict | list) or isinstance(one.after, dict | list):
            _show_lines(one)
        else:
            before, after = (escape(str(value)) if value is not None else "-" for value in (one.before, one.after))
            door.console.print(f"    {one.field}: [red]{before}[/] → [green]{after}[/]")


def _show_lines(change: Change) -> None:
    """Of long values, the lines that differ, as the file would hold them."""
    door.console.print(f"    {change.field}:")
    before, after = (configuration.as_yaml(value).splitlines() for value in (change.before, change.after))
    for line in difflib.ndiff(before, after):
        if line[0] in COLOURS:
            door.console.print(f"      [{COLOURS[line[0]]}]{escape(line)}[/]")
