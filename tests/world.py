"""What tests of the doors and the control plane share: an installation, its people, and a way to look at the far side."""

import contextlib
import contextvars
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connections

from traginer.cli.main import main
from traginer.control import configuration, exports, runs, wording
from traginer.control.accounts import Actor
from traginer.control.configuration import Applied
from traginer.control.errors import RunFailedUnexpectedly
from traginer.control.journal import Unwatched
from traginer.control.models import Run
from traginer.control.runs import Means
from traginer.control.wording import RunView
from traginer.delivery.deliver import Pace
from traginer.sandbox import Sandbox

CAST = {
    "Ada": Actor("Ada", "administrator"),
    "Bernat": Actor("Bernat", "contributor"),
    "Carla": Actor("Carla", "viewer"),
    "Dídac": Actor("Dídac", "nobody"),
}
ADA = CAST["Ada"]
CONFIGURATION = """\
sources:
  - {name: Customers, type: parquet, path: profiles.parquet, key: customer_id}
connections:
  - name: Newsletter account
    type: brevo
    api_key: ${BREVO_API_KEY}
    base_url: ${BREVO_URL}
    tier: unlimited
    usable_by: administrators
    consent: {agreed_by: ada@example.org, text: "1"}
segments:
  - name: Catalan spenders
    source: Customers
    rules:
      all:
        - {field: language, is: ca}
        - {field: lifetime_value, at_least: 500}
        - any:
            - {field: last_purchase_at, within_last: {days: 90}}
            - {field: country, is_one_of: [AD, ES]}
exports:
  - name: Newsletter
    connection: Newsletter account
    list: 7
    email: email
    attributes: {FIRSTNAME: first_name, LASTNAME: last_name, SMS: {field: phone, region: country}}
    segments: [Catalan spenders]
    leavers: remove
"""
SCHEMA = pa.schema(
    [
        (name, pa.string())
        for name in ("customer_id", "first_name", "last_name", "email", "phone", "country", "language")
    ]
    + [("lifetime_value", pa.float64()), ("last_purchase_at", pa.timestamp("us"))]
)


def profile(n: int, **values: Any) -> dict[str, Any]:
    """Customer number `n`, a member of Catalan spenders unless `values` say otherwise."""
    return {
        "customer_id": f"C{n:04}",
        "first_name": f"Aina {n}",
        "last_name": "Pous",
        "email": f"aina{n}@example.org",
        "phone": f"+346001{n:05}",
        "country": "ES",
        "language": "ca",
        "lifetime_value": 900.0,
        "last_purchase_at": None,
        **values,
    }


def people(numbers: Iterable[int], **values: Any) -> list[dict[str, Any]]:
    """Members by their numbers."""
    return [profile(n, **values) for n in numbers]


def addresses(numbers: Iterable[int]) -> set[str]:
    """The addresses of the people with these numbers."""
    return {f"aina{n}@example.org" for n in numbers}


STRANGERS = people([901, 902], language="fr")


@contextlib.contextmanager
def using_database(path: Path) -> Iterator[None]:
    """Django speaks to the SQLite file `path` inside the block, in every thread, and to what it spoke to before after it."""
    settings, before = connections.settings["default"], connections["default"]
    name, options = settings["NAME"], settings["OPTIONS"]
    # No test switches the machine off: nobody need wait for the disk at each commit.
    unsynced = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    settings |= {"NAME": str(path), "OPTIONS": options | {"init_command": unsynced}}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before
        settings |= {"NAME": name, "OPTIONS": options}


def _pause(seconds: float) -> None:
    time.sleep(min(seconds, 0.01))


class Cut(Exception):
    """The process ended here."""


def _cut(_: float) -> None:
    raise Cut


def now() -> datetime:
    """The time, with its offset."""
    return datetime.now(UTC)


MEANS = Means(Unwatched(), now, Pace(_pause, time.monotonic))


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)


@dataclass
class World:
    """An installation. `run` runs an export as Ada; `cli` gives a command to this process, `command` to a new one."""

    api_key: ClassVar[str] = f"xkeysib-{'5ecret' * 10}-{'a1b2C3d4E5f6G7h8'}"

    folder: Path
    home: Path
    sandbox: Sandbox
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)

    # The source

    @property
    def profiles_file(self) -> Path:
        return self.folder / "profiles.parquet"

    def put_profiles(self, rows: Iterable[Mapping[str, Any]] | None = None) -> None:
        """Add or replace profiles by key; without rows, ten members and two strangers."""
        rows = [*people(range(10)), *STRANGERS] if rows is None else rows
        self.profiles |= {row["customer_id"]: dict(row) for row in rows}
        self._write()

    def forget_profile(self, *keys: str) -> None:
        for key in keys:
            del self.profiles[key]
        self._write()

    def _write(self) -> None:
        pq.write_table(pa.Table.from_pylist([*self.profiles.values()], schema=SCHEMA), self.profiles_file)

    # The installation

    def apply(self, text: str = CONFIGURATION, *, who: str = "Ada") -> list[Applied]:
        """Apply a configuration file with this text."""
        return configuration.apply(CAST[who], self.write_yaml(text), now())

    def write_yaml(self, text: str) -> Path:
        path = self.folder / "traginer.yml"
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, export: str = "Newsletter", *, who: str = "Ada") -> RunView:
        """Run an export to its end."""
        run, _ = runs.run_now(CAST[who], exports.get(ADA, export), MEANS)
        return wording.described(run)

    def cut_run(self, export: str = "Newsletter") -> Run:
        """A run that ends without a word while it waits for an import that Brevo has accepted."""
        with contextlib.suppress(RunFailedUnexpectedly):
            runs.run_now(ADA, exports.get(ADA, export), Means(Unwatched(), now, Pace(_cut, time.monotonic)))
        return self.last_run()

    def approve(self, run: int, *, who: str = "Ada") -> RunView:
        return wording.described(runs.approve(CAST[who], run, MEANS))

    def last_run(self) -> Run:
        return Run.objects.latest("pk")

    def ledger(self, export: str = "Newsletter", *, list_id: int | None = None) -> dict[str, str | None]:
        """Address -> fingerprint, of the list the export fills now, or of another one that it has filled."""
        found = exports.get(ADA, export)
        path = exports.ledger_at(found, found.connection_id, list_id or found.list_id)
        if path is None:
            return {}
        table = pq.read_table(path)
        return dict(zip(table["email"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))

    # The commands

    def cli(self, *arguments: str) -> Said:
        """The answer of a command, in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                contextvars.copy_context().run(main, arguments)
            except SystemExit as end:
                return Said(int(end.code or 0), out.getvalue(), err.getvalue())
        raise AssertionError("main always exits")

    def command(self, *arguments: str, **environment: str) -> Said:
        """The answer of a command, in a process of its own."""
        done = subprocess.run(
            [TRAGINER, *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    # The far side

    def on_list(self, list_id: int = 7) -> set[str]:
        return self.sandbox.emails_on(list_id)

    def requests(self) -> int:
        """How many requests the local Brevo has answered."""
        return len(self.sandbox.requests())

    def imported(self, since: int = 0) -> list[dict[str, Any]]:
        """The rows of the imports among the requests after number `since`."""
        asked = [request for request in self.sandbox.requests()[since:] if request.path.endswith("/contacts/import")]
        return [row for request in asked for row in json.loads(request.body or b"{}")["jsonBody"]]

    def removed(self, since: int = 0) -> list[str]:
        """The addresses of the removals among the requests after number `since`."""
        asked = [request for request in self.sandbox.requests()[since:] if request.path.endswith("/contacts/remove")]
        return [email for request in asked for email in json.loads(request.body or b"{}")["emails"]]

    def files(self) -> list[Path]:
        """Every file of the state folder."""
        return [path for path in self.home.rglob("*") if path.is_file()]


TRAGINER = str(Path(sys.executable).with_name("traginer"))
