"""What Brevo answers: closed unions for what changes something, frozen values for what is read.

A repr shows no address and no value of a contact, so that none gets into a log by accident.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from traginer.brevo.errors import Stop


@dataclass(frozen=True, slots=True)
class Accepted:
    """The import is queued under `process_id`; nothing is known of its rows yet."""

    process_id: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Certainly not done; may be asked again after `seconds`."""

    seconds: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The request may have worked, and no answer says so."""

    why: str


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A body of `size_bytes` is more than Brevo takes: to be cut in half."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not done, and asking again would not help. `stop` is the same refusal as an error of the tree."""

    status: int
    code: str
    message: str
    stop: Stop = field(compare=False)


@dataclass(frozen=True, slots=True)
class Removed:
    """Which addresses left the list (`success`) and which Brevo could not take off (`failure`)."""

    success: tuple[str, ...] = field(repr=False)
    failure: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NothingToRemove:
    """None of the addresses is on the list, or none exists: for a removal, already done."""


type ImportAnswer = Accepted | Wait | InDoubt | TooLarge | Refused
type RemovalAnswer = Removed | NothingToRemove | Wait | InDoubt | Refused


@dataclass(frozen=True, slots=True)
class Plan:
    """What the account pays for. `credits` are sends, not contacts: Brevo does not tell the contract's ceiling."""

    category: str
    """Marketing, Chat or CRM; "" in the older list of plans."""
    type: str
    name: str
    active: bool
    credits: float | None
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """Whose key it is. `organization_id` is "" where the answer lacks it."""

    company: str
    email: str | None = field(repr=False)
    organization_id: str
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of the account's contacts. Category attributes have no `type`; `options` are the values they may take."""

    name: str
    category: str
    type: str | None
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactList:
    """A list. `dynamic` (filled by Brevo itself) is told for a single list only; None in the list of lists."""

    id: int
    name: str
    subscribers: int
    dynamic: bool | None
    folder_id: int | None


@dataclass(frozen=True, slots=True)
class Folder:
    """Where lists live."""

    id: int
    name: str


class ProcessStatus(StrEnum):
    """How far a process is. Words that Brevo may yet invent mean RUNNING."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Process:
    """Something Brevo does in its own time.

    `reports` are the files of refused rows of a completed import, by kind (invalid_emails, duplicate_email_id ...);
    `report_counts` are kinds for which Brevo gives a number and no file. `export_url` is the file of a completed
    export.
    """

    id: int
    name: str
    """IMPORTUSER, CONTACT_EXPORT ...: an open set."""
    status: ProcessStatus
    reports: Mapping[str, str] = field(repr=False)
    report_counts: Mapping[str, int]
    export_url: str | None = field(repr=False)

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in {ProcessStatus.COMPLETED, ProcessStatus.FAILED, ProcessStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class ListMember:
    """A contact on a list. `email` is None for one with only a phone; `blocked` ones get no e-mail."""

    email: str | None = field(repr=False)
    attributes: Mapping[str, Any] = field(repr=False)
    blocked: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of the account. `unsubscribed_list_ids` are lists the person left by themselves."""

    id: int
    email: str | None = field(repr=False)
    attributes: Mapping[str, Any] = field(repr=False)
    list_ids: frozenset[int]
    unsubscribed_list_ids: frozenset[int]
    blocked: bool
