"""How often, and how long apart, something that only reads is asked again."""

from collections.abc import Callable
from dataclasses import dataclass

from traginer.brevo.errors import Later, OutcomeUnknown, RateLimited, Unavailable
from traginer.brevo.layers import Waiter
from traginer.brevo.limits import Why

TRIES = 5
FIRST_SECONDS = 0.5
MOST_SECONDS = 60.0


@dataclass(frozen=True)
class Patience:
    """`tries` questions at most; pauses double from `first` to `most`, each shortened by chance by up to a half.

    `jitter` gives a number from 0 to 1: clients that were cut off together must not come back together.
    """

    waiter: Waiter
    jitter: Callable[[], float]
    tries: int = TRIES
    first: float = FIRST_SECONDS
    most: float = MOST_SECONDS

    def pause(self, attempt: int) -> float:
        """Seconds to wait after attempt number `attempt`, the first being 0."""
        return min(self.first * 2.0 ** min(attempt, 30), self.most) * (1 - self.jitter() / 2)

    def ask[T](self, question: Callable[[], T]) -> T:
        """The answer. Raises what the last attempt met: RateLimited or Unavailable; a Stop at once."""
        attempt = 0
        while True:
            try:
                return question()
            except Later as met:
                trouble: Later = met
            except OutcomeUnknown as met:
                trouble = Unavailable(met.message, status=met.status, code=met.code)
            asked = trouble.seconds if isinstance(trouble, RateLimited) else None
            seconds = self.pause(attempt) if asked is None else asked
            attempt += 1
            if attempt >= self.tries or not self.waiter.accepts(seconds):
                raise trouble
            self.waiter.wait(seconds, Why.BREVO if isinstance(trouble, RateLimited) else Why.RETRY)
