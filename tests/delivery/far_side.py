"""A far side and a journal in memory, for what a delivery must promise; both can be cut off at any step."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from traginer.delivery.destination import Accepted, Import, ImportState, InDoubt, TakenOff, TooLarge, Wait
from traginer.delivery.journal import Batch, BatchState, Receipt

LIST_ID = 7


class Cut(Exception):
    """The process died here."""


@dataclass
class Scissors:
    """Cuts at step number `at`, counting from 1; never for 0."""

    at: int = 0
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Cut


@dataclass
class FarSide:
    """A Brevo of one list: `listed` maps addresses to attributes. `rejects` says which addresses an import refuses.

    `answers` are given to the next imports instead of accepting them: "lost" and "applied" are both in doubt.
    """

    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rejects: Callable[[str], bool] = lambda _: False
    reject_reason: str = "brevo-email-invalid"
    answers: list[str] = field(default_factory=list)
    most_rows: int = 10**9
    scissors: Scissors = field(default_factory=Scissors)
    processes: list[Import] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    reports: dict[str, bytes] = field(default_factory=dict)
    removals: list[list[str]] = field(default_factory=list)
    polls_until_done: int = 1
    failing: bool = False
    report_line: Callable[[str], str] = lambda email: email
    on_look: Callable[[], object] = lambda: None

    def start_import(self, body: bytes) -> Accepted | Wait | InDoubt | TooLarge:
        self.scissors.step()
        if len(json.loads(body)["jsonBody"]) > self.most_rows:
            return TooLarge()
        answer = self.answers.pop(0) if self.answers else "accepted"
        if answer == "wait":
            return Wait(1.0)
        if answer == "lost":
            return InDoubt("cut")
        process = self._import(body)
        self.scissors.step()
        return InDoubt("cut") if answer == "applied" else Accepted(process)

    def imports(self) -> Sequence[Import]:
        self.scissors.step()
        self.on_look()
        self.polls_until_done -= 1
        if self.polls_until_done >= 0 and self.processes:
            newest = replace(self.processes[-1], state=ImportState.RUNNING)
            return [newest, *reversed(self.processes[:-1])]
        return list(reversed(self.processes))

    def import_status(self, process: int) -> Import:
        return next(found for found in self.processes if found.process == process)

    def report(self, url: str) -> bytes:
        self.scissors.step()
        return self.reports[url]

    def take_off(self, emails: Sequence[str]) -> TakenOff:
        self.scissors.step()
        self.removals.append(list(emails))
        for email in emails:
            self.listed.pop(email, None)
        self.scissors.step()
        return TakenOff(frozenset(emails))

    def next_poll(self, elapsed_seconds: float) -> float:
        return 1.0

    def _import(self, body: bytes) -> int:
        self.bodies.append(body)
        process = len(self.processes) + 1
        refused = []
        for row in json.loads(body)["jsonBody"]:
            if self.rejects(row["email"]):
                refused.append(row["email"])
                continue
            self.contacts[row["email"]] = self.listed[row["email"]] = row["attributes"]
        reports = {}
        if refused:
            url = f"report:{process}"
            self.reports[url] = "\r\n".join(["EMAIL", *map(self.report_line, refused)]).encode()
            reports = {url: self.reject_reason}
        state = ImportState.FAILED if self.failing else ImportState.COMPLETED
        self.processes.append(Import(process, state, reports))
        return process


@dataclass
class MemoryJournal:
    """The journal of one run whose writes survive a cut."""

    spool: Path
    ledger_file: Path | None = None
    holders_file: Path | None = None
    claimed: list[Path] = field(default_factory=list)
    scissors: Scissors = field(default_factory=Scissors)
    kept: dict[int, Batch] = field(default_factory=dict)
    promised: Mapping[str, Any] | None = None
    stages: list[str] = field(default_factory=list)

    def ledger(self) -> Path | None:
        return self.ledger_file

    def claims(self) -> Sequence[Path]:
        return self.claimed

    def figures(self) -> Mapping[str, Any] | None:
        return self.promised

    def batches(self) -> Sequence[Batch]:
        return [self.kept[number] for number in sorted(self.kept)]

    def frozen(self, batches: Sequence[Batch], figures: Mapping[str, Any]) -> None:
        self.scissors.step()
        self.kept = {batch.number: batch for batch in batches}
        self.promised = figures

    def halved(self, batch: Batch, halves: Sequence[Batch]) -> None:
        self.scissors.step()
        del self.kept[batch.number]
        self.kept |= {half.number: half for half in halves}

    def intent(self, batch: Batch) -> None:
        self._write(batch, state=BatchState.SENDING, tries=self.kept[batch.number].tries + 1)

    def sent(self, batch: Batch, process: int) -> None:
        self._write(batch, state=BatchState.SENT, process=process)

    def settled(self, batch: Batch, receipt: Receipt) -> None:
        self._write(batch, state=BatchState.SETTLED, rejected=receipt.rejected, unmatched=receipt.unmatched_report_rows)

    def unsent(self, batch: Batch) -> None:
        self._write(batch, state=BatchState.FROZEN, tries=self.kept[batch.number].tries - 1)

    def holders(self) -> Sequence[Path]:
        return [self.holders_file] if self.holders_file else []

    def advanced(self, ledger: Path, holders: Path | None) -> None:
        self.scissors.step()
        self.ledger_file = ledger
        self.holders_file = holders or self.holders_file

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        self.stages.append(stage)

    def _write(self, batch: Batch, **values: Any) -> None:
        self.scissors.step()
        self.kept[batch.number] = replace(self.kept[batch.number], **values)
        self.scissors.step()
