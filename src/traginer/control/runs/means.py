"""What a run needs from the world."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from traginer.control.journal import Watch
from traginer.delivery.deliver import Pace

REAL_TIME = Pace(time.sleep, time.monotonic)


def now() -> datetime:
    """The time, with its offset."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Means:
    """The clock, a way to wait, and who looks on. `sleep` waits for the limits of the account, `pace` for an import to end."""

    watch: Watch
    now: Callable[[], datetime] = now
    pace: Pace = REAL_TIME
    sleep: Callable[[float], None] = time.sleep
