"""One moment of the database, and the files that it names, put aside while runs go on.

A ledger never changes: a run writes a new one, lets the database name it, and removes the former. So the database is copied
first, then each file that the copy names gets a second name in a folder of ours, which costs nothing and keeps its content
whatever becomes of the first name. Where a run was faster, all of it is done again with a newer copy.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from traginer import home
from traginer.control import snapshots as segment_snapshots
from traginer.control.backup.errors import BackupUnsettled
from traginer.control.models import Connection, Ledger, Run, RunStatus, SegmentSnapshot
from traginer.durable import make_folder
from traginer.pipeline import REJECTIONS

TRIES = 20
PAUSE_SECONDS = 0.1
DATABASE = "traginer.sqlite3"
SPILL = "duck"

type Ask = Callable[[str], Sequence[Sequence[Any]]]
"""Rows of a SELECT."""


@dataclass(frozen=True)
class Named:
    """What the database names at one moment: files by their place in the home, and frozen runs (number, token) under way."""

    files: frozenset[str]
    frozen_runs: frozenset[tuple[int, int]]
    runs_under_way: tuple[int, ...]
    migrations: tuple[str, ...]


@dataclass(frozen=True)
class Snapshot:
    """Files by their place in the home -> where they are kept for us, and what belongs to the same moment."""

    files: dict[str, Path]
    named: Named
    missing: frozenset[str]


def take(folder: Path) -> Snapshot:
    """Put one moment aside in `folder`, which must be on the disk of the home. Raises BackupUnsettled."""
    before: frozenset[str] = frozenset()
    for attempt in range(TRIES):
        place = make_folder(folder / str(attempt))
        named = _database(place / DATABASE)
        found = _kept(named, place)
        missing = named.files - found.keys()
        # What the next copy of the database misses too is not there at all: a damage to tell of, not a race.
        if _are_still_under_way(named.frozen_runs) and (not missing or missing == before):
            if connection.vendor == "sqlite":
                found[DATABASE] = place / DATABASE
            return Snapshot(found, named, missing)
        before = missing
        time.sleep(PAUSE_SECONDS)
        shutil.rmtree(place)
    raise BackupUnsettled(tries=TRIES)


def _database(copy: Path) -> Named:
    """What the database names at this moment; on SQLite that of a copy, made while others read and write."""
    if connection.vendor != "sqlite":
        return _named(_ask_postgres)
    copy.touch(mode=0o600)
    source = f"{Path(connection.settings_dict['NAME']).as_uri()}?mode=ro"
    with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(copy)) as ours:
        live.backup(ours)
        # One file, that needs no other beside it.
        ours.execute("PRAGMA journal_mode = DELETE")
        return _named(lambda sql: ours.execute(sql).fetchall())


def _ask_postgres(sql: str) -> Sequence[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _named(ask: Ask) -> Named:
    ledgers, connections, runs = (model._meta.db_table for model in (Ledger, Connection, Run))
    files = {_inside(home.ledgers(export) / file) for export, file in ask(f"SELECT export_id, file FROM {ledgers}")}
    held = ask(f"SELECT id, holders FROM {connections} WHERE holders <> ''")
    files |= {_inside(home.holders(number) / file) for number, file in held}
    members = SegmentSnapshot._meta.db_table
    files |= {
        _inside(segment_snapshots.folder() / file) for (file,) in ask(f"SELECT file FROM {members} WHERE file <> ''")
    }
    under_way = ask(f"SELECT id, frozen_token FROM {runs} WHERE status = '{RunStatus.PROCESSING.value}'")
    frozen = frozenset((number, token) for number, token in under_way if token is not None)
    applied = ask("SELECT name FROM django_migrations WHERE app = 'control' ORDER BY name")
    return Named(
        frozenset(files), frozen, tuple(sorted(row[0] for row in under_way)), tuple(str(row[0]) for row in applied)
    )


def _kept(named: Named, place: Path) -> dict[str, Path]:
    """The files that were found, each under a second name in `place`."""
    root = home.home()
    wanted = [root / file for file in named.files]
    for run, token in named.frozen_runs:
        wanted += _files_of_run(home.spool(run) / str(token))
    wanted += root.glob(f"spool/run-*/*/{REJECTIONS}")
    wanted += root.glob("consent/*.md")
    found = {}
    for file in wanted:
        second = place / file.relative_to(root)
        if second.exists() or _linked(file, second):
            found[_inside(file)] = second
    return found


def _files_of_run(spool: Path) -> list[Path]:
    """What a run that is taken up needs: not what the engine spilled, nor what is being written at the moment."""
    files = (path for path in spool.rglob("*") if path.is_file())
    return [path for path in files if path.suffix != ".part" and SPILL not in path.relative_to(spool).parts]


def _linked(file: Path, second: Path) -> bool:
    """Give the file a second name; False where it is gone. Where the disk knows no such thing it is copied."""
    make_folder(second.parent)
    try:
        os.link(file, second)
    except FileNotFoundError:
        return False
    except OSError:
        return _copied(file, second)
    return True


def _copied(file: Path, second: Path) -> bool:
    try:
        shutil.copyfile(file, second)
    except FileNotFoundError:
        return False
    return True


def _are_still_under_way(frozen_runs: frozenset[tuple[int, int]]) -> bool:
    """Whether none of the runs has ended: only then were all their files still there."""
    numbers = [number for number, _ in frozen_runs]
    return Run.objects.filter(pk__in=numbers, status=RunStatus.PROCESSING).count() == len(numbers)


def _inside(path: Path) -> str:
    return path.relative_to(home.home()).as_posix()
