"""`traginer worker`."""

import signal
import time
from types import FrameType

import click

from traginer.cli import door
from traginer.cli.main import OK
from traginer.control import logs, worker, worker_shift
from traginer.control.wording import RunView
from traginer.control.worker_supervised import end_with_supervisor
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Work on the queue until it is interrupted: carry one run after the other to its end, those that were interrupted first. "
            "Start as many as you like; with Postgres also on other machines that share TRAGINER_HOME."
        )
    )
)
def command() -> int:
    door.start()
    logs.configure(serving=True)
    end_with_supervisor()
    shift = worker_shift.Shift()
    until_told(shift)
    worker.work(shift, _tell)
    return OK


def until_told(shift: worker_shift.Shift) -> None:
    """The first SIGTERM or SIGINT ends the shift at the next safe point, a second SIGINT at once."""

    def ring(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        shift.ring()

    signal.signal(signal.SIGTERM, ring)
    signal.signal(signal.SIGINT, ring)


def _tell(view: RunView) -> None:
    line = gettext(N_("{time} Run {run} of the export {export}: {status}. {why}"))
    facts = {"run": view.run, "export": view.export, "status": view.status_text, "why": view.why.sentence}
    click.echo(line.format(time=time.strftime("%H:%M:%S"), **facts))
