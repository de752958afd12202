"""Who works on a run: a lease that its worker renews, and a token that fences off a worker whose lease was taken.

A worker on this machine that has died loses its lease at once; elsewhere, when the lease runs out.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

from traginer.control.errors import LeaseLost
from traginer.control.models import Run, RunStatus

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 15.0


def owner() -> str:
    """This process: host, process id and when it was started, which tells it from a later one with the same id."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def renewed() -> datetime:
    """When a lease taken or renewed now runs out."""
    return datetime.now(UTC) + LEASE


def is_alive(run: Run) -> bool:
    """Whether somebody works on the run."""
    if run.lease_until is None or run.lease_until < datetime.now(UTC):
        return False
    host, _, process = run.owner.partition("/")
    if host != socket.gethostname():
        return True
    pid, _, started = process.partition("/")
    return pid.isdigit() and _started(int(pid)) == started != ""


def take(run: Run) -> bool:
    """Make this process the run's worker; False where another was faster. The run must be processing."""
    taken = Run.objects.filter(pk=run.pk, token=run.token, status=RunStatus.PROCESSING).update(
        token=run.token + 1, owner=owner(), lease_until=renewed()
    )
    run.refresh_from_db()
    return taken == 1


def let_go(run: Run) -> None:
    """Give the lease up: whoever comes next may take the run."""
    Run.objects.filter(pk=run.pk, token=run.token, status=RunStatus.PROCESSING).update(lease_until=None, owner="")


@contextmanager
def fenced(run: Run, **values: Any) -> Iterator[None]:
    """A transaction that writes `values` to the run and renews the lease, or raises LeaseLost and writes nothing."""
    with transaction.atomic():
        values["lease_until"] = renewed()
        if Run.objects.filter(pk=run.pk, token=run.token, status=RunStatus.PROCESSING).update(**values) != 1:
            raise LeaseLost(run=run.pk)
        yield


@contextmanager
def kept_alive(run: Run) -> Iterator[None]:
    """Renew the lease in the background while the block runs."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT_SECONDS):
                with suppress(DatabaseError):  # one beat missed: the next comes well inside the lease
                    Run.objects.filter(pk=run.pk, token=run.token).update(lease_until=renewed())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease-of-run-{run.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _started(pid: int) -> str:
    """The start time of a process in clock ticks; empty where there is none. Systems without /proc know only if it lives."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        if Path("/proc/self/stat").exists():
            return ""
    try:
        os.kill(pid, 0)
    except OSError:
        return ""
    return "0"
