"""What stands between client and network, one thing each: Paced(Logged(HttpTransport)), and ReadOnly for plans."""

import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from traginer.brevo.endpoints import Bucket
from traginer.brevo.errors import BrevoError, RateLimited, WriteAttempted
from traginer.brevo.limits import Limiter, Why
from traginer.brevo.transport import Request, Response, Transport

TICK_SECONDS = 0.001
"""The shortest wait worth a sleep. Without a floor the last rounding error of a clock would be waited for for ever."""
_REQUEST_ID = re.compile(r"[\w.:-]{1,100}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as the log may know it: no key, address, query value or body.

    `endpoint` is a template such as "GET /contacts/lists/{id}"; `status` is None where no answer came; `request_id`
    is Brevo's sib-request-id, which its support asks for, or "".
    """

    method: str
    endpoint: str
    status: int | None
    bytes_sent: int
    bytes_received: int
    seconds: float
    request_id: str


class Waiter:
    """Waits, and says so first. `sleep` may raise to give up (a cancelled run): nothing is sent then."""

    def __init__(
        self,
        sleep: Callable[[float], None],
        on_wait: Callable[[float, str], None] | None = None,
        longest: float = math.inf,
    ) -> None:
        self._sleep = sleep
        self._on_wait = on_wait
        self._longest = longest

    def accepts(self, seconds: float) -> bool:
        """Whether the caller is ready to wait so long."""
        return seconds <= self._longest

    def wait(self, seconds: float, why: Why) -> None:
        """Return after `seconds`."""
        if self._on_wait is not None:
            self._on_wait(seconds, why)
        self._sleep(seconds)


class Paced:
    """Sends no call before its bucket has room."""

    def __init__(self, inner: Transport, limiter: Limiter, waiter: Waiter) -> None:
        self._inner = inner
        self._limiter = limiter
        self._waiter = waiter
        self._lock = threading.Lock()

    def send(self, request: Request) -> Response:
        """As Transport promises. Raises RateLimited, with nothing sent, where the waiter does not accept the wait."""
        while not self._admitted(request.bucket):
            pass
        response = self._inner.send(request)
        with self._lock:
            self._limiter.learn(request.bucket, response)
        return response

    def left(self, bucket: Bucket) -> int | None:
        """As Limiter.left."""
        with self._lock:
            return self._limiter.left(bucket)

    def _admitted(self, bucket: Bucket) -> bool:
        with self._lock:
            delay = self._limiter.delay(bucket)
            if delay.seconds <= 0:
                self._limiter.spend(bucket)
                return True
        if not self._waiter.accepts(delay.seconds):
            raise RateLimited(delay.seconds)
        self._waiter.wait(max(delay.seconds, TICK_SECONDS), delay.why)
        return False


class Logged:
    """Tells about each request, answered or not."""

    def __init__(self, inner: Transport, on_request: Callable[[Exchange], None], now: Callable[[], float]) -> None:
        self._inner = inner
        self._on_request = on_request
        self._now = now

    def send(self, request: Request) -> Response:
        """As Transport promises."""
        began = self._now()
        try:
            response = self._inner.send(request)
        except BrevoError:
            self._on_request(self._exchange(request, None, began))
            raise
        self._on_request(self._exchange(request, response, began))
        return response

    def _exchange(self, request: Request, response: Response | None, began: float) -> Exchange:
        request_id = _REQUEST_ID.fullmatch(response.headers.get("sib-request-id", "")) if response else None
        return Exchange(
            method=request.endpoint.method,
            endpoint=request.endpoint.name,
            status=response.status if response else None,
            bytes_sent=len(request.body or b""),
            bytes_received=response.wire_bytes if response else 0,
            seconds=self._now() - began,
            request_id=request_id[0] if request_id else "",
        )


class ReadOnly:
    """Lets through only what changes nothing."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def send(self, request: Request) -> Response:
        """As Transport promises. Raises WriteAttempted, with nothing sent, for a request that changes anything."""
        if request.endpoint.writes:
            raise WriteAttempted(request.endpoint.name)
        return self._inner.send(request)
