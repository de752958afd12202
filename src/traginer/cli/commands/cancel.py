"""`traginer cancel RUN`."""

import click

from traginer.cli import door
from traginer.cli.main import OK
from traginer.cli.showing import show_run
from traginer.control import runs, wording
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Cancel the RUN that is queued or under way. One under way ends at its next safe point; what Brevo confirmed is kept."
        )
    )
)
@click.argument("run", type=int, metavar=gettext(N_("RUN")))
@door.as_json
def command(run: int, as_json: bool) -> int:
    actor = door.start()

    view = wording.described(runs.cancel(actor, runs.get(actor, run)))
    if as_json:
        door.print_json(view.as_dict())
    else:
        show_run(view)
    return OK
