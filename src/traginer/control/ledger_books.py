"""What the ledgers of an export say by themselves: read from the files, without a question to Brevo."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from traginer import home
from traginer.control import exports
from traginer.control.models import Export, Ledger
from traginer.control.rights import Actor


@dataclass(frozen=True)
class Book:
    """One ledger: of which list over which connection, and what is in it. `rows` is None where the file cannot be read.

    `in_doubt` are contacts whom the next run sends again; `advanced_at` is when the file was put in its place, and `run` who
    did it: None for a ledger that was made anew from Brevo. `is_present` is False for a list that the export filled before.
    """

    list_id: int
    connection: str
    file: str
    bytes: int
    rows: int | None
    in_doubt: int
    advanced_at: datetime | None
    run: int | None
    is_present: bool


def books(actor: Actor, export: Export) -> list[Book]:
    """The ledgers of the export, that of the list it fills now first. Whether one is whole, `ledgers.check` says."""
    actor.require("connection:inspect")
    rows = Ledger.objects.filter(export=export).select_related("connection")
    found = [_book(export, row) for row in rows]
    return sorted(found, key=lambda book: (not book.is_present, book.list_id))


def _book(export: Export, row: Ledger) -> Book:
    path = home.ledgers(export.pk) / row.file
    contacts, in_doubt = _counted(path)
    size, advanced_at = _on_disk(path)
    run = exports.run_named(row.file)
    return Book(
        list_id=row.list_id,
        connection=row.connection.name,
        file=row.file,
        bytes=size,
        rows=contacts,
        in_doubt=in_doubt,
        advanced_at=advanced_at,
        run=run.pk if run else None,
        is_present=row.list_id == export.list_id and row.connection_id == export.attached_to_id,
    )


def _on_disk(path: Path) -> tuple[int, datetime | None]:
    """Its size, and when it was written; a run that ends at this moment may have taken it away."""
    try:
        found = path.stat()
    except OSError:
        return 0, None
    return found.st_size, datetime.fromtimestamp(found.st_mtime, UTC)


def _counted(path: Path) -> tuple[int | None, int]:
    """The rows, and those without a fingerprint, by the footer alone: as fast for a million contacts as for ten."""
    try:
        footer = pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return None, 0
    fingerprint = footer.schema.names.index("fingerprint")
    groups = [footer.row_group(n).column(fingerprint).statistics for n in range(footer.num_row_groups)]
    return footer.num_rows, sum(one.null_count or 0 for one in groups if one)
