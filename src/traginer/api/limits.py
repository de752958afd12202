"""How often a token may ask, and how many requests of a costly kind are answered at once: counted in this process.

The limit protects the threads of the process, so the process counts; to write each request into the database would cost more
than most requests do. Several web processes allow that many times more.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from traginer.api.errors import ServerBusy, TooManyRequests

BURST_SECONDS = 10
"""Who was silent for so long may spend it at once."""
MOST_ASKERS = 10_000
BUSY_SECONDS = 5


def a_minute() -> int:
    """How many requests a minute a token may make: TRAGINER_API_REQUESTS; 0 for as many as it likes."""
    return int(os.environ.get("TRAGINER_API_REQUESTS", "600"))


class Allowance:
    """What each asker may still ask: it grows with time, up to what BURST_SECONDS bring."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spent_until: dict[str, float] = {}

    def __len__(self) -> int:
        """How many askers are remembered."""
        return len(self._spent_until)

    def take(self, asker: str) -> None:
        """Count one request. Raises TooManyRequests."""
        most, now = a_minute(), self._clock()
        if not most:
            return
        each = 60 / most
        with self._lock:
            spent_until = max(self._spent_until.get(asker, 0.0), now - max(BURST_SECONDS, each)) + each
            if spent_until > now:
                raise TooManyRequests(most=most, seconds=math.ceil(spent_until - now))
            self._spent_until[asker] = spent_until
            if len(self._spent_until) > MOST_ASKERS:
                self._forget(now - max(BURST_SECONDS, each))

    def _forget(self, long_ago: float) -> None:
        """Those who may ask as if they had never asked."""
        self._spent_until = {asker: until for asker, until in self._spent_until.items() if until > long_ago}


class Places:
    """So many requests of a kind at once. A place whose `seconds` are over is free, whatever became of who had it."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds = most, seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: dict[int, float] = {}
        self._next = 0

    def take(self) -> int:
        """A place, by its number. Raises ServerBusy."""
        now = self._clock()
        with self._lock:
            self._taken = {place: until for place, until in self._taken.items() if until > now}
            if len(self._taken) >= self.most:
                raise ServerBusy(most=self.most, seconds=BUSY_SECONDS)
            self._next += 1
            self._taken[self._next] = now + self.seconds
            return self._next

    def leave(self, place: int) -> None:
        """The place is free again."""
        with self._lock:
            self._taken.pop(place, None)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place for the time of the block."""
        place = self.take()
        try:
            yield
        finally:
            self.leave(place)
