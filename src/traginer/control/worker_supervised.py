"""A process that another one looks after ends with it, however that one ends."""

import os
import signal
import threading
import time

SUPERVISED = "TRAGINER_SUPERVISED"
"""Set where standard input is a pipe that ends with the supervisor."""
LOOK_SECONDS = 1.0


def end_with_supervisor() -> None:
    """Send this process SIGTERM when its supervisor is gone, were it by kill -9. Nothing where nobody supervises it."""
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_watch, name="supervisor", daemon=True).start()


def end_with_parent() -> None:
    """The same for a process that has no such pipe: the parent that it has now is its supervisor."""
    if os.environ.get(SUPERVISED):
        threading.Thread(target=_look, args=(os.getppid(),), name="parent", daemon=True).start()


def _look(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _watch() -> None:
    # Not by way of sys.stdin: its lock would be held for ever in a process that is forked meanwhile, as granian's is.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
