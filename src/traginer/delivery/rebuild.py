"""Make a ledger anew from what is really on the list, claiming no contact that may be somebody else's.

Ours is who is on the list *and* is wanted today, or was claimed by the former ledger where that can be read. The others on
the list are left out: they are not ours to take off. A claimed contact keeps the fingerprint of the former ledger; without
one it is in doubt, and is sent again while it is wanted.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from traginer.delivery import errors, ledger
from traginer.duck import Duck, ident, literal
from traginer.errors import Phrase
from traginer.i18n import N_

SEPARATORS = ";,\t"
"""Between the columns of Brevo's files: a semicolon, or what its web pages also take (brevo-api.md §5.1, §6.1)."""
ADDRESS = "EMAIL"
_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True)
class Compared:
    """A ledger against its list, in addresses: `both` are in ledger and list, `gone` in the ledger only, `others` on the list only."""

    ledger: int
    listed: int
    both: int

    @property
    def gone(self) -> int:
        """Whom the ledger claims and the list does not hold any more."""
        return self.ledger - self.both

    @property
    def others(self) -> int:
        """Who is on the list without the ledger claiming them."""
        return self.listed - self.both


@dataclass(frozen=True)
class Rebuilt:
    """A new ledger, written to `path`, in addresses.

    `listed` = `claimed` + `others`. Of the claimed, `in_doubt` have no fingerprint, and `unwanted` are in no segment today:
    the next run takes them off. `to_add` are wanted and not on the list, `dropped` were in the former ledger and are not
    on the list any more. `former` is what could be read of that.
    """

    path: Path
    listed: int
    claimed: int
    in_doubt: int
    unwanted: int
    to_add: int
    former: int
    dropped: int

    @property
    def others(self) -> int:
        """Who stays on the list as somebody else's."""
        return self.listed - self.claimed


def load_listed(duck: Duck, file: Path) -> None:
    """The table `listed` (email) of the session, from Brevo's file of a list. Raises ListUnreadable."""
    separator, names = _header(file)
    columns = ", ".join(f"{literal(f'c{n}')}: 'VARCHAR'" for n in range(len(names)))
    address = ident(f"c{names.index(ADDRESS)}")
    lines = (
        f"read_csv({literal(file)}, delim={literal(separator)}, columns={{{columns}}}, header=true, auto_detect=false,"
        " quote='\"', escape='\"', null_padding=true, strict_mode=false, parallel=false)"
    )
    try:
        duck.run(
            f"CREATE OR REPLACE TABLE listed AS SELECT DISTINCT lower(trim({address})) AS email FROM {lines}"
            f" WHERE trim({address}) <> ''"
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        # DuckDB's own words quote the line that it could not read.
        raise errors.ListUnreadable(why=Phrase(N_("one of its lines has other columns"))) from None


def load_former(duck: Duck, path: Path | None) -> None:
    """The table `former` (key, email, fingerprint) of the session: what can be read of the ledger at `path`."""
    duck.run("CREATE OR REPLACE TABLE former (key VARCHAR, email VARCHAR, fingerprint VARCHAR)")
    tables = ledger.readable(path) if path else iter(())
    first = next(tables, None)
    if first is None:
        return
    duck.take(pa.RecordBatchReader.from_batches(first.schema, _batches(first, tables)), "read")
    duck.run(
        "CREATE OR REPLACE TABLE former AS SELECT any_value(key) AS key, email, any_value(fingerprint) AS fingerprint"
        " FROM read WHERE email IS NOT NULL GROUP BY email"
    )
    duck.run("DROP TABLE read")


def compare(duck: Duck) -> Compared:
    """The tables `former` and `listed` side by side."""
    counts = (
        "(SELECT count(*) FROM former)",
        "(SELECT count(*) FROM listed)",
        "(SELECT count(*) FROM listed SEMI JOIN former USING (email))",
    )
    return Compared(*duck.rows(f"SELECT {', '.join(counts)}")[0])


def rebuild(duck: Duck, path: Path) -> Rebuilt:
    """Write the ledger that follows from the session's `contacts`, `listed` and `former` to where `path` says.

    The file is complete and on disk; nobody uses it before the database names it.
    """
    kind = next(kind for name, kind, *_ in duck.rows("DESCRIBE contacts") if name == "fingerprint")
    duck.run(
        f"""CREATE OR REPLACE TABLE rebuilt AS
              SELECT coalesce(w.key, f.key) AS key, l.email, try_cast(f.fingerprint AS {kind}) AS fingerprint,
                     w.email IS NOT NULL AS is_wanted
                FROM listed l LEFT JOIN contacts w ON w.email = l.email LEFT JOIN former f ON f.email = l.email
               WHERE w.email IS NOT NULL OR f.email IS NOT NULL"""
    )
    kept = ledger.write(duck, "SELECT key, email, fingerprint FROM rebuilt", path)
    claimed, in_doubt, unwanted = duck.rows(
        "SELECT count(*), count(*) FILTER (fingerprint IS NULL), count(*) FILTER (NOT is_wanted) FROM rebuilt"
    )[0]
    before = compare(duck)
    return Rebuilt(
        path=kept,
        listed=before.listed,
        claimed=claimed,
        in_doubt=in_doubt,
        unwanted=unwanted,
        to_add=duck.value("SELECT count(*) FROM contacts ANTI JOIN listed USING (email)"),
        former=before.ledger,
        dropped=before.gone,
    )


def _header(file: Path) -> tuple[str, list[str]]:
    """The separator of a CSV of Brevo's, and its column names in capitals. Raises ListUnreadable."""
    with file.open("rb") as opened:
        line = opened.readline(_HEADER_BYTES).decode("utf-8-sig", errors="replace").strip()
    for separator in SEPARATORS:
        names = [name.strip().upper() for name in next(csv.reader([line], delimiter=separator), [])]
        if ADDRESS in names:
            return separator, names
    raise errors.ListUnreadable(why=Phrase(N_("it has no column EMAIL")))


def _batches(first: pa.Table, others: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
    yield from first.to_batches()
    for table in others:
        yield from table.to_batches()
