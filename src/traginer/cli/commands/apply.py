"""`traginer apply FILE`."""

from pathlib import Path

import click
from rich.markup import escape

from traginer.cli import door
from traginer.control import configuration, wording
from traginer.i18n import N_, gettext

OUTCOMES = {"created": N_("created"), "updated": N_("updated"), "unchanged": N_("unchanged")}


@click.command(
    help=gettext(N_("Create or update what the YAML FILE names. All of it, or nothing where any part is wrong."))
)
@click.argument("file", metavar=gettext(N_("FILE")), type=click.Path(path_type=Path))
@door.as_json
def command(file: Path, as_json: bool) -> None:
    actor = door.start()

    applied = configuration.apply(actor, file, door.now())
    if as_json:
        door.print_json([{"kind": item.kind, "name": item.name, "outcome": item.outcome} for item in applied])
        return
    for item in applied:
        mark = "[green]+[/]" if item.outcome == "created" else "[yellow]~[/]" if item.outcome == "updated" else " "
        door.console.print(
            f"{mark} {gettext(wording.KINDS[item.kind])} [bold]{escape(item.name)}[/]: {gettext(OUTCOMES[item.outcome])}"
        )
    if not applied:
        door.console.print(gettext(N_("The file names nothing.")))
