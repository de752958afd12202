"""The installation for people who look at it: who works here, what waits, how much room there is, and what it is made of."""

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import metadata

import duckdb
from django.conf import settings
from django.db import connection
from django.db.models import Count

from traginer import __version__, home
from traginer.control import schedules
from traginer.control.models import AuditEntry, Heartbeat, Notice, NoticeState, Result, Run, RunStatus
from traginer.control.rights import Actor
from traginer.control.schedules.silence import Silence
from traginer.control.worker_heartbeats import WORKER

SEEN_WITHIN = timedelta(minutes=2)
LATELY = timedelta(days=7)
BACKUP_WITHIN = timedelta(days=30)
LICENCE = "Apache-2.0"


@dataclass(frozen=True)
class Process:
    """A worker or a scheduler: on which machine, when it began and was last seen, and the run that it carries, if any."""

    role: str
    machine: str
    number: str
    started_at: datetime
    seen_at: datetime
    run: int | None
    is_alive: bool


@dataclass(frozen=True)
class Status:
    """How the installation is. `silence` is None where the schedules are followed; bytes are those of the disk of its home.

    `backup_at` is when this installation made its last backup, None where none was made for BACKUP_WITHIN.
    """

    processes: tuple[Process, ...]
    queued: int
    processing: int
    held: int
    silence: Silence | None
    free_bytes: int
    disk_bytes: int
    undelivered: int
    backup_at: datetime | None
    backup_name: str

    @property
    def has_worker(self) -> bool:
        """Whether somebody takes up what is queued."""
        return any(process.is_alive for process in self.processes if process.role == WORKER)


@dataclass(frozen=True)
class Package:
    """What somebody else wrote and this installation uses."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class About:
    """What the installation is made of, and where. `home`, for those who may examine it, is "" for the others."""

    version: str
    licence: str
    engine: str
    database: str
    home: str
    url: str
    packages: tuple[Package, ...]


def status(actor: Actor, at: datetime) -> Status:
    """How the installation is at this moment. A few queries, and no request to Brevo."""
    actor.require("system:read")
    open_runs = Run.objects.filter(status__in=(RunStatus.QUEUED, RunStatus.PROCESSING, RunStatus.HELD))
    counts = dict(open_runs.order_by().values_list("status").annotate(Count("pk")))
    backups = AuditEntry.objects.filter(kind="backup", result=Result.DONE, at__gte=at - BACKUP_WITHIN)
    backup = backups.order_by("-at").first()
    disk = shutil.disk_usage(home.home())
    return Status(
        processes=tuple(_processes(at)),
        queued=counts.get(RunStatus.QUEUED, 0),
        processing=counts.get(RunStatus.PROCESSING, 0),
        held=counts.get(RunStatus.HELD, 0),
        silence=schedules.silence(at),
        free_bytes=disk.free,
        disk_bytes=disk.total,
        undelivered=Notice.objects.filter(state=NoticeState.FAILED, at__gte=at - LATELY).count(),
        backup_at=backup.at if backup else None,
        backup_name=backup.name if backup else "",
    )


def about(actor: Actor) -> About:
    """What the installation is made of."""
    actor.require("system:read")
    return About(
        version=__version__,
        licence=LICENCE,
        engine=f"DuckDB {duckdb.__version__}, Python {platform.python_version()}",
        database=_database(),
        home=str(home.place()) if actor.may("system:examine") else "",
        url=settings.PUBLIC_URL,
        packages=_packages(),
    )


def _processes(at: datetime) -> list[Process]:
    """Everybody who has given a sign of life lately; a worker in the middle of a run shows by its lease that it lives."""
    held = Run.objects.filter(status=RunStatus.PROCESSING, lease_until__gte=at)
    carried = dict(held.values_list("owner", "pk"))
    return [_process(beat, carried.get(beat.owner), at) for beat in Heartbeat.objects.order_by("role", "-at")]


def _process(beat: Heartbeat, run: int | None, at: datetime) -> Process:
    machine, number, *_ = [*beat.owner.split("/"), ""]
    is_alive = run is not None or at - beat.at <= SEEN_WITHIN
    return Process(beat.role, machine.partition(":")[0], number, beat.started_at, beat.at, run, is_alive)


def _database() -> str:
    """The kind and the version of the database, without where it is."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"Postgres {cursor.fetchone()[0]}"


@cache
def _packages() -> tuple[Package, ...]:
    """The Python packages of this environment, by name. Their metadata are many small files, and stay the same while it runs."""
    found = {one.name: one for one in metadata.distributions() if one.name and one.name != "traginer"}
    return tuple(
        Package(name, one.version, _licence(one)) for name, one in sorted(found.items(), key=lambda i: i[0].lower())
    )


def _licence(one: metadata.Distribution) -> str:
    """As its metadata say it: an SPDX expression, a classifier, or the first line of a text."""
    told = one.metadata
    classified = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")
    ]
    first_line = str(told.get("License") or "").strip().partition("\n")[0][:60]
    return str(told.get("License-Expression") or (classified or [first_line])[-1])
