"""When to look at the process list again: soon, then ever more rarely, and thriftily as the hour's calls run out."""

from dataclasses import dataclass

from traginer.brevo.limits import HOUR


@dataclass(frozen=True, slots=True)
class Polling:
    """The gaps between two looks, in seconds, and the calls to keep in hand.

    One look reads the newest 50 processes whatever their number. A gap is `growth` times the time already waited, so
    the end of an import is seen late by no more than that share of it, within `first` and `most`. Below `thrifty`
    calls above the `reserve` gaps widen towards `most` however young the import is; in the reserve, what is left is
    spread over an hour.
    """

    first: float = 0.5
    most: float = 60.0
    growth: float = 0.5
    reserve: int = 10
    thrifty: int = 40

    def next_wait(self, elapsed_seconds: float, remaining_budget: int | None) -> float:
        """Seconds until the next look, `elapsed_seconds` after the import was accepted. A budget of None: no limit."""
        grown = min(max(elapsed_seconds * self.growth, self.first), self.most)
        if remaining_budget is None:
            return grown
        spare = remaining_budget - self.reserve
        if spare <= 0:
            return max(grown, HOUR / (max(remaining_budget, 0) + 1))
        scarcity = max(1 - spare / self.thrifty, 0.0)
        return max(grown, self.most * scarcity**2)
