"""Freeze a change set on the spool: the bodies exactly as they will be sent, and the plan that says whose rows they hold.

On the spool: `plan.parquet` (key, email, its numbers, fingerprint, change, batch, position) and one `NNNNN.json` a batch. All of
it is synced before the journal hears of it, and nothing leaves before that: after a crash the same bytes are sent again.
"""

import hashlib
import os
import shutil
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from traginer.delivery import errors
from traginer.delivery.changes import ChangeSet
from traginer.delivery.holders import REFUSED_FOR
from traginer.delivery.journal import Batch, BatchKind
from traginer.delivery.room import is_full, megabytes, needed_bytes
from traginer.duck import Duck, ahead
from traginer.durable import make_folder, sync_file, sync_folder

PLAN = "plan.parquet"
_TEXTS = ("key", "email", *REFUSED_FOR, "change")
_CHOSEN = ", ".join((*_TEXTS, "fingerprint"))
_NO_NUMBERS = ", ".join(f"NULL::VARCHAR AS {name}" for name in REFUSED_FOR)
PLAN_SCHEMA = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [("fingerprint", pa.uuid()), ("batch", pa.int32()), ("position", pa.int32())]
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
    return pq.ParquetWriter(
        spool / PLAN, PLAN_SCHEMA, compression="lz4", use_dictionary=["change"], write_statistics=["batch", "position"]
    )


def _freeze_imports(duck: Duck, spool: Path, plan: pq.ParquetWriter, envelope: Envelope, limits: Limits) -> list[Batch]:
    bodies = _Bodies(spool, envelope, limits.body_bytes)
    # With a comma behind each row, the texts as they lie in memory are what a body holds: nothing is joined or copied.
    for rows in ahead(duck.stream(f"SELECT {_CHOSEN}, row || ',' AS row FROM outgoing")):
        for piece, number, position in bodies.append(rows):
            positions = pa.array(range(position, position + piece.num_rows), pa.int32())
            plan.write_batch(_planned(piece.drop_columns("row"), number, positions))
    return bodies.close()


def _freeze_removals(duck: Duck, plan: pq.ParquetWriter, after: int, limits: Limits, *, remove: bool) -> list[Batch]:
    """Removal batches, numbered after the imports. Their bodies are the addresses of the plan."""
    if not remove:
        return []
    total = 0
    reader = duck.stream(
        f"""SELECT key, email, {_NO_NUMBERS}, 'left' AS change, NULL::UUID AS fingerprint,
                   (n // {limits.removals} + 1 + {after})::INTEGER AS batch, (n % {limits.removals})::INTEGER AS position
              FROM (SELECT key, email, row_number() OVER () - 1 AS n FROM leavers WHERE NOT wanted_elsewhere)"""
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
        f"""SELECT *, NULL::INTEGER AS batch, NULL::INTEGER AS position FROM (
              SELECT w.key, w.email, {_NO_NUMBERS}, change, w.fingerprint
                FROM contacts w JOIN changes c USING (place) WHERE c.change = 'rekeyed'
              UNION ALL
              SELECT key, email, {_NO_NUMBERS}, 'handed-over', NULL FROM leavers WHERE wanted_elsewhere)"""
    )
    for rows in reader:
        plan.write_batch(rows.cast(PLAN_SCHEMA))


def _planned(rows: pa.RecordBatch, batch: int, positions: pa.Array) -> pa.RecordBatch:
    columns = [*rows.columns, pa.repeat(pa.scalar(batch, pa.int32()), rows.num_rows), positions]
    return pa.RecordBatch.from_arrays(columns, schema=PLAN_SCHEMA)


@dataclass
class _Bodies:
    """Writes rows to body files, each closed before it would grow past the limit."""

    spool: Path
    envelope: Envelope
    body_bytes: int
    batches: list[Batch] = field(default_factory=list)
    body: "_Body | None" = None

    def append(self, rows: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, int, int]]:
        """Write `rows`; yields the pieces with the batch each went to and the position of its first row in it."""
        texts = _Texts(rows.column("row"))
        start = 0
        while start < rows.num_rows:
            body = self.body or self._open()
            end = texts.fitting(start, self.body_bytes - body.size - len(self.envelope.suffix))
            if end > start:
                yield rows.slice(start, end - start), body.number, body.rows
                body.write(texts.between(start, end), end - start)
            elif not body.rows:
                raise ValueError("a row is larger than a whole body")
            else:
                self._finish()
            start = end

    def close(self) -> list[Batch]:
        self._finish()
        return self.batches

    def _open(self) -> "_Body":
        number = len(self.batches) + 1
        self.body = _Body(number, body_path(self.spool, number).open("wb"))
        self.body.write(self.envelope.prefix, 0)
        return self.body

    def _finish(self) -> None:
        if self.body is not None:
            self.batches.append(self.body.finish(self.envelope.suffix))
            self.body = None


@dataclass
class _Body:
    """One body file, and the digest of what has been written to it."""

    number: int
    file: BinaryIO
    size: int = 0
    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, content: bytes | memoryview, rows: int) -> None:
        """Add bytes that hold `rows` rows, a comma between them and the rows before."""
        for part in (b",", content) if self.rows else (content,):
            self.file.write(part)
            self.digest.update(part)
            self.size += len(part)
        self.rows += rows

    def finish(self, suffix: bytes) -> Batch:
        """Close the file and see it on disk."""
        self.file.write(suffix)
        self.digest.update(suffix)
        with self.file:
            self.file.flush()
            os.fsync(self.file.fileno())
        return Batch(self.number, BatchKind.IMPORT, self.rows, self.size + len(suffix), self.digest.hexdigest())


class _Texts:
    """The texts of an Arrow array, each ending in a comma, as the one piece of memory they are."""

    def __init__(self, texts: pa.StringArray) -> None:
        _, offsets, content = texts.buffers()
        self.offsets = memoryview(offsets).cast("i")[texts.offset : texts.offset + len(texts) + 1]
        self.content = memoryview(content)

    def fitting(self, start: int, room: int) -> int:
        """The end of the texts from `start` on that fit into `room` bytes, without the last comma."""
        return max(start, bisect_right(self.offsets, self.offsets[start] + room + 1) - 1)

    def between(self, start: int, end: int) -> memoryview:
        """The texts from `start` to before `end`, without the last comma."""
        return self.content[self.offsets[start] : self.offsets[end] - 1]


def sha256(path: Path) -> str:
    """The digest of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _needed(changes: ChangeSet) -> int:
    """About what the run will write from here on, its new ledger included."""
    planned = changes.added + changes.changed + changes.left
    return needed_bytes(body_bytes=changes.body_bytes, planned=planned, listed=changes.listed)


@contextmanager
def _room_on(spool: Path, needed: int) -> Iterator[None]:
    free = shutil.disk_usage(spool).free
    full = errors.SpoolFull(folder=spool, needed=megabytes(needed), free=megabytes(free))
    if free < needed:
        raise full
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        shutil.rmtree(spool, ignore_errors=True)
        raise full from None
