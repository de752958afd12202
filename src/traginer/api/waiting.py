"""Requests that take long: few at once, and no longer than somebody waits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from traginer.api.errors import TooSlow
from traginer.api.limits import Places
from traginer.control.runs import Means, Pace
from traginer.control.runs.means import now

LONGEST_SECONDS = 120
AT_ONCE = 3
"""Fewer than the server has threads: the short requests go on meanwhile."""

PLACES = Places(AT_ONCE, 2 * LONGEST_SECONDS)


class Deadline:
    """Looks on while a request works, and ends it at its next step once it takes too long. Implements Watch."""

    def __init__(self, seconds: float = LONGEST_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._clock = seconds, clock
        self._ends = clock() + seconds

    def stage(self, name: str, done: int, total: int) -> None:  # noqa: ARG002 - Watch's signature
        """Implements Watch. Raises TooSlow."""
        self.require(0)

    def waiting(self, seconds: float, why: str) -> None:  # noqa: ARG002 - Watch's signature
        """Implements Watch. Raises TooSlow rather than let the request wait past its end."""
        self.require(seconds)

    def pause(self, seconds: float) -> None:
        """Wait. Raises TooSlow."""
        self.require(seconds)
        time.sleep(seconds)

    def require(self, seconds: float) -> None:
        """Raises TooSlow where there are not so many seconds left."""
        if self._clock() + seconds > self._ends:
            raise TooSlow(seconds=round(self.seconds))

    def means(self) -> Means:
        """The means of a service that works under this deadline."""
        return Means(self, now, Pace(self.pause, time.monotonic), self.pause)


@contextmanager
def long() -> Iterator[Means]:
    """A block that may take long, and the means that end it in time. Raises ServerBusy."""
    with PLACES.taken():
        yield Deadline().means()
