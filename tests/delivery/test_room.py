"""Each library says in words of its own that a disk is full; people get one sentence."""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from django.db import OperationalError

from traginer.delivery import room
from traginer.delivery.errors import DiskFull


def no_room_for(path: Path) -> None:
    """Whatever is written to `path` finds its disk full."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.symlink_to("/dev/full")


WRITES: dict[str, Callable[[Path], object]] = {
    "Python": lambda path: path.write_bytes(b"x" * 100_000),
    "the engine": lambda path: duckdb.sql(
        f"COPY (SELECT md5(i::VARCHAR) FROM range(99999) t(i)) TO '{path}' (FORMAT parquet)"
    ),
}


@pytest.mark.parametrize("writer", WRITES)
def test_whoever_writes_a_file_without_room_is_understood(tmp_path: Path, writer: str) -> None:
    no_room_for(tmp_path / "file")
    with pytest.raises(DiskFull) as caught, room.required(tmp_path):
        WRITES[writer](tmp_path / "file")
    assert caught.value.__suppress_context__
    assert "No space left" not in str(caught.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_quota_and_the_longest_file_count_as_a_full_disk(tmp_path: Path, number: int) -> None:
    assert room.is_full(OSError(number, os.strerror(number)))
    assert room.is_full(duckdb.IOException(f'IO Error: Could not write file "{tmp_path}/x": {os.strerror(number)}'))


def full_sqlite(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (x)")
        database.execute("PRAGMA max_page_count = 2")
        database.execute("INSERT INTO t VALUES (zeroblob(100000))")


class OfPostgres(Exception):
    sqlstate = "53100"


def test_a_database_without_room_is_understood_through_django_too(
    tmp_path: Path,
) -> None:
    with pytest.raises(DiskFull), room.required(tmp_path):
        full_sqlite(tmp_path / "a")
    for cause in (OfPostgres(), OSError(errno.ENOSPC, "full")):
        through = OperationalError("of Django's")
        through.__cause__ = cause
        assert room.is_full(through)


def test_everything_else_goes_on_as_it_is(tmp_path: Path) -> None:
    for other in (
        OSError(errno.EIO, "broken"),
        duckdb.IOException("gone"),
        sqlite3.OperationalError("locked"),
        ValueError(),
    ):
        with pytest.raises(type(other)) as caught, room.required(tmp_path):
            raise other
        assert caught.value is other


def test_the_error_names_the_disk_of_the_file_that_found_no_room(
    tmp_path: Path,
) -> None:
    (tmp_path / "somewhere").mkdir()
    error = OSError(errno.ENOSPC, "full", str(tmp_path / "elsewhere" / "file"))
    assert room.full(error, tmp_path / "somewhere").facts["folder"] == tmp_path


def test_what_a_run_will_write_grows_with_bodies_plan_and_ledger() -> None:
    least = room.needed_bytes(body_bytes=0, planned=0, listed=0)
    assert room.needed_bytes(body_bytes=7, planned=0, listed=0) == least + 7
    assert room.needed_bytes(body_bytes=0, planned=0, listed=10) > least + 500
    assert room.needed_bytes(body_bytes=0, planned=10, listed=0) > room.needed_bytes(body_bytes=0, planned=0, listed=10)


def test_more_is_asked_for_where_more_was_written(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "full")
    assert room.full(error, tmp_path).facts["needed"] == "64.0 MB"
    with (tmp_path / "body").open("wb") as file:
        file.truncate(100_000_000)
    assert room.full(error, tmp_path).facts["needed"] == "200.0 MB"
    spilled = duckdb.OutOfMemoryException(
        "failed to offload data block (1.0 GiB/1.1 GiB used). max_temp_directory_size"
    )
    assert room.full(spilled, tmp_path / "nothing").facts["needed"] == "2147.5 MB"
