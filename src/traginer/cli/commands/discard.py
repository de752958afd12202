"""`traginer discard RUN`."""

import click

from traginer.cli import door
from traginer.cli.main import OK
from traginer.cli.showing import show_run
from traginer.cli.watching import TerminalWatch
from traginer.control import runs, wording
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_("End the held RUN without carrying it out, or give up an interrupted one that cannot be carried on.")
    )
)
@click.argument("run", type=int, metavar=gettext(N_("RUN")))
@door.as_json
def command(run: int, as_json: bool) -> int:
    actor = door.start()

    with TerminalWatch() as watch:
        view = wording.described(runs.discard(actor, run, runs.Means(watch)))
    if as_json:
        door.print_json(view.as_dict())
    else:
        show_run(view)
    return OK
