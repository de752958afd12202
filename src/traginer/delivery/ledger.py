"""The file of a ledger: how it is written, how damage to it is noticed, and what can still be read of it then.

Parquet as DuckDB writes it has no checksums: a flipped bit, or the file of another export put in its place, would be read
without a word. So a ledger's name ends in the sha256 of its content, and the database, which names the file, thereby says
what must be in it. Inside, a mark says which list of which export it is about: a damaged file is only believed where that
is still the right one.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from traginer.delivery.errors import LedgerDamaged, LedgerMissing
from traginer.duck import Duck, literal
from traginer.durable import make_folder, replacing, sync_folder

COLUMNS = ("key", "email", "fingerprint")
MARK = "traginer"
_SEAL_LENGTH = 32
"""Hexadecimal digits of the sha256: enough that no accident ever meets them."""
_SEAL = re.compile(rf"\.([0-9a-f]{{{_SEAL_LENGTH}}})\.parquet")


def write(duck: Duck, rows: str, path: Path) -> Path:
    """Write the SELECT `rows` of (key, email, fingerprint) as a ledger, whole or not at all; gives the name it is kept under.

    It is on disk when the call returns. `path` says whose it is: the folder of the export, and a name `list-N-run-...`.
    """
    make_folder(path.parent)
    with replacing(path) as part:
        marked = f"KV_METADATA {{{MARK}: {literal(_mark(path))}}}"
        duck.run(f"COPY ({rows}) TO {literal(part)} (FORMAT parquet, COMPRESSION snappy, {marked})")
    return seal(path)


def seal(path: Path) -> Path:
    """Rename the finished file `path` so that its name says its content; gives the new name, which is on disk."""
    sealed = path.with_name(f"{path.name.removesuffix('.parquet')}.{_digest(path)}.parquet")
    path.rename(sealed)
    sync_folder(path.parent)
    return sealed


def check(path: Path) -> None:
    """Raises LedgerMissing, or LedgerDamaged unless every byte of the file is the one that was sealed. 0.6 s a gigabyte."""
    told = _SEAL.search(path.name)
    try:
        found = _digest(path)
    except FileNotFoundError:
        raise LedgerMissing(path=path) from None
    except OSError:
        raise LedgerDamaged(path=path) from None
    if told is None or told[1] != found:
        raise LedgerDamaged(path=path)


def is_whole(path: Path) -> bool:
    """Whether every byte of a sealed file is the one that was sealed."""
    try:
        check(path)
    except (LedgerMissing, LedgerDamaged):
        return False
    return True


def readable(path: Path) -> Iterator[pa.Table]:
    """What can be read of a ledger that may be damaged, as tables of COLUMNS of about 120,000 rows.

    Nothing where the file does not itself say that it is about the list that `path` is the name of.
    """
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException):
        return
    with file:
        marks = file.metadata.metadata or {}
        if marks.get(MARK.encode()) != _mark(path).encode():
            return
        for group in range(file.num_row_groups):
            try:
                rows = file.read_row_group(group, columns=list(COLUMNS))
                rows.validate(full=True)
            except (OSError, pa.ArrowException):
                continue
            yield rows


def _mark(path: Path) -> str:
    """The export and the list, from the folder and the name of their ledger."""
    return f"{path.parent.name}/{path.name.partition('-run-')[0]}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_SEAL_LENGTH]
