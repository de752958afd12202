"""Make an installation anew from a backup, in an empty home."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from traginer import home
from traginer.control import audit, vault
from traginer.control.backup import archive
from traginer.control.backup.archive import FORMAT, Manifest
from traginer.control.backup.errors import (
    BackupOfOtherDatabase,
    BackupTooNew,
    DatabaseNotRestored,
    HomeNotEmpty,
)
from traginer.control.backup.making import KEY
from traginer.control.backup.snapshots import DATABASE
from traginer.control.database import migrate_if_behind
from traginer.control.errors import FileUnreadable, FileUnwritable
from traginer.control.models import Connection, Heartbeat, Run, RunStatus
from traginer.control.rights import Actor
from traginer.durable import make_folder, sync_folder

NAMES = {"sqlite": "SQLite", "postgresql": "Postgres"}
SHOWN = 3


@dataclass(frozen=True)
class Restored:
    """What was restored: as of which moment, how many runs were under way then, and whether the key is there.

    `needs_key` is True where secrets came without the key that they are encrypted with.
    """

    made_at: str
    files: int
    runs_under_way: int
    needs_key: bool
    missing: list[str]


def restore(actor: Actor, path: Path) -> Restored:
    """Put the backup at `path` into the home, which must be empty but for the file `key`. Nothing is put where any of it is wrong.

    Runs that were under way are interrupted: a worker takes them up. Raises HomeNotEmpty, BackupDamaged, BackupTooNew,
    BackupOfOtherDatabase, DatabaseNotRestored, BackupNameUnknown, FileUnreadable, FileUnwritable.
    """
    actor.require("system:write")
    archive.compression_of(path)
    root = make_folder(home.place())
    _require_empty(root)
    with tempfile.TemporaryDirectory(dir=root, prefix="restore-") as folder:
        unpacked = Path(folder)
        manifest = _unpacked(path, unpacked)
        _require_fitting(path, manifest)
        if KEY in manifest.files and (root / KEY).exists():
            raise HomeNotEmpty(folder=root, found=KEY)
        _put(unpacked, root)
    migrate_if_behind()
    _settle()
    audit.note(actor, "system:write", audit.Target("restore", path.name), after={"made_at": manifest.made_at})
    return Restored(
        made_at=manifest.made_at,
        files=len(manifest.files),
        runs_under_way=len(manifest.runs_under_way),
        needs_key=_needs_key(root),
        missing=manifest.missing,
    )


def _require_empty(root: Path) -> None:
    found = sorted(child.name for child in root.iterdir() if child.name != KEY)
    if found:
        raise HomeNotEmpty(folder=root, found=", ".join(found[:SHOWN]))


def _unpacked(path: Path, folder: Path) -> Manifest:
    try:
        return archive.unpack(path, folder)
    except FileNotFoundError as error:
        raise FileUnreadable(path=path, why=error.strerror) from None
    except OSError as error:
        raise FileUnwritable(path=folder, why=error.strerror or type(error).__name__) from None


def _require_fitting(path: Path, manifest: Manifest) -> None:
    known = {name for app, name in _migrations() if app == "control"}
    if manifest.format > FORMAT or not known.issuperset(manifest.migrations):
        raise BackupTooNew(path=path, version=manifest.traginer)
    if manifest.database != connection.vendor:
        theirs, ours = (NAMES.get(name, name) for name in (manifest.database, connection.vendor))
        raise BackupOfOtherDatabase(path=path, theirs=theirs, ours=ours)
    if connection.vendor != "sqlite" and Run._meta.db_table not in connection.introspection.table_names():
        raise DatabaseNotRestored


def _migrations() -> Iterable[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [(app, name) for app, name in loader.disk_migrations or {}]


def _put(unpacked: Path, root: Path) -> None:
    """The database last: without it nobody takes the rest for an installation."""
    for child in sorted(unpacked.iterdir(), key=lambda child: child.name == DATABASE):
        if child.name != DATABASE:
            child.rename(root / child.name)
    sync_folder(root)
    if (unpacked / DATABASE).exists():
        database = Path(connection.settings_dict["NAME"])
        make_folder(database.parent)
        shutil.move(unpacked / DATABASE, database)
        sync_folder(database.parent)


def _settle() -> None:
    """Nobody who worked when the backup was made works here."""
    interrupted = {"lease_until": None, "owner": "", "try_again_at": None}
    Run.objects.filter(status=RunStatus.PROCESSING).update(**interrupted)
    Heartbeat.objects.all().delete()


def _needs_key(root: Path) -> bool:
    has_secrets = Connection.objects.exclude(encrypted_key="").exists()
    return has_secrets and not vault.is_in_environment() and not (root / KEY).exists()
