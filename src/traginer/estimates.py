"""What a delivery asks of Brevo and how long it takes, known before: its calls, walked through the account's limits.

The steps are those of `delivery.deliver` over `destination.BrevoList`, on a clock that only they move. How fast Brevo works
is published nowhere; it is learned from the account's own imports, and assumed before the first.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import StatisticsError, linear_regression

from traginer.brevo import Bucket, Polling
from traginer.brevo.limits import CALL_SECONDS, SHARE, Limiter

TELLING_ROWS = 10_000
"""Imports that differ by fewer rows do not tell waiting from work: an end is only known to lie between two looks."""


@dataclass(frozen=True)
class Speed:
    """Brevo's own time for an import of so many rows: `queue_seconds`, and then `rows_per_second`.

    `reports` is how many files of refused rows an import brings on average; `imports` is of how many this was learned,
    0 where it is assumed.
    """

    rows_per_second: float
    queue_seconds: float
    reports: float = 0.0
    imports: int = 0

    def seconds(self, rows: int) -> float:
        """From the moment an import is accepted to its end."""
        return self.queue_seconds + rows / self.rows_per_second


ASSUMED = Speed(rows_per_second=200.0, queue_seconds=10.0)
"""1,000,000 contacts in 86 minutes: the seed's connector names up to 90 for them (requirements.md, S8)."""

NO_TIME = Speed(rows_per_second=math.inf, queue_seconds=0.0)
"""What the account's limits alone ask for."""


@dataclass(frozen=True)
class PastImport:
    """An import that Brevo finished in `seconds`, with so many files of refused rows."""

    rows: int
    seconds: float
    reports: int = 0


@dataclass(frozen=True)
class Account:
    """The limits the calls keep, the looks at an import under way, and the time of one call on the network."""

    tier: str
    share: float = SHARE
    polling: Polling = field(default_factory=Polling)
    call_seconds: float = CALL_SECONDS


@dataclass(frozen=True)
class Cost:
    """Requests of every kind, and the seconds from the first to the last answer."""

    requests: int
    seconds: float


def learned(past: Sequence[PastImport]) -> Speed:
    """The speed that fits the account's imports best; ASSUMED where there are none.

    Imports of about one size cannot tell waiting from work: they make the whole assumption slower or faster.
    """
    if not past:
        return ASSUMED
    reports = sum(each.reports for each in past) / len(past)
    fitted = _fitted(past)
    if fitted is not None:
        return Speed(1 / fitted[0], fitted[1], reports, len(past))
    taken = sum(each.seconds for each in past) / sum(ASSUMED.seconds(each.rows) for each in past)
    factor = max(taken, 1e-6)
    return Speed(ASSUMED.rows_per_second / factor, ASSUMED.queue_seconds * factor, reports, len(past))


def estimate(imports: Sequence[int], removals: int, speed: Speed, account: Account) -> Cost:
    """The cost of a run that sends `imports` (the rows of each) and `removals`, on an account whose budgets are untouched.

    A run with nothing to send asks nothing. Not in it: our own work, the upload of bodies, refusals and retries.
    """
    walk = _Walk(account)
    if imports or removals:
        walk.look_at_account()
        for rows, reports in zip(imports, _spread(speed.reports, len(imports)), strict=True):
            walk.carry_import(speed.seconds(rows), reports)
        for _ in range(removals):
            walk.call(Bucket.CONTACTS)
    return Cost(walk.requests, walk.now)


class _Walk:
    """The calls of a delivery, each as early as the limits allow."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.now = 0.0
        self.requests = 0
        self._limiter = Limiter(account.tier, account.share, lambda: self.now)

    def call(self, bucket: Bucket) -> float:
        """Make one call; the moment it left."""
        self.now += max(self._limiter.delay(bucket).seconds, 0.0)
        self._limiter.spend(bucket)
        self.requests += 1
        left_at = self.now
        self.now += self.account.call_seconds
        return left_at

    def look_at_account(self) -> None:
        """Account, list and attributes, and whether an import is under way."""
        for bucket in (Bucket.OTHER, Bucket.CONTACTS, Bucket.CONTACTS, Bucket.OTHER):
            self.call(bucket)

    def carry_import(self, seconds: float, reports: int) -> None:
        """Send one import, look until it is over, and fetch what it reports."""
        over_at = self.call(Bucket.CONTACTS) + seconds
        accepted_at = self.now
        looked_at = 0.0
        while looked_at < over_at:
            left = self._limiter.left(Bucket.OTHER)
            self.now += self.account.polling.next_wait(self.now - accepted_at, left)
            looked_at = self.call(Bucket.OTHER)
        for _ in range(reports):
            self.call(Bucket.FREE)


def _spread(average: float, count: int) -> Iterator[int]:
    """`average` files an import, as whole files over `count` imports."""
    for number in range(count):
        yield int(average * (number + 1)) - int(average * number)


def _fitted(past: Sequence[PastImport]) -> tuple[float, float] | None:
    """Seconds a row and seconds in the queue, where the imports differ enough to tell them apart."""
    rows = [each.rows for each in past]
    if max(rows) - min(rows) < TELLING_ROWS:
        return None
    try:
        slope, intercept = linear_regression(rows, [each.seconds for each in past])
    except StatisticsError:
        return None
    return (slope, intercept) if slope > 0 and intercept >= 0 else None
