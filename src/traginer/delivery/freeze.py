"""Freeze a change set on the spool: the bodies exactly as they will be sent, and the plan that says whose rows they hold.

On the spool: `plan.parquet` (key, email, phone, fingerprint, change, batch, position) and one `NNNNN.json` a batch. All of
it is synced before the journal hears of it, and nothing leaves before that: after a crash the same bytes are sent again.
"""

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from traginer.delivery import errors
from traginer.delivery.changes import ChangeSet
from traginer.delivery.holders import freeze_identifiers
from traginer.delivery.journal import Batch, BatchKind
from traginer.duck import Duck
from traginer.durable import make_folder, sync_file, sync_folder

PLAN = "plan.parquet"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PLAN_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("key", "email", "phone", "fingerprint", "change")]
    + [("batch", pa.int32()), ("position", pa.int32())]
)


@dataclass(frozen=True)
class Limits:
    """What one request may hold: `body_bytes` for a whole import body, `removals` addresses for a removal."""

    body_bytes: int
    removals: int


@dataclass(frozen=True)
class Envelope:
    """The bytes around the comma-joined rows of a body."""

    prefix: bytes
    suffix: bytes


def body_path(spool: Path, batch: int) -> Path:
    """Where the body of batch number `batch` lies."""
    return spool / f"{batch:05}.json"


def freeze(duck: Duck, spool: Path, changes: ChangeSet, envelope: Envelope, limits: Limits) -> list[Batch]:
    """The change set as batches on the spool, imports first. Raises SpoolFull with nothing left behind."""
    make_folder(spool)
    with _room_on(spool, _needed(changes)):
        with _plan_writer(spool) as plan:
            batches = _freeze_imports(duck, spool, plan, envelope, limits)
            batches += _freeze_removals(duck, plan, len(batches), limits, remove=bool(changes.leaving))
            _note_the_rest(duck, plan)
        sync_file(spool / PLAN)
        freeze_identifiers(duck, spool)
        sync_folder(spool)
    return batches


def foreseen_imports(changes: ChangeSet, envelope: Envelope, limits: Limits) -> tuple[int, ...]:
    """About how many rows each import of the change set will hold, without writing anything."""
    rows = changes.added + changes.changed
    room = limits.body_bytes - len(envelope.prefix) - len(envelope.suffix) + 1
    full = max(1, int(room * rows / (changes.body_bytes or 1)))
    return tuple(min(full, rows - first) for first in range(0, rows, full))


def _plan_writer(spool: Path) -> pq.ParquetWriter:
    """The plan lives as long as its run: quick to write matters, small does not."""
    return pq.ParquetWriter(spool / PLAN, PLAN_SCHEMA, compression="lz4", use_dictionary=["change"])


def _freeze_imports(duck: Duck, spool: Path, plan: pq.ParquetWriter, envelope: Envelope, limits: Limits) -> list[Batch]:
    bodies = _Bodies(spool, envelope, limits.body_bytes)
    rows = duck.stream(
        "SELECT w.key, w.email, w.phone, w.fingerprint, c.change, w.row"
        " FROM contacts w JOIN changes c USING (email) WHERE c.change <> 'rekeyed'"
    )
    for batch in rows:
        for part, number, position in bodies.append(batch):
            positions = pa.array(range(position, position + part.num_rows), pa.int32())
            plan.write_table(_planned(part.drop_columns("row"), number, positions))
    return bodies.close()


def _freeze_removals(duck: Duck, plan: pq.ParquetWriter, after: int, limits: Limits, *, remove: bool) -> list[Batch]:
    """Removal batches, numbered after the imports. Their bodies are the addresses of the plan."""
    if not remove:
        return []
    total = 0
    reader = duck.stream(
        "SELECT key, email, NULL::VARCHAR AS phone, NULL::VARCHAR AS fingerprint, 'left' AS change,"
        f" ((row_number() OVER () - 1) // {limits.removals} + 1 + {after})::INTEGER AS batch,"
        f" ((row_number() OVER () - 1) % {limits.removals})::INTEGER AS position FROM leavers WHERE NOT wanted_elsewhere"
    )
    for rows in reader:
        plan.write_batch(rows.cast(PLAN_SCHEMA))
        total += rows.num_rows
    full, rest = divmod(total, limits.removals)
    sizes = [limits.removals] * full + ([rest] if rest else [])
    return [Batch(after + n, BatchKind.REMOVAL, rows=size) for n, size in enumerate(sizes, 1)]


def _note_the_rest(duck: Duck, plan: pq.ParquetWriter) -> None:
    """What changes the ledger without a request: contacts another profile stands for, and leavers other exports want."""
    reader = duck.stream(
        """SELECT w.key, w.email, NULL::VARCHAR AS phone, w.fingerprint, 'rekeyed' AS change,
                  NULL::INTEGER AS batch, NULL::INTEGER AS position
             FROM contacts w JOIN changes c USING (email) WHERE c.change = 'rekeyed'
           UNION ALL SELECT key, email, NULL, NULL, 'handed-over', NULL, NULL FROM leavers WHERE wanted_elsewhere"""
    )
    for rows in reader:
        plan.write_batch(rows.cast(PLAN_SCHEMA))


def _planned(rows: pa.RecordBatch, batch: int, positions: pa.Array) -> pa.Table:
    columns = [*rows.columns, pa.repeat(pa.scalar(batch, pa.int32()), rows.num_rows), positions]
    return pa.Table.from_arrays(columns, schema=PLAN_SCHEMA)


@dataclass
class _Bodies:
    """Writes rows to body files, each closed before it would grow past the limit."""

    spool: Path
    envelope: Envelope
    body_bytes: int
    batches: list[Batch] = field(default_factory=list)
    file: BinaryIO | None = None
    size: int = 0
    rows: int = 0

    def append(self, rows: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        """Write `rows`; yields the pieces with the batch each went to and the position of its first row in it."""
        texts = rows.column("row")
        start = 0
        while start < rows.num_rows:
            fitting = self._fitting(texts.slice(start))
            if not fitting:
                self._finish()
                continue
            piece = rows.slice(start, fitting)
            yield piece, len(self.batches) + 1, self._write(piece.column("row"))
            start += fitting

    def close(self) -> list[Batch]:
        self._finish()
        return self.batches

    def _fitting(self, texts: pa.StringArray) -> int:
        room = self.body_bytes - (self.size or len(self.envelope.prefix)) - len(self.envelope.suffix)
        ends = pc.cumulative_sum(pc.add(pc.cast(pc.binary_length(texts), pa.int64()), 1))
        fitting = pc.sum(pc.less_equal(ends, room)).as_py() or 0
        if not fitting and not self.rows:
            raise ValueError("a row is larger than a whole body")
        return int(fitting)

    def _write(self, texts: pa.StringArray) -> int:
        if self.file is None:
            self.file = body_path(self.spool, len(self.batches) + 1).open("wb")
            self.size = self.file.write(self.envelope.prefix)
        joined = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), ",")
        comma = b"," if self.rows else b""
        self.size += self.file.write(comma) + self.file.write(joined[0].as_buffer())
        position, self.rows = self.rows, self.rows + len(texts)
        return position

    def _finish(self) -> None:
        if self.file is None:
            return
        self.size += self.file.write(self.envelope.suffix)
        self.file.close()
        number = len(self.batches) + 1
        path = body_path(self.spool, number)
        sync_file(path)
        self.batches.append(Batch(number, BatchKind.IMPORT, self.rows, self.size, sha256(path)))
        self.file, self.size, self.rows = None, 0, 0


def sha256(path: Path) -> str:
    """The digest of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _needed(changes: ChangeSet) -> int:
    """About what the spool will hold: the bodies, and a hundred bytes of plan a row."""
    return changes.body_bytes + 100 * (changes.added + changes.changed + changes.left) + 64 * 1024


@contextmanager
def _room_on(spool: Path, needed: int) -> Iterator[None]:
    free = shutil.disk_usage(spool).free
    full = errors.SpoolFull(folder=spool, needed=_mb(needed), free=_mb(free))
    if free < needed:
        raise full
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        shutil.rmtree(spool, ignore_errors=True)
        if isinstance(error, OSError) and error.errno not in NO_ROOM:
            raise
        raise full from error


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
