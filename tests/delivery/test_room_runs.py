"""A run that finds a disk full, wherever that is, says so, and the next one goes on where it stopped."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.world import Said, World, addresses, people
from traginer.control.models import Run
from traginer.delivery import room
from traginer.delivery.errors import DiskFull
from traginer.duck import open_duck

SPILLING = "SELECT count(*) FROM (SELECT md5(i::VARCHAR) AS m, i FROM range(1_500_000) t(i) ORDER BY m)"


def no_room_for(path: Path) -> None:
    """Whatever is written to `path` finds its disk full."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.symlink_to("/dev/full")


def fails(world: World, code: str) -> Said:
    said = world.cli("run", "Newsletter")
    assert said.exit_code == 1, said
    assert f"({code})" in said.out + said.err
    assert "Free" in said.out + said.err
    assert "MB" in said.out + said.err
    return said


def goes_on(world: World) -> None:
    """The next run ends what is left to do, and no file of the one before stays."""
    said = world.cli("run", "Newsletter")
    assert said.exit_code == 0, said
    assert world.on_list() == set(world.ledger()) == addresses(range(10))
    assert None not in world.ledger().values()
    assert not list(world.home.rglob("*.part"))
    assert len(list((world.home / "ledgers" / "export-1").iterdir())) == 1


SPOOL = "spool/run-1/1"
FILES = {
    "the plan": (f"{SPOOL}/plan.parquet", "spool-full", 0),
    "a body": (f"{SPOOL}/00001.json", "spool-full", 0),
    "who was left out": (f"{SPOOL}/left-out.parquet.part", "disk-full", 0),
    "the ledger": ("ledgers/export-1/list-7-run-1-1.parquet.part", "disk-full", 10),
    "who holds which number": (
        "ledgers/connection-1/numbers-run-1-1.parquet.part",
        "disk-full",
        10,
    ),
    "the rejections": (f"{SPOOL}/rejections.parquet.part", "disk-full", 10),
}


@pytest.mark.parametrize("file", FILES)
def test_a_run_that_finds_no_room_for_a_file_says_so_and_the_next_one_goes_on(world: World, file: str) -> None:
    path, code, arrived = FILES[file]
    no_room_for(world.home / path)
    fails(world, code)
    assert len(world.on_list()) == arrived
    goes_on(world)
    assert len(world.imported()) == 10


def test_a_receipt_for_which_there_is_no_room_is_fetched_again(world: World) -> None:
    world.sandbox.switches.reject_probability = 1.0
    no_room_for(world.home / SPOOL / "refusals" / "00001.parquet.part")
    fails(world, "disk-full")
    assert Run.objects.get().status == "processing"
    assert world.ledger() == {}
    world.sandbox.switches.reject_probability = 0.0
    world.cli("run", "Newsletter")
    assert Run.objects.get(pk=1).results["rejections_by_reason"] == {"brevo-email-invalid": 10}
    goes_on(world)


def test_a_report_for_which_there_is_no_room_is_fetched_again(world: World) -> None:
    world.sandbox.switches.reject_probability = 1.0
    no_room_for(world.home / SPOOL / "reports" / "00001-brevo-email-invalid.csv.part")
    fails(world, "disk-full")
    world.sandbox.switches.reject_probability = 0.0
    world.cli("run", "Newsletter")
    assert Run.objects.get(pk=1).results["rejections_by_reason"] == {"brevo-email-invalid": 10}
    goes_on(world)


@contextlib.contextmanager
def full_database() -> Iterator[None]:
    """SQLite may take no page more than it has."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1000000")


def test_a_database_without_room_for_the_batches_is_said_too(world: World, settings: Any) -> None:
    settings.BODY_BYTES = 800
    world.put_profiles(people(range(300)))
    with full_database():
        fails(world, "disk-full")
    assert world.imported() == []
    assert world.cli("run", "Newsletter").exit_code == 0
    assert world.on_list() == set(world.ledger()) == addresses(range(300))


def test_an_engine_that_may_spill_no_more_is_a_full_disk_and_not_a_lack_of_memory(
    tmp_path: Path,
) -> None:
    with pytest.raises(DiskFull) as caught:
        spill(tmp_path)
    assert caught.value.facts["folder"] == tmp_path


def spill(folder: Path) -> None:
    with room.required(folder), open_duck(folder, memory_bytes=48_000_000) as duck:
        duck.run("SET max_temp_directory_size = '4MB'")
        duck.rows(SPILLING)
