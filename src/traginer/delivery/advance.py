"""Advance the ledger: to what the far side confirmed, and no further.

A ledger row is (key, email, fingerprint). A row whose outcome is not known is kept without a fingerprint: it may be on the
list, so it is sent again while it is wanted, and taken off once it is not.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from traginer.delivery.changes import open_ledger
from traginer.delivery.freeze import PLAN
from traginer.delivery.holders import REFUSED_FOR, advance_holders
from traginer.delivery.journal import BatchKind, BatchState, Journal
from traginer.delivery.ledger import write
from traginer.delivery.refusals import NEVER_ARRIVED, REFUSALS
from traginer.duck import Duck, literal

NO_REFUSALS = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS email, NULL::VARCHAR AS reason WHERE false"


@dataclass(frozen=True)
class Delivered:
    """What became of the change set, in rows: `confirmed` and `removed` as the ledger saw it, the rest as the journal did.

    Two sources on purpose: where they disagree, the books do not balance.
    """

    sent: int
    confirmed: int
    rejected: int
    in_doubt: int
    removed: int
    still_listed: int


def advance(duck: Duck, journal: Journal, ledger: Path, holders: Path) -> Delivered:
    """Write the export's new ledger to `ledger`, durably, and tell the journal; nothing where nothing went out.

    With it goes the account's file of who holds which number, to `holders`.

    Doing it twice changes nothing.
    """
    _write_fates(duck, journal)
    if duck.value("SELECT count(*) FROM fates"):
        _write_ledger(duck, journal, ledger, holders)
    return _delivered(duck, journal)


def doubt_all(duck: Duck, journal: Journal, ledger: Path) -> None:
    """Write a ledger for a run that is given up: everybody who may be on the list because of us, without a fingerprint.

    The plan counts as far as it can still be read. The next run sends those whom it wants again, and takes the others off.
    """
    open_ledger(duck, journal)
    duck.run("CREATE OR REPLACE TABLE reached AS SELECT key, email FROM ledger")
    with suppress(duckdb.Error):
        plan = literal(journal.spool / PLAN)
        duck.run(
            f"INSERT INTO reached SELECT key, email FROM read_parquet({plan}) WHERE change IN ('added', 'changed')"
        )
    doubtful = "SELECT any_value(key) AS key, email, NULL::UUID AS fingerprint FROM reached GROUP BY email"
    journal.advanced(write(duck, doubtful, ledger), None)


def refused(spool: Path) -> str:
    """All refused rows of a run, as a SELECT of (key, email, reason)."""
    folder = spool / REFUSALS
    if not folder.exists() or not any(folder.glob("*.parquet")):
        return NO_REFUSALS
    return f"SELECT key, email, reason FROM read_parquet({literal(folder / '*.parquet')})"


def _write_ledger(duck: Duck, journal: Journal, ledger: Path, holders: Path) -> None:
    open_ledger(duck, journal)
    kept = write(duck, _ADVANCED, ledger)
    journal.advanced(kept, advance_holders(duck, journal, holders))


def _delivered(duck: Duck, journal: Journal) -> Delivered:
    confirmed, removed = duck.rows(
        "SELECT count(*) FILTER (change IN ('added', 'changed')), count(*) FILTER (change = 'left')"
        " FROM fates WHERE state = 'settled' AND reason IS NULL"
    )[0]
    batches = journal.batches()
    out = [batch for batch in batches if batch.kind is BatchKind.IMPORT and batch.state is not BatchState.FROZEN]
    removals = [batch for batch in batches if batch.kind is BatchKind.REMOVAL]
    return Delivered(
        sent=sum(batch.rows for batch in out),
        confirmed=confirmed,
        rejected=sum(batch.rejected for batch in out),
        in_doubt=sum(batch.rows for batch in out if batch.state is not BatchState.SETTLED),
        removed=removed,
        still_listed=sum(b.rejected if b.state is BatchState.SETTLED else b.rows for b in removals),
    )


def _write_fates(duck: Duck, journal: Journal) -> None:
    """The table `fates`: for each planned row that went out, what is known of it now."""
    duck.run("CREATE OR REPLACE TABLE batch_states (origin INTEGER, first INTEGER, last INTEGER, state VARCHAR)")
    states = [(b.origin, b.first, b.first + b.rows - 1, b.state.value) for b in journal.batches()]
    if states:
        duck.connection.executemany("INSERT INTO batch_states VALUES (?, ?, ?, ?)", states)
    duck.run(
        f"""CREATE OR REPLACE TABLE fates AS
              SELECT p.key, p.email, p.fingerprint, p.change, {", ".join(REFUSED_FOR)}, r.reason, s.state
                FROM read_parquet({literal(journal.spool / PLAN)}) p
                LEFT JOIN batch_states s ON s.origin = p.batch AND p.position BETWEEN s.first AND s.last
                LEFT JOIN ({refused(journal.spool)}) r ON r.email = p.email
               WHERE p.batch IS NULL OR s.state <> 'frozen'"""
    )


# A row that went out takes the place of the ledger's: with its fingerprint once confirmed, without one while in doubt.
_KEPT = f"""
SELECT key, email, CASE WHEN change = 'rekeyed' OR (state = 'settled' AND reason IS NULL) THEN fingerprint END AS fingerprint
  FROM fates
 WHERE change = 'rekeyed'
    OR (change IN ('added', 'changed')
        AND (state IN ('sending', 'sent') OR reason IS NULL OR (change = 'added' AND reason <> '{NEVER_ARRIVED}')))"""
_REPLACED = """
SELECT email FROM fates
 WHERE change IN ('handed-over', 'rekeyed', 'added')
    OR (change = 'left' AND state = 'settled' AND reason IS NULL)
    OR (change = 'changed' AND (reason IS NULL OR state <> 'settled'))"""
_ADVANCED = f"SELECT key, email, fingerprint FROM ledger ANTI JOIN ({_REPLACED}) gone USING (email) UNION ALL {_KEPT}"
