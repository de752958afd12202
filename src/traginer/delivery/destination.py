"""What a delivery asks of the far side, and the closed list of its answers.

The consumer owns this protocol. Implementations raise TraginerError where a person must act (key, list, contract); all
that time can heal is an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Accepted:
    """The import is queued under `process`; nothing is known of its rows yet."""

    process: int


@dataclass(frozen=True)
class Wait:
    """Certainly not done, and may be asked again after `seconds`."""

    seconds: float
    why: str = ""


@dataclass(frozen=True)
class InDoubt:
    """No answer to a request that may have worked."""

    why: str


@dataclass(frozen=True)
class TooLarge:
    """Refused for its size: to be cut in half."""


@dataclass(frozen=True)
class TakenOff:
    """The addresses that are certainly no longer on the list. Those asked for and not named here still are."""

    emails: frozenset[str]


class ImportState(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True)
class Import:
    """An import as the process list shows it.

    Of completed ones: `reports` are the reasons of files of refused rows, by link; `unnamed` counts refused rows that no file
    names.
    """

    process: int
    state: ImportState
    reports: Mapping[str, str]
    unnamed: int = 0


ImportAnswer = Accepted | Wait | InDoubt | TooLarge
RemovalAnswer = TakenOff | Wait | InDoubt


class Destination(Protocol):
    """A list that can be filled. No method lifts a block, changes an address or deletes a contact."""

    def start_import(self, body: bytes) -> ImportAnswer:
        """Ask to import `body`, sent as it is. An import is an upsert: the same bytes again change nothing."""

    def imports(self) -> Sequence[Import]:
        """The newest imports of the account, newest first, whoever started them; about 50."""

    def import_status(self, process: int) -> Import:
        """One import; for those that the list no longer shows."""

    def report(self, url: str) -> bytes:
        """The content of a report file."""

    def take_off(self, emails: Sequence[str]) -> RemovalAnswer:
        """Take at most 150 addresses off the list; the contacts stay. Asking again is harmless."""

    def next_poll(self, elapsed_seconds: float) -> float:
        """Seconds to wait before looking at the process list again, within the account's budget."""
