"""Workers and schedulers by the dozen: a process that has loaded everything once, and forks one for each line it reads.

`worker` and `scheduler MINUTE`, where a minute of the schedules takes MINUTE seconds; the answer is the process id.
"""

import logging
import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

from traginer import control

control.setup()

from traginer.control import schedules, worker  # noqa: E402 - needs Django set up
from traginer.control.worker_shift import Shift  # noqa: E402


def main() -> None:
    logging.basicConfig(level=logging.WARNING, force=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    began = datetime.now(UTC).replace(second=0, microsecond=0)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _live(line.split(), began)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _live(arguments: list[str], began: datetime) -> None:
    shift = Shift()
    signal.signal(signal.SIGTERM, lambda _, __: shift.ring())
    if arguments[0] == "worker":
        worker.work(shift, lambda _: None)
        return
    quickly = 60 / float(arguments[1])

    def now() -> datetime:
        return began + timedelta(seconds=(time.time() - began.timestamp()) * quickly)

    schedules.follow(shift, now, lambda _: None)


main()
