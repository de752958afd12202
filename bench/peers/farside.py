"""The account the peers send to: Traginer's sandbox in a process of its own, and what can be read off it."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

LIST_ID = 7
ATTRIBUTES = {"CITY": "text", "LIFETIME_VALUE": "float", "LAST_PURCHASE": "date"}
MOST_LOGGED = 20_000


@dataclass(frozen=True)
class Traffic:
    """What has come in since the last reset: rows of imports, rows refused in their reports by kind, requests, bytes."""

    rows: int
    refused: dict[str, int]
    requests: int
    sent_bytes: int
    imports_at_once: int

    def since(self, before: "Traffic") -> "Traffic":
        """What came in between."""
        return Traffic(
            self.rows - before.rows,
            dict(Counter(self.refused) - Counter(before.refused)),
            self.requests - before.requests,
            self.sent_bytes - before.sent_bytes,
            self.imports_at_once,
        )


class FarSide:
    """A running sandbox."""

    def __init__(self, api_url: str, key: str) -> None:
        self.api_url, self.key = api_url, key
        self._url = api_url.removesuffix("/v3")
        self._pool = urllib3.PoolManager(retries=False, timeout=600)

    def reset(self, *, without: str = "") -> None:
        """A fresh account that has all attributes but one."""
        self._ask("POST", "/sandbox/reset")
        for name, kind in ATTRIBUTES.items():
            if name != without:
                self._ask("POST", f"/v3/contacts/attributes/normal/{name}", {"type": kind})

    def settle(self) -> None:
        """Return when every import is worked off; seen late by no more than a fiftieth, since every look costs the sandbox time."""
        started = time.perf_counter()
        while self._ask("GET", "/sandbox")["processes_unfinished"]:
            time.sleep(0.02 + (time.perf_counter() - started) / 50)

    def stall(self, nth: int) -> None:
        """Carry out the `nth` import, and keep its answer back for longer than anybody here waits."""
        fault = {
            "kind": "slow",
            "method": "POST",
            "path": "/contacts/import",
            "when": "after",
            "nth": nth,
            "seconds": 60.0,
        }
        self._ask("POST", "/sandbox/faults", fault)

    def refuse_some(self, share: float) -> None:
        """Report this share of good rows as refused, the same ones each time; 0 is none."""
        self._ask("PATCH", "/sandbox/switches", {"reject_probability": share})

    def imports(self) -> int:
        """How many imports there are."""
        return int(self._ask("GET", "/sandbox/processes?limit=1")["count"])

    def traffic(self) -> Traffic:
        """The sums since the last reset, setting up the attributes left out."""
        processes = self._ask("GET", "/sandbox/processes?limit=1000")["processes"]
        log = self._ask("GET", f"/sandbox/requests?last={MOST_LOGGED}")
        asked = [entry for entry in log if not entry["path"].startswith("/contacts/attributes/normal/")]
        refused: Counter[str] = Counter()
        for process in processes:
            refused.update(process["rejects"])
        return Traffic(
            rows=sum(process["rows"] for process in processes),
            refused=dict(refused),
            requests=len(asked),
            sent_bytes=sum(entry["request_bytes"] for entry in asked),
            imports_at_once=self._ask("GET", "/sandbox")["invariants"]["most_imports_in_flight"],
        )

    def write_list(self, path: Path) -> None:
        """The contacts on the list as JSON lines with `email` and `attributes`."""
        with path.open("wb") as file:
            answer = self._pool.request("GET", f"{self._url}/sandbox/lists/{LIST_ID}/emails", preload_content=False)
            for piece in answer.stream(1 << 20):
                file.write(piece)
            answer.release_conn()

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self._pool.request(method, f"{self._url}{path}", json=body, headers={"api-key": self.key})
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.data[:200]!r}")
        return json.loads(answer.data) if answer.data else None


@contextmanager
def open_sandbox() -> Iterator[FarSide]:
    """A sandbox without rate limits, in a process of its own."""
    command = [sys.executable, "-m", "traginer", "sandbox", "--port", "0", "--tier", "unlimited"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            api_url, key = (process.stdout.readline().split()[-1] for _ in range(2))
            yield FarSide(api_url, key)
        finally:
            process.terminate()
