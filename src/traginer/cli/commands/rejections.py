"""`traginer rejections RUN`."""

from pathlib import Path

import click
from rich.table import Table

from traginer.cli import door
from traginer.cli.showing import number
from traginer.control import rejections
from traginer.i18n import N_, gettext, ngettext

SHOWN = 20


@click.command(help=gettext(N_("Show which profiles RUN left out or sent incompletely, by profile key, and why.")))
@click.argument("run", type=int, metavar=gettext(N_("RUN")))
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=gettext(N_("Write all of them to this file.")),
)
@door.as_json
def command(run: int, csv_file: Path | None, as_json: bool) -> None:
    actor = door.start()

    if csv_file:
        count = rejections.write_csv(actor, run, csv_file)
        text = ngettext("{count} row written to {file}.", "{count} rows written to {file}.", count)
        door.console.print(text.format(count=number(count), file=csv_file))
        return
    found = rejections.first(actor, run, None if as_json else SHOWN)
    if as_json:
        door.print_json([row.as_dict() for row in found.rows])
        return
    if not found.total:
        door.console.print(gettext(N_("Run {run} left nobody out.")).format(run=run))
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in (N_("Profile"), N_("Kind"), N_("Why"), N_("Code")):
        table.add_column(gettext(title))
    for row in found.rows:
        table.add_row(row.key, row.kind_text, row.sentence, f"[dim]{row.reason}[/]")
    door.console.print(table)
    if found.total > len(found.rows):
        text = gettext(N_("{shown} of {total}. traginer rejections {run} --csv FILE writes all of them."))
        door.console.print(text.format(shown=len(found.rows), total=number(found.total), run=run))
