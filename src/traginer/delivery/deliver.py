"""Deliver frozen batches: one import at a time, each followed to its end, each step in the journal before the next.

frozen ──intent──► sending ──accepted──► sent ──completed, reports read──► settled
                      │
                      └─ no answer, or a crash: in doubt. Wait until no import runs at Brevo (one of them may be
                         ours), then send the same bytes again: an import is an upsert.
"""

import hashlib
import json
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow.parquet as pq

from traginer.delivery import errors, refusals
from traginer.delivery.destination import (
    Accepted,
    Destination,
    Import,
    ImportAnswer,
    ImportState,
    InDoubt,
    TakenOff,
    TooLarge,
    Wait,
)
from traginer.delivery.freeze import Envelope, body_path, sha256
from traginer.delivery.journal import Batch, BatchKind, BatchState, Journal, Receipt
from traginer.duck import Duck
from traginer.durable import sync_file, sync_folder
from traginer.errors import TraginerError

TRIES = 6
WAITS = 20
STUCK_SECONDS = 6 * 3600
LONGEST_PAUSE_SECONDS = 60.0
TOO_LARGE_REASON = "contact-too-large"


@dataclass(frozen=True)
class Pace:
    """How time passes for a delivery: `pause` sleeps that many seconds, `now` reads a clock of seconds."""

    pause: Callable[[float], None]
    now: Callable[[], float]


class Bodies:
    """Reads the bodies of imports, and sees that they are as they were frozen; the next one while the former is under way."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._coming: tuple[Path, Future[bytes | None]] | None = None

    def expect(self, path: Path, digest: str) -> None:
        """Begin to read."""
        self._coming = path, self._pool.submit(_read, path, digest)

    def take(self, path: Path, digest: str) -> bytes | None:
        """The body; None where the file is missing or another one."""
        coming, self._coming = self._coming, None
        return coming[1].result() if coming and coming[0] == path else _read(path, digest)


def _read(path: Path, digest: str) -> bytes | None:
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return None
    return body if hashlib.sha256(body).hexdigest() == digest else None


@dataclass(frozen=True)
class Delivery:
    """Everything one delivery needs, so that its steps read as sentences."""

    duck: Duck
    journal: Journal
    destination: Destination
    envelope: Envelope
    pace: Pace
    bodies: Bodies = field(default_factory=Bodies)

    def run(self) -> None:
        """Deliver all batches that are not settled. Raises TraginerError where a person must act; what was settled stays."""
        batches = self.journal.batches()
        total = sum(batch.rows for batch in batches)
        open_batches = deque(batch for batch in batches if batch.state is not BatchState.SETTLED)
        done = total - sum(batch.rows for batch in open_batches)
        if open_batches:
            self._wait_until_no_import_runs(open_batches[0])
        while open_batches:
            batch = open_batches.popleft()
            coming = open_batches[0] if open_batches else None
            halves = (
                self._deliver_import(batch, coming) if batch.kind is BatchKind.IMPORT else self._deliver_removal(batch)
            )
            open_batches.extendleft(reversed(halves))
            done += 0 if halves else batch.rows
            self.journal.progress("deliver", done, total)

    def _deliver_import(self, batch: Batch, coming: Batch | None) -> Sequence[Batch]:
        """Carry one import to its end. The answer is what takes its place, where it had to be cut in half."""
        resumed = batch.process if batch.state is BatchState.SENT else None
        answer = resumed or self._send(batch)
        if not isinstance(answer, int):
            return answer
        if coming and coming.kind is BatchKind.IMPORT and coming.state is not BatchState.SENT:
            self.bodies.expect(body_path(self.journal.spool, coming.number), coming.sha256)
        finished, seconds = self._follow(batch, answer)
        if finished.state is ImportState.FAILED:
            raise errors.ImportFailed(batch=batch.number, process=answer)
        self._settle_import(batch, finished, None if resumed else seconds)
        return ()

    def _send(self, batch: Batch) -> int | Sequence[Batch]:
        """The process that Brevo accepted the batch under, or what takes its place where it is too large."""
        body = self._body(batch)
        in_doubt = batch.state is BatchState.SENDING
        if in_doubt:
            self._wait_until_no_import_runs(batch)
        tries = waits = 0
        why = ""
        while tries < TRIES and waits < WAITS:
            self.journal.intent(batch)
            match self._asked(batch, body, in_doubt=in_doubt):
                case Accepted(process):
                    self.journal.sent(batch, process)
                    return process
                case TooLarge():
                    return self._halve(batch, body)
                case Wait(seconds, why):
                    if not in_doubt:  # an earlier try may have worked: that this one did not says nothing of it
                        self.journal.unsent(batch)
                    waits += 1
                    self.pace.pause(seconds)
                case InDoubt(why):
                    in_doubt = True
                    tries += 1
                    self.pace.pause(_back_off(tries))
                    self._wait_until_no_import_runs(batch)
        raise errors.NoAnswer(batch=batch.number, tries=tries + waits, why=why)

    def _asked(self, batch: Batch, body: bytes, *, in_doubt: bool) -> ImportAnswer:
        """The answer to an import. A refusal that is raised is certain: what was not in doubt before was not sent."""
        try:
            return self.destination.start_import(body)
        except TraginerError:
            if not in_doubt:
                self.journal.unsent(batch)
            raise

    def _body(self, batch: Batch) -> bytes:
        body = self.bodies.take(body_path(self.journal.spool, batch.number), batch.sha256)
        if body is None:
            raise errors.SpoolDamaged(batch=batch.number, folder=self.journal.spool)
        return body

    def _wait_until_no_import_runs(self, batch: Batch) -> None:
        """Brevo gets stuck when imports run side by side (brevo-api.md fact 10), and one of them may be ours."""
        started = self.pace.now()
        while running := [found for found in self.destination.imports() if found.state is ImportState.RUNNING]:
            self._pause_for_poll(started, errors.AccountBusy, batch, running[0].process)

    def _follow(self, batch: Batch, process: int) -> tuple[Import, float]:
        """The import once it is over, and the seconds to its end: halfway between the last two looks at it."""
        started = self.pace.now()
        running_seconds = 0.0
        while True:
            self._pause_for_poll(started, errors.ImportStuck, batch, process)
            seconds = self.pace.now() - started
            listed = next((found for found in self.destination.imports() if found.process == process), None)
            found = listed or self.destination.import_status(process)
            if found.state is not ImportState.RUNNING:
                return found, (running_seconds + seconds) / 2
            running_seconds = seconds

    def _pause_for_poll(self, started: float, overdue: type[TraginerError], batch: Batch, process: int) -> None:
        """Wait for the next look at `process`. Raises `overdue` hours after `started`."""
        elapsed = self.pace.now() - started
        if elapsed > STUCK_SECONDS:
            raise overdue(batch=batch.number, process=process, hours=STUCK_SECONDS // 3600)
        self.journal.progress("follow")
        self.pace.pause(self.destination.next_poll(elapsed))

    def _settle_import(self, batch: Batch, finished: Import, seconds: float | None) -> None:
        reports: dict[str, bytes] = {}
        for url, reason in finished.reports.items():
            reports[reason] = b"\n".join(filter(None, (reports.get(reason), self.destination.report(url))))
        counts: dict[str, int] = {}
        unmatched = 0
        if reports:
            refusals.keep_reports(self.journal.spool, batch, reports)
            counts, unmatched = refusals.match_reports(self.duck, self.journal.spool, batch, reports)
        rejected = sum(counts.values())
        unmatched += finished.unnamed
        self.journal.settled(batch, Receipt(batch.rows - rejected, rejected, unmatched, counts, seconds))

    def _halve(self, batch: Batch, body: bytes) -> Sequence[Batch]:
        if batch.rows == 1:
            refusals.refuse_whole(self.duck, self.journal.spool, batch, TOO_LARGE_REASON)
            self.journal.settled(batch, Receipt(0, 1, 0, {TOO_LARGE_REASON: 1}))
            return ()
        rows = json.loads(body)["jsonBody"]
        middle = len(rows) // 2
        number = max(known.number for known in self.journal.batches())
        halves = [
            self._refrozen(batch, number + 1, batch.first, rows[:middle]),
            self._refrozen(batch, number + 2, batch.first + middle, rows[middle:]),
        ]
        sync_folder(self.journal.spool)
        self.journal.halved(batch, halves)
        return halves

    def _refrozen(self, batch: Batch, number: int, first: int, rows: list[object]) -> Batch:
        texts = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        path = body_path(self.journal.spool, number)
        path.write_bytes(self.envelope.prefix + ",".join(texts).encode() + self.envelope.suffix)
        sync_file(path)
        fresh = replace(batch, number=number, parent=batch.origin, first=first, rows=len(rows), state=BatchState.FROZEN)
        return replace(fresh, bytes=path.stat().st_size, sha256=sha256(path), tries=0)

    def _deliver_removal(self, batch: Batch) -> Sequence[Batch]:
        emails = removal_emails(batch, self.journal.spool)
        tries = waits = 0
        why = ""
        while tries < TRIES and waits < WAITS:
            self.journal.intent(batch)
            match self.destination.take_off(emails):
                case TakenOff(gone):
                    listed = (
                        refusals.keep_listed(self.duck, self.journal.spool, batch, gone) if gone != set(emails) else 0
                    )
                    self.journal.settled(batch, Receipt(batch.rows - listed, listed))
                    return ()
                case Wait(seconds, why):
                    self.journal.unsent(batch)
                    waits += 1
                    self.pace.pause(seconds)
                case InDoubt(why):
                    tries += 1
                    self.pace.pause(_back_off(tries))
        raise errors.NoAnswer(batch=batch.number, tries=tries + waits, why=why)


def removal_emails(batch: Batch, spool: Path) -> list[str]:
    """The addresses of a removal batch, in the plan's order."""
    rows = pq.read_table(spool / "plan.parquet", columns=["email"], filters=[("batch", "=", batch.number)])
    return [str(email) for email in rows.column("email").to_pylist()]


def _back_off(tries: int) -> float:
    return min(LONGEST_PAUSE_SECONDS, 2.0 ** (tries - 1))
