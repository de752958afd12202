"""The DuckDB session of one run: the one place where memory, threads and the spill folder are set.

Nothing in it outlives the run; what must outlive the process is written as Parquet (DuckDB's own file format changes
between versions). Identifiers are quoted by `ident`, texts by `literal`; values of profiles are never put into SQL.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from traginer.errors import MemoryShort

MEMORY_BYTES = 320 * 1024 * 1024
THREADS = 2


def ident(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """`text` as a SQL string literal, for the places where DuckDB takes no parameter (paths, options)."""
    return "'" + str(text).replace("'", "''") + "'"


def md5_bits(text: str) -> str:
    """SQL for half the md5 of the text expression: what stands for an address or a number where neither may be kept."""
    return f"(md5_number({text}) >> 64)::UBIGINT"


class Duck:
    """A DuckDB connection with the four ways we use one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def run(self, sql: str, parameters: Sequence[object] | None = None) -> None:
        """Execute for effect."""
        self.connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a result known to be small."""
        return self.connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Sequence[object] | None = None) -> Any:
        """The first value of the first row."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def take(self, reader: pa.RecordBatchReader, table: str) -> None:
        """The rows of `reader` as a new table of the session."""
        self.connection.register("taken", reader)
        try:
            self.run(f"CREATE OR REPLACE TABLE {ident(table)} AS SELECT * FROM taken")
        finally:
            self.connection.unregister("taken")

    def stream(self, sql: str, batch_rows: int = 50_000) -> pa.RecordBatchReader:
        """The result as Arrow record batches of about `batch_rows`, never all in memory."""
        return self.connection.sql(sql).to_arrow_reader(batch_rows)


def ahead(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of `reader`, the next one made while the caller works on this one. The session is busy meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        batches = iter(reader)
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


@contextmanager
def open_duck(folder: Path, *, memory_bytes: int = MEMORY_BYTES, threads: int = THREADS) -> Iterator[Duck]:
    """A session that spills to `folder` (made, mode 0700) once it needs more than `memory_bytes`. Raises MemoryShort."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": f"{memory_bytes // (1024 * 1024)}MiB",
            "threads": threads,
            "temp_directory": str(folder),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # A fingerprint stays the sixteen bytes it is on its way through Arrow, where it would become a text of 36.
            "arrow_lossless_conversion": True,
        },
    )
    try:
        # DuckDB draws a bar on standard output by itself once a statement takes two seconds.
        connection.execute("SET enable_progress_bar = false")
        yield Duck(connection)
    except duckdb.OutOfMemoryException as error:
        if "max_temp_directory_size" in str(error):  # it is the disk to spill to that has no more room
            raise
        raise MemoryShort(megabytes=memory_bytes // (1024 * 1024)) from None
    finally:
        connection.close()
