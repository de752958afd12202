"""Backups: made while runs go on, and an installation made from one that goes on where the other stood."""

import contextlib
import io
import json
import shutil
import stat
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection

from tests.world import ADA, CAST, MEANS, World, addresses, now, people, using_database
from traginer.control import backup, connections, exports, rejections, runs
from traginer.control.backup import errors
from traginer.control.errors import FileUnreadable, NotAllowed
from traginer.control.journal import Unwatched
from traginer.control.models import Connection, Heartbeat, Ledger, Run, RunStatus
from traginer.home import ledgers, spool

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}


class At(Unwatched):
    """Somebody who does something once, when a run has come to a stage."""

    def __init__(self, stage: str, deed: Callable[[], object]) -> None:
        self.awaited, self.deed = stage, deed

    def stage(self, name: str, done: int, total: int) -> None:
        if name == self.awaited:
            self.awaited = ""
            self.deed()


@dataclass
class Elsewhere:
    """Another machine, with an empty home. Inside `there()` this process is on it."""

    home: Path
    patch: pytest.MonkeyPatch

    @contextlib.contextmanager
    def there(self) -> Iterator[None]:
        with self.patch.context() as patch, using_database(self.home / "traginer.sqlite3"):
            patch.setenv("TRAGINER_HOME", str(self.home))
            yield

    def restore(self, path: Path) -> backup.Restored:
        with self.there():
            return backup.restore(ADA, path)

    def is_empty(self) -> bool:
        return not self.home.exists() or not any(self.home.iterdir())


@pytest.fixture
def elsewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    return Elsewhere(world.folder / "elsewhere", monkeypatch)


def make(world: World, name: str = "all.tar.zst", *, with_key: bool = True) -> Path:
    return backup.make(ADA, world.folder / name, now(), with_key=with_key).path


# What a backup is for


@pytest.mark.parametrize("name", ["all.tar.zst", "all.tar.gz"])
def test_an_installation_made_from_a_backup_goes_on_where_the_other_stood(
    world: World, name: str, elsewhere: Elsewhere
) -> None:
    world.run()
    path = make(world, name)
    assert elsewhere.restore(path).needs_key is False
    world.put_profiles(people([20]))
    world.forget_profile("C0003")
    before = world.requests()
    with elsewhere.there():
        assert world.run().status == "successful"
        assert set(world.ledger()) == addresses([*range(10), 20]) - addresses([3])
    assert world.on_list() == addresses([*range(10), 20]) - addresses([3])
    assert {row["email"] for row in world.imported(before)} == addresses([20])


def test_a_run_that_a_backup_cut_in_two_ends_as_it_should_in_both_halves(world: World, elsewhere: Elsewhere) -> None:
    """The backup is made while an import is on its way; the first installation goes on, and then the other one does."""
    made: list[Path] = []
    run, _ = runs.run_now(ADA, exports.get(ADA, "Newsletter"), means(At("follow", lambda: made.append(make(world)))))
    assert run.status == RunStatus.SUCCESSFUL
    assert elsewhere.restore(made[0]).runs_under_way == 1
    with elsewhere.there():
        taken_up = Run.objects.get()
        assert (taken_up.status, taken_up.owner, taken_up.lease_until) == (RunStatus.PROCESSING, "", None)
        assert runs.is_interrupted(taken_up)
        assert not Heartbeat.objects.exists()
        assert world.run().status == "successful"
        assert Run.objects.order_by("pk").first().status == RunStatus.SUCCESSFUL  # type: ignore[union-attr]
        assert world.on_list() == addresses(range(10)) == set(world.ledger())


def test_a_run_that_ends_with_its_machine_is_carried_on_from_the_backup(world: World, elsewhere: Elsewhere) -> None:
    cut = world.cut_run()
    path = make(world)
    shutil.rmtree(world.home / "spool")
    shutil.rmtree(world.home / "ledgers", ignore_errors=True)
    assert elsewhere.restore(path).runs_under_way == 1
    with elsewhere.there():
        assert list(spool(cut.pk).rglob("*.json")), "the frozen bodies came along"
        assert world.run().status == "successful"
        assert world.on_list() == addresses(range(10)) == set(world.ledger())


def test_a_backup_holds_every_ledger_that_its_database_names_however_fast_runs_replace_them(world: World) -> None:
    made: list[backup.Made] = []

    def run_and_run() -> None:
        try:
            for n in range(4):
                world.put_profiles(people([100 + n]))
                world.run()
        finally:
            connection.close()

    world.run()
    thread = threading.Thread(target=run_and_run)
    thread.start()
    while thread.is_alive():
        made.append(backup.make(ADA, world.folder / f"{len(made)}.tar.gz", now()))
    thread.join()
    assert len(made) > 4
    assert not any(one.missing for one in made)
    for one in made:
        names = members(one.path)
        assert sum(name.startswith("ledgers/export-") for name in names) == 1


def test_what_people_look_back_at_comes_along(world: World, elsewhere: Elsewhere) -> None:
    world.put_profiles(people([30], email="not an address"))
    run = world.run()
    (world.home / "consent").mkdir()
    (world.home / "consent" / "2.en.md").write_text("Another text")
    elsewhere.restore(make(world))
    assert (elsewhere.home / "consent" / "2.en.md").read_text() == "Another text"
    with elsewhere.there():
        assert [row.key for row in rejections.first(ADA, run.run, None).rows] == ["C0030"]


def test_the_commands_say_what_was_put_aside_and_what_has_to_be_done_after_a_restore(world: World) -> None:
    world.cut_run()
    path, folder = world.folder / "all.tar.zst", str(world.folder / "elsewhere")
    made = world.cli("backup", str(path))
    assert made.exit_code == 0
    assert "1 run under way is in it" in made.out
    assert "keep the file key of TRAGINER_HOME" in made.out
    restored = world.command("restore", str(path), TRAGINER_HOME=folder)
    assert restored.exit_code == 0
    assert "1 run was under way" in restored.out
    assert "put the file key" in restored.out
    assert "traginer ledger rebuild EXPORT" in restored.out
    assert "(home-not-empty)" in world.command("restore", str(path), TRAGINER_HOME=folder).err
    told = world.command("runs", "--json", TRAGINER_HOME=folder).json
    assert told[0]["status"] == "processing"


# Keys


def test_the_key_is_left_out_unless_it_is_asked_for_and_can_be_there_before(world: World, elsewhere: Elsewhere) -> None:
    path = make(world, with_key=False)
    assert "key" not in members(path)
    assert elsewhere.restore(path).needs_key is True
    shutil.rmtree(elsewhere.home)
    elsewhere.home.mkdir(mode=0o700)
    shutil.copy(world.home / "key", elsewhere.home / "key")
    assert elsewhere.restore(path).needs_key is False
    with elsewhere.there():
        assert connections.api_key(Connection.objects.get()) == World.api_key


def test_a_key_in_the_environment_is_never_written_to_a_backup(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_KEY", (world.home / "key").read_text().strip())
    made = backup.make(ADA, world.folder / "all.tar.gz", now(), with_key=True)
    assert not made.with_key
    assert "key" not in members(made.path)


def test_a_key_that_is_there_is_not_replaced_by_the_one_of_a_backup(world: World, elsewhere: Elsewhere) -> None:
    elsewhere.home.mkdir(mode=0o700)
    (elsewhere.home / "key").write_text("another")
    with pytest.raises(errors.HomeNotEmpty):
        elsewhere.restore(make(world))
    assert [child.name for child in elsewhere.home.iterdir()] == ["key"]


# The file


@pytest.mark.parametrize(("name", "unpacker"), [("all.tar.zst", "--zstd"), ("all.tar.gz", "--gzip")])
def test_a_backup_is_its_owner_s_alone_and_an_ordinary_archive(world: World, name: str, unpacker: str) -> None:
    world.run()
    path = make(world, name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = subprocess.run(["tar", unpacker, "-tf", path], capture_output=True, text=True, check=True).stdout.split()
    assert {"traginer.sqlite3", "key", "manifest.json"} < set(listed)
    assert any(name.startswith("ledgers/export-") for name in listed)
    assert listed[-1] == "manifest.json"
    assert [child.name for child in world.home.iterdir() if child.name.startswith("backup-")] == []


def test_a_backup_of_another_name_is_refused(world: World) -> None:
    with pytest.raises(errors.BackupNameUnknown):
        make(world, "all.zip")


def test_a_backup_whose_disk_is_full_leaves_no_half_of_it(world: World) -> None:
    said = world.cli("backup", "/dev/full/all.tar.gz")
    assert "(file-unwritable)" in said.err
    with pytest.raises(NotAllowed):
        backup.make(CAST["Bernat"], world.folder / "all.tar.gz", now())
    assert not (world.folder / "all.tar.gz").exists()


def test_a_ledger_that_is_not_there_is_told_and_keeps_the_rest_from_nothing(world: World, elsewhere: Elsewhere) -> None:
    world.run()
    lost = ledgers(Ledger.objects.get().export_id) / Ledger.objects.get().file
    lost.unlink()
    said = world.cli("backup", str(world.folder / "all.tar.gz"), "--json")
    assert said.exit_code == 3
    assert said.json["missing"] == [lost.relative_to(world.home).as_posix()]
    assert elsewhere.restore(world.folder / "all.tar.gz").missing == said.json["missing"]


# What is refused


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        _flipped,
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: b"",
        lambda content: b"something else",
    ],
    ids=["a bit flipped", "half of it", "a byte short", "empty", "something else"],
)
@pytest.mark.parametrize("name", ["all.tar.zst", "all.tar.gz"])
def test_a_backup_that_is_damaged_is_refused_and_nothing_of_it_restored(
    world: World, name: str, damage: Callable[[bytes], bytes], elsewhere: Elsewhere
) -> None:
    path = make(world, name)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(errors.BackupDamaged):
        elsewhere.restore(path)
    assert elsewhere.is_empty()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../escaped", tarfile.REGTYPE),
        ("/tmp/escaped", tarfile.REGTYPE),
        ("ledgers/../../escaped", tarfile.REGTYPE),
        ("authorized_keys", tarfile.REGTYPE),
        ("ledgers/link", tarfile.SYMTYPE),
        ("traginer.sqlite3", tarfile.REGTYPE),
        ("consent/9.en.md", tarfile.REGTYPE),
    ],
)
def test_a_backup_with_something_strange_in_it_is_refused(
    world: World, name: str, kind: bytes, elsewhere: Elsewhere
) -> None:
    path = make(world, "all.tar.gz")
    strange = tarfile.TarInfo(name)
    strange.type, strange.linkname, strange.size = kind, "/etc/passwd", 0
    with tarfile.open(path) as tar:
        kept = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    with tarfile.open(path, "w:gz") as tar:
        tar.addfile(strange)
        for member, content in kept:
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(errors.BackupDamaged):
        elsewhere.restore(path)
    assert not (world.folder / "escaped").exists()
    assert elsewhere.is_empty()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"format": 2, "traginer": "9.0"}, errors.BackupTooNew),
        ({"migrations": ["0001_initial", "0999_later"]}, errors.BackupTooNew),
        ({"database": "postgresql"}, errors.BackupOfOtherDatabase),
        ({"files": {}}, errors.BackupDamaged),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(
    world: World, values: dict[str, object], error: type[Exception], elsewhere: Elsewhere
) -> None:
    path = make(world, "all.tar.gz")
    with tarfile.open(path) as tar:
        kept = [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    with tarfile.open(path, "w:gz") as tar:
        for member, content in kept:
            is_manifest = member.name == "manifest.json"
            said = json.dumps({**json.loads(content), **values}).encode() if is_manifest else content
            member.size = len(said)
            tar.addfile(member, io.BytesIO(said))
    with pytest.raises(error):
        elsewhere.restore(path)
    assert elsewhere.is_empty()


def test_a_home_that_is_not_empty_is_left_as_it_is(world: World, elsewhere: Elsewhere) -> None:
    path = make(world)
    with pytest.raises(errors.HomeNotEmpty):
        backup.restore(ADA, path)
    elsewhere.home.mkdir(mode=0o700)
    (elsewhere.home / "notes.txt").write_text("mine")
    with pytest.raises(errors.HomeNotEmpty):
        elsewhere.restore(path)
    assert [child.name for child in elsewhere.home.iterdir()] == ["notes.txt"]


def test_a_backup_that_is_not_there_is_said_to_be_so(world: World, elsewhere: Elsewhere) -> None:
    with pytest.raises(FileUnreadable):
        elsewhere.restore(world.folder / "none.tar.gz")


def members(path: Path) -> list[str]:
    """What is in a backup, by name."""
    with pa.input_stream(str(path), compression=COMPRESSIONS[path.suffix]) as stream:
        content = stream.read()
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return tar.getnames()


def means(watch: At) -> runs.Means:
    return runs.Means(watch, MEANS.now, MEANS.pace)
