"""`traginer approve RUN`."""

import click

from traginer.cli import door
from traginer.cli.showing import exit_code, show_run
from traginer.cli.watching import TerminalWatch
from traginer.control import runs, wording
from traginer.i18n import N_, gettext


@click.command(help=gettext(N_("Let the held RUN go on. It fails where its plan is no longer the same.")))
@click.argument("run", type=int, metavar=gettext(N_("RUN")))
@door.as_json
def command(run: int, as_json: bool) -> int:
    actor = door.start()

    with TerminalWatch() as watch:
        view = wording.described(runs.approve(actor, run, runs.Means(watch)))
    if as_json:
        door.print_json(view.as_dict())
    else:
        show_run(view)
    return exit_code(view)
