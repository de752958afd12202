"""What every journal promises: intent, sent, receipt, each kept once the call has returned.

The suite runs over the journal of the control plane and over the one in memory that the tests of delivery stand on.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.delivery.far_side import MemoryJournal
from tests.world import ADA, World, now
from traginer.control import errors, exports, leases
from traginer.control.journal import RunJournal, Unwatched
from traginer.control.models import Batch as BatchRow
from traginer.control.models import Run, RunStatus
from traginer.delivery.journal import Batch, BatchKind, BatchState, Journal, Receipt

FROZEN = [
    Batch(1, BatchKind.IMPORT, rows=100, bytes=5000, sha256="a" * 64),
    Batch(2, BatchKind.IMPORT, rows=40, bytes=2000, sha256="b" * 64),
    Batch(3, BatchKind.REMOVAL, rows=7),
]
FIGURES = {"members": 150, "wanted": 140, "invalid_by_reason": {"email-missing": 10}}


class Kept:
    """A journal, and what another process would find of it."""

    def __init__(self, journal: Journal, reopen: Callable[[], Journal]) -> None:
        self.journal = journal
        self.reopen = reopen

    def batch(self, number: int) -> Batch:
        """The batch as another process finds it; the journal itself says the same."""
        found = {batch.number: batch for batch in self.reopen().batches()}
        assert {batch.number: batch for batch in self.journal.batches()} == found
        return found[number]


def started(world: World) -> Run:
    """A run that this process works on."""
    export = exports.get(ADA, "Newsletter")
    return Run.objects.create(
        export=export,
        connection=export.connection,
        list_id=export.list_id,
        status=RunStatus.PROCESSING,
        requested_by="Ada",
        as_of=now(),
        queued_at=now(),
        timezone="UTC",
        token=1,
        owner=leases.owner(),
        lease_until=leases.renewed(),
    )


def on_tables(world: World) -> Kept:
    run = started(world)
    return Kept(RunJournal(run, Unwatched()), lambda: RunJournal(Run.objects.get(pk=run.pk), Unwatched()))


def in_memory(world: World) -> Kept:
    journal = MemoryJournal(world.folder / "spool")
    return Kept(journal, lambda: journal)


JOURNALS = {"on the tables": on_tables, "in memory": in_memory}


@pytest.fixture(params=sorted(JOURNALS))
def kept(request: pytest.FixtureRequest, world: World) -> Kept:
    made: Kept = JOURNALS[request.param](world)
    return made


def frozen(kept: Kept) -> Journal:
    kept.journal.frozen(FROZEN, FIGURES)
    return kept.journal


def test_before_the_freeze_there_is_nothing(kept: Kept) -> None:
    assert kept.journal.figures() is None
    assert list(kept.journal.batches()) == []
    assert kept.journal.ledger() is None
    assert list(kept.journal.claims()) == []
    assert kept.journal.holders() == []


def test_what_was_frozen_is_kept_as_it_was(kept: Kept) -> None:
    frozen(kept)
    again = kept.reopen()
    assert list(again.batches()) == FROZEN
    assert again.figures() == FIGURES


def test_a_plan_without_batches_is_frozen_too(kept: Kept) -> None:
    kept.journal.frozen([], FIGURES)
    assert kept.reopen().figures() == FIGURES
    assert list(kept.reopen().batches()) == []


def test_an_intent_is_kept_and_counted(kept: Kept) -> None:
    frozen(kept).intent(FROZEN[0])
    assert kept.batch(1) == replace(FROZEN[0], state=BatchState.SENDING, tries=1)
    kept.journal.intent(FROZEN[0])
    assert kept.batch(1).tries == 2
    assert kept.batch(2) == FROZEN[1]


def test_what_certainly_did_not_arrive_is_frozen_as_before(kept: Kept) -> None:
    frozen(kept).intent(FROZEN[0])
    kept.journal.unsent(FROZEN[0])
    assert kept.batch(1) == FROZEN[0]


def test_what_was_accepted_is_kept_with_its_process(kept: Kept) -> None:
    frozen(kept).intent(FROZEN[0])
    kept.journal.sent(FROZEN[0], 4711)
    assert kept.batch(1) == replace(FROZEN[0], state=BatchState.SENT, tries=1, process=4711)


def test_a_receipt_is_kept_with_what_was_rejected(kept: Kept) -> None:
    frozen(kept).intent(FROZEN[0])
    kept.journal.sent(FROZEN[0], 4711)
    kept.journal.settled(FROZEN[0], Receipt(97, 3, unmatched_report_rows=2, refusals_by_reason={"brevo-other": 3}))
    settled = kept.batch(1)
    assert (settled.state, settled.rejected, settled.unmatched, settled.process) == (BatchState.SETTLED, 3, 2, 4711)


def test_halves_take_the_place_of_what_was_too_large(kept: Kept) -> None:
    halves = [
        replace(FROZEN[0], number=4, rows=50, parent=1, first=0, sha256="c" * 64),
        replace(FROZEN[0], number=5, rows=50, parent=1, first=50, sha256="d" * 64),
    ]
    frozen(kept).halved(FROZEN[0], halves)
    assert list(kept.reopen().batches()) == [*FROZEN[1:], *halves]
    quarters = [replace(halves[1], number=6, rows=25), replace(halves[1], number=7, rows=25, first=75)]
    kept.journal.halved(halves[1], quarters)
    assert [batch.number for batch in kept.reopen().batches()] == [2, 3, 4, 6, 7]
    assert {batch.origin for batch in kept.reopen().batches() if batch.kind is BatchKind.IMPORT} == {1, 2}


def test_the_ledger_is_the_one_it_was_advanced_to(kept: Kept, world: World) -> None:
    first, second = _ledgers(world)
    frozen(kept).advanced(first, None)
    assert kept.reopen().ledger() == first
    second.touch()
    kept.journal.advanced(second, None)
    assert kept.reopen().ledger() == second
    kept.journal.advanced(second, None)
    assert second.exists()


def _ledgers(world: World) -> list[Path]:
    folder = world.home / "ledgers" / f"export-{exports.get(ADA, 'Newsletter').pk}"
    folder.mkdir(parents=True)
    paths = [folder / "list-7-run-1-1.parquet", folder / "list-7-run-2-1.parquet"]
    paths[0].touch()
    return paths


def test_the_spool_is_a_folder_of_its_owner_alone(world: World) -> None:
    spool = on_tables(world).journal.spool
    assert spool.stat().st_mode & 0o777 == 0o700


def test_a_former_ledger_is_removed_once_the_new_one_is_kept(world: World) -> None:
    first, second = _ledgers(world)
    journal = on_tables(world).journal
    journal.advanced(first, None)
    second.touch()
    journal.advanced(second, None)
    assert (first.exists(), second.exists()) == (False, True)


def test_every_write_of_a_journal_whose_run_was_taken_over_fails_and_changes_nothing(world: World) -> None:
    run = started(world)
    journal = RunJournal(run, Unwatched())
    journal.frozen(FROZEN, FIGURES)
    assert leases.take(Run.objects.get(pk=run.pk))
    writes: list[Callable[[], None]] = [
        lambda: journal.frozen(FROZEN, FIGURES),
        lambda: journal.halved(FROZEN[0], [replace(FROZEN[0], number=4, parent=1)]),
        lambda: journal.intent(FROZEN[0]),
        lambda: journal.sent(FROZEN[0], 1),
        lambda: journal.unsent(FROZEN[0]),
        lambda: journal.settled(FROZEN[0], Receipt(100, 0)),
        lambda: journal.advanced(world.folder / "ledger.parquet", None),
        lambda: journal.progress("deliver"),
    ]
    for write in writes:
        with pytest.raises(errors.LeaseLost):
            write()
    assert [(row.number, row.state, row.tries) for row in BatchRow.objects.all()] == [
        (1, "frozen", 0),
        (2, "frozen", 0),
        (3, "frozen", 0),
    ]
    assert journal.ledger() is None


def test_claims_are_the_ledgers_of_other_exports_into_the_same_list(world: World) -> None:
    world.run()
    text = "exports:\n  - {name: Twin, connection: Newsletter account, list: 7, email: email, segments: [Catalan spenders]}\n"
    world.apply(text)
    twin = exports.get(ADA, "Twin")
    assert exports.claims_beside(twin, twin.connection_id, 7) == [exports.ledger_of(exports.get(ADA, "Newsletter"))]
    assert exports.claims_beside(twin, twin.connection_id, 8) == []
    world.apply(text.replace("list: 7", "list: 8"))
    newsletter = exports.get(ADA, "Newsletter")
    assert exports.claims_beside(newsletter, newsletter.connection_id, 7) == []
