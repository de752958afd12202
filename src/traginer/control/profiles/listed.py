"""The lists that a profile is on because of us: what the ledgers of its exports say of its key and its address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from traginer import home
from traginer.control import exports
from traginer.control.models import Export, Ledger
from traginer.delivery.errors import LedgerDamaged, LedgerMissing
from traginer.duck import Duck, literal


@dataclass(frozen=True)
class Listed:
    """A row of a ledger: under which address the profile is on which list, and since which run at the latest.

    `is_confirmed` is false where Brevo never said that it arrived. `run` and `at` are None once the run is forgotten.
    """

    list_id: int
    connection: str
    is_present: bool
    """Whether it is the list that the export fills now."""
    key: str
    email: str
    fingerprint: str | None
    run: int | None
    at: datetime | None

    @property
    def is_confirmed(self) -> bool:
        """Whether Brevo said that the contact arrived, with these values."""
        return self.fingerprint is not None


def of_profile(duck: Duck, export: Export, key: str, email: str) -> list[Listed]:
    """What the ledgers of the export hold of the profile: by its key, and by the address of its contact ("" for none).

    Raises LedgerMissing and LedgerDamaged.
    """
    ledgers = Ledger.objects.filter(export=export).select_related("connection").order_by("pk")
    return [found for ledger in ledgers for found in _rows(duck, export, ledger, key, email)]


def _rows(duck: Duck, export: Export, ledger: Ledger, key: str, email: str) -> Iterator[Listed]:
    path = home.ledgers(export.pk) / ledger.file
    if not path.is_file():
        raise LedgerMissing(path=path)
    try:
        rows = duck.rows(
            f"SELECT key, email, fingerprint::VARCHAR FROM read_parquet({literal(path)}) WHERE key = $1 OR email = $2",
            [key, email],
        )
    except duckdb.Error:
        raise LedgerDamaged(path=path) from None
    run = exports.run_named(ledger.file) if rows else None
    is_present = (ledger.connection_id, ledger.list_id) == (export.attached_to_id, export.list_id)
    for of_key, address, fingerprint in rows:
        yield Listed(
            list_id=ledger.list_id,
            connection=ledger.connection.name,
            is_present=is_present,
            key=of_key,
            email=address,
            fingerprint=fingerprint,
            run=run.pk if run else None,
            at=run.finished_at if run else None,
        )
