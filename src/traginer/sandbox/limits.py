"""Brevo's rate limits by plan and by kind of address: developers.brevo.com, api-limits and limit-headers."""

import math
from threading import Lock
from typing import NamedTuple

from traginer.sandbox.clock import Clock
from traginer.sandbox.switches import Switches

SECOND, HOUR = 1, 3600


class Limit(NamedTuple):
    """So many requests in a window of so many seconds."""

    requests: int
    seconds: int


# Both limits of a bucket hold at once. Where nothing is known of the extended plan, the advanced one's number stands.
LIMITS: dict[str, dict[str, tuple[Limit, ...]]] = {
    "contacts": {
        "general": (Limit(10, SECOND), Limit(36_000, HOUR)),
        "advanced": (Limit(20, SECOND), Limit(72_000, HOUR)),
        "extended": (Limit(60, SECOND),),
    },
    "blocked-contacts": {
        "general": (Limit(1_000, SECOND),),
        "advanced": (Limit(2_000, SECOND),),
        "extended": (Limit(6_000, SECOND),),
    },
    "smtp": {"general": (Limit(300, HOUR),), "advanced": (Limit(600, HOUR),), "extended": (Limit(600, HOUR),)},
    "events": {"general": (Limit(10, SECOND),), "advanced": (Limit(20, SECOND),), "extended": (Limit(60, SECOND),)},
    "other": {"general": (Limit(100, HOUR),), "advanced": (Limit(200, HOUR),), "extended": (Limit(200, HOUR),)},
}


def bucket_of(method: str, path: tuple[str, ...]) -> str:
    """Which limits a request counts against."""
    match path:
        case ("contacts", *_):
            return "contacts"
        case ("smtp", "blockedContacts") if method == "GET":
            return "blocked-contacts"
        case ("smtp", *_):
            return "smtp"
        case ("events",):
            return "events"
        case _:
            return "other"


class Verdict(NamedTuple):
    """Whether a request may pass, and the headers that say how it stands."""

    passes: bool
    headers: dict[str, str]


class Limits:
    """Counts requests in windows of the sandbox's clock, for the account as a whole."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self._lock = Lock()
        self._used: dict[tuple[str, int], tuple[int, int]] = {}

    def check(self, bucket: str) -> Verdict:
        """Count one request; one over a limit is not counted."""
        limits = LIMITS[bucket].get(self._switches.tier, ())
        if not limits:
            return Verdict(True, {})
        now = self._clock.now()
        with self._lock:
            left = {limit: limit.requests - self._count(bucket, limit, now) for limit in limits}
            passes = all(left.values())
            if passes:
                for limit in limits:
                    self._add(bucket, limit, now)
                    left[limit] -= 1
        tightest = min(limits, key=lambda limit: left[limit] / limit.requests)
        return Verdict(passes, _headers(tightest, left[tightest], now))

    def forget(self) -> None:
        """Begin every window anew."""
        with self._lock:
            self._used.clear()

    def _count(self, bucket: str, limit: Limit, now: float) -> int:
        window, count = self._used.get((bucket, limit.seconds), (0, 0))
        return min(count, limit.requests) if window == int(now // limit.seconds) else 0

    def _add(self, bucket: str, limit: Limit, now: float) -> None:
        self._used[bucket, limit.seconds] = (int(now // limit.seconds), self._count(bucket, limit, now) + 1)


def _headers(limit: Limit, left: int, now: float) -> dict[str, str]:
    return {
        "x-sib-ratelimit-limit": str(limit.requests),
        "x-sib-ratelimit-remaining": str(left),
        "x-sib-ratelimit-reset": str(max(1, math.ceil(limit.seconds - now % limit.seconds))),
    }
