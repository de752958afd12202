"""The control plane's database: brought up to date by whoever comes first, the others wait."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from traginer.home import home


def migrate_if_behind() -> None:
    """Apply the migrations that are missing. Safe to call from several processes at once."""
    if not _is_behind():
        return
    with _alone(home() / "migrate.lock"):
        if _is_behind():
            call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
