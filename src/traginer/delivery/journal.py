"""The journal of one run: intent, sent, receipt, each durable before the next thing happens; and where its files are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol


class BatchKind(StrEnum):
    IMPORT = "import"
    REMOVAL = "removal"


class BatchState(StrEnum):
    """`frozen -> sending -> sent -> settled`; a batch found in `sending` after a crash is in doubt."""

    FROZEN = "frozen"
    SENDING = "sending"
    SENT = "sent"
    SETTLED = "settled"


@dataclass(frozen=True)
class Batch:
    """A frozen piece of a change set: one request.

    It holds the `rows` rows of the plan whose `batch` is `origin`, from position `first` on; `bytes` is the size of its
    body. A batch that was cut in half leaves two with its own `origin`.
    """

    number: int
    kind: BatchKind
    rows: int
    bytes: int = 0
    sha256: str = ""
    state: BatchState = BatchState.FROZEN
    process: int | None = None
    tries: int = 0
    rejected: int = 0
    unmatched: int = 0
    parent: int | None = None
    first: int = 0

    @property
    def origin(self) -> int:
        """The batch number of its rows in the plan."""
        return self.number if self.parent is None else self.parent


@dataclass(frozen=True)
class Receipt:
    """What the far side said of a batch in the end: of its `rows`, which were not done is in the spool's refusals file.

    `seconds` is how long the far side worked on it; None where nobody looked on from the start.
    """

    confirmed: int
    rejected: int
    unmatched_report_rows: int = 0
    refusals_by_reason: Mapping[str, int] = field(default_factory=dict)
    seconds: float | None = None


class PlanJournal(Protocol):
    """What a plan reads of a journal, and where it may put files while it is made."""

    @property
    def spool(self) -> Path:
        """A folder of its own, mode 0700."""

    def ledger(self) -> Path | None:
        """What the list holds because of this export, as of its last run; None before the first."""

    def claims(self) -> Sequence[Path]:
        """The ledgers of other exports into the same list of the same account."""

    def holders(self) -> Sequence[Path]:
        """The files that say who holds which number in the account because of us; none before anybody does."""

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """For those who watch; also a sign of life, and the point where a cancellation is noticed."""


class Journal(PlanJournal, Protocol):
    """Durable record of one run. Every write is on disk when the call returns, and fails if the run was taken over."""

    def figures(self) -> Mapping[str, Any] | None:
        """What `frozen` was told; None before."""

    def batches(self) -> Sequence[Batch]:
        """The frozen batches, by number; empty before `frozen`."""

    def frozen(self, batches: Sequence[Batch], figures: Mapping[str, Any]) -> None:
        """The plan of this run is on the spool: from now on it is this plan that is delivered."""

    def halved(self, batch: Batch, halves: Sequence[Batch]) -> None:
        """`batch` was too large: it is replaced by `halves`."""

    def intent(self, batch: Batch) -> None:
        """`batch` is about to be sent."""

    def sent(self, batch: Batch, process: int) -> None:
        """Brevo accepted `batch` as `process`."""

    def settled(self, batch: Batch, receipt: Receipt) -> None:
        """What became of `batch` is known."""

    def unsent(self, batch: Batch) -> None:
        """`batch` certainly did not reach the far side; it is frozen as before."""

    def advanced(self, ledger: Path, holders: Path | None) -> None:
        """`ledger` is the export's ledger from now on, and `holders` the account's one file of numbers where it is new."""
