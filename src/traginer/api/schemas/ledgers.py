"""Ledgers: what was found out about one, and one made anew."""

from typing import Self

from pydantic import Field

from traginer.api.bodies import Asked, Shown
from traginer.api.schemas.problems import Problem
from traginer.control.ledgers import Checked, Rebuilding


class LedgerCheckRequest(Asked):
    """`deep` fetches the whole list from Brevo and lays it beside the ledger."""

    deep: bool = False


class LedgerCompared(Shown):
    """Contacts in ledger and list: in both, in the ledger only, on the list only."""

    both: int
    gone: int
    others: int


class LedgerCheck(Shown):
    """A ledger: `listed` is Brevo's counter of the list; `trouble` says that the file is not whole, `account_trouble` what hides the list."""

    export: str
    list_id: int
    file: str
    bytes: int
    rows: int
    in_doubt: int
    is_whole: bool
    listed: int | None
    list_name: str
    trouble: Problem | None
    account_trouble: Problem | None
    compared: LedgerCompared | None

    @classmethod
    def of(cls, found: Checked) -> Self:
        """Of what the service found."""
        names = ("export", "list_id", "file", "bytes", "rows", "in_doubt", "is_whole", "listed", "list_name")
        compared = found.compared
        return cls(
            **{name: getattr(found, name) for name in names},
            trouble=Problem.of(found.trouble) if found.trouble else None,
            account_trouble=Problem.of(found.account_trouble) if found.account_trouble else None,
            compared=LedgerCompared(both=compared.both, gone=compared.gone, others=compared.others)
            if compared
            else None,
        )


class LedgerRebuildRequest(Asked):
    """Without `keep` the new ledger is thrown away: the answer says what it would be."""

    keep: bool = Field(default=False)


class LedgerRebuilt(Shown):
    """A ledger made anew, and whether it took the place of the former one."""

    export: str
    is_kept: bool
    counted: int
    listed: int
    claimed: int
    in_doubt: int
    unwanted: int
    others: int
    to_add: int
    dropped: int
    former: int

    @classmethod
    def of(cls, rebuilding: Rebuilding) -> Self:
        """Of what the service made."""
        names = ("listed", "claimed", "in_doubt", "unwanted", "others", "to_add", "dropped", "former")
        made = {name: getattr(rebuilding.made, name) for name in names}
        return cls(export=rebuilding.export.name, is_kept=rebuilding.is_kept, counted=rebuilding.counted, **made)
