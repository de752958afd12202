"""The journal of a run on the control plane's tables. Each write is committed, and fenced by the run's token."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from traginer import home
from traginer.control import connections, exports
from traginer.control.leases import fenced
from traginer.control.models import Batch as BatchRow
from traginer.control.models import Ledger, Run
from traginer.delivery.journal import Batch, BatchKind, BatchState, Receipt
from traginer.durable import make_folder

FOLLOW = "follow"


class Watch(Protocol):
    """Somebody who looks on while a run works."""

    def stage(self, name: str, done: int, total: int) -> None:
        """A stage began, or is at `done` of `total` rows (0 of 0: not known)."""

    def waiting(self, seconds: float, why: str) -> None:
        """The account's limits ask for a pause."""


class Unwatched:
    """Nobody looks on."""

    def stage(self, name: str, done: int, total: int) -> None:
        """Implements Watch."""

    def waiting(self, seconds: float, why: str) -> None:
        """Implements Watch."""


class Attention(Protocol):
    """What a run heeds while it works."""

    def figures(self, batches: Sequence[Batch]) -> dict[str, Any]:
        """What the row of the run tells of its progress, beside stage and rows."""

    def require(self) -> None:
        """Raises what wants the run to end."""


class Alone:
    """Nothing to heed."""

    def figures(self, batches: Sequence[Batch]) -> dict[str, Any]:  # noqa: ARG002 - the protocol's signature
        """Implements Attention."""
        return {}

    def require(self) -> None:
        """Implements Attention."""


TOLD_SECONDS = 1.0
"""How often the row of a run tells how far it is."""


class RunJournal:
    """Implements `delivery.journal.Journal` for one run; the lease must be held.

    The list is the run's, wherever its export points by now.
    """

    def __init__(self, run: Run, watch: Watch, attention: Attention | None = None) -> None:
        self.run = run
        self.watch = watch
        self.attention = attention or Alone()
        self._batches = {row.number: _batch(row) for row in run.batches.all()}
        self._numbers: Sequence[Path] = ()
        self._told: tuple[str, float] = ("", float("-inf"))

    @property
    def spool(self) -> Path:
        """A worker that was taken over and wakes up must not write where its successor does: a folder for each token."""
        return make_folder(home.spool(self.run.pk) / str(self.run.frozen_token or self.run.token))

    def ledger(self) -> Path | None:
        return exports.ledger_at(self.run.export, self.run.connection_id, self.run.list_id)

    def claims(self) -> Sequence[Path]:
        return exports.claims_beside(self.run.export, self.run.connection_id, self.run.list_id)

    def figures(self) -> Mapping[str, Any] | None:
        return self.run.figures

    def batches(self) -> Sequence[Batch]:
        return list(self._batches.values())

    def frozen(self, batches: Sequence[Batch], figures: Mapping[str, Any]) -> None:
        with fenced(self.run, figures=dict(figures), frozen_token=self.run.token):
            BatchRow.objects.bulk_create([_row(self.run, batch) for batch in batches], batch_size=500)
        self.run.figures, self.run.frozen_token = dict(figures), self.run.token
        self._batches = {batch.number: batch for batch in batches}

    def halved(self, batch: Batch, halves: Sequence[Batch]) -> None:
        with fenced(self.run):
            BatchRow.objects.filter(run=self.run, number=batch.number).delete()
            BatchRow.objects.bulk_create([_row(self.run, half) for half in halves])
        del self._batches[batch.number]
        self._batches |= {half.number: half for half in halves}

    def intent(self, batch: Batch) -> None:
        self._write(batch, state=BatchState.SENDING, tries=self._batches[batch.number].tries + 1)

    def sent(self, batch: Batch, process: int) -> None:
        self._write(batch, state=BatchState.SENT, process=process)

    def unsent(self, batch: Batch) -> None:
        self._write(batch, state=BatchState.FROZEN, tries=self._batches[batch.number].tries - 1)

    def settled(self, batch: Batch, receipt: Receipt) -> None:
        self._write(
            batch,
            state=BatchState.SETTLED,
            rejected=receipt.rejected,
            unmatched=receipt.unmatched_report_rows,
            refusals=dict(receipt.refusals_by_reason),
            seconds=receipt.seconds,
        )

    def holders(self) -> Sequence[Path]:
        self._numbers = connections.holders_of(self.run.connection)
        return self._numbers

    def advanced(self, ledger: Path, holders: Path | None) -> None:
        export, connection = self.run.export, self.run.connection
        # Listed while the lease is surely ours: whoever takes over writes under other names, which must stay.
        here: dict[str, Any] = {"connection": connection, "list_id": self.run.list_id}
        elsewhere = set(Ledger.objects.filter(export=export).exclude(**here).values_list("file", flat=True))
        lists = _beside(ledger, f"list-{self.run.list_id}-run-*")
        former = [path for path in lists if path.name not in elsewhere]
        former += _former_numbers(holders, self._numbers) if holders else []
        with fenced(self.run):
            Ledger.objects.update_or_create(export=export, **here, defaults={"file": ledger.name})
            if holders:
                connections.keep_holders(connection, holders, self._numbers)
        connection.refresh_from_db()
        for old in former:
            old.unlink(missing_ok=True)

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Tell the row of the run, each stage at once and otherwise now and then; then heed whoever wants the run to end."""
        at = time.monotonic()
        if stage != self._told[0] or at - self._told[1] >= TOLD_SECONDS:
            settled, promised = self._rows() if self._batches else (done, total)
            with fenced(self.run, stage=stage, done=settled, total=promised, **self.attention.figures(self.batches())):
                pass
            self._told = (stage, at)
        self.watch.stage(stage, done, total)
        # The beginning of a stage of the delivery is no safe point: its caller must come to the ledger.
        if self.run.figures is None or total or stage == FOLLOW:
            self.heed()

    def _rows(self) -> tuple[int, int]:
        """Of how many rows the fate is known, and of how many it will be."""
        batches = self._batches.values()
        settled = sum(batch.rows for batch in batches if batch.state is BatchState.SETTLED)
        return settled, sum(batch.rows for batch in batches)

    def heed(self) -> None:
        """Raises what wants the run to end, where no batch is on its way."""
        self._heed(BatchState.SENDING, BatchState.SENT)

    def heed_unless_followed(self) -> None:
        """As `heed`, before a request leaves: a batch that is about to be sent has not left yet."""
        self._heed(BatchState.SENT)

    def _heed(self, *unsafe: BatchState) -> None:
        states = {batch.state for batch in self._batches.values()}
        # Where all batches are settled there is nothing left to stop.
        if not states or (BatchState.FROZEN in states and states.isdisjoint(unsafe)):
            self.attention.require()

    def _write(self, batch: Batch, **values: object) -> None:
        with fenced(self.run):
            BatchRow.objects.filter(run=self.run, number=batch.number).update(**values)
        self._batches[batch.number] = _batch(BatchRow.objects.get(run=self.run, number=batch.number))


class PlanJournal:
    """The journal of a plan: it reads what `run` would read, or reads again, and has nothing to write to."""

    def __init__(self, run: Run, spool: Path, watch: Watch) -> None:
        self.run = run
        self.spool = spool
        self.watch = watch

    def ledger(self) -> Path | None:
        return exports.ledger_at(self.run.export, self.run.connection_id, self.run.list_id)

    def claims(self) -> Sequence[Path]:
        return exports.claims_beside(self.run.export, self.run.connection_id, self.run.list_id)

    def holders(self) -> Sequence[Path]:
        return connections.holders_of(self.run.connection)

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        self.watch.stage(stage, done, total)


def _beside(file: Path, pattern: str) -> list[Path]:
    """The other files of the sort: the former one, and what a cut or a stale worker left behind."""
    return [other for other in file.parent.glob(pattern) if other != file]


def _former_numbers(file: Path, merged: Sequence[Path]) -> list[Path]:
    """What lies beside the account's new file of numbers, and the files of its other connections that went into it."""
    return _beside(file, "numbers-run-*") + [path for path in merged if path.parent != file.parent]


def _batch(row: BatchRow) -> Batch:
    return Batch(
        number=row.number,
        kind=BatchKind(row.kind),
        rows=row.rows,
        bytes=row.bytes,
        sha256=row.sha256,
        state=BatchState(row.state),
        process=row.process,
        tries=row.tries,
        rejected=row.rejected,
        unmatched=row.unmatched,
        parent=row.parent,
        first=row.first,
    )


def _row(run: Run, batch: Batch) -> BatchRow:
    return BatchRow(
        run=run,
        number=batch.number,
        kind=batch.kind,
        state=batch.state,
        rows=batch.rows,
        bytes=batch.bytes,
        sha256=batch.sha256,
        parent=batch.parent,
        first=batch.first,
    )
