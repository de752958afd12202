"""Brevo's API, as far as an export needs it. No method touches a block, changes an address or deletes a contact."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Self
from urllib.parse import urljoin

from traginer.brevo import endpoints, reading
from traginer.brevo.answers import (
    Accepted,
    Account,
    Attribute,
    Contact,
    ContactList,
    Folder,
    ImportAnswer,
    InDoubt,
    ListMember,
    NothingToRemove,
    Process,
    Refused,
    RemovalAnswer,
    TooLarge,
    Wait,
)
from traginer.brevo.endpoints import Bucket, Endpoint
from traginer.brevo.envelope import BODY_LIMIT, REMOVE_MAX, check_import
from traginer.brevo.errors import (
    Later,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ReportGone,
    Stop,
    Unavailable,
)
from traginer.brevo.layers import ReadOnly
from traginer.brevo.patience import Patience
from traginer.brevo.reading import Json
from traginer.brevo.refusals import is_about_size, is_fault, is_nothing_to_remove, refusal
from traginer.brevo.transport import Request, Response, Transport
from traginer.brevo.wire import Timeouts, origin

LISTS_PAGE = 50
MEMBERS_PAGE = 500
PROCESSES_PAGE = 50
"""The largest pages Brevo gives: its OpenAPI file, `limit` of each call."""
REPORT_LIMIT = 256_000_000
EXPORT_LIMIT = 16_000_000_000
"""Bytes of an export file: about a hundred a contact. It goes to disk, so only nonsense is refused."""
REDIRECTS = 3


class Brevo:
    """One account. Build it with `open_brevo`; close it, or use it in a `with`.

    What only reads is asked again by itself inside the limits, and raises Stop, RateLimited or Unavailable. What
    changes something is sent once.
    """

    def __init__(
        self,
        transport: Transport,
        patience: Patience,
        *,
        timeouts: Timeouts | None = None,
        left: Callable[[Bucket], int | None] = lambda _: None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._transport = transport
        self._patience = patience
        self._timeouts = timeouts or Timeouts()
        self._left = left
        self._close = close
        self._held_back = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._close()

    def read_only(self) -> "Brevo":
        """The same account, connections and limits, but whatever changes something raises WriteAttempted."""
        return Brevo(
            ReadOnly(self._transport), self._patience, timeouts=self._timeouts, left=self._left, close=self._close
        )

    def budget_left(self, bucket: Bucket = Bucket.OTHER) -> int | None:
        """How many calls our share still allows, by what we sent and what Brevo told; None where no limit is known."""
        return self._left(bucket)

    # Changing what the account holds

    def start_import(self, body: bytes) -> ImportAnswer:
        """Ask Brevo to import `body`, made with `import_envelope` and sent as it is. An import never removes anybody.

        Raises ValueError for another body, or one with a flag that touches blocks; nothing was sent then.
        """
        check_import(body)
        if len(body) > BODY_LIMIT:
            return TooLarge(len(body))
        try:
            return Accepted(self._change(endpoints.START_IMPORT, body, reading.process_id))
        except (Stop, Later, OutcomeUnknown) as error:
            return TooLarge(len(body)) if is_about_size(error) else self._not_done(error)

    def remove_from_list(self, list_id: int, emails: Sequence[str]) -> RemovalAnswer:
        """Take addresses off the list; the contacts stay. Asking again is harmless.

        Raises ValueError for none, or more than REMOVE_MAX.
        """
        if not 1 <= len(emails) <= REMOVE_MAX:
            raise ValueError(f"a removal takes 1 to {REMOVE_MAX} addresses")
        body = _json({"emails": list(emails)})
        try:
            return self._change(endpoints.REMOVE, body, reading.removed, id=list_id)
        except (Stop, Later, OutcomeUnknown) as error:
            return NothingToRemove() if is_nothing_to_remove(error) else self._not_done(error)

    def create_list(self, name: str, folder_id: int) -> int:
        """The id of a new list. Raises Stop (NotFound: no such folder), Later, OutcomeUnknown."""
        body = _json({"name": name, "folderId": folder_id})
        return self._change(endpoints.CREATE_LIST, body, lambda answer: int(answer["id"]))

    def start_contact_export(self, list_id: int, attributes: Sequence[str] = ()) -> int:
        """The process that writes the whole list, with these attributes, to a CSV file: `process(id).export_url`.

        It changes no contact, but it counts as a write. Raises Stop, Later, OutcomeUnknown (asking again is
        harmless).
        """
        wanted = {
            "customContactFilter": {"actionForContacts": "allContacts", "listId": list_id},
            "disableNotification": True,
        }
        body = _json(wanted | ({"exportAttributes": list(attributes)} if attributes else {}))
        return self._change(endpoints.START_EXPORT, body, reading.process_id)

    # Reading

    def account(self) -> Account:
        """Whose key it is."""
        return self._read(endpoints.ACCOUNT, reading.account)

    def attributes(self) -> list[Attribute]:
        """All attributes of the account's contacts."""
        return self._read(
            endpoints.ATTRIBUTES, lambda answer: list(map(reading.attribute, reading.entries(answer, "attributes")))
        )

    def lists(self) -> Iterator[ContactList]:
        """All lists."""
        for page in self._pages(endpoints.LISTS, "lists", LISTS_PAGE):
            yield from map(reading.contact_list, page)

    def folders(self) -> Iterator[Folder]:
        """All folders."""
        for page in self._pages(endpoints.FOLDERS, "folders", LISTS_PAGE):
            yield from map(reading.folder, page)

    def contact_list(self, list_id: int) -> ContactList:
        """One list. Raises NotFound."""
        return self._read(endpoints.LIST, reading.contact_list, id=list_id)

    def members(self, list_id: int) -> Iterator[list[ListMember]]:
        """Everybody on the list, oldest first, up to 500 a page. A list that changes meanwhile may skip or repeat."""
        for page in self._pages(endpoints.MEMBERS, "contacts", MEMBERS_PAGE, ("sort", "asc"), id=list_id):
            if page:
                yield list(map(reading.list_member, page))

    def contacts(self) -> int:
        """How many contacts the account has."""
        return self._read(endpoints.CONTACTS, lambda answer: int(answer["count"]), ("limit", "1"))

    def contact(self, email: str) -> Contact | None:
        """The contact with this address, if there is one."""
        try:
            return self._read(endpoints.CONTACT, reading.contact, ("identifierType", "email_id"), email=email)
        except NotFound:
            return None

    def processes(self, limit: int = PROCESSES_PAGE, offset: int = 0) -> list[Process]:
        """The account's processes, newest first, whoever started them; up to PROCESSES_PAGE in one call."""
        if not 1 <= limit <= PROCESSES_PAGE:
            raise ValueError(f"limit is 1 to {PROCESSES_PAGE}")
        query = (("limit", str(limit)), ("offset", str(offset)), ("sort", "desc"))
        return self._read(
            endpoints.PROCESSES,
            lambda answer: list(map(reading.process, reading.entries(answer, "processes"))),
            *query,
        )

    def process(self, process_id: int) -> Process:
        """One process. Raises NotFound."""
        return self._read(endpoints.PROCESS, reading.process, id=process_id)

    def report(self, url: str, *, limit_bytes: int = REPORT_LIMIT) -> bytes:
        """The content of a report file, from whatever host; only Brevo's own host is shown the key.

        Raises ReportGone, ReportTooLarge, Unavailable.
        """
        return self._fetched(url, limit_bytes, None).body

    def save_export(self, url: str, file: BinaryIO, *, limit_bytes: int = EXPORT_LIMIT) -> None:
        """Write the content of an export file to `file`, in place of what it holds; never all of it in memory.

        Raises as `report`, and OSError where `file` cannot take it.
        """
        self._fetched(url, limit_bytes, file)

    # How a request is made

    def _read[T](
        self, endpoint: Endpoint, meaning: Callable[[Json], T], *query: tuple[str, str], **values: object
    ) -> T:
        request = Request(endpoint, endpoint.path(**values), query, read_seconds=self._timeouts.read)
        return self._patience.ask(lambda: self._answer(request, meaning, Unavailable))

    def _pages(
        self, endpoint: Endpoint, name: str, limit: int, *query: tuple[str, str], **values: object
    ) -> Iterator[list[Json]]:
        offset, is_last = 0, False
        while not is_last:
            window = (("limit", str(limit)), ("offset", str(offset)), *query)
            page, count = self._read(endpoint, lambda answer: _page(answer, name), *window, **values)
            yield page
            offset += len(page)
            is_last = len(page) < limit if count is None else not page or offset >= count

    def _change[T](self, endpoint: Endpoint, body: bytes, meaning: Callable[[Json], T], **values: object) -> T:
        slow = endpoint is endpoints.START_IMPORT
        seconds = self._timeouts.start_import if slow else self._timeouts.read
        request = Request(endpoint, endpoint.path(**values), body=body, read_seconds=seconds)
        answer = self._answer(request, meaning, OutcomeUnknown)
        self._held_back = 0
        return answer

    def _answer[T](
        self, request: Request, meaning: Callable[[Json], T], unclear: type[Unavailable] | type[OutcomeUnknown]
    ) -> T:
        """What the answer means. Raises `unclear` where it says nothing of what became of the request."""
        response = self._transport.send(request)
        if not 200 <= response.status < 300:
            error = refusal(response)
            raise unclear(error.message, status=error.status, code=error.code) if is_fault(response.status) else error
        try:
            return meaning(reading.json_object(response))
        except (KeyError, TypeError, ValueError, AttributeError):
            unreadable = unclear("the answer cannot be read", status=response.status)
        raise unreadable

    def _fetched(self, url: str, limit_bytes: int, into: BinaryIO | None) -> Response:
        for _ in range(REDIRECTS + 1):
            response = self._file(url, limit_bytes, into)
            if response.status < 300:
                return response
            url = urljoin(url, response.headers.get("location", ""))
        raise ReportGone("redirected too often")

    def _file(self, url: str, limit_bytes: int, into: BinaryIO | None) -> Response:
        try:
            origin(url)
        except ValueError:
            raise ReportGone("not a link") from None
        request = Request(endpoints.REPORT, url, read_seconds=self._timeouts.read, limit_bytes=limit_bytes, into=into)
        response = self._patience.ask(lambda: self._sound(request))
        if response.status >= 400:
            raise ReportGone(status=response.status)
        return response

    def _sound(self, request: Request) -> Response:
        """The answer, whatever it says, unless asking again may help. Raises Later."""
        response = self._transport.send(request)
        if is_fault(response.status) or response.status == 429:
            raise refusal(response)
        return response

    def _not_done(self, error: Stop | Later | OutcomeUnknown) -> Wait | InDoubt | Refused:
        match error:
            case Stop():
                return Refused(error.status, error.code, error.message, error)
            case OutcomeUnknown():
                return InDoubt(str(error))
            case Later():
                return self._wait(error)

    def _wait(self, later: Later) -> Wait:
        """As long as Brevo says; where it does not say, longer each time in a row."""
        told = later.seconds if isinstance(later, RateLimited) else None
        pause = self._patience.pause(self._held_back)
        self._held_back += 1
        return Wait(pause if told is None else told, type(later).__name__)


def _page(answer: Json, name: str) -> tuple[list[Json], int | None]:
    count = answer.get("count")
    return reading.entries(answer, name), None if count is None else int(count)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
