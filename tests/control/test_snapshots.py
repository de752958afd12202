"""Snapshots of segments: how many members a schedule found, who joined and who left, and what becomes of the files."""

import logging
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.db import connection

from tests.control.cast import actor
from tests.world import ADA, CONFIGURATION, MEANS, World, addresses, now, people
from traginer.control import backup, schedules, segments, snapshots, worker
from traginer.control.errors import NotAllowed
from traginer.control.models import Run, RunStatus, SegmentSnapshot
from traginer.control.spec import SegmentSpec
from traginer.values import AsOf

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
SIX = {"kind": "times", "times": ["06:00"], "days": [], "timezone": "UTC"}
NAME = "Catalan spenders"
TWIN = """\
exports:
  - {name: Twin, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders]}
"""
TWO_SEGMENTS = """\
segments:
  - {name: Strangers, source: Customers, sql: "SELECT customer_id FROM profiles WHERE language = 'fr'"}
exports:
  - {name: Newsletter, connection: Newsletter account, list: 7, email: email, segments: [Strangers, Catalan spenders]}
"""


@pytest.fixture(autouse=True)
def _scheduled(world: World) -> None:
    schedules.set_system(ADA, SIX, MONDAY)
    schedules.tick(MONDAY)


def work() -> None:
    while worker.work_once(MEANS):
        pass


def refresh(day: int) -> None:
    """The system refresh of a day, to its end."""
    assert schedules.tick(MONDAY + timedelta(days=day, hours=6))
    work()


def trend(name: str = NAME) -> list[tuple[int, int | None, int | None]]:
    """Members, joined and left, the oldest first."""
    found = snapshots.trend(ADA, segments.get(ADA, name), 100)
    return [(one.members, one.joined, one.left) for one in reversed(found)]


def kept(name: str = NAME) -> Path:
    """The file that the next snapshot is compared with."""
    return snapshots.folder() / SegmentSnapshot.objects.get(segment__name=name, file__gt="").file


# What is kept


def test_each_refresh_keeps_the_size_of_a_segment_who_joined_and_who_left(world: World) -> None:
    refresh(0)
    world.put_profiles(people([20, 21, 22]))
    world.forget_profile("C0003")
    refresh(1)
    world.put_profiles(people([20, 21], language="fr"))
    world.put_profiles(people([3]))
    refresh(2)
    refresh(3)
    assert trend() == [(10, None, None), (12, 3, 1), (11, 1, 2), (11, 0, 0)]
    assert [run.as_of for run in Run.objects.order_by("-pk")] == [
        one.at for one in snapshots.trend(ADA, segments.get(ADA, NAME), 100)
    ]


def test_a_segment_that_two_exports_carry_is_looked_at_once_for_a_slot(world: World) -> None:
    world.apply(TWIN)
    refresh(0)
    world.put_profiles(people([20]))
    refresh(1)
    assert Run.objects.filter(status=RunStatus.SUCCESSFUL).count() == 4
    assert trend() == [(10, None, None), (11, 1, 0)]


def test_two_workers_that_come_to_a_segment_at_once_leave_one_snapshot_and_one_file(world: World) -> None:
    other = CONFIGURATION[CONFIGURATION.index("connections:") : CONFIGURATION.index("segments:")]
    world.apply(other.replace("Newsletter account", "Other") + TWIN.replace("Newsletter account", "Other"))

    def carry_on() -> None:
        try:
            work()
        finally:
            connection.close()

    schedules.tick(MONDAY + timedelta(hours=6))
    workers = [threading.Thread(target=carry_on) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert trend() == [(10, None, None)]
    assert list(snapshots.folder().iterdir()) == [kept()]


def test_a_run_that_a_person_asks_for_adds_no_snapshot(world: World) -> None:
    world.run()
    assert trend() == []
    refresh(0)
    world.put_profiles(people([20]))
    world.run()
    assert trend() == [(10, None, None)]


def test_each_segment_of_an_export_has_its_own_trend(world: World) -> None:
    world.apply(TWO_SEGMENTS)
    refresh(0)
    world.put_profiles(people([903], language="fr"))
    refresh(1)
    assert (trend(), trend("Strangers")) == ([(10, None, None), (10, 0, 0)], [(2, None, None), (3, 1, 0)])


def test_a_held_run_that_is_approved_later_adds_no_second_snapshot(world: World) -> None:
    refresh(0)
    world.forget_profile(*(f"C{n:04}" for n in range(8)))
    refresh(1)
    held = world.last_run()
    assert held.status == RunStatus.HELD
    assert world.approve(held.pk).status == "successful"
    assert trend() == [(10, None, None), (2, 0, 8)]


def test_what_is_taken_up_late_adds_no_snapshot(world: World) -> None:
    """Neither for a moment before the newest one, nor with a plan that is frozen: the profiles are others by then."""
    refresh(0)
    delivering, beginning = world.last_run(), world.last_run()
    beginning.figures = None
    SegmentSnapshot.objects.update(slot=None)
    snapshots.take(beginning, AsOf(beginning.as_of - timedelta(hours=1), "UTC"))
    snapshots.take(delivering, AsOf(now(), "UTC"))
    assert len(trend()) == 1
    snapshots.take(beginning, AsOf(now(), "UTC"))
    assert len(trend()) == 2


# What goes wrong


def test_a_torn_file_leaves_joined_and_left_unknown_once(world: World) -> None:
    refresh(0)
    os.truncate(kept(), kept().stat().st_size - 5)
    world.put_profiles(people([20]))
    refresh(1)
    world.put_profiles(people([21, 22]))
    refresh(2)
    assert trend() == [(10, None, None), (11, None, None), (13, 2, 0)]


def test_the_file_of_another_segment_is_not_compared_with(world: World) -> None:
    world.apply(TWO_SEGMENTS)
    refresh(0)
    kept().write_bytes(kept("Strangers").read_bytes())
    refresh(1)
    assert (trend(), trend("Strangers")) == ([(10, None, None), (10, None, None)], [(2, None, None), (2, 0, 0)])


def test_a_segment_that_cannot_be_looked_at_keeps_no_other_from_it_and_the_run_goes_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.apply(TWO_SEGMENTS)
    refresh(0)
    broken = SegmentSpec(name="Strangers", source="Customers", sql="SELECT customer_id FROM profiles WHERE shoe = 1")
    segments.update(ADA, segments.get(ADA, "Strangers"), broken)
    with caplog.at_level(logging.WARNING, "traginer.snapshots"):
        refresh(1)
    assert (trend(), len(trend("Strangers"))) == ([(10, None, None), (10, 0, 0)], 1)
    told = [line.getMessage() for line in caplog.records if line.name == "traginer.snapshots"]
    assert told == [f"snapshot of segment {segments.get(ADA, 'Strangers').pk} left out: segment-sql-failed"]


def test_a_run_goes_on_where_no_snapshot_can_be_written(world: World, caplog: pytest.LogCaptureFixture) -> None:
    snapshots.folder().write_text("in the way")
    with caplog.at_level(logging.WARNING, "traginer.snapshots"):
        refresh(0)
    assert (world.last_run().status, trend()) == (RunStatus.SUCCESSFUL, [])
    assert "left out" in caplog.text
    assert world.on_list() == addresses(range(10))
    snapshots.folder().unlink()
    refresh(1)
    assert trend() == [(10, None, None)]


# Files


def test_only_the_newest_membership_is_kept_for_its_owner_alone_and_holds_no_key(world: World) -> None:
    refresh(0)
    refresh(1)
    assert list(snapshots.folder().iterdir()) == [kept()]
    assert stat.S_IMODE(kept().stat().st_mode) == 0o600
    assert stat.S_IMODE(snapshots.folder().stat().st_mode) == 0o700
    table = pq.read_table(kept())
    assert [str(field.type) for field in table.schema] == ["uint64"]
    assert table["member"].to_pylist() == sorted(table["member"].to_pylist())
    assert b"C0001" not in kept().read_bytes()


def test_a_backup_holds_the_membership_that_the_next_snapshot_needs(world: World) -> None:
    refresh(0)
    made = backup.make(ADA, world.folder / "all.tar.gz", now(), with_key=True)
    world.put_profiles(people([20]))
    assert not made.missing
    elsewhere = world.folder / "elsewhere"
    with pytest.MonkeyPatch.context() as patch:
        said = world.command("restore", str(made.path), TRAGINER_HOME=str(elsewhere))
        assert said.exit_code == 0, said.err
        patch.setenv("TRAGINER_HOME", str(elsewhere))
        assert kept().is_file()


def test_old_snapshots_are_forgotten_but_for_the_newest_and_so_are_files_that_none_names(
    world: World, settings: LazySettings
) -> None:
    refresh(0)
    world.put_profiles(people([20]))
    refresh(1)
    stray, fresh = (snapshots.folder() / name for name in ("segment-99-run-1-1.parquet", "segment-98-run-1-1.parquet"))
    for path in (stray, fresh):
        path.touch()
    an_age_ago = (now() - timedelta(days=2)).timestamp()
    os.utime(stray, (an_age_ago, an_age_ago))
    settings.HISTORY_DAYS = 30
    schedules.following.keep_house(now() + timedelta(minutes=1))
    assert set(snapshots.folder().iterdir()) == {kept(), fresh}
    snapshots.forget_old(now() + timedelta(days=29))
    assert len(trend()) == 2
    snapshots.forget_old(now() + timedelta(days=31))
    assert trend() == [(11, 1, 0)]
    refresh(2)
    assert trend() == [(11, 1, 0), (11, 0, 0)]


def test_a_removed_segment_takes_its_snapshots_along_and_its_file_is_forgotten(world: World) -> None:
    world.apply(TWO_SEGMENTS)
    refresh(0)
    file = kept("Strangers")
    world.apply(CONFIGURATION)
    segments.remove(ADA, segments.get(ADA, "Strangers"))
    snapshots.forget_old(now() + timedelta(hours=2))
    assert not file.exists()
    assert kept().exists()


# Looking


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("bernat", True), ("carla", True), ("dídac", False)])
def test_who_may_see_the_trend(world: World, who: str, may: bool) -> None:
    refresh(0)
    segment = segments.get(ADA, NAME)
    if may:
        assert [one.members for one in snapshots.trend(actor(who), segment, 5)] == [10]
        return
    with pytest.raises(NotAllowed):
        snapshots.trend(actor(who), segment, 5)


def test_the_command_shows_the_trend_the_newest_first(world: World) -> None:
    assert "no snapshots yet" in world.cli("segment", "trend", NAME).out
    refresh(0)
    world.put_profiles(people([20]))
    refresh(1)
    lines = world.cli("segment", "trend", NAME).out.splitlines()
    assert lines[0].split() == ["At", "Members", "Joined", "Left"]
    assert [line.split()[2:] for line in lines[1:]] == [["11", "1", "0"], ["10", "not", "known", "not", "known"]]
    told = world.cli("segment", "trend", NAME, "--limit", "1", "--json").json
    assert [(one["members"], one["joined"], one["left"]) for one in told] == [(11, 1, 0)]
    assert world.cli("segment", "trend", "Nobody").exit_code == 1
