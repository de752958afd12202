"""What a run heeds while it works: its lease, whoever wants it to end, and those who ask how far it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from traginer import estimates
from traginer.control import exports, speeds, traffic
from traginer.control.leases import Lease
from traginer.control.models import Cancellation, Run
from traginer.control.runs_errors import RunCanceled
from traginer.control.traffic import Traffic
from traginer.delivery.destination import Import, ImportAnswer, RemovalAnswer
from traginer.delivery.journal import Batch, BatchKind, BatchState
from traginer.destination import BrevoList
from traginer.estimates import Speed

LOOK_SECONDS = 1.0
"""How long a run waits before it asks again whether somebody wants it to end."""


@dataclass
class Attention:
    """Implements `journal.Attention` for one run."""

    run: Run
    lease: Lease
    traffic: Traffic
    now: Callable[[], datetime]
    _open: int = field(default=-1, init=False)
    _ends_at: datetime | None = field(default=None, init=False)

    def figures(self, batches: Sequence[Batch]) -> dict[str, Any]:
        """What the row of the run tells of its progress, beside stage and rows."""
        still_open = [batch for batch in batches if batch.state is not BatchState.SETTLED]
        if batches and len(still_open) != self._open:
            self._open = len(still_open)
            self._ends_at = self.now() + timedelta(seconds=self._seconds(still_open))
        return {"requests": self.traffic.requests, "bytes": self.traffic.bytes_sent, "ends_at": self._ends_at}

    def require(self) -> None:
        """Raises what wants the run to end: RunCanceled, and what `exports.require_still_wanted` raises."""
        canceled = Cancellation.objects.filter(run=self.run).first()
        if canceled is not None:
            raise RunCanceled(person=canceled.by)
        exports.require_still_wanted(self.run)

    def _seconds(self, still_open: Sequence[Batch]) -> float:
        imports = [batch.rows for batch in still_open if batch.kind is BatchKind.IMPORT]
        return estimates.estimate(imports, len(still_open) - len(imports), self._speed, self._account).seconds

    @cached_property
    def _speed(self) -> Speed:
        return speeds.of(self.run.connection)

    @cached_property
    def _account(self) -> estimates.Account:
        connection = self.run.connection
        return estimates.Account(connection.tier, connection.share, polling=traffic.polling(connection))


def attentive(
    sleep: Callable[[float], None], lease: Lease, heed: Callable[[], None], piece: float = LOOK_SECONDS
) -> Callable[[float], None]:
    """`sleep` in pieces; between them the run gives up where it was taken over, or where `heed` raises."""

    def wait(seconds: float) -> None:
        while seconds > 0:
            sleep(min(seconds, piece))
            seconds -= piece
            lease.require()
            heed()

    return wait


@dataclass(kw_only=True)
class LeasedList(BrevoList):
    """A list that is reached only while the run is surely ours, and before each import where nobody wants it to end.

    A worker that was stopped wakes up with an answer in its hands: it must not write what follows from it either.
    """

    lease: Lease
    heed: Callable[[], None]

    def start_import(self, body: bytes) -> ImportAnswer:
        """Implements Destination."""
        self.lease.require()
        return super().start_import(body)

    def take_off(self, emails: Sequence[str]) -> RemovalAnswer:
        """Implements Destination."""
        self.lease.require()
        answer = super().take_off(emails)
        self.lease.require()
        return answer

    def imports(self) -> Sequence[Import]:
        """Implements Destination."""
        self.heed()
        found = super().imports()
        self.lease.require()
        return found

    def report(self, url: str) -> bytes:
        """Implements Destination."""
        content = super().report(url)
        self.lease.require()
        return content
