"""The control plane's database: brought up to date by whoever comes first, the others wait."""

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from traginer.control.runs_errors import DatabaseUnavailable
from traginer.home import home

MIGRATING = 0x7472_6167_696E_6572
"""The number of the lock in Postgres: "traginer" in ASCII."""


def migrate_if_behind() -> None:
    """Apply the migrations that are missing. Safe to call from several processes at once. Raises DatabaseUnavailable."""
    try:
        if not _is_behind():
            return
        with _alone():
            if _is_behind():
                call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise DatabaseUnavailable(why=_first_line(error)) from error
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _alone() -> AbstractContextManager[None]:
    """One process at a time inside: on this machine, or of all that share a Postgres."""
    return _alone_here(home() / "migrate.lock") if connection.vendor == "sqlite" else _alone_in_database()


@contextmanager
def _alone_here(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone_in_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # whoever migrates may take long
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
            cursor.execute("RESET lock_timeout")


def _first_line(error: DatabaseError) -> str:
    """What the database said, without the hints that follow."""
    return (str(error).splitlines() or [type(error).__name__])[0]
