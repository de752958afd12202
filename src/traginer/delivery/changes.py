"""Compare wanted contacts with the ledger: the change set, its size, and whether a guard holds it back."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from traginer.delivery import errors
from traginer.delivery.journal import PlanJournal
from traginer.duck import Duck, literal

EMPTY_LEDGER = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS email, NULL::VARCHAR AS fingerprint WHERE false"
_BODY_BYTES = """
SELECT coalesce(sum(strlen(w.row) + 1), 0) FROM contacts w JOIN changes c USING (email) WHERE c.change <> 'rekeyed'"""


@dataclass(frozen=True)
class ChangeSet:
    """Counts of the tables `changes` (email, change) of added and changed, and `leavers` (key, email, wanted_elsewhere).

    `listed` is the size of the ledger; `rekeyed` counts unchanged contacts that another profile now stands for.
    `body_bytes` is about what the import bodies have together.
    """

    added: int
    changed: int
    left: int
    unchanged: int
    listed: int
    rekeyed: int
    leaving: int
    body_bytes: int

    @property
    def is_empty(self) -> bool:
        """Nothing to send and nothing to take off."""
        return not (self.added or self.changed or self.leaving)


@dataclass(frozen=True)
class Guards:
    """How far one run may shrink what a list holds because of us: at most `max_shrink_percent`, and never to zero."""

    max_shrink_percent: float = 30.0


@dataclass(frozen=True)
class Hold:
    """Why a change set waits for a person."""

    reason: str
    listed: int
    leaving: int


def compare(duck: Duck, journal: PlanJournal, *, remove_leavers: bool) -> ChangeSet:
    """Join the session's `contacts` with the ledger. A ledger row without a fingerprint (in doubt) counts as changed."""
    try:
        open_ledger(duck, journal)
        _write_changes(duck)
        _write_leavers(duck, journal)
        return _counted(duck, remove_leavers=remove_leavers)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise errors.LedgerDamaged(path=journal.ledger()) from error


def hold(changes: ChangeSet, guards: Guards) -> Hold | None:
    """The reason to wait for a person, if there is one."""
    if not changes.leaving or not changes.listed:
        return None
    if changes.leaving == changes.listed and not changes.added:
        return Hold("list-would-be-empty", changes.listed, changes.leaving)
    shrink = changes.leaving - changes.added
    if shrink * 100 > guards.max_shrink_percent * changes.listed:
        return Hold("list-would-shrink", changes.listed, changes.leaving)
    return None


def digest(duck: Duck) -> str:
    """A name for exactly this change set: equal change sets have equal digests, whatever the order of rows."""
    total = duck.value(
        """SELECT concat_ws(':', count(*), sum(n)) FROM (
             SELECT md5_number_lower(concat(c.change, chr(31), c.email, chr(31), w.fingerprint))::HUGEINT AS n
               FROM changes c JOIN contacts w USING (email)
             UNION ALL SELECT md5_number_lower(concat('left', chr(31), email))::HUGEINT FROM leavers WHERE NOT wanted_elsewhere)"""
    )
    return hashlib.sha256(str(total).encode()).hexdigest()


def ledger_rows(path: Path | None) -> str:
    """A ledger file as a SELECT of (key, email, fingerprint); of no row where there is no file."""
    return f"SELECT key, email, fingerprint FROM read_parquet({literal(path)})" if path else EMPTY_LEDGER


def open_ledger(duck: Duck, journal: PlanJournal) -> None:
    """The view `ledger` of the session: what the list holds because of the export, before this run."""
    duck.run(f"CREATE OR REPLACE TEMP VIEW ledger AS {ledger_rows(journal.ledger())}")


def _write_changes(duck: Duck) -> None:
    duck.run(
        """CREATE OR REPLACE TABLE changes AS
             SELECT w.email,
                    CASE WHEN l.email IS NULL THEN 'added'
                         WHEN l.fingerprint IS NOT DISTINCT FROM w.fingerprint THEN 'rekeyed'
                         ELSE 'changed' END AS change
               FROM contacts w LEFT JOIN ledger l USING (email)
              WHERE l.email IS NULL OR l.fingerprint IS DISTINCT FROM w.fingerprint OR l.key IS DISTINCT FROM w.key"""
    )


def _write_leavers(duck: Duck, journal: PlanJournal) -> None:
    others = " UNION ALL ".join(ledger_rows(path) for path in journal.claims()) or EMPTY_LEDGER
    duck.run(
        f"""CREATE OR REPLACE TABLE leavers AS
              SELECT l.key, l.email, l.email IN (SELECT email FROM ({others})) AS wanted_elsewhere
                FROM ledger l ANTI JOIN contacts w ON w.email = l.email"""
    )


def _counted(duck: Duck, *, remove_leavers: bool) -> ChangeSet:
    by_change = dict(duck.rows("SELECT change, count(*) FROM changes GROUP BY change"))
    same = duck.value(
        "SELECT count(*) FROM contacts w JOIN ledger l ON l.email = w.email AND l.fingerprint = w.fingerprint"
    )
    listed = duck.value("SELECT count(*) FROM ledger")
    left, leaving = duck.rows("SELECT count(*), count(*) FILTER (NOT wanted_elsewhere) FROM leavers")[0]
    added, changed = by_change.get("added", 0), by_change.get("changed", 0)
    return ChangeSet(
        added=added,
        changed=changed,
        left=left,
        unchanged=same,
        listed=listed,
        rekeyed=by_change.get("rekeyed", 0),
        leaving=leaving if remove_leavers else 0,
        body_bytes=int(duck.value(_BODY_BYTES)),
    )
