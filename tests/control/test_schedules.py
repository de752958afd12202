"""Schedules: the moments that follow from a rule, each fired once, and what becomes of those that nobody came to."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import connection

from tests.world import ADA, CAST, CONFIGURATION, MEANS, World, addresses, now
from traginer.control import errors, exports, refresh, runs, schedules, schedules_errors, wording, worker
from traginer.control.models import AuditEntry, Export, Run, RunStatus, Slot, SlotOutcome, Timer
from traginer.control.worker_heartbeats import SCHEDULER, Pulse
from traginer.i18n import speaking

MADRID = "Europe/Madrid"
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
TWINS = """\
exports:
  - {name: Own, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders], schedule: {cron: "30 7 * * *", timezone: UTC}}
  - {name: By hand, connection: Newsletter account, list: 9, email: email, segments: [Catalan spenders], schedule: none}
"""


def times(*at: str, days: str = "", timezone: str = "UTC") -> dict[str, Any]:
    return {"kind": "times", "times": list(at), "days": days.split(), "timezone": timezone}


def cron(expression: str, timezone: str = "UTC") -> dict[str, Any]:
    return {"kind": "cron", "cron": expression, "timezone": timezone}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def moments(rule: Mapping[str, Any], after: datetime, count: int) -> list[datetime]:
    return list(islice(schedules.read(rule).after(after), count))


def set_system(rule: Mapping[str, Any], at: datetime = MONDAY) -> None:
    schedules.set_system(ADA, rule, at)


def by_export(status: str | None = None) -> list[str]:
    found = Run.objects.order_by("export__name", "pk")
    return [run.export.name for run in (found.filter(status=status) if status else found)]


# Moments


@pytest.mark.parametrize("rule", [times("02:30", timezone=MADRID), cron("30 2 * * *", MADRID)])
def test_a_time_that_does_not_exist_on_a_day_runs_once_right_after_the_gap(rule: Mapping[str, Any]) -> None:
    """L6: DST-safe; on 28 March 2027 Madrid's clocks go from 02:00 to 03:00."""
    found = moments(rule, utc("2027-03-27T00:00"), 3)
    assert found == [utc("2027-03-27T01:30"), utc("2027-03-28T01:00"), utc("2027-03-29T00:30")]
    assert [f"{each.astimezone(ZoneInfo(MADRID)):%d %H:%M}" for each in found] == ["27 02:30", "28 03:00", "29 02:30"]


@pytest.mark.parametrize("rule", [times("02:30", timezone=MADRID), cron("30 2 * * *", MADRID)])
def test_a_time_that_comes_twice_on_a_day_runs_once(rule: Mapping[str, Any]) -> None:
    """L6: DST-safe; on 25 October 2026 Madrid's clocks go from 03:00 back to 02:00."""
    found = moments(rule, utc("2026-10-24T12:00"), 2)
    assert found == [utc("2026-10-25T00:30"), utc("2026-10-26T01:30")]


def test_the_second_coming_of_an_hour_does_not_bring_its_times_back() -> None:
    in_second_coming = utc("2026-10-25T01:10")
    assert moments(times("02:30", timezone=MADRID), in_second_coming, 1) == [utc("2026-10-26T01:30")]


def test_two_times_that_a_gap_makes_one_are_one() -> None:
    found = moments(times("02:30", "03:00", timezone=MADRID), utc("2027-03-28T00:00"), 2)
    assert found == [utc("2027-03-28T01:00"), utc("2027-03-29T00:30")]


def test_every_quarter_of_an_hour_runs_in_both_hours_that_bear_the_same_name() -> None:
    found = moments(cron("*/15 * * * *", MADRID), utc("2026-10-24T23:59"), 12)
    assert found == [utc("2026-10-25T00:00") + timedelta(minutes=15 * n) for n in range(12)]


def test_several_times_on_some_days_of_the_week() -> None:
    """L6: weekly (days) or daily, several times a day."""
    found = moments(times("18:00", "06:30", days="mon thu"), MONDAY, 5)
    assert [f"{each:%a %H:%M}" for each in found] == ["Mon 06:30", "Mon 18:00", "Thu 06:30", "Thu 18:00", "Mon 06:30"]


def test_the_next_five_times_are_told_on_the_clock_of_the_schedule() -> None:
    """L6: the next five times are shown."""
    found = schedules.next_times(times("06:00", timezone=MADRID), utc("2026-10-23T12:00"))
    assert [each.isoformat() for each in found] == [
        "2026-10-24T06:00:00+02:00",
        "2026-10-25T06:00:00+01:00",
        "2026-10-26T06:00:00+01:00",
        "2026-10-27T06:00:00+01:00",
        "2026-10-28T06:00:00+01:00",
    ]
    assert schedules.next_times(schedules.OFF, MONDAY) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (times("25:00"), "schedule-time-invalid"),
        (times("6"), "schedule-time-invalid"),
        (times(), "schedule-times-missing"),
        (times("06:00", days="mon someday"), "schedule-day-unknown"),
        (times("06:00", timezone="Europe/Barcelona"), "schedule-zone-unknown"),
        (times("06:00", timezone="../../etc/passwd"), "schedule-zone-unknown"),
        (cron("* * * * * *"), "schedule-cron-invalid"),
        (cron("61 * * * *"), "schedule-cron-invalid"),
        (cron("0 0 30 2 *"), "schedule-cron-invalid"),
        (cron(""), "schedule-cron-invalid"),
        ({"kind": "sometimes"}, "schedule-kind-unknown"),
    ],
)
def test_a_schedule_that_names_no_moments_is_refused_in_words(rule: Mapping[str, Any], code: str) -> None:
    with pytest.raises(schedules_errors.ScheduleInvalid) as refusal:
        schedules.checked(rule)
    assert refusal.value.code == code
    assert not schedules.is_valid(rule)
    assert refusal.value.sentence
    assert refusal.value.advice


def test_a_schedule_has_one_spelling() -> None:
    spelled = times("6:05", "18:00", "06:05", days="Friday mon")
    assert schedules.checked(spelled) == times("06:05", "18:00", days="mon fri")
    assert schedules.checked(times("6:00", days="mon tue wed thu fri sat sun"))["days"] == []
    assert schedules.checked(cron(" 0  6 * * 1-5 ")) == cron("0 6 * * 1-5")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (times("06:00", "18:00", timezone=MADRID), "Daily at 06:00 and 18:00 (Europe/Madrid)."),
        (times("06:00", days="mon wed fri"), "On Monday, Wednesday and Friday at 06:00 (UTC)."),
        (cron("0 6 * * 1-5", MADRID), "By the cron expression 0 6 * * 1-5 (Europe/Madrid)."),
        (schedules.WITH_SYSTEM, "With the system refresh."),
        (schedules.NONE, "Only on demand."),
        (schedules.OFF, "Off."),
    ],
)
def test_a_schedule_is_told_in_a_sentence(rule: Mapping[str, Any], sentence: str) -> None:
    with speaking("en"):
        assert schedules.describe(rule) == sentence


# Firing


def test_the_system_refresh_is_off_until_somebody_decides_otherwise(world: World) -> None:
    """L6: default Off."""
    assert schedules.of_system(ADA) == schedules.OFF
    assert schedules.tick(now() + timedelta(days=40)) == []
    assert Run.objects.count() == 0


def test_the_refresh_asks_for_the_exports_that_follow_it_and_no_others(world: World) -> None:
    """S36, L7: runs with every scheduled refresh; each export follows the system, its own schedule, or none."""
    world.apply(TWINS)
    set_system(times("06:00"))
    assert schedules.tick(MONDAY + timedelta(hours=5, minutes=59)) == []
    [fired] = schedules.tick(MONDAY + timedelta(hours=6, seconds=1))
    assert (fired.slot.due_at, fired.slot.outcome) == (MONDAY + timedelta(hours=6), SlotOutcome.FIRED)
    assert by_export() == ["Newsletter"]
    [fired] = schedules.tick(MONDAY + timedelta(hours=7, minutes=30))
    assert [run.export.name for run in fired.runs] == ["Own"]
    while worker.work_once(MEANS):
        pass
    assert world.on_list(7) == world.on_list(8) == addresses(range(10))
    assert world.on_list(9) == set()


def test_an_export_that_is_disabled_or_detached_is_not_asked_for(world: World) -> None:
    world.apply(TWINS)
    set_system(times("06:00"))
    exports.disable(ADA, exports.get(ADA, "Newsletter"), now())
    exports.detach(ADA, exports.get(ADA, "Own"), now())
    for hour in range(24):
        schedules.tick(MONDAY + timedelta(hours=hour, minutes=30))
    assert Run.objects.count() == 0


def test_a_slot_is_fired_once_however_often_and_by_however_many_it_is_looked_at(world: World) -> None:
    world.apply(TWINS)
    set_system(cron("*/10 * * * *"))
    slots = [MONDAY + timedelta(minutes=10 * n) for n in range(1, 13)]
    ready = threading.Barrier(3, timeout=20)
    found: list[datetime] = []

    def scheduler() -> None:
        try:
            for moment in slots:
                ready.wait()
                found.extend(fired.slot.due_at for fired in schedules.tick(moment + timedelta(seconds=1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=scheduler) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == slots == [slot.due_at for slot in Slot.objects.order_by("due_at")]
    assert Run.objects.filter(status=RunStatus.QUEUED).count() == 1
    skipped = Run.objects.filter(status=RunStatus.SKIPPED)
    assert skipped.count() == len(slots) - 1
    assert {run.error for run in skipped} == {"export-under-way"}


@pytest.mark.parametrize("day", ["2027-03-28", "2026-10-25"])
def test_over_the_days_when_clocks_change_every_slot_is_fired_and_none_twice(world: World, day: str) -> None:
    """L6: DST-safe, seen from the runs."""
    rule = times("02:30", "14:00", timezone=MADRID)
    start = utc(f"{day}T00:00") - timedelta(days=1)
    set_system(rule, start)
    for minutes in range(0, 3 * 24 * 60, 30):
        schedules.tick(start + timedelta(minutes=minutes, seconds=20))
        Run.objects.update(status=RunStatus.SUCCESSFUL)
    assert [slot.due_at for slot in Slot.objects.order_by("pk")] == moments(rule, start, 6)
    assert Run.objects.count() == 6


def test_slots_that_nobody_came_to_in_time_are_fired_once_and_late(world: World, settings: LazySettings) -> None:
    settings.LATE_HOURS = 6.0
    set_system(cron("0 * * * *"))
    [fired] = schedules.tick(MONDAY + timedelta(hours=4, minutes=20))
    assert (fired.slot.due_at, fired.slot.outcome) == (MONDAY + timedelta(hours=4), SlotOutcome.LATE)
    assert [run.status for run in fired.runs] == [RunStatus.QUEUED]
    assert Timer.objects.get(name="system").next_run_at == MONDAY + timedelta(hours=5)


def test_a_slot_that_is_too_late_is_skipped_and_says_so(world: World, settings: LazySettings) -> None:
    settings.LATE_HOURS = 6.0
    set_system(times("06:00", timezone=MADRID))
    [fired] = schedules.tick(MONDAY + timedelta(hours=13))
    assert fired.slot.outcome == SlotOutcome.MISSED
    [run] = fired.runs
    view = wording.described(runs.get(ADA, run.pk))
    assert (view.status, view.why.code) == ("skipped", "slot-missed")
    assert "2026-11-02 06:00" in view.why.sentence
    assert "8.0 h later" in view.why.sentence
    assert schedules.tick(MONDAY + timedelta(hours=13, seconds=1)) == []
    [fired] = schedules.tick(MONDAY + timedelta(hours=29))
    assert fired.slot.outcome == SlotOutcome.FIRED


def test_a_schedule_that_changes_counts_from_then_on(world: World) -> None:
    set_system(times("06:00"))
    set_system(times("09:00"), MONDAY + timedelta(hours=5))
    assert schedules.tick(MONDAY + timedelta(hours=8)) == []
    assert len(schedules.tick(MONDAY + timedelta(hours=9))) == 1
    set_system(schedules.OFF, MONDAY + timedelta(hours=10))
    assert schedules.tick(MONDAY + timedelta(days=3)) == []


def test_a_run_whose_schedule_was_changed_before_it_began_is_skipped(world: World) -> None:
    set_system(times("06:00"))
    [fired] = schedules.tick(MONDAY + timedelta(hours=6))
    schedules.set_export(ADA, exports.get(ADA, "Newsletter"), schedules.NONE, MONDAY + timedelta(hours=6))
    worker.work_once(MEANS)
    run = runs.get(ADA, fired.runs[0].pk)
    assert (run.status, run.error, world.requests()) == (RunStatus.SKIPPED, "schedule-off", 0)


def test_an_export_gets_a_schedule_of_its_own_and_leaves_the_refresh(world: World) -> None:
    """L7: its own schedule."""
    set_system(times("06:00"))
    export = exports.get(ADA, "Newsletter")
    kept = schedules.set_export(ADA, export, times("7:15", days="tue"), MONDAY)
    assert Export.objects.get(pk=export.pk).schedule == kept == times("07:15", days="tue")
    assert [fired.runs for fired in schedules.tick(MONDAY + timedelta(hours=6))] == [[]]
    schedules.tick(MONDAY + timedelta(days=1, hours=6))
    [fired] = schedules.tick(MONDAY + timedelta(days=1, hours=7, minutes=15))
    assert [run.export.name for run in fired.runs] == ["Newsletter"]


def test_a_schedule_that_makes_no_sense_is_never_due_and_hinders_no_other(world: World) -> None:
    set_system(times("06:00"))
    Export.objects.update(schedule=cron("not a cron"))
    assert len(schedules.tick(MONDAY + timedelta(hours=6))) == 1
    assert Timer.objects.get(name=f"export-{Export.objects.get().pk}").next_run_at is None


def test_run_all_asks_for_the_exports_with_an_active_schedule_only(world: World) -> None:
    """L9: Run all runs only those with an active schedule."""
    world.apply(TWINS)
    asked = refresh.run_all(ADA)
    assert [each.export.name for each in asked] == ["Newsletter", "Own"] == by_export("queued")


def test_run_all_tells_which_exports_cannot_run_and_asks_for_the_others(world: World) -> None:
    world.apply(TWINS)
    exports.disable(ADA, exports.get(ADA, "Own"), now())
    assert [each.export.name for each in refresh.run_all(ADA)] == ["Newsletter"]
    again = refresh.run_all(ADA)
    assert [each.run.status for each in again if each.run] == [RunStatus.SKIPPED]


# Who watches, who may


def test_a_scheduler_that_is_silent_is_missed_only_where_a_schedule_waits_for_it(world: World) -> None:
    assert schedules.silence(now()) is None
    set_system(times("06:00"), now())
    missed = schedules.silence(now())
    assert missed
    assert (missed.since, missed.timers) == (None, 1)
    Pulse(SCHEDULER).beat()
    assert schedules.silence(now()) is None
    later = schedules.silence(now() + timedelta(minutes=3))
    assert later
    assert later.since


def test_a_scheduler_that_ends_as_it_should_leaves_no_sign_of_life(world: World) -> None:
    pulse = Pulse(SCHEDULER)
    pulse.beat()
    pulse.end()
    set_system(times("06:00"), now())
    assert schedules.silence(now())


SHARED = CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors")


@pytest.mark.parametrize(
    ("who", "system", "export"),
    [("Ada", True, True), ("Bernat", False, True), ("Carla", False, False), ("Dídac", False, False)],
)
def test_who_may_set_the_schedule_of_the_system_and_of_an_export(
    world: World, who: str, system: bool, export: bool
) -> None:
    world.apply(SHARED)
    found = exports.get(ADA, "Newsletter")
    assert _allowed(lambda: schedules.set_system(CAST[who], times("06:00"), MONDAY)) is system
    assert _allowed(lambda: schedules.set_export(CAST[who], found, times("06:00"), MONDAY)) is export
    assert _allowed(lambda: schedules.of_system(CAST[who])) is (who != "Dídac")


def test_a_change_of_a_schedule_is_in_the_audit(world: World) -> None:
    set_system(times("06:00"))
    schedules.set_export(ADA, exports.get(ADA, "Newsletter"), schedules.NONE, MONDAY)
    done = AuditEntry.objects.filter(action__in=("schedule:write", "export:schedule"), result="done")
    assert [entry.action for entry in done.order_by("pk")] == ["schedule:write", "export:schedule"]


def _allowed(deed: Any) -> bool:
    try:
        deed()
    except errors.NotAllowed:
        return False
    return True
