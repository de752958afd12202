"""`traginer held RUN`."""

import click
from rich.table import Table

from traginer.cli import door
from traginer.cli.showing import number
from traginer.cli.watching import TerminalWatch
from traginer.control import runs
from traginer.control.runs import Concerned
from traginer.i18n import N_, gettext

TITLES = {
    "left": N_("Would be taken off the list"),
    "added": N_("Would be added"),
    "changed": N_("Would be changed"),
}
MOVED = N_(
    "Something has moved since the run was held: approving it would be refused. traginer discard {run} ends it, and a new run "
    "works everything out anew."
)


@click.command(
    help=gettext(
        N_("Show whom the held RUN concerns: who would be taken off the list, added or changed. Sends nothing.")
    )
)
@click.argument("run", type=int, metavar=gettext(N_("RUN")))
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help=gettext(N_("How many of each."))
)
@door.as_json
def command(run: int, limit: int, as_json: bool) -> None:
    actor = door.start()

    with TerminalWatch() as watch:
        found = runs.concerned(actor, runs.get(actor, run), runs.Means(watch), limit)
    if as_json:
        door.print_json(_json(found))
        return
    for change, title in TITLES.items():
        _show(title, change, found)
    if found.has_moved:
        door.console.print(gettext(MOVED).format(run=run))


def _show(title: str, change: str, found: Concerned) -> None:
    first, total = found.first[change], found.totals[change]
    door.console.print(f"[bold]{gettext(title)}[/] {number(total)}")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for one in first:
        table.add_row(one.key, one.email)
    if first:
        door.console.print(table)
    if total > len(first):
        door.console.print(gettext(N_("The first {n} of {total}.")).format(n=len(first), total=number(total)))


def _json(found: Concerned) -> dict[str, object]:
    by_change = {
        change: {"total": found.totals[change], "first": [{"key": one.key, "email": one.email} for one in some]}
        for change, some in found.first.items()
    }
    return {"has_moved": found.has_moved, "is_masked": found.is_masked, **by_change}
