"""The process that serves the pages and the API: `python -m traginer.web.server HOST PORT`. `traginer serve` starts it."""

import sys

from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from traginer import control
from traginer.control.worker_supervised import end_with_supervisor
from traginer.errors import TraginerError
from traginer.i18n import language_of_terminal, speak

THREADS = 8
"""Requests that are answered at the same time: SQLite lets one of them write, and none takes long."""
LAST_ANSWERS_SECONDS = 10


def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that have begun are answered."""
    # What is loaded here is there for the process that granian forks; a connection to the database is not to be shared.
    control.start(web=True)
    connections.close_all()
    server = Server(
        "traginer.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_ANSWERS_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig={"loggers": {}},  # its own would write beside ours, and redact nothing
    )
    server.serve()


def main(arguments: list[str]) -> int:
    """Serve; what keeps the server from starting is told in words on standard error."""
    speak(language_of_terminal())
    end_with_supervisor()
    try:
        serve(arguments[0], int(arguments[1]))
    except TraginerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
