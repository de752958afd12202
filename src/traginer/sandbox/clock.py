"""The sandbox's clock: real time by default, and movable, so that an hour of rate limits takes a test no time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock


class Clock:
    """Seconds since the epoch. Whoever watches the clock is told when it is moved, and may finish what fell due."""

    def __init__(self, *, offset: float = 0.0) -> None:
        self._lock = Lock()
        self._offset = offset
        self._frozen_at: float | None = None
        self._watchers: list[Callable[[], None]] = []

    def now(self) -> float:
        """The present, in seconds since the epoch, to the millisecond: as fine as Brevo shows its times."""
        with self._lock:
            return round(self._now(), 3)

    def _now(self) -> float:
        return (time.time() if self._frozen_at is None else self._frozen_at) + self._offset

    @property
    def offset(self) -> float:
        """Seconds by which this clock is ahead of real time."""
        with self._lock:
            return self._now() - time.time()

    @property
    def is_frozen(self) -> bool:
        """Whether only `advance` moves the clock."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move forward. Returns once imports, exports and removals have done what is due by then."""
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"The clock moves forward only, not by {seconds} seconds.")
        with self._lock:
            self._offset += seconds
        for watcher in self._watchers:
            watcher()

    def freeze(self) -> None:
        """Stand still until `thaw`, but for `advance`."""
        with self._lock:
            self._frozen_at = self._frozen_at or time.time()

    def thaw(self) -> None:
        """Follow real time again, from where the clock stands."""
        with self._lock:
            now, self._frozen_at = self._now(), None
            self._offset = now - time.time()
        for watcher in self._watchers:
            watcher()

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after each move."""
        self._watchers.append(watcher)


def iso(moment: float) -> str:
    """A moment as Brevo writes it: UTC, milliseconds, Z."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 moment; without an offset it is UTC. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
