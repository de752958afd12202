"""`traginer plan EXPORT`."""

import click

from traginer.cli import door
from traginer.cli.main import HELD, OK
from traginer.cli.showing import show_plan
from traginer.cli.watching import TerminalWatch
from traginer.control import exports, runs, wording
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_("Show what a run of EXPORT would do now: who is added, changed, taken off, left out. Sends nothing.")
    )
)
@click.argument("export", metavar=gettext(N_("EXPORT")))
@door.as_json
def command(export: str, as_json: bool) -> int:
    actor = door.start()

    with TerminalWatch() as watch:
        chosen = exports.get(actor, export)
        plan = wording.planned(chosen, runs.plan(actor, chosen, runs.Means(watch)))
    if as_json:
        door.print_json(plan.as_dict())
    else:
        show_plan(plan)
    return HELD if plan.hold else OK
