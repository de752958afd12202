"""A caller with nothing of its own: the standard library's HTTP, one connection, and a sandbox at the other end."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from traginer.sandbox import Sandbox


class Told(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Api:
    """Asks below /v3 with the sandbox's key, or anywhere on it with `ask`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=10)

    def ask(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Told:
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        self.connection.request(method, path, sent, {"content-type": "application/json", **(headers or {})})
        answer = self.connection.getresponse()
        return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def get(self, path: str) -> Told:
        return self.ask("GET", f"/v3{path}", headers={"api-key": self.sandbox.api_key})

    def post(self, path: str, body: object) -> Told:
        return self.ask("POST", f"/v3{path}", body, headers={"api-key": self.sandbox.api_key})

    def put(self, path: str, body: object) -> Told:
        return self.ask("PUT", f"/v3{path}", body, headers={"api-key": self.sandbox.api_key})

    def delete(self, path: str) -> Told:
        return self.ask("DELETE", f"/v3{path}", headers={"api-key": self.sandbox.api_key})

    def start_import(self, *rows: object, **options: Any) -> Told:
        return self.post("/contacts/import", {"listIds": [7], "jsonBody": rows, **options})

    def bring_in(self, *rows: object, **options: Any) -> dict[str, Any]:
        """Import rows to the end; the process."""
        started = self.start_import(*rows, **options)
        assert started.status == 202, started.body
        self.sandbox.settle()
        return self.process(started.json["processId"])

    def process(self, process_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/processes/{process_id}").json
        return found

    def report(self, process: dict[str, Any], kind: str = "invalid_emails") -> list[str]:
        """The lines of a report file of an import."""
        link = process["info"]["import"][kind]
        told = self.ask("GET", link.removeprefix(self.sandbox.url))
        assert told.status == 200
        return told.body.decode().splitlines()


def row(email: str, **attributes: Any) -> dict[str, Any]:
    return {"email": email, "attributes": attributes}


class Inbox(NamedTuple):
    """A server that takes whatever is posted to it, and hands out one file."""

    url: str
    received: list[tuple[str, dict[str, str], bytes]]


@contextmanager
def inbox(file: bytes = b"") -> Iterator[Inbox]:
    received: list[tuple[str, dict[str, str], bytes]] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            received.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(file)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Inbox(f"http://127.0.0.1:{server.server_port}", received)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
