"""The socket side: HTTP/1.1 with keep-alive, and connections that can be cut at any byte."""

import logging
import socket
import sys
import uuid
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote

from traginer.sandbox.front import Delivery, Front
from traginer.sandbox.messages import Answer, Request, refused
from traginer.sandbox.refusals import Refusal

LOG = logging.getLogger("traginer.sandbox")
MOST_BODY_BYTES = 64 * 1024 * 1024  # beyond this the sandbox stops reading; Brevo's own limit is a switch
IDLE_SECONDS = 120


class _TooLong(Exception):
    """The body is longer than this server reads."""


class _Broken(Exception):
    """The body is framed wrongly."""


class _Conversation(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: "Server"

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except _TooLong:
            self._refuse(413, "The body is longer than the sandbox reads")
        except _Broken:
            self._refuse(400, "The body is not framed as HTTP/1.1 frames it")
        else:
            self._send(self.server.front.deliver(self._request(body), self.path))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _refuse(self, status: int, message: str) -> None:
        self.close_connection = True
        self._send(Delivery(refused(Refusal(status, "invalid_parameter", message))))

    def _request(self, body: bytes) -> Request:
        path, _, query = self.path.partition("?")
        return Request(
            id=str(uuid.uuid4()),
            method=self.command,
            path=tuple(unquote(segment) for segment in path.strip("/").split("/")),
            query=parse_qs(query, keep_blank_values=True, max_num_fields=2000),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            peer=self.client_address[0],
            at=self.server.front.world.clock.now(),
        )

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise _Broken
        if int(length) > MOST_BODY_BYTES:
            raise _TooLong
        return self.rfile.read(int(length))

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(64).split(b";")[0], 16)
            except ValueError:
                raise _Broken from None
            if size < 0 or len(body) + size > MOST_BODY_BYTES:
                raise _TooLong
            body += self.rfile.read(size)
            self.rfile.readline(64)
            if size == 0:
                return bytes(body)

    def _send(self, delivery: Delivery) -> None:
        raw = self._raw(delivery.answer)
        if delivery.cut_at is not None:
            self.wfile.write(raw[: delivery.cut_at])
            self.close_connection = True
        else:
            self.wfile.write(raw)

    def _raw(self, given: Answer) -> bytes:
        reason = HTTPStatus(given.status).phrase if given.status in HTTPStatus else "Unknown"
        lines = [f"HTTP/1.1 {given.status} {reason}", f"Date: {self.date_time_string()}"]
        if given.status != 204:
            lines += [f"Content-Type: {given.content_type}", f"Content-Length: {len(given.body)}"]
        lines += [f"{name}: {value}" for name, value in given.headers.items()]
        if self.close_connection:
            lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode() + given.body

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Stay silent: the request log has it all."""


class Server(ThreadingHTTPServer):
    """Listens; one daemon thread per connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    front: Front

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), _Conversation)
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        self._thread = Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="sandbox-server", daemon=True
        )

    def server_bind(self) -> None:
        """Bind without the reverse look-up of http.server, which can wait long for a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def start(self, front: Front) -> None:
        """Answer with `front` from now on."""
        self.front = front
        self._thread.start()

    def stop(self) -> None:
        """Close the socket and every connection."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, and keep it in sight."""
        connection, address = super().get_request()
        with self._open_lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """A connection is over."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - socketserver's signature
        """A caller who hangs up in the middle is none of our errors; anything else is."""
        if not isinstance(sys.exception(), OSError):
            LOG.error("a conversation broke", exc_info=sys.exception())


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
