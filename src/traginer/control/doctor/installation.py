"""The installation itself: database, key, state folder, disk, clock, and whether anybody works here."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from traginer import __version__, home
from traginer.control import schedules, vault, worker_heartbeats
from traginer.control.doctor.findings import Finding, Level
from traginer.control.models import Connection, Run, RunStatus
from traginer.i18n import N_, gettext, ngettext

LEAST_FREE_BYTES = 1_000_000_000
MOST_SKEW_SECONDS = 5.0
SEEN_WITHIN = timedelta(minutes=2)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def versions() -> str:
    """Which versions work here."""
    return f"Traginer {__version__}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"


def database() -> str:
    """Which database answers. Raises DatabaseError where none does."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode, path = cursor.fetchone()[0], connection.settings_dict["NAME"]
            return gettext(N_("SQLite answers, in {path} (journal: {mode}).")).format(path=path, mode=mode)
        cursor.execute("SHOW server_version")
        return gettext(N_("Postgres {version} answers.")).format(version=cursor.fetchone()[0])


def migrations() -> str | Finding:
    """Whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not behind:
        return gettext(N_("The tables are those of this version."))
    text = ngettext("{n} change of the tables is missing.", "{n} changes of the tables are missing.", behind)
    advice = gettext(N_("Run any traginer command, or start traginer serve again: they make it."))
    return Finding(gettext(N_("Tables")), Level.WRONG, text.format(n=behind), advice, "database-behind")


def key() -> str | Finding:
    """Whether the key of the installation is there, and nobody else's. Raises VaultKeyInvalid."""
    about, path = gettext(N_("Key")), home.home() / "key"
    if vault.is_in_environment():
        vault.keys()
        return gettext(N_("The key is in TRAGINER_KEY."))
    if not path.exists():
        if not Connection.objects.exclude(encrypted_key="").exists():
            return gettext(N_("There is none yet, and nothing that needs one."))
        sentence = gettext(N_("{path} is gone, and secrets are encrypted with it.")).format(path=path)
        advice = gettext(N_("Restore it, or set TRAGINER_KEY; without it all API keys have to be entered anew."))
        return Finding(about, Level.WRONG, sentence, advice, "key-missing")
    vault.keys()
    if stat.S_IMODE(path.stat().st_mode) & OTHERS:
        sentence = gettext(N_("{path} can be read by others on this machine.")).format(path=path)
        return Finding(about, Level.WRONG, sentence, gettext(N_("Run chmod 600 on it.")), "key-open")
    return gettext(N_("{path} belongs to its owner alone.")).format(path=path)


def writable() -> str | Finding:
    """Whether the state folder can be written."""
    root = home.place()
    try:
        with tempfile.TemporaryFile(dir=root):
            return gettext(N_("{folder} can be written to.")).format(folder=root)
    except OSError as error:
        sentence = gettext(N_("{folder} cannot be written to: {why}.")).format(folder=root, why=error.strerror)
        about, advice = gettext(N_("State folder")), gettext(N_("Correct its rights."))
        return Finding(about, Level.WRONG, sentence, advice, "home-unwritable")


def folder() -> str | Finding:
    """Whether the state folder can be written, and entered by its owner alone."""
    about, root, found = gettext(N_("State folder")), home.place(), writable()
    if isinstance(found, Finding):
        return found
    if stat.S_IMODE(root.stat().st_mode) & OTHERS:
        sentence = gettext(N_("{folder} can be entered by others on this machine.")).format(folder=root)
        return Finding(about, Level.WRONG, sentence, gettext(N_("Run chmod 700 on it.")), "home-open")
    return gettext(N_("{folder} belongs to its owner alone.")).format(folder=root)


def files() -> str | Finding:
    """Whether what is in the state folder is its owner's alone."""
    open_ones = list(_open_to_others(home.home()))
    if not open_ones:
        return gettext(N_("What is in it, too."))
    sentence = ngettext(
        "{n} file or folder in it can be read by others, if the folder is ever opened: {path}.",
        "{n} files or folders in it can be read by others, if the folder is ever opened, such as {path}.",
        len(open_ones),
    ).format(n=len(open_ones), path=open_ones[0])
    advice = gettext(N_("Run chmod -R go-rwx on the state folder."))
    return Finding(gettext(N_("State folder")), Level.ATTENTION, sentence, advice, "files-open")


def disk() -> str | Finding:
    """Whether there is room for a run."""
    free = shutil.disk_usage(home.home()).free
    sentence = gettext(N_("{free} GB free for the spool and the ledgers.")).format(free=f"{free / 1e9:.1f}")
    if free >= LEAST_FREE_BYTES:
        return sentence
    return Finding(gettext(N_("Disk")), Level.WRONG, sentence, gettext(N_("Free some room.")), "disk-full")


def clock(now: datetime) -> str | Finding:
    """Whether this machine and the database agree on the time: leases go by the database's, schedules by the machine's."""
    with connection.cursor() as cursor:
        told = {
            "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
            "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
        }
        cursor.execute(told[connection.vendor])
        skew = abs(now.timestamp() - float(cursor.fetchone()[0]))
    if skew <= MOST_SKEW_SECONDS:
        return gettext(N_("This machine and the database agree on the time."))
    sentence = gettext(N_("This machine and the database are {seconds:.0f} s apart.")).format(seconds=skew)
    advice = gettext(N_("Let both follow a time server (NTP): schedules go by this machine's clock."))
    return Finding(gettext(N_("Clock")), Level.ATTENTION, sentence, advice, "clock-skewed")


def scheduler(now: datetime) -> str | Finding:
    """Whether somebody follows the schedules, where there are any."""
    silence = schedules.silence(now)
    heard = worker_heartbeats.last(worker_heartbeats.SCHEDULER)
    if silence is None:
        if heard is None:
            return gettext(N_("No schedule waits for a scheduler."))
        return gettext(N_("The last sign of life came {seconds:.0f} s ago.")).format(
            seconds=(now - heard).total_seconds()
        )
    if silence.since is None:
        sentence = gettext(N_("No scheduler follows the schedules. Schedules that wait: {timers}.")).format(
            timers=silence.timers
        )
    else:
        text = gettext(N_("No scheduler has followed the schedules since {since}. Schedules that wait: {timers}."))
        sentence = text.format(since=f"{silence.since:%Y-%m-%d %H:%M} UTC", timers=silence.timers)
    advice = gettext(N_("Start traginer serve, or look at why it does not run."))
    return Finding(gettext(N_("Scheduler")), Level.WRONG, sentence, advice, "scheduler-silent")


def workers(now: datetime) -> str | Finding:
    """Whether anybody works on the queue, where somebody waits in it."""
    waiting = Run.objects.filter(status=RunStatus.QUEUED).count()
    heard = worker_heartbeats.last(worker_heartbeats.WORKER)
    # A worker in the middle of a run shows by its lease that it lives.
    busy = Run.objects.filter(status=RunStatus.PROCESSING, lease_until__gte=now).exists()
    if busy or not waiting or (heard is not None and now - heard < SEEN_WITHIN + _lease()):
        text = ngettext("{n} run waits for a worker.", "{n} runs wait for a worker.", waiting)
        return text.format(n=waiting) if waiting else gettext(N_("No run waits for a worker."))
    text = ngettext("{n} run waits, and no worker is there.", "{n} runs wait, and no worker is there.", waiting)
    advice = gettext(N_("Start traginer serve or traginer worker, or run the export with traginer run."))
    return Finding(gettext(N_("Workers")), Level.WRONG, text.format(n=waiting), advice, "no-worker")


def _lease() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)


def _open_to_others(root: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(at) / name
            try:
                mode = path.lstat().st_mode
            except FileNotFoundError:  # a run has just tidied up
                continue
            if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & OTHERS:
                yield path


LOOKED_AT = {
    N_("Versions"): versions,
    N_("Database"): database,
    N_("Tables"): migrations,
    N_("Key"): key,
    N_("State folder"): folder,
    N_("Its files"): files,
    N_("Disk"): disk,
}
BY_THE_CLOCK = {N_("Clock"): clock, N_("Scheduler"): scheduler, N_("Workers"): workers}
