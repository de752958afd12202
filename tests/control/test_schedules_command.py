"""`traginer schedule`, `traginer cancel`: what a person at the terminal sees and does."""

import pytest

from tests.world import ADA, World
from traginer.control import exports, runs, schedules
from traginer.control.models import RunStatus


def test_the_system_refresh_is_set_and_shown_with_the_next_five_times(world: World) -> None:
    """L6: daily or weekly, several times a day, time zone; the next five times are shown."""
    said = world.cli(
        "schedule", "set", "--at", "18:00", "--at", "6:00", "--days", "mon,fri", "--timezone", "Europe/Madrid"
    )
    assert said.exit_code == 0, said.err
    assert "On Monday and Friday at 06:00 and 18:00 (Europe/Madrid)." in said.out
    lines = [line for line in said.out.splitlines() if line.startswith("  2")]
    assert len(lines) == 5
    assert {line.split()[2] for line in lines} <= {"Monday", "Friday"}
    assert {line.split()[1] for line in lines} == {"06:00", "18:00"}
    assert world.cli("schedule", "show", "--json").json["system"]["times"] == ["06:00", "18:00"]


def test_an_export_gets_its_own_schedule_the_systems_or_none(world: World) -> None:
    """L7: system refresh (default), its own, or off."""
    assert world.cli("schedule", "show").out.splitlines() == [
        "System refresh  Off.",
        "Newsletter  With the system refresh.",
    ]
    said = world.cli("schedule", "set", "Newsletter", "--cron", "0 6 * * 1-5", "--json")
    assert (said.json["kind"], said.json["cron"], len(said.json["next"])) == ("cron", "0 6 * * 1-5", 5)
    assert world.cli("schedule", "set", "Newsletter", "--off").out == "Newsletter  Only on demand.\n"
    assert exports.get(ADA, "Newsletter").schedule == schedules.NONE
    world.cli("schedule", "set", "Newsletter", "--system")
    assert exports.get(ADA, "Newsletter").schedule == schedules.WITH_SYSTEM
    world.cli("schedule", "set", "--at", "06:00")
    assert len(world.cli("schedule", "show", "Newsletter", "--json").json["next"]) == 5


@pytest.mark.parametrize(
    "rule", [("--cron", "0 6 * * 1-5"), ("--at", "06:00", "--days", "mon"), ("--off",), ("--system",)]
)
def test_a_schedule_set_at_the_terminal_survives_a_dump_and_apply(world: World, rule: tuple[str, ...]) -> None:
    zone = ("--timezone", "Europe/Madrid") if len(rule) > 1 else ()
    assert world.cli("schedule", "set", "Newsletter", *rule, *zone).exit_code == 0
    before = exports.get(ADA, "Newsletter").schedule
    world.write_yaml(world.cli("dump").out)
    applied = world.cli("apply", str(world.folder / "traginer.yml"), "--json")
    assert applied.exit_code == 0, applied.err
    assert exports.get(ADA, "Newsletter").schedule == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--at", "25:00"), "schedule-time-invalid"),
        (("--at", "06:00", "--days", "mon,someday"), "schedule-day-unknown"),
        (("--at", "06:00", "--timezone", "Europe/Barcelona"), "schedule-zone-unknown"),
        (("--cron", "every day"), "schedule-cron-invalid"),
    ],
)
def test_a_schedule_that_makes_no_sense_changes_nothing(world: World, arguments: tuple[str, ...], code: str) -> None:
    said = world.cli("schedule", "set", *arguments)
    assert said.exit_code == 1
    assert f"({code})" in said.err
    assert schedules.of_system(ADA) == schedules.OFF


@pytest.mark.parametrize("arguments", [(), ("--at", "06:00", "--off"), ("--system",), ("--cron", "* * * * *", "--off")])
def test_one_way_to_say_when_is_asked_for(world: World, arguments: tuple[str, ...]) -> None:
    said = world.cli("schedule", "set", *arguments)
    assert said.exit_code == 2
    assert "--at, --cron, --off" in said.err


def test_a_queued_run_is_canceled_at_the_terminal(world: World) -> None:
    run = runs.request(ADA, exports.get(ADA, "Newsletter"))
    said = world.cli("cancel", str(run.pk), "--json")
    assert (said.exit_code, said.json["status"], said.json["reason"]) == (0, "canceled", "run-canceled")
    assert runs.get(ADA, run.pk).status == RunStatus.CANCELED
    again = world.cli("cancel", str(run.pk))
    assert again.exit_code == 1
    assert "(run-ended)" in again.err


def test_a_queued_run_says_in_the_history_what_it_waits_for(world: World) -> None:
    run = runs.request(ADA, exports.get(ADA, "Newsletter"))
    [shown] = world.cli("runs", "--json").json
    assert (shown["run"], shown["status"], shown["reason"]) == (run.pk, "queued", "waiting-for-worker")
