"""What was asked and answered, for the inspection page and for tests. Kept in memory, and bounded."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from traginer.sandbox.clock import iso

KEPT_REQUESTS = 20_000
KEPT_BODY_BYTES = 64 * 1024 * 1024  # of all bodies together; the oldest are let go first


@dataclass
class LoggedRequest:
    """One request and its answer. `rows` are those of an import body; `fault` what was done to it on purpose."""

    request_id: str
    at: float
    method: str
    path: str
    query: str
    route: str
    status: int
    request_bytes: int
    answer_bytes: int
    seconds: float
    bucket: str
    rows: int | None
    fault: str
    body: bytes | None

    def as_json(self, *, body: bool = False) -> Mapping[str, Any]:
        """The entry, with its body only on demand."""
        shown = {**asdict(self), "at": iso(self.at), "seconds": round(self.seconds, 6)}
        shown["body"] = self.body.decode("utf-8", "replace") if body and self.body is not None else None
        return shown


class RequestLog:
    """The latest requests, in the order they were answered."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[LoggedRequest] = deque()
        self._with_body: deque[LoggedRequest] = deque()
        self._body_bytes = 0
        self.total = 0

    def add(self, entry: LoggedRequest) -> None:
        """Keep one more entry."""
        with self._lock:
            self.total += 1
            self._entries.append(entry)
            if len(self._entries) > KEPT_REQUESTS:
                self._entries.popleft()
            if entry.body:
                self._with_body.append(entry)
                self._body_bytes += len(entry.body)
            while self._body_bytes > KEPT_BODY_BYTES:
                oldest = self._with_body.popleft()
                self._body_bytes -= len(oldest.body or b"")
                oldest.body = None

    def entries(self, *, prefix: str = "", last: int | None = None) -> list[LoggedRequest]:
        """Entries whose path below /v3 begins with `prefix`, oldest first; only the `last` so many."""
        with self._lock:
            found = [entry for entry in self._entries if entry.path.startswith(prefix)]
        return found if last is None else found[max(0, len(found) - last) :]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()
            self._with_body.clear()
            self._body_bytes = self.total = 0
