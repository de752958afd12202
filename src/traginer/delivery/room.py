"""Room on the disk: what a run will need of it, and one sentence for all the ways in which it runs out.

The engine spills and writes Parquet, the spool takes bodies and reports, SQLite its journal: each says in words of its own that
the disk is full. Nothing is lost by it: what was not complete is not used, and the run goes on where it stopped.
"""

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from traginer.delivery.errors import DiskFull

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
ON_DATABASE_SERVER = "53100"
"""Postgres: disk_full (its manual, appendix A)."""
LEAST_BYTES = 64_000_000
PLAN_ROW_BYTES = 100
LEDGER_ROW_BYTES = 80
DATABASE_BYTES = 1_000_000
_SAID = tuple(os.strerror(number) for number in NO_ROOM)
_SPILL_LIMIT = "max_temp_directory_size"
_FILE = re.compile(r'file "([^"]+)"')
_USED = re.compile(r"\(([\d.]+) ([KMGT]?i?B)/[^)]*used\)")
_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@contextmanager
def required(folder: Path) -> Iterator[None]:
    """Whatever finds a disk full inside the block raises DiskFull. `folder` is where the block writes, as far as is known."""
    try:
        yield
    except Exception as error:
        if is_full(error):
            raise full(error, folder) from None
        raise


def is_full(error: BaseException) -> bool:
    """Whether the error, of whatever library, says that a disk, or what one may use of it, is full."""
    match error:
        case duckdb.OutOfMemoryException():
            return _SPILL_LIMIT in str(error)
        case duckdb.IOException():
            return any(said in str(error) for said in _SAID)
        case sqlite3.OperationalError():
            return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        case OSError():
            return error.errno in NO_ROOM
    cause = error.__cause__
    return getattr(error, "sqlstate", None) == ON_DATABASE_SERVER or (cause is not None and is_full(cause))


def full(error: BaseException, folder: Path) -> DiskFull:
    """The error for people: which disk, and about how much must be freed."""
    place = _existing(_named(error) or folder)
    needed = max(LEAST_BYTES, 2 * (_written(folder) + _spilled(error)))
    return DiskFull(folder=place, free=megabytes(shutil.disk_usage(place).free), needed=megabytes(needed))


def needed_bytes(*, body_bytes: int, planned: int, listed: int) -> int:
    """About what a run writes from its freeze on: bodies, plan, new ledger, and a little for the database."""
    return body_bytes + PLAN_ROW_BYTES * planned + LEDGER_ROW_BYTES * (listed + planned) + DATABASE_BYTES


def megabytes(size: int) -> str:
    """Bytes for people."""
    return f"{size / 1_000_000:.1f} MB"


def _named(error: BaseException) -> Path | None:
    """The file that the error is about, where it says so."""
    if isinstance(error, OSError) and isinstance(error.filename, str):
        return Path(error.filename)
    found = _FILE.search(str(error).replace('\\"', '"'))
    return Path(found[1]) if found else None


def _existing(path: Path) -> Path:
    """The folder that holds `path`, or would."""
    return next(parent for parent in (path, *path.parents) if parent.is_dir())


def _written(folder: Path) -> int:
    """The bytes of all files in the folder that can be seen."""
    size = 0
    for place, _, names in folder.walk():
        for name in names:
            with suppress(OSError):
                size += (place / name).lstat().st_size
    return size


def _spilled(error: BaseException) -> int:
    """What the engine had spilled when there was no room for more."""
    found = _USED.search(str(error))
    return int(float(found[1]) * _UNITS.get(found[2], 1)) if found else 0
