"""The one thread in which processes run, by the sandbox's clock: imports, exports and whole-list removals in turn."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

from traginer.sandbox.callbacks import Call, Callbacks
from traginer.sandbox.clock import Clock
from traginer.sandbox.processes import Processes, ProcessFailed

LOG = logging.getLogger("traginer.sandbox")
CHUNK_ROWS = 2_000
SHORTEST_WAIT = 0.02  # seconds: at less than 50 chunks a second the machine stays free for requests
SETTLE_SECONDS = 120


class Work(Protocol):
    """A process under way."""

    @property
    def total(self) -> int:
        """Its rows."""
        ...

    @property
    def notify_url(self) -> str | None:
        """Whom to tell when it is over."""
        ...

    def run(self, first: int, last: int) -> None:
        """Do rows `first` to `last` (not included) and remember it durably. May raise ProcessFailed."""
        ...

    def finish(self) -> str | None:
        """Do what remains once all rows are done; the name of a file, if it made one."""
        ...


class Worker:
    """Runs due processes; sleeps, by the clock, when none is due."""

    def __init__(self, clock: Clock, processes: Processes, callbacks: Callbacks, opener: Callable[[Any], Work]) -> None:
        self._clock, self._processes, self._callbacks, self._opener = clock, processes, callbacks, opener
        self._open: tuple[int, Work] | None = None
        self._condition = threading.Condition()
        self._asked = self._answered = 0
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="sandbox-worker", daemon=True)

    def start(self) -> None:
        """Begin; unfinished processes of an earlier life go on where they stopped."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the chunk at hand."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """There may be something to do."""
        with self._condition:
            self._asked += 1
            self._condition.notify_all()

    def settle(self) -> None:
        """Return when everything that is due by the clock is done. Raises TimeoutError after two minutes."""
        with self._condition:
            if self._stopped or not self._thread.is_alive() or threading.current_thread() is self._thread:
                return
            self._asked += 1
            ticket = self._asked
            self._condition.notify_all()
            if not self._condition.wait_for(lambda: self._answered >= ticket or self._stopped, SETTLE_SECONDS):
                raise TimeoutError("The sandbox is still busy with what was due.")

    def _run(self) -> None:
        while not self._stopped:
            with self._condition:
                asked = self._asked
            wait = self._step()
            if wait == 0:
                continue
            with self._condition:
                self._answered = max(self._answered, asked)
                self._condition.notify_all()
                self._condition.wait_for(lambda seen=asked: self._asked > seen or self._stopped, wait)  # type: ignore[misc]

    def _step(self) -> float | None:
        """Do one piece of work: 0 when there may be more, else real seconds until there can be, or None for never."""
        process = self._processes.next_unfinished()
        if process is None:
            return self._until(self._processes.next_release())
        if process["started_at"] is None:
            begins_at = self._processes.begins_at(process)
            if begins_at > self._clock.now():
                return self._until(begins_at)
            self._processes.begin(process["id"], begins_at)
            return 0
        return self._advance(process)

    def _until(self, moment: float | None) -> float | None:
        if moment is None or self._clock.is_frozen:
            return None
        return max(SHORTEST_WAIT, moment - self._clock.now())

    def _advance(self, process: Any) -> float | None:
        speed = self._processes.switches.rows_per_second
        work = self._work(process)
        done, total = process["next_row"], work.total
        elapsed = round(self._clock.now() - process["started_at"], 3)
        due = total if not speed else min(total, int(elapsed * speed + 1e-6))
        if done < total and due <= done:
            return self._until(process["started_at"] + (done + 1) / speed)
        try:
            if done < total:
                work.run(done, min(due, done + CHUNK_ROWS))
            if min(due, done + CHUNK_ROWS) >= total:
                self._finish(process, work, speed)
        except ProcessFailed as failure:
            self._finish(process, work, speed, error=str(failure))
        except Exception as bug:
            # The worker must outlive a bug in one process, or every later import would hang without a word.
            LOG.exception("process %s failed", process["id"])
            self._finish(process, work, speed, error=f"{type(bug).__name__} in the sandbox")
        return 0

    def _work(self, process: Any) -> Work:
        if self._open is None or self._open[0] != process["id"]:
            self._open = (process["id"], self._opener(process))
        return self._open[1]

    def _finish(self, process: Any, work: Work, speed: float, *, error: str | None = None) -> None:
        file = None if error else work.finish()
        # At a set speed the end is a matter of arithmetic, however late this thread comes to it.
        at = process["started_at"] + work.total / speed if speed and not error else self._clock.now()
        self._processes.finish(process["id"], at, error=error, file=file)
        self._open = None
        if work.notify_url:
            self._callbacks.post(Call(work.notify_url))
