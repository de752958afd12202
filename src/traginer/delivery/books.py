"""The books of a run: counts that must balance, or the run is a Failure."""

from dataclasses import asdict, dataclass

from traginer.delivery.errors import BooksDoNotBalance


@dataclass(frozen=True)
class Counts:
    """Every count of a run, in profiles or contacts. `warnings` counts values left out of contacts that were sent."""

    members: int = 0
    wanted: int = 0
    invalid: int = 0
    added: int = 0
    changed: int = 0
    left: int = 0
    unchanged: int = 0
    sent: int = 0
    confirmed: int = 0
    rejected: int = 0
    in_doubt: int = 0
    removed: int = 0
    still_on_list: int = 0
    warnings: int = 0

    def sums(self) -> dict[str, tuple[int, int]]:
        """The equations, as (left side, right side)."""
        return {
            "members = wanted + invalid": (self.members, self.wanted + self.invalid),
            "wanted = added + changed + unchanged": (self.wanted, self.added + self.changed + self.unchanged),
            "sent = confirmed + rejected + in doubt": (self.sent, self.confirmed + self.rejected + self.in_doubt),
            "left = removed + still on list": (self.left, self.removed + self.still_on_list),
        }

    def balance(self) -> None:
        """Raises BooksDoNotBalance, naming the equations that do not hold."""
        wrong = [f"{text} ({left} is not {right})" for text, (left, right) in self.sums().items() if left != right]
        if wrong:
            raise BooksDoNotBalance(sums="; ".join(wrong))

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)
