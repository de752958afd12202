"""Brevo's limits as sliding windows, of which we use only a share: the rest is for the account's other tools.

Numbers: https://developers.brevo.com/docs/api-limits. They count per account, so one Limiter serves one account.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from traginer.brevo.endpoints import Bucket
from traginer.brevo.transport import Response

SHARE = 0.8
HOUR = 3600.0
CALL_SECONDS = 0.15
LEAST_SECONDS = 1.0
"""The shortest obedience to a 429: Brevo's shortest window, whatever rounding made of its rest."""


class Tier(StrEnum):
    """Which of Brevo's tables of limits an account has."""

    GENERAL = "general"
    ADVANCED = "advanced"
    """Professional and Enterprise plans."""
    EXTENDED = "extended"
    """Enterprise plans that bought it."""
    UNLIMITED = "unlimited"
    """A local Brevo without limits; 429 is obeyed even so."""


class Why(StrEnum):
    """What a wait is for."""

    PER_SECOND = "per_second"
    PER_HOUR = "per_hour"
    BREVO = "brevo"
    """Brevo said so: a 429, or others use the account and only their share is left."""
    RETRY = "retry"
    """No connection, or a fault of the server."""


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `calls` in any stretch of `seconds`."""

    calls: int
    seconds: float


BUDGETS: Mapping[Tier, Mapping[Bucket, tuple[Budget, ...]]] = {
    Tier.GENERAL: {Bucket.CONTACTS: (Budget(10, 1.0), Budget(36_000, HOUR)), Bucket.OTHER: (Budget(100, HOUR),)},
    Tier.ADVANCED: {Bucket.CONTACTS: (Budget(20, 1.0), Budget(72_000, HOUR)), Bucket.OTHER: (Budget(200, HOUR),)},
    # Of Extended the tables name only 60 a second; the hourly budget of all other calls is taken from Advanced.
    Tier.EXTENDED: {Bucket.CONTACTS: (Budget(60, 1.0),), Bucket.OTHER: (Budget(200, HOUR),)},
    Tier.UNLIMITED: {},
}


@dataclass(frozen=True, slots=True)
class Delay:
    """How long the next call has to wait, and why; 0 seconds if not at all."""

    seconds: float
    why: Why


class Window:
    """The moments of the latest calls, so that never more than `most` of them lie in any stretch of `seconds`."""

    __slots__ = ("_moments", "most", "seconds")

    def __init__(self, budget: Budget, share: float) -> None:
        self.most = _share_of(budget.calls, share)
        # A share of half a call a second is one call in two seconds.
        self.seconds = budget.seconds * max(1.0, self.most / (budget.calls * share))
        self._moments: deque[float] = deque()

    def room(self, now: float) -> int:
        """How many calls fit at `now`."""
        while self._moments and self._moments[0] + self.seconds <= now:
            self._moments.popleft()
        return self.most - len(self._moments)

    def delay(self, now: float) -> Delay:
        """How long until one more call fits."""
        why = Why.PER_SECOND if self.seconds < HOUR else Why.PER_HOUR
        return Delay(0.0 if self.room(now) > 0 else self._moments[0] + self.seconds - now, why)

    def spend(self, now: float) -> None:
        """One call leaves at `now`."""
        self._moments.append(now)


@dataclass(frozen=True, slots=True)
class _Told:
    """What Brevo's headers said last: calls left for us until a moment."""

    left: int
    until: float


def _share_of(calls: int, share: float) -> int:
    # 0.29 * 100 is 28.999…
    return max(1, int(calls * share + 1e-9))


def reset_seconds(response: Response) -> float | None:
    """Seconds until Brevo's window ends, or None where the answer does not say. At most an hour, the longest window."""
    for name in ("x-sib-ratelimit-reset", "retry-after"):
        try:
            return min(max(float(response.headers[name]), 0.0), HOUR)
        except (KeyError, ValueError):
            continue
    return None


def _count(response: Response, name: str) -> int | None:
    text = response.headers.get(f"x-sib-ratelimit-{name}", "")
    return int(text) if text.isascii() and text.isdigit() else None


class Limiter:
    """The budgets of one account: knows before a call whether it fits, learns from each answer. Not thread-safe."""

    def __init__(self, tier: str, share: float, now: Callable[[], float]) -> None:
        if not 0 < share <= 1:
            raise ValueError("share is more than 0 and at most 1")
        self._share = share
        self._now = now
        budgets = BUDGETS[Tier(tier)]
        self._windows = {bucket: [Window(budget, share) for budget in budgets.get(bucket, ())] for bucket in Bucket}
        self._closed_until: dict[Bucket, float] = {}
        self._told: dict[Bucket, _Told] = {}

    def delay(self, bucket: Bucket) -> Delay:
        """How long the next call of `bucket` has to wait: the longest of what its windows and Brevo ask for."""
        now = self._now()
        delays = [window.delay(now) for window in self._windows[bucket]]
        delays.append(Delay(self._closed_until.get(bucket, now) - now, Why.BREVO))
        return max(delays, key=lambda delay: delay.seconds)

    def spend(self, bucket: Bucket) -> None:
        """A call of `bucket` leaves now."""
        now = self._now()
        for window in self._windows[bucket]:
            window.room(now)
            window.spend(now)

    def learn(self, bucket: Bucket, response: Response) -> None:
        """Take in what the answer says about the budget; `bucket` stays shut as long as Brevo asks for.

        Where Brevo counts fewer calls left than the others' share, though we have not used ours up, others are using
        the account, or our previous process did: what is left is theirs until the window ends.
        """
        now = self._now()
        reset = reset_seconds(response)
        if response.status == 429:
            self._closed_until[bucket] = now + max(reset or 0.0, LEAST_SECONDS)
            return
        remaining = _count(response, "remaining")
        if bucket is Bucket.FREE or remaining is None or reset is None:
            return
        limit = _count(response, "limit") or 0
        left = remaining - (limit - _share_of(limit, self._share) if limit else 0)
        self._told[bucket] = _Told(max(left, 0), now + reset)
        ours_is_left = all(window.room(now) > 0 for window in self._windows[bucket])
        if remaining == 0 or (left <= 0 and ours_is_left):
            self._closed_until[bucket] = now + reset

    def left(self, bucket: Bucket) -> int | None:
        """How many calls of `bucket` we may still make in its longest window; None where no limit is known."""
        now = self._now()
        known = [window.room(now) for window in self._windows[bucket] if window.seconds >= HOUR]
        told = self._told.get(bucket)
        if told is not None and told.until > now:
            known.append(told.left)
        return min(known, default=None)
