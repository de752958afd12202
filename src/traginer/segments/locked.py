"""A guarded SELECT on a DuckDB connection that can do nothing else: the second wall behind guard.py.

Locking is for good and for the whole database instance, so the connection is one of its own, never the run's session.
It holds `profiles` already, as a view over the source's files.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from traginer.duck import MEMORY_BYTES, THREADS, literal
from traginer.errors import Phrase
from traginer.i18n import N_
from traginer.segments import errors
from traginer.segments.errors import SqlError
from traginer.segments.guard import GuardedSql

MIB = 1024 * 1024
# A single function call cannot be interrupted; what comes after it is.
KNOCK_SECONDS = 0.05
# What DuckDB says after these names no value of a profile: names of columns, tables and functions, and the user's SQL.
_SPEAKS_OF_SQL = ("Binder Error", "Catalog Error", "Parser Error")
_OUT_OF_ROOM = "Out of Memory Error"


@dataclass(frozen=True)
class Bounds:
    """How much a SELECT may use: time from its start to its last batch, memory, and disk once that is used up."""

    seconds: float = 60
    memory_bytes: int = MEMORY_BYTES
    spill_bytes: int = 2048 * MIB
    threads: int = THREADS


@contextmanager
def run_locked(
    connection: duckdb.DuckDBPyConnection,
    sql: GuardedSql,
    *,
    files: Sequence[Path],
    timezone: str,
    bounds: Bounds | None = None,
    batch_rows: int = 50_000,
) -> Iterator[pa.RecordBatchReader]:
    """The keys as Arrow record batches, read inside the block. The connection is locked from here on, see `lock`.

    Raises SqlFailed, SqlTooSlow or SqlTooHungry, from the block too; none of them carries a value of a profile.
    """
    bounds = bounds or Bounds()
    lock(connection, files=files, timezone=timezone, bounds=bounds)
    watch = _Watch(connection, bounds.seconds)
    connection.execute("BEGIN TRANSACTION READ ONLY")
    try:
        with watch.running(), closing(watch.opened(sql, batch_rows)) as reader:
            yield pa.RecordBatchReader.from_batches(reader.schema, watch.batches(reader))
    except Exception:
        if watch.failure:
            raise watch.failure from None
        raise
    finally:
        connection.execute("ROLLBACK")


def lock(
    connection: duckdb.DuckDBPyConnection, *, files: Sequence[Path], timezone: str, bounds: Bounds | None = None
) -> None:
    """Take from the connection, for good, all files but `files`, all settings, extensions, and Python's variables."""
    bounds = bounds or Bounds()
    locked, open_ = connection.execute(
        "SELECT current_setting('lock_configuration'), current_setting('enable_external_access')"
    ).fetchone() or (False, True)
    if locked:
        if open_:
            raise ValueError("locked by somebody else, with its files open")
        return
    for setting, value in _settings(files, timezone, bounds):
        connection.execute(f"SET {setting} = {value}")


def _settings(files: Sequence[Path], timezone: str, bounds: Bounds) -> Iterator[tuple[str, str]]:
    """In this order: DuckDB takes no paths once access is off, and no setting at all after the last."""
    yield "TimeZone", literal(timezone)
    yield "memory_limit", literal(f"{max(bounds.memory_bytes // MIB, 1)}MiB")
    yield "max_temp_directory_size", literal(f"{bounds.spill_bytes // MIB}MiB")
    yield "threads", str(bounds.threads)
    yield "python_enable_replacements", "false"
    yield "autoinstall_known_extensions", "false"
    yield "autoload_known_extensions", "false"
    yield "allow_community_extensions", "false"
    yield "allowed_paths", f"[{', '.join(literal(file) for file in files)}]"
    yield "enable_external_access", "false"
    yield "lock_configuration", "true"


@dataclass
class _Watch:
    """Stops a query that is late, and remembers what went wrong in it: a stream into another engine loses the error."""

    connection: duckdb.DuckDBPyConnection
    seconds: float
    failure: SqlError | None = None
    late: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        knocking = threading.Thread(target=self._knock, name="segment-watch", daemon=True)
        knocking.start()
        try:
            yield
        finally:
            self.done.set()
            knocking.join()

    def opened(self, sql: str, batch_rows: int) -> pa.RecordBatchReader:
        with self._remembering():
            return self.connection.sql(sql).to_arrow_reader(batch_rows)

    def batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        while (batch := self._next(reader)) is not None:
            yield batch

    def _next(self, reader: pa.RecordBatchReader) -> pa.RecordBatch | None:
        with self._remembering():
            if self.late.is_set():
                raise duckdb.InterruptException("INTERRUPT Error: late")
            return next(reader, None)

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.Error, OSError, pa.ArrowException) as error:
            self.failure = self._translated(error)
            raise self.failure from None

    def _translated(self, error: Exception) -> SqlError:
        kind, _, said = str(error).partition(": ")
        if self.late.is_set():
            return errors.SqlTooSlow(seconds=self.seconds)
        if kind == _OUT_OF_ROOM:
            return errors.SqlTooHungry()
        if kind in _SPEAKS_OF_SQL:
            return errors.SqlFailed(why=said.strip().partition("\n")[0])
        return errors.SqlFailed(why=Phrase(N_("a value does not convert, or is out of range.")))

    def _knock(self) -> None:
        self.done.wait(self.seconds)
        while not self.done.is_set():
            self.late.set()
            self.connection.interrupt()
            self.done.wait(KNOCK_SECONDS)
