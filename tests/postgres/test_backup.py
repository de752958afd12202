"""Backups of an installation on Postgres: the files that its database names, which is dumped apart."""

import io
import tarfile
from pathlib import Path

import pytest
from django.db import connection

from tests.world import ADA, World, now
from traginer.control import backup
from traginer.control.backup import errors
from traginer.control.models import Run, RunStatus


def members(path: Path) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as tar:
        return tar.getnames()


def test_a_backup_holds_the_files_that_the_database_names_and_not_the_database(world: World) -> None:
    world.run()
    cut = world.folder / "all.tar.gz"
    made = backup.make(ADA, cut, now())
    assert (made.database, made.missing) == ("postgresql", [])
    names = members(cut)
    assert any(name.startswith("ledgers/export-") for name in names)
    assert "traginer.sqlite3" not in names
    assert "pg_dump" in world.cli("backup", str(cut)).out


def test_the_files_are_restored_beside_a_database_that_is_back_already(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.cut_run()
    path = backup.make(ADA, world.folder / "all.tar.gz", now(), with_key=True).path
    Run.objects.update(owner="somebody/1/1", lease_until=now())
    monkeypatch.setenv("TRAGINER_HOME", str(world.folder / "elsewhere"))
    restored = backup.restore(ADA, path)
    assert (restored.runs_under_way, restored.needs_key) == (1, False)
    run = Run.objects.get()
    assert (run.status, run.owner, run.lease_until) == (RunStatus.PROCESSING, "", None)
    assert world.run().status == "successful"


def test_files_are_not_restored_beside_an_empty_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = backup.make(ADA, world.folder / "all.tar.gz", now()).path
    monkeypatch.setenv("TRAGINER_HOME", str(world.folder / "elsewhere"))
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA empty")
        cursor.execute("SET search_path TO empty")
    with pytest.raises(errors.DatabaseNotRestored):
        backup.restore(ADA, path)
    assert not any((world.folder / "elsewhere").iterdir())
