"""The far side of one test: an HTTP server that answers from a script, cuts lines, and remembers what it was asked."""

import json
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

RATE = {"x-sib-ratelimit-limit": "100", "x-sib-ratelimit-remaining": "90", "x-sib-ratelimit-reset": "1800"}
HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body>cloudflare 203.0.113.9</body></html>"


class Cut(Enum):
    """Where the far side lets go of the line."""

    IN_REQUEST = auto()
    AFTER_REQUEST = auto()
    IN_ANSWER = auto()


@dataclass(frozen=True)
class Answer:
    """One answer: `content` as it is if bytes, as JSON otherwise, after `silence` seconds."""

    status: int = 200
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: Cut | None = None
    silence: float = 0.0

    def body(self) -> bytes:
        if self.content is None:
            return b""
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


@dataclass(frozen=True)
class Seen:
    """A request as it arrived: `path` still encoded, header names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    peer: tuple[str, int]

    def json(self) -> object:
        return json.loads(self.body)


class FarSide:
    """Answers in the order of `script`, then by `always`."""

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/v3"
        self.origin = f"http://127.0.0.1:{port}"
        self.released = threading.Event()
        self.forget()

    def forget(self) -> None:
        self.script: deque[Answer] = deque()
        self.seen: list[Seen] = []
        self.always: Callable[[Seen], Answer] = lambda _: Answer(500, b"the script is over")
        self.keep_bodies = True
        self.seconds_per_piece = 0.0
        self.released.clear()

    def will_answer(self, *answers: Answer) -> None:
        self.script.extend(answers)

    def reply(self, seen: Seen) -> Answer:
        self.seen.append(seen)
        return self.script.popleft() if self.script else self.always(seen)

    def next_cut(self) -> Cut | None:
        return self.script[0].cut if self.script else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    far_side: FarSide

    def do_GET(self) -> None:
        if self.far_side.next_cut() is Cut.IN_REQUEST:
            self.far_side.reply(self._seen(b""))
            self._reset()
            return
        answer = self.far_side.reply(self._seen(self._body()))
        if answer.silence:
            self.far_side.released.wait(answer.silence)
        if answer.cut is Cut.AFTER_REQUEST:
            self.close_connection = True
            return
        self._answer(answer)

    do_POST = do_GET  # noqa: N815 - the name http.server looks for

    def _body(self) -> bytes:
        left = int(self.headers.get("content-length", 0))
        pieces = []
        while left and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)
            if self.far_side.seconds_per_piece:
                time.sleep(self.far_side.seconds_per_piece)
            pieces.append(piece if self.far_side.keep_bodies else b"")
        return b"".join(pieces)

    def _seen(self, body: bytes) -> Seen:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Seen(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body, self.client_address)

    def _reset(self) -> None:
        self.rfile.read(10)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _answer(self, answer: Answer) -> None:
        body = answer.body()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if answer.cut is Cut.IN_ANSWER:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def finish(self) -> None:
        if self.connection.fileno() >= 0:
            super().finish()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A client that hangs up on us is part of the tests; anything else is not."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*_)


@contextmanager
def serving() -> Iterator[FarSide]:
    """A far side on a port of its own."""
    handler = type("ScriptedHandler", (Handler,), {})
    with Server(("127.0.0.1", 0), handler) as server:
        handler.far_side = FarSide(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield handler.far_side
        finally:
            server.shutdown()
            thread.join()


class Clock:
    """A clock that only moves when somebody sleeps on it, or a test moves it."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.naps: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.naps.append(seconds)
        self.now += seconds
