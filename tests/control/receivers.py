"""Those who receive notices, on loopback: a web server that keeps what it is sent, and a mail server that keeps its letters."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebServer:
    """Answers with `statuses` in turn, the last one again and again."""

    url: str
    statuses: list[int] = field(default_factory=lambda: [200])
    received: list[Received] = field(default_factory=list)

    def status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextlib.contextmanager
def web_server() -> Iterator[WebServer]:
    kept = WebServer("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append(Received(self.path, dict(self.headers), body))
            self.send_response(kept.status())
            self.send_header("Location", f"{kept.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        kept.url = f"http://127.0.0.1:{port}"
        yield kept


@dataclass
class MailServer:
    """`refused` are addresses that it does not know."""

    url: str
    letters: list[EmailMessage] = field(default_factory=list)
    refused: Sequence[str] = ()


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    kept = MailServer("")

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    self.keep_letter()
                    self.say("250 kept")
                elif verb == "RCPT" and any(address in line for address in kept.refused):
                    self.say("550 unknown")
                elif verb == "EHLO":
                    self.say("250-well\r\n250 AUTH PLAIN")
                elif verb == "AUTH":
                    self.say("235 come in")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 well")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def keep_letter(self) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b"."))
            letter = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(letter, EmailMessage)
            kept.letters.append(letter)

    with _running(_Server(("127.0.0.1", 0), Handler)) as port:
        kept.url = f"smtp://127.0.0.1:{port}?from=traginer@example.org"
        yield kept


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextlib.contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
