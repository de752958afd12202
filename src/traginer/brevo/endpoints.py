"""The calls we make, each with the budget it is paid from. What is not here cannot be sent.

There is no call that deletes, blocks, unblocks or re-addresses a contact: methods other than GET and POST do not
exist.
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Bucket(StrEnum):
    """The budgets of https://developers.brevo.com/docs/api-limits that our calls are counted against."""

    CONTACTS = "contacts"
    """Everything under /contacts: per second and per hour."""
    OTHER = "other"
    """/processes, /account and the rest: per hour, and few."""
    FREE = "free"
    """Files of reports and exports: links outside the API."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API: its method, and its path with `{placeholders}` for what differs between two calls."""

    method: str
    template: str

    def __post_init__(self) -> None:
        if self.method not in {"GET", "POST"}:
            raise ValueError(f"{self.method} is never sent to Brevo")

    @property
    def name(self) -> str:
        """How logs call it: no id, address or query in it."""
        return f"{self.method} {self.template}"

    @property
    def writes(self) -> bool:
        """Whether it changes anything in the account. Starting an export counts: it adds a process."""
        return self.method != "GET"

    @property
    def bucket(self) -> Bucket:
        """The budget it is paid from."""
        if not self.template.startswith("/"):
            return Bucket.FREE
        return Bucket.CONTACTS if self.template.startswith("/contacts") else Bucket.OTHER

    def path(self, **values: object) -> str:
        """The path with `values` in place, each percent-encoded to the last character (a + in an address stays a +)."""
        return self.template.format_map({name: quote(str(value), safe="") for name, value in values.items()})


ACCOUNT = Endpoint("GET", "/account")
ATTRIBUTES = Endpoint("GET", "/contacts/attributes")
LISTS = Endpoint("GET", "/contacts/lists")
CREATE_LIST = Endpoint("POST", "/contacts/lists")
LIST = Endpoint("GET", "/contacts/lists/{id}")
MEMBERS = Endpoint("GET", "/contacts/lists/{id}/contacts")
REMOVE = Endpoint("POST", "/contacts/lists/{id}/contacts/remove")
FOLDERS = Endpoint("GET", "/contacts/folders")
CONTACTS = Endpoint("GET", "/contacts")
CONTACT = Endpoint("GET", "/contacts/{email}")
START_IMPORT = Endpoint("POST", "/contacts/import")
START_EXPORT = Endpoint("POST", "/contacts/export")
PROCESSES = Endpoint("GET", "/processes")
PROCESS = Endpoint("GET", "/processes/{id}")
REPORT = Endpoint("GET", "report file")

ENDPOINTS = (
    ACCOUNT,
    ATTRIBUTES,
    LISTS,
    CREATE_LIST,
    LIST,
    MEMBERS,
    REMOVE,
    FOLDERS,
    CONTACTS,
    CONTACT,
    START_IMPORT,
    START_EXPORT,
    PROCESSES,
    PROCESS,
    REPORT,
)
