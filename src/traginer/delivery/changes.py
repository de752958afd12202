"""Compare wanted contacts with the ledger: the change set, its size, and whether a guard holds it back."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from traginer.delivery.journal import PlanJournal
from traginer.delivery.ledger import check
from traginer.duck import Duck, literal

EMPTY_LEDGER = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS email, NULL::UUID AS fingerprint, 0 AS line WHERE false"
SAMPLED_ROWS = 100_000
ONE_IN = 20
_SIDES = (("place", "line"), ("line", "place"))


@dataclass(frozen=True)
class ChangeSet:
    """Counts of the session's `changes` (place, email, change), `outgoing` and `leavers` (key, email, wanted_elsewhere).

    `outgoing` are the contacts to be sent, with their change. `listed` is the size of the ledger; `rekeyed` counts
    unchanged contacts that another profile now stands for. `body_bytes` is about what the import bodies have together.
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
    """When a change set waits for a person: how much one run may take off a list, and how many contacts it may want.

    At most `max_shrink_percent` of what the list holds because of us and `max_removals` contacts leave at once, never all
    of them unless `may_empty`; at least `min_contacts` and at most `max_contacts` are wanted. None is no bound.
    """

    max_shrink_percent: float = 30.0
    max_removals: int | None = None
    min_contacts: int | None = None
    max_contacts: int | None = None
    may_empty: bool = False


NO_GUARDS = Guards(max_shrink_percent=100.0, may_empty=True)
"""For a run that a person has already decided on."""


@dataclass(frozen=True)
class Hold:
    """Why a change set waits for a person. `over` is by how many contacts it may not fit the account, where that is why."""

    reason: str
    listed: int
    leaving: int
    over: int = 0


def compare(duck: Duck, journal: PlanJournal, *, remove_leavers: bool) -> ChangeSet:
    """Compare the session's `contacts` with the ledger. A ledger row without a fingerprint (in doubt) counts as changed.

    A fingerprint covers the address, so what has one in common is the same contact with the same values.
    """
    open_ledger(duck, journal)
    if journal.ledger() is None:
        _write_all_added(duck)
    else:
        _write_differences(duck)
        _write_changes(duck)
    _write_leavers(duck, journal)
    return _counted(duck, remove_leavers=remove_leavers)


def hold(changes: ChangeSet, guards: Guards, *, room: int | None = None) -> Hold | None:
    """The reason to wait for a person, if there is one. What changes nothing never waits.

    `room` is how many more contacts the account may have, None where that is not known. Those who are added to the list
    may be contacts of the account already: whether they fit is for a person to say.
    """
    if changes.is_empty:
        return None
    if room is not None and changes.added > room:
        return Hold("account-would-be-full", changes.listed, changes.leaving, changes.added - room)
    reason = next(_reasons(changes, guards), None)
    return Hold(reason, changes.listed, changes.leaving) if reason else None


def _reasons(changes: ChangeSet, guards: Guards) -> Iterator[str]:
    wanted = changes.added + changes.changed + changes.unchanged
    if changes.leaving and changes.leaving == changes.listed and not changes.added and not guards.may_empty:
        yield "list-would-be-empty"
    if guards.min_contacts is not None and wanted < guards.min_contacts:
        yield "too-few-contacts"
    if guards.max_contacts is not None and wanted > guards.max_contacts:
        yield "too-many-contacts"
    if guards.max_removals is not None and changes.leaving > guards.max_removals:
        yield "too-many-removals"
    if (changes.leaving - changes.added) * 100 > guards.max_shrink_percent * changes.listed:
        yield "list-would-shrink"


def digest(duck: Duck) -> str:
    """A name for exactly this change set: equal change sets have equal digests, whatever the order of rows."""
    total = duck.value(
        """SELECT concat_ws(':', count(*), sum(n)) FROM (
             SELECT md5_number_lower(concat(change, chr(31), email, chr(31), fingerprint))::HUGEINT AS n FROM outgoing
             UNION ALL SELECT md5_number_lower(concat('rekeyed', chr(31), email))::HUGEINT FROM changes WHERE change = 'rekeyed'
             UNION ALL SELECT md5_number_lower(concat('left', chr(31), email))::HUGEINT FROM leavers WHERE NOT wanted_elsewhere)"""
    )
    return hashlib.sha256(str(total).encode()).hexdigest()


def ledger_rows(path: Path | None) -> str:
    """A ledger file as a SELECT of (key, email, fingerprint, line); of no row where there is no file. Raises LedgerMissing, LedgerDamaged."""
    if path is None:
        return EMPTY_LEDGER
    check(path)
    file = f"read_parquet({literal(path)}, file_row_number=true)"
    return f"SELECT key, email, fingerprint, file_row_number AS line FROM {file}"


def open_ledger(duck: Duck, journal: PlanJournal) -> None:
    """The view `ledger` of the session: what the list holds because of the export, before this run."""
    duck.run(f"CREATE OR REPLACE TEMP VIEW ledger AS {ledger_rows(journal.ledger())}")


def _write_all_added(duck: Duck) -> None:
    """The first run: nothing to compare with."""
    duck.run("CREATE OR REPLACE VIEW changes AS SELECT place, email, 'added' AS change FROM contacts")
    duck.run("CREATE OR REPLACE VIEW outgoing AS SELECT *, 'added' AS change FROM contacts")
    duck.run("CREATE OR REPLACE TABLE stale (key VARCHAR, email VARCHAR)")


def _write_differences(duck: Duck) -> None:
    """The tables `differences` (place of a contact, line of the ledger: one of both where the other has no equal),
    `fresh`, contacts as the ledger does not have them, and `stale`, ledger rows as nobody wants them.
    """
    duck.run(
        """CREATE OR REPLACE TABLE differences AS
             SELECT w.place, l.line FROM contacts w FULL JOIN ledger l USING (fingerprint)
              WHERE w.place IS NULL OR l.line IS NULL OR w.key <> l.key"""
    )
    fresh, stale = (f"SELECT {one} FROM differences WHERE {other} IS NULL" for one, other in _SIDES)
    duck.run(f"CREATE OR REPLACE TABLE fresh AS SELECT place, email FROM contacts WHERE place IN ({fresh})")
    duck.run(f"CREATE OR REPLACE TABLE stale AS SELECT key, email FROM ledger WHERE line IN ({stale})")


def _write_changes(duck: Duck) -> None:
    duck.run(
        """CREATE OR REPLACE TABLE changes AS
             SELECT f.place, f.email, CASE WHEN s.email IS NULL THEN 'added' ELSE 'changed' END AS change
               FROM fresh f LEFT JOIN stale s USING (email)
             UNION ALL
             SELECT place, email, 'rekeyed' FROM contacts
              WHERE place IN (SELECT place FROM differences WHERE place IS NOT NULL AND line IS NOT NULL)"""
    )
    duck.run(
        """CREATE OR REPLACE VIEW outgoing AS
             SELECT w.*, c.change FROM contacts w JOIN changes c USING (place) WHERE c.change <> 'rekeyed'"""
    )
    duck.run("DELETE FROM stale WHERE email IN (SELECT email FROM fresh)")


def _write_leavers(duck: Duck, journal: PlanJournal) -> None:
    others = " UNION ALL ".join(ledger_rows(path) for path in journal.claims()) or EMPTY_LEDGER
    duck.run(
        f"""CREATE OR REPLACE TABLE leavers AS
              SELECT key, email, email IN (SELECT email FROM ({others})) AS wanted_elsewhere
                FROM stale"""
    )


def _counted(duck: Duck, *, remove_leavers: bool) -> ChangeSet:
    by_change = dict(duck.rows("SELECT change, count(*) FROM changes GROUP BY change"))
    wanted, listed = (duck.value(f"SELECT count(*) FROM {table}") for table in ("contacts", "ledger"))
    left, leaving = duck.rows("SELECT count(*), count(*) FILTER (NOT wanted_elsewhere) FROM leavers")[0]
    added, changed = by_change.get("added", 0), by_change.get("changed", 0)
    return ChangeSet(
        added=added,
        changed=changed,
        left=left,
        unchanged=wanted - added - changed,
        listed=listed,
        rekeyed=by_change.get("rekeyed", 0),
        leaving=leaving if remove_leavers else 0,
        body_bytes=_body_bytes(duck, added + changed),
    )


def _body_bytes(duck: Duck, rows: int) -> int:
    """What the rows of all bodies have together; of many rows, from one in some."""
    if rows <= SAMPLED_ROWS:
        return int(duck.value("SELECT coalesce(sum(strlen(row) + 1), 0) FROM outgoing"))
    some = f"SELECT place FROM changes WHERE place % {ONE_IN} = 0"
    return int(rows * (duck.value(f"SELECT avg(strlen(row) + 1) FROM outgoing WHERE place IN ({some})") or 0))
