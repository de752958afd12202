"""The seam of one method: a request goes in, a response comes out. The network and every layer look like this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from traginer.brevo.endpoints import Bucket, Endpoint

ANSWER_LIMIT = 64_000_000
"""Bytes of an answer we are ready to hold: a page of 500 contacts is far below it."""
READ_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent. `path` follows the base URL, but a report file's is the whole URL.

    The body of a good answer goes to the file `into` instead of the Response, from its beginning and in place of what it held.
    Only the endpoint is shown in a repr: paths hold addresses, bodies hold people.
    """

    endpoint: Endpoint
    path: str = field(repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    read_seconds: float = READ_SECONDS
    limit_bytes: int = ANSWER_LIMIT
    into: BinaryIO | None = field(default=None, repr=False)

    @property
    def bucket(self) -> Bucket:
        """The budget it is paid from."""
        return self.endpoint.bucket


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: header names in lower case, the body unpacked, `wire_bytes` as they travelled."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    wire_bytes: int = 0


class Transport(Protocol):
    """Something that can carry a request to Brevo."""

    def send(self, request: Request) -> Response:
        """The answer, whatever its status.

        Raises Unavailable where nothing of the request can have reached Brevo (or it only reads), OutcomeUnknown
        where it may have, ReportTooLarge for an answer over `limit_bytes`. It never retries.
        """
