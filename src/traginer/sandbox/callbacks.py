"""Calls the sandbox makes by itself: webhooks and the notifyUrl of a process. One thread, in order."""

import http.client
import ipaddress
import queue
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from traginer.sandbox.switches import Switches

TIMEOUT_SECONDS = 5
QUEUE_LENGTH = 1_000_000  # an import of a million rows fires a call per row; more than that are dropped, and logged so


@dataclass(frozen=True)
class Call:
    """One call to make."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A call that was made, or why not: `outcome` is the status, or a word."""

    call: Call
    outcome: str


def is_loopback(url: str) -> bool:
    """Whether an http address is on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def is_web_address(url: object) -> bool:
    """Whether it looks like something to call at all."""
    return isinstance(url, str) and urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)


class Callbacks:
    """Makes the calls, and keeps the last thousand with their outcome."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._queue: queue.Queue[Call | None] = queue.Queue(QUEUE_LENGTH)
        self._thread = threading.Thread(target=self._run, name="sandbox-callbacks", daemon=True)
        self.made: deque[Made] = deque(maxlen=1000)

    def start(self) -> None:
        """Begin to call."""
        self._thread.start()

    def stop(self) -> None:
        """Make no further call."""
        if self._thread.is_alive():
            with self._queue.mutex:
                self._queue.queue.clear()
            self._queue.put(None)
            self._thread.join(TIMEOUT_SECONDS * 2)

    def post(self, call: Call) -> None:
        """Queue a call. What may not be called is noted and left out."""
        if self._switches.callbacks == "loopback" and not is_loopback(call.url):
            self.made.append(Made(call, "not-loopback"))
            return
        try:
            self._queue.put_nowait(call)
        except queue.Full:
            self.made.append(Made(call, "queue-full"))

    def wait(self) -> None:
        """Return when every call queued so far was made."""
        self._queue.join()

    def _run(self) -> None:
        while (call := self._queue.get()) is not None:
            self.made.append(Made(call, _make(call)))
            self._queue.task_done()


def _make(call: Call) -> str:
    parts = urlsplit(call.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(
                "POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", call.body, {**call.headers}
            )
            return str(connection.getresponse().status)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as failure:
        return type(failure).__name__


def fetch(url: str, *, most_bytes: int) -> bytes | None:
    """The content of a loopback or web address; None when it can't be had, or is longer than `most_bytes`."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
            response = connection.getresponse()
            content = response.read(most_bytes + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError):
        return None
    return content if response.status == 200 and len(content) <= most_bytes else None
