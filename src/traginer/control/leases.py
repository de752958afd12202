"""Who works on a run: a lease that its worker renews, and a token that fences off a worker whose lease was taken.

Leases run by the clock of the database, so that machines need not agree on the time. A worker on this machine that has died
loses its lease at once; any other, when the lease runs out.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from traginer.control.errors import LeaseLost
from traginer.control.models import Run, RunStatus

BEATS_PER_LEASE = 4


def owner() -> str:
    """This process: machine, process id and when it was started, which tells it from a later one with the same id."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}"


def renewed() -> CombinedExpression:
    """When a lease taken or renewed now runs out."""
    return Now() + timedelta(seconds=settings.LEASE_SECONDS)


def is_alive(run: Run) -> bool:
    """Whether somebody works on the run."""
    leased = Run.objects.filter(pk=run.pk, lease_until__gte=Now()).values_list("owner", flat=True).first()
    return leased is not None and may_live(leased)


def may_live(owner: str) -> bool:
    """False where that process is surely gone; of one on another machine nothing is known."""
    machine, _, process = owner.partition("/")
    if machine != _machine():
        return True
    pid, _, started = process.partition("/")
    return pid.isdigit() and _started(int(pid)) == started != ""


def take(run: Run, **values: Any) -> bool:
    """Make this process the run's worker, and write `values`; False where another was faster. The run must be processing."""
    taken = Run.objects.filter(pk=run.pk, token=run.token, status=RunStatus.PROCESSING).update(
        token=run.token + 1, owner=owner(), lease_until=renewed(), **values
    )
    run.refresh_from_db()
    return taken == 1


def let_go(run: Run, **values: Any) -> None:
    """Give the lease up, and write `values`: whoever comes next may take the run."""
    held = Run.objects.filter(pk=run.pk, token=run.token, status=RunStatus.PROCESSING)
    held.update(lease_until=None, owner="", **values)


def let_go_all() -> None:
    """Give up whatever this process works on, for one that works on nothing any more."""
    Run.objects.filter(owner=owner(), status=RunStatus.PROCESSING).update(lease_until=None, owner="")


@contextmanager
def fenced(run: Run, **values: Any) -> Iterator[None]:
    """A transaction that writes `values` to the run and renews the lease, or raises LeaseLost and writes nothing."""
    with transaction.atomic():
        values["lease_until"] = renewed()
        if Run.objects.filter(pk=run.pk, token=run.token, status=RunStatus.PROCESSING).update(**values) != 1:
            raise LeaseLost(run=run.pk)
        yield


class Lease:
    """The lease of a run that this process works on, and how sure it is that nobody has taken it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._renewed_at = time.monotonic()

    def require(self) -> None:
        """Return only while the run is ours for some time to come. Raises LeaseLost.

        A process that was stopped, and wakes up when its lease has run out, must ask before it sends or writes anything.
        """
        if time.monotonic() - self._renewed_at > settings.LEASE_SECONDS / 2:
            began = time.monotonic()
            with fenced(self.run):
                pass
            self._renewed_at = began

    def beat(self) -> None:
        """Renew it, where it is still ours."""
        began = time.monotonic()
        ours = Run.objects.filter(pk=self.run.pk, token=self.run.token, status=RunStatus.PROCESSING)
        if ours.update(lease_until=renewed()) == 1:
            self._renewed_at = began


@contextmanager
def kept_alive(run: Run) -> Iterator[Lease]:
    """Renew the lease in the background while the block runs."""
    lease, stop = Lease(run), threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.LEASE_SECONDS / BEATS_PER_LEASE):
                with suppress(Error):  # one beat missed: the next comes well inside the lease
                    lease.beat()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease-of-run-{run.pk}", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        stop.set()
        thread.join()


@cache
def _machine() -> str:
    """This machine, as far as process ids mean the same on it: containers may share a name, but not their processes."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        return f"{socket.gethostname()}:{boot}:{Path('/proc/self/ns/pid').stat().st_ino}"
    return socket.gethostname()


def _started(pid: int) -> str:
    """The start time of a process in clock ticks; empty where there is none. Systems without /proc know only if it lives."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        fields = stat.read_text().rpartition(")")[2].split()
        # A zombie is dead; only its parent has not noticed yet.
        return "" if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        if Path("/proc/self/stat").exists():
            return ""
    try:
        os.kill(pid, 0)
    except OSError:
        return ""
    return "0"
