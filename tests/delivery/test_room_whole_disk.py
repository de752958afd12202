"""A disk that fills up during a run: whatever was being written, the run says so, and once there is room it goes on.

The disk is a small one of its own where this process may mount one; else no file may grow past a size.
"""

import contextlib
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, addresses, people

DISK_BYTES = 24_000_000
FREE_BYTES = (0, 40_000, 150_000, 350_000)
FILE_BYTES = (1_200_000,)
BALLAST = "ballast"


def mounted(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def home(tmp_path: Path, home: Path) -> Iterator[Path]:
    """The state folder, on a small disk where one can be mounted. Takes the place of the fixture of this name."""
    disk = home.parent
    is_mounted = mounted(disk)
    yield home
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextlib.contextmanager
def only(world: World, left: int) -> Iterator[None]:
    """No more than `left` bytes are free on the disk of the installation, or may be in one file."""
    disk = world.home.parent
    if not disk.is_mount():
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return
    with (disk / BALLAST).open("wb") as file:
        filler = memoryview(bytes(1_000_000))
        while (missing := shutil.disk_usage(disk).free - left) > 0:
            file.write(filler[:missing])
            file.flush()
    yield
    (disk / BALLAST).unlink()


def test_whatever_a_disk_is_too_small_for_the_run_says_so_and_goes_on_once_there_is_room(
    world: World,
) -> None:
    is_mounted = world.home.parent.is_mount()
    many = 1_500 if is_mounted else 12_000
    failed = 0
    for turn, left in enumerate(FREE_BYTES if is_mounted else FILE_BYTES):
        world.put_profiles(people(range(many), first_name=f"Name {turn}"))
        with only(world, left):
            said = world.command("run", "Newsletter")
        assert said.exit_code == 0 or "(disk-full)" in said.out + said.err or "(spool-full)" in said.out + said.err, (
            said
        )
        failed += said.exit_code
        assert world.cli("run", "Newsletter").exit_code == 0
        assert world.on_list() == set(world.ledger()) == addresses(range(many))
        assert {row["FIRSTNAME"] for row in world.sandbox.contacts_on(7).values()} == {f"Name {turn}"}
        assert not list(world.home.rglob("*.part"))
    assert failed >= (3 if is_mounted else 1)
