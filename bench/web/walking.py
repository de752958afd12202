"""Asks a server for its pages as a browser does, and keeps what each answer cost."""

import http.client
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from bench.web.measured import HEADER

PATHS = (
    "/exports",
    "/exports?show=attention",
    "/exports/add",
    "/exports/1",
    "/exports/1/edit",
    "/exports/1/schedule",
    "/exports/1/duplicate",
    "/exports/1/remove",
    "/exports/1/ledger",
    "/runs",
    "/runs?export=1&status=successful",
    "/runs/1",
    "/runs/9999",
    "/runs/1/now",
    "/segments",
    "/segments/add",
    "/segments/1",
    "/segments/1/edit",
    "/segments/1/remove",
    "/sources",
    "/sources/1",
    "/sources/1/edit",
    "/profiles",
    "/connections",
    "/connections/add",
    "/connections/1",
    "/connections/1/edit",
    "/notices",
    "/system",
    "/system/schedule",
    "/system/about",
    "/permissions",
    "/permissions/1",
    "/permissions/tokens",
    "/audit",
    "/account",
    "/account/tokens",
    "/help",
)
ASSET = re.compile(r'(?:src|href)="(/static/[^"#]+)')


@dataclass
class Costs:
    """Of one page for one reader: milliseconds in the server and at the client, queries, bytes as sent, status."""

    path: str
    reader: str
    status: int = 0
    bytes: int = 0
    queries: int = 0
    server: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)


@dataclass
class Answer:
    """Its body is as it was sent, compressed where the server does that."""

    status: int
    body: bytes
    cost: str
    milliseconds: float


def at(share: float, values: Iterable[float]) -> float:
    """The smallest of `values` that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


class Reader:
    """Somebody logged in, who reads in one language over one connection."""

    def __init__(self, port: int, name: str, cookie: str, language: str) -> None:
        self.name = f"{name}, {language}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": f"traginer_session={cookie}", "Accept-Language": language}

    def walk(self, path: str, times: int) -> Costs:
        """The page `times` times, after once that is not counted."""
        costs = Costs(path, self.name)
        self.ask(path)
        for _ in range(times):
            answer = self.ask(path)
            milliseconds, queries = answer.cost.split()
            costs.server.append(float(milliseconds))
            costs.client.append(answer.milliseconds)
            costs.status, costs.bytes, costs.queries = answer.status, len(answer.body), int(queries)
        return costs

    def first_load(self, path: str) -> int:
        """Bytes as sent of the page and of all that it names."""
        page = self.ask(path, compressed=False).body.decode()
        assets = set(ASSET.findall(page))
        return sum(len(self.ask(one).body) for one in (path, *assets))

    def ask(self, path: str, *, compressed: bool = True) -> Answer:
        began = time.perf_counter()
        encoding = {"Accept-Encoding": "gzip, br" if compressed else "identity"}
        self._connection.request("GET", path, headers=self._headers | encoding)
        response = self._connection.getresponse()
        body = response.read()
        milliseconds = (time.perf_counter() - began) * 1000
        return Answer(response.status, body, response.headers.get(HEADER, "0 0"), milliseconds)
