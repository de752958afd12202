"""Write a backup while everything goes on."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from traginer import __version__, home
from traginer.control import audit, vault
from traginer.control.backup import archive, snapshots
from traginer.control.backup.archive import Manifest
from traginer.control.backup.snapshots import Snapshot
from traginer.control.errors import FileUnwritable
from traginer.control.rights import Actor
from traginer.durable import replacing

KEY = "key"


@dataclass(frozen=True)
class Made:
    """A backup that was written: its size, and what is in it.

    `with_key` is False where the key of the installation has to be kept elsewhere; `missing` are files that the database
    names and that were not there.
    """

    path: Path
    bytes: int
    files: int
    database: str
    with_key: bool
    runs_under_way: int
    missing: list[str]


def make(actor: Actor, path: Path, at: datetime, *, with_key: bool = False) -> Made:
    """Write what cannot be made anew to `path`, .tar.zst or .tar.gz, mode 0600: one moment of it, while runs go on.

    Of a Postgres it holds the files only. Without the key, the secrets in it cannot be read. Raises BackupNameUnknown,
    BackupUnsettled, FileUnwritable.
    """
    actor.require("system:write")
    compression = archive.compression_of(path)
    with tempfile.TemporaryDirectory(dir=home.home(), prefix="backup-") as folder:
        snapshot = snapshots.take(Path(folder))
        key = home.home() / KEY
        has_key = with_key and key.exists() and not vault.is_in_environment()
        files = {**snapshot.files, **({KEY: key} if has_key else {})}
        manifest = _manifest(snapshot, at)
        try:
            with replacing(path.absolute()) as part:
                archive.write(part, compression, files, manifest)
        except OSError as error:
            raise FileUnwritable(path=path, why=error.strerror or type(error).__name__) from None
    audit.note(actor, "system:write", audit.Target("backup", path.name), after={"with_key": has_key})
    return Made(
        path=path,
        bytes=path.stat().st_size,
        files=len(files),
        database=manifest.database,
        with_key=has_key,
        runs_under_way=len(manifest.runs_under_way),
        missing=manifest.missing,
    )


def _manifest(snapshot: Snapshot, at: datetime) -> Manifest:
    return Manifest(
        made_at=at.isoformat(timespec="seconds"),
        traginer=__version__,
        database=connection.vendor,
        migrations=list(snapshot.named.migrations),
        runs_under_way=list(snapshot.named.runs_under_way),
        missing=sorted(snapshot.missing),
    )
