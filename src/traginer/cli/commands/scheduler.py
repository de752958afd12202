"""`traginer scheduler`."""

import time

import click

from traginer.cli import door
from traginer.cli.commands.worker import until_told
from traginer.cli.main import OK
from traginer.control import logs, schedules
from traginer.control.schedules import Fired
from traginer.control.worker_shift import Shift
from traginer.control.worker_supervised import end_with_supervisor
from traginer.i18n import N_, gettext, ngettext


@click.command(
    help=gettext(
        N_(
            "Follow the schedules until it is interrupted: ask for the runs that are due, for workers to carry. "
            "traginer serve has a scheduler; with several, each due time still starts its runs once."
        )
    )
)
def command() -> int:
    door.start()
    logs.configure(serving=True)
    end_with_supervisor()
    shift = Shift()
    until_told(shift)
    schedules.follow(shift, door.now, _tell)
    return OK


def _tell(fired: Fired) -> None:
    text = ngettext(
        "{time} Due at {due}: {runs} run asked for.", "{time} Due at {due}: {runs} runs asked for.", len(fired.runs)
    )
    due = fired.slot.due_at.astimezone().strftime("%Y-%m-%d %H:%M")
    click.echo(text.format(time=time.strftime("%H:%M:%S"), due=due, runs=len(fired.runs)))
