"""An estimate against the same delivery in the sandbox's virtual time: the same requests, and the duration within a tenth.

A row here stands for 1,000 real ones, in bodies of 70 rows and at a thousandth of the speed, so that each import takes as
long as 70,000 rows would; a removal of one address stands for one of 150. The numbers of requests are the real ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from tests.e2e.virtual import World, new_world
from tests.world import World as Installation
from traginer.control import wording
from traginer.delivery.freeze import Limits
from traginer.estimates import ASSUMED, Account, Cost, PastImport, Speed, estimate, learned
from traginer.i18n import speaking
from traginer.sandbox import Switches

SCALE = 1_000
PROFILES = 1_000_000 // SCALE
SPEED = Speed(200.0 / SCALE, 10.0)
TIERS = ("general", "advanced", "extended")
DAY = 86_400
ROW_BYTES = len('{"email":"p0001@example.org","attributes":{"FIRSTNAME":"Name 0001 0"}},')
ONE_BODY = Limits(1_000_000, 1)
REAL_SHAPE = Limits(70 * ROW_BYTES + 130, 1)


@dataclass(frozen=True)
class Case:
    """What changes after the first send: the name of the first `changed` profiles; the last `leaving` go."""

    changed: int
    leaving: int
    imports: int
    removals: int


CASES = {
    "one percent changes, one leaves": Case(PROFILES // 100, 67, 1, 67),
    "100,000 leave": Case(0, 667, 0, 667),
}


def profiles(case: Case = Case(0, 0, 0, 0)) -> list[dict[str, object]]:
    return [
        {
            "id": n,
            "email": f"p{n:04}@example.org",
            "name": f"Name {n:04} {int(n < case.changed)}",
            "active": n < PROFILES - case.leaving,
        }
        for n in range(PROFILES)
    ]


@contextmanager
def account(tier: str, *, call_seconds: float = 0.03) -> Iterator[World]:
    switches = Switches(tier=tier, rows_per_second=SPEED.rows_per_second, queue_delay_seconds=SPEED.queue_seconds)
    with new_world(switches, call_seconds=call_seconds) as world:
        world.limits = REAL_SHAPE
        world.put(profiles())
        yield world


def after_first_send(world: World, case: Case) -> None:
    """All profiles are on the list and the hour's budgets are whole again; then `case` happens."""
    world.limits = ONE_BODY
    world.run()
    world.limits = REAL_SHAPE
    world.put(profiles(case))


def estimated(world: World, speed: Speed = SPEED) -> Cost:
    plan = world.plan()
    world.sandbox.clock.advance(DAY)
    tier = world.sandbox.switches.tier
    return estimate(plan.imports, plan.removals, speed, Account(tier, call_seconds=world.call_seconds))


def measured(world: World) -> Cost:
    requests, started = len(world.exchanges), world.sandbox.clock.now()
    assert world.run().error is None
    return Cost(len(world.exchanges) - requests, world.sandbox.clock.now() - started)


def assert_right(expected: Cost, real: Cost) -> None:
    assert expected.requests == real.requests
    assert expected.seconds == pytest.approx(real.seconds, rel=0.1)


@pytest.mark.parametrize("call_seconds", [0.03, 0.3])
@pytest.mark.parametrize("tier", TIERS)
def test_a_first_send_of_a_million_takes_as_long_as_estimated(tier: str, call_seconds: float) -> None:
    with account(tier, call_seconds=call_seconds) as world:
        expected, real = estimated(world), measured(world)
        assert len(world.journal.receipts) == 15
        assert_right(expected, real)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_change_takes_as_long_as_estimated(tier: str, case: Case) -> None:
    with account(tier) as world:
        after_first_send(world, case)
        plan = world.plan()
        assert (len(plan.imports), plan.removals) == (case.imports, case.removals)
        assert_right(estimated(world), measured(world))


@pytest.mark.parametrize(("tier", "seconds"), [("general", 83), ("advanced", 41), ("extended", 20)])
def test_on_a_fast_line_the_tier_decides_how_long_leavers_take(tier: str, seconds: int) -> None:
    assert round(estimate([], 667, SPEED, Account(tier, call_seconds=0.03)).seconds) == seconds
    assert round(estimate([], 667, SPEED, Account(tier, call_seconds=0.3)).seconds) == 201


def test_files_of_refused_rows_are_fetched_as_often_as_before() -> None:
    with account("general") as world:
        world.sandbox.switches.reject_probability = 0.5
        assert_right(estimated(world, replace(SPEED, reports=1.0)), measured(world))


def test_a_run_with_nothing_to_send_costs_nothing() -> None:
    with account("general") as world:
        after_first_send(world, Case(0, 0, 0, 0))
        assert estimated(world) == measured(world) == Cost(0, 0.0)


@pytest.mark.parametrize(
    ("rows_per_second", "queue_seconds"), [(200.0, 10.0), (2_000.0, 60.0), (40.0, 2.0), (700.0, 300.0)]
)
def test_the_next_send_is_estimated_from_the_one_before(rows_per_second: float, queue_seconds: float) -> None:
    switches = Switches(tier="advanced", rows_per_second=rows_per_second / SCALE, queue_delay_seconds=queue_seconds)
    with new_world(switches, call_seconds=0.15) as world:
        world.limits = REAL_SHAPE
        world.put(profiles())
        real = measured(world)
        plan = [batch.rows * SCALE for batch in world.journal.batches()]
        receipts = world.journal.receipts
        past = [PastImport(rows, receipts[n].seconds or 0.0) for n, rows in enumerate(plan, 1)]
    assert estimate(plan, 0, learned(past), Account("advanced")).seconds == pytest.approx(real.seconds, rel=0.1)


def test_before_the_first_import_the_speed_is_assumed() -> None:
    assert learned([]) == ASSUMED
    million = estimate([70_000] * 14 + [20_000], 0, ASSUMED, Account("general"))
    assert 80 * 60 < million.seconds < 100 * 60


def test_imports_of_different_sizes_tell_waiting_from_work() -> None:
    past = [PastImport(rows, 30 + rows / 500) for rows in (1_000, 20_000, 70_000)]
    found = learned(past)
    assert (found.rows_per_second, found.queue_seconds) == (pytest.approx(500), pytest.approx(30))
    assert found.imports == 3


@pytest.mark.parametrize(
    "past",
    [
        [PastImport(500, 1.0), PastImport(500, 3.0)],
        [PastImport(1, 0.01)],
        [PastImport(1_000, 400.0), PastImport(60_000, 30.0)],
        [PastImport(1_000, 1.0), PastImport(30_000, 500.0)],
    ],
)
def test_from_imports_that_tell_little_the_assumption_becomes_faster_or_slower(past: list[PastImport]) -> None:
    found = learned(past)
    assert found.queue_seconds * found.rows_per_second == pytest.approx(2_000)
    assert sum(found.seconds(each.rows) for each in past) == pytest.approx(sum(each.seconds for each in past))


def test_a_plan_tells_requests_and_duration_first_assumed_then_learned(world: Installation) -> None:
    before = world.cli("plan", "Newsletter", "--json").json
    assert "at an assumed speed of Brevo" in world.cli("plan", "Newsletter").out
    world.run()
    world.put_profiles([{**world.profiles["C0001"], "first_name": "Berta"}])
    after = world.cli("plan", "Newsletter", "--json").json
    assert "at the speed of Brevo so far" in world.cli("plan", "Newsletter").out
    assert (before["speed"]["learned_from_imports"], after["speed"]["learned_from_imports"]) == (0, 1)
    assert before["requests"]["imports"] == after["requests"]["imports"] == 1
    assert before["seconds"] > before["seconds_at_least"]
    assert after["seconds"] < before["seconds"]


def test_a_plan_without_changes_says_that_nothing_is_asked(world: Installation) -> None:
    world.run()
    said = world.cli("plan", "Newsletter")
    assert "would not ask Brevo anything" in said.out


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 second"), (89, "89 seconds"), (90, "2 minutes"), (5_340, "89 minutes"), (5_400, "1 h 30 min")],
)
def test_durations_are_told_in_the_unit_a_person_would_choose(seconds: float, text: str) -> None:
    with speaking("en"):
        assert wording.lasting_text(seconds) == text
