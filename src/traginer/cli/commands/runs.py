"""`traginer runs [EXPORT]`."""

import click
from rich.table import Table

from traginer.cli import door
from traginer.cli.showing import COLOURS, number
from traginer.control import runs, wording
from traginer.i18n import N_, gettext


@click.command(help=gettext(N_("Show past runs, the newest first; of EXPORT only, where it is named.")))
@click.argument("export", required=False, metavar=f"[{gettext(N_('EXPORT'))}]")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help=gettext(N_("How many.")))
@door.as_json
def command(export: str | None, limit: int, as_json: bool) -> None:
    actor = door.start()

    views = [wording.described(run) for run in runs.history(actor, export, limit)]
    if as_json:
        door.print_json([view.as_dict() for view in views])
        return
    if not views:
        door.console.print(gettext(N_("There are no runs yet. traginer run EXPORT makes the first.")))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for title in (
        N_("Run"),
        N_("Export"),
        N_("Status"),
        N_("Started"),
        N_("Wanted"),
        N_("Sent"),
        N_("Removed"),
        N_("Rejected"),
    ):
        right = title in {"Run", "Wanted", "Sent", "Removed", "Rejected"}
        table.add_column(
            gettext(title),
            justify="right" if right else "left",
            no_wrap=right,
            min_width=0 if right else 8,
        )
    for view in views:
        status = f"[{COLOURS.get(view.status, 'white')}]{view.status_text}[/]"
        started = view.queued_at.astimezone().strftime("%Y-%m-%d %H:%M")
        figures = [number(view.counts.get(name, 0)) for name in ("wanted", "sent", "removed", "rejected")]
        table.add_row(str(view.run), view.export, status, started, *figures)
    door.console.print(table)
