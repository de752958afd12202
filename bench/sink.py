"""A far side that costs as little as possible: it takes every body, forgets it, and says yes. Not a Brevo: for timing only."""

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

ATTRIBUTES = [{"name": name, "category": "normal", "type": "text"} for name in ("FIRSTNAME", "LASTNAME", "SMS", "CITY")]
ATTRIBUTES += [{"name": "LIFETIME_VALUE", "category": "normal", "type": "float"}]
ATTRIBUTES += [{"name": "LAST_PURCHASE", "category": "normal", "type": "date"}]


class Sink(BaseHTTPRequestHandler):
    """Answers what an export asks."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    imports = 0
    requests = 0

    def do_GET(self) -> None:
        """Account, list, attributes, processes."""
        path = self.path.partition("?")[0]
        if path == "/v3/account":
            self._answer(200, {"companyName": "Sink", "email": "a@example.org", "organization_id": "sink", "plan": []})
        elif path == "/v3/contacts/attributes":
            self._answer(200, {"attributes": ATTRIBUTES})
        elif path.startswith("/v3/contacts/lists/"):
            self._answer(200, {"id": 7, "name": "Sink", "uniqueSubscribers": 0, "folderId": 1, "dynamicList": False})
        elif path == "/v3/processes":
            done = [{"id": n, "name": "IMPORTUSER", "status": "completed"} for n in range(Sink.imports, 0, -1)][:50]
            self._answer(200, {"count": Sink.imports, "processes": done})
        elif path == "/requests":
            self._answer(200, {"requests": Sink.requests})

    def do_POST(self) -> None:
        """An import, or a removal whose addresses are all taken off."""
        Sink.requests += 1
        length = int(self.headers["Content-Length"])
        if self.path.endswith("/import"):
            while length > 0:
                length -= len(self.rfile.read(min(length, 1 << 20)))
            Sink.imports += 1
            self._answer(202, {"processId": Sink.imports})
        else:
            emails = json.loads(self.rfile.read(length))["emails"]
            self._answer(201, {"contacts": {"success": emails, "failure": []}})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _serve(ready: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    ready.send(server.server_port)
    server.serve_forever()


@contextmanager
def open_sink() -> Iterator[str]:
    """The address of a sink in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
