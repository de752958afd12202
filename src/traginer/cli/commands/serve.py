"""`traginer serve`."""

import http.client
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from traginer.cli.main import FAILED, OK
from traginer.cli.serve_supervisor import WATCH_SECONDS, Part, Supervisor
from traginer.control.runs_errors import PortTaken
from traginer.control.worker_shift import Shift
from traginer.i18n import N_, gettext

DEFAULT_PORT = 8000
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to reach what listens everywhere


@click.command(
    help=gettext(
        N_(
            "Serve the pages and the API, work on the queue and follow the schedules, until it is interrupted. "
            "The database is brought up to date first."
        )
    )
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help=gettext(N_("0.0.0.0 lets other machines reach it."))
)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(0, 64), help=gettext(N_("How many workers."))
)
def command(host: str, port: int, workers: int) -> int:
    _require_free(host, port)
    shift = Shift()
    supervisor = Supervisor(shift, _died)
    with _signals(shift):
        try:
            web = Part(gettext(N_("web server")), ["-m", "traginer.web.server", host, str(port)])
            supervisor.add(web)
            if not _answers(web, host, port, shift):
                return OK if shift.is_over else FAILED
            click.echo(gettext(N_("Traginer answers at {url}")).format(url=_url(host, port)))
            click.echo(gettext(N_("Stop it with Ctrl-C.")), err=True)
            supervisor.add(Part(gettext(N_("scheduler")), ["-m", "traginer", "scheduler"]))
            for n in range(workers):
                name = gettext(N_("worker {n}")).format(n=n + 1)
                supervisor.add(Part(name, ["-m", "traginer", "worker"]))
            supervisor.watch()
        finally:
            supervisor.end()
    return OK


@contextmanager
def _signals(shift: Shift) -> Iterator[None]:
    """Both signals that ask a process to end end the shift, inside the block."""

    def ring(_: int, __: FrameType | None) -> None:
        shift.ring()

    former = {number: signal.signal(number, ring) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _require_free(host: str, port: int) -> None:
    """Raises PortTaken where the address cannot be bound: granian would share the port with another granian."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PortTaken(host=host, port=port, why=error.strerror) from None


def _answers(web: Part, host: str, port: int, shift: Shift) -> bool:
    """True once the server answers; False where it ended before, and has said why, or the end was asked for."""
    while web.exit_code is None and shift.rest(WATCH_SECONDS / 2):
        connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
    return False


def _url(host: str, port: int) -> str:
    name = EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _died(part: Part, exit_code: int, pause: float) -> None:
    text = gettext(N_("{time} {part} ended (code {code}); it is started again in {pause:g} s."))
    told = text.format(time=time.strftime("%H:%M:%S"), part=part.name, code=exit_code, pause=pause)
    click.echo(told, err=True)
