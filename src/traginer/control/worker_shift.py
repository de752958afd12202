"""The working time of a process that runs until it is asked to end."""

import logging
from queue import Empty, SimpleQueue

from django.db import Error


class Stopped(BaseException):  # it must pass through whatever handles the errors of a run
    """The worker was asked to stop. Its run stays interrupted, for the next worker."""


class Shift:
    """The working time of one process, until somebody rings. Implements `journal.Watch`.

    A SimpleQueue and no Event: a signal handler that sets an Event while it is being waited for can lock itself out.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._bell: SimpleQueue[None] = SimpleQueue()

    def ring(self) -> None:
        """End it: what is under way stops at its next safe point. May be called from a signal handler."""
        self.is_over = True
        self._bell.put(None)

    def rest(self, seconds: float) -> bool:
        """Wait, but no longer than the shift; whether it goes on."""
        if not self.is_over:
            try:
                self._bell.get(timeout=seconds)
            except Empty:
                return True
        return not self.is_over

    def pause(self, seconds: float) -> None:
        """Wait in the middle of a run. Raises Stopped when the shift ends."""
        if not self.rest(seconds):
            raise Stopped

    def stage(self, name: str, done: int, total: int) -> None:  # noqa: ARG002 - Watch's signature
        """Implements Watch. Raises Stopped when the shift is over: all that was done is in the journal."""
        if self.is_over:
            raise Stopped

    def waiting(self, seconds: float, why: str) -> None:
        """Implements Watch."""


def stumbled_over(error: Exception, log: logging.Logger) -> None:
    """Log what a process that goes on all the same has met. Of a database's error only its kind: its words may quote values."""
    if isinstance(error, Error):
        log.error("the database failed: %s", type(error).__name__)
    else:
        log.error("stumbled, and goes on", exc_info=error)
