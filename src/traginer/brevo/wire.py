"""The network itself: urllib3, one pool, nothing retried. Whether a request left at all is observed, not guessed."""

import io
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import urllib3
from urllib3.connection import HTTPConnection

from traginer.brevo.endpoints import Bucket
from traginer.brevo.errors import KeyMalformed, KeyMissing, OutcomeUnknown, ReportTooLarge, Unavailable
from traginer.brevo.transport import READ_SECONDS, Request, Response

SLICE_BYTES = 128 * 1024
IDLE_SECONDS = 30
CONNECT_SECONDS = 10.0
_PORTS = {"http": 80, "https": 443}
_SENDABLE = re.compile(r"[!-~]+")


class ApiKey:
    """A key that shows itself to nobody but `reveal`: not in a repr, a log or a page about an error."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Blanks around a pasted key are dropped. Raises KeyMissing, KeyMalformed."""
        self._text = text.strip()
        if not self._text:
            raise KeyMissing
        if not _SENDABLE.fullmatch(self._text):
            raise KeyMalformed

    def __repr__(self) -> str:
        return "ApiKey(...)"

    def reveal(self) -> str:
        """The key itself, for the header."""
        return self._text


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, for an answer, and for the answer to an import."""

    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    start_import: float = 120.0


class _Slices:
    """A body in slices that are views of it, which remembers whether the first of them was asked for.

    urllib3 asks only once it is connected and has sent the headers. A slice has the socket's time-out for itself: a
    whole body of 8 MB in one call would have to leave within that time, and a slow line would never send one.
    """

    def __init__(self, body: bytes) -> None:
        self._body = memoryview(body)
        self.began = False

    def __iter__(self) -> Iterator[memoryview]:
        for start in range(0, len(self._body), SLICE_BYTES):
            self.began = True
            yield self._body[start : start + SLICE_BYTES]


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of `url`: what must be the same before a key is shown. Raises ValueError."""
    # The parser that also opens the connection: a second opinion about where the host ends would be a hole.
    parts = urllib3.util.parse_url(url)
    if parts.scheme not in _PORTS or not parts.host:
        raise ValueError("a URL of Brevo starts with https:// or http:// and a host")
    return parts.scheme, parts.host, parts.port or _PORTS[parts.scheme]


def _socket_options() -> list[tuple[int, int, int]]:
    # Between two polls a line is silent for a minute, and firewalls forget silent lines without a word: a body sent
    # into one would be in doubt for nothing.
    options = [*HTTPConnection.default_socket_options, (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    if hasattr(socket, "TCP_KEEPIDLE"):
        options.append((socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, IDLE_SECONDS))
    return cast("list[tuple[int, int, int]]", options)


def _pool(proxy: str | None) -> urllib3.PoolManager:
    options: dict[str, Any] = {"retries": False, "maxsize": 2, "socket_options": _socket_options()}
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


class HttpTransport:
    """Carries requests to `base_url` over connections that stay open. Safe to use from several threads."""

    def __init__(
        self, key: ApiKey, base_url: str, *, connect_seconds: float = CONNECT_SECONDS, proxy: str | None = None
    ) -> None:
        self._key = key
        self._base = base_url.rstrip("/")
        self._origin = origin(base_url)
        self._connect_seconds = connect_seconds
        self._pool = _pool(proxy)

    def send(self, request: Request) -> Response:
        """As Transport promises. A redirect is an answer and is not followed: the key must not travel along."""
        body = None if request.body is None else _Slices(request.body)
        try:
            raw = self._pool.urlopen(
                request.endpoint.method,
                self._url(request),
                body=cast("Any", body),
                headers=self._headers(request),
                timeout=urllib3.Timeout(connect=self._connect_seconds, read=request.read_seconds),
                redirect=False,
                preload_content=False,
            )
            return self._received(raw, request)
        except ReportTooLarge as failure:
            if not request.endpoint.writes:
                raise
            why = type(failure).__name__
        except urllib3.exceptions.HTTPError as failure:
            why = type(failure).__name__
        # Raised out here so that urllib3's own error does not hang on it: that one quotes URLs with addresses in them.
        if body is not None and body.began:
            raise OutcomeUnknown(why)
        raise Unavailable(why)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _url(self, request: Request) -> str:
        address = request.path if request.bucket is Bucket.FREE else self._base + request.path
        return f"{address}?{urlencode(request.query)}" if request.query else address

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"accept-encoding": "gzip", "user-agent": "traginer"}
        if request.bucket is not Bucket.FREE:
            headers["accept"] = "application/json"
        if origin(self._url(request)) == self._origin:
            headers["api-key"] = self._key.reveal()
        if request.body is not None:
            headers |= {"content-type": "application/json", "content-length": str(len(request.body))}
        return headers

    def _received(self, raw: urllib3.BaseHTTPResponse, request: Request) -> Response:
        held = io.BytesIO()
        into = request.into if request.into is not None and raw.status < 300 else held
        into.seek(0)
        into.truncate()
        with raw:
            size = 0
            for piece in raw.stream(SLICE_BYTES):
                size += len(piece)
                if size > request.limit_bytes:
                    raise ReportTooLarge(request.limit_bytes)
                into.write(piece)
            wire_bytes = raw.tell() if isinstance(raw, urllib3.HTTPResponse) else size
        return Response(raw.status, self._told(raw), self._without_key(held.getvalue(), raw.status), wire_bytes)

    @staticmethod
    def _told(raw: urllib3.BaseHTTPResponse) -> dict[str, str]:
        return {name.lower(): value for name, value in raw.headers.items()}

    def _without_key(self, body: bytes, status: int) -> bytes:
        """A refusal is quoted in errors and logs, so a server that echoes the key must not be quoted."""
        return body.replace(self._key.reveal().encode(), b"<key>") if status >= 400 else body
