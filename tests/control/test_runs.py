"""Runs: what a guard holds, what an approval lets go on, what a plan leaves behind, and who may."""

import shutil

import pytest

from tests.world import ADA, CAST, CONFIGURATION, MEANS, World, addresses, now, people
from traginer import home
from traginer.control import errors, exports, runs, wording
from traginer.control.journal import Unwatched
from traginer.control.models import Approval, Batch, Connection, Hold, Run, RunStatus
from traginer.control.runs import Means
from traginer.delivery.books import Counts
from traginer.sandbox import Sandbox


def shrink(world: World, numbers: range = range(4)) -> None:
    """So many people stop to spend: a guard holds more than three of ten."""
    world.put_profiles(people(numbers, lifetime_value=1.0))


@pytest.fixture
def held(world: World) -> int:
    """The number of a held run: four of ten would leave."""
    world.run()
    shrink(world)
    view = world.run()
    assert view.status == "held"
    return view.run


def test_a_list_that_would_shrink_too_much_is_held_and_nothing_is_sent(world: World, held: int) -> None:
    view = wording.described(runs.get(ADA, held))
    assert view.why.code == "list-would-shrink"
    assert "4 of 10" in view.why.sentence
    assert f"traginer approve {held}" in view.why.advice
    assert world.on_list() == addresses(range(10))
    assert world.removed() == []
    hold = Hold.objects.get()
    assert (hold.listed, hold.leaving) == (10, 4)


def test_three_of_ten_may_leave_without_asking(world: World) -> None:
    world.run()
    shrink(world, range(3))
    assert world.run().counts["removed"] == 3


def test_the_guard_is_the_exports_own(world: World) -> None:
    world.apply(CONFIGURATION + "    guards: {max_shrink_percent: 100}\n")
    world.run()
    shrink(world, range(9))
    assert world.run().counts["removed"] == 9


def test_an_empty_segment_never_empties_a_list_whatever_the_guard_says(world: World) -> None:
    world.apply(CONFIGURATION + "    guards: {max_shrink_percent: 100}\n")
    world.run()
    shrink(world, range(10))
    view = world.run()
    assert (view.status, view.why.code) == ("held", "list-would-be-empty")
    assert world.on_list() == addresses(range(10))


def test_an_empty_source_fails_and_never_empties_a_list(world: World) -> None:
    world.run()
    world.forget_profile(*list(world.profiles))
    view = world.run()
    assert (view.status, view.why.code) == ("failure", "source-empty")
    assert world.on_list() == addresses(range(10))
    assert len(world.ledger()) == 10


def test_an_approved_run_carries_out_exactly_its_plan(world: World, held: int) -> None:
    view = world.approve(held)
    assert (view.run, view.status, view.counts["removed"]) == (held, "successful", 4)
    assert world.on_list() == addresses(range(4, 10)) == set(world.ledger())
    assert Approval.objects.get().by == "Ada"


def test_profiles_that_moved_in_the_same_size_are_another_plan(world: World, held: int) -> None:
    world.put_profiles(people([0]))
    shrink(world, range(9, 10))
    _refused_as_moved(world, held)


def test_a_plan_that_no_guard_would_hold_any_more_is_not_the_approved_one(world: World, held: int) -> None:
    world.put_profiles(people(range(3)))
    _refused_as_moved(world, held)


def test_a_changed_value_is_another_plan(world: World, held: int) -> None:
    world.put_profiles(people([8], first_name="Núria"))
    _refused_as_moved(world, held)


def _refused_as_moved(world: World, held: int) -> None:
    before = world.requests()
    view = world.approve(held)
    assert (view.status, view.why.code) == ("failure", "plan-moved")
    assert world.removed() == []
    assert world.imported(before) == []
    assert world.on_list() == addresses(range(10)) == set(world.ledger())
    with pytest.raises(errors.NothingHeld):
        world.approve(held)


def test_a_discarded_run_ends_and_nothing_was_sent(world: World, held: int) -> None:
    view = wording.described(runs.discard(ADA, held, MEANS))
    assert (view.status, view.why.code) == ("canceled", "discarded")
    assert world.on_list() == addresses(range(10))
    with pytest.raises(errors.NothingHeld):
        world.approve(held)
    with pytest.raises(errors.NothingHeld):
        runs.discard(ADA, held, MEANS)


def test_a_held_run_does_not_stand_in_the_way_of_the_next(world: World, held: int) -> None:
    world.put_profiles(people(range(4)))
    assert world.run().status == "successful"
    assert Run.objects.get(pk=held).status == RunStatus.HELD


def test_an_approved_run_that_was_cut_goes_on_as_approved(world: World, held: int) -> None:
    run = Run.objects.get(pk=held)
    world.put_profiles(people([8], first_name="Núria"))
    Approval.objects.create(hold=run.hold, by="Ada", at=now())
    Run.objects.filter(pk=held).update(status=RunStatus.PROCESSING, token=1, owner="", lease_until=None)
    new, resumed = runs.run_now(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert [(one.pk, one.error) for one in resumed] == [(held, "plan-moved")]
    assert new.status == RunStatus.HELD


@pytest.mark.parametrize("number", [0, 999])
def test_a_run_that_does_not_exist_is_not_found(world: World, number: int) -> None:
    with pytest.raises(errors.RunNotFound):
        world.approve(number)


def test_a_plan_is_what_the_run_then_does_and_leaves_nothing_behind(world: World) -> None:
    export = exports.get(ADA, "Newsletter")
    world.put_profiles(people([20], email="not an address"))
    before = set(world.files())
    plan = runs.plan(ADA, export, MEANS)
    assert set(world.files()) == before
    assert {request.method for request in world.sandbox.requests()} == {"GET"}
    assert Run.objects.count() == 0
    counts = world.run().counts
    for name in ("members", "wanted", "invalid", "added", "changed", "left", "unchanged", "warnings"):
        assert counts[name] == plan.figures[name], name


def test_the_books_balance_in_every_ended_run(world: World, held: int) -> None:
    world.put_profiles([*people([40, 41], email=None), *people([42], email="aina5@example.org")])
    world.run()
    for run in Run.objects.all():
        Counts(**run.counts).balance()


def test_what_was_left_out_is_named_by_key_and_reason(world: World) -> None:
    world.put_profiles(
        [*people([40], email=None), *people([42], email="Aina5@example.org "), *people([43], phone="12")]
    )
    view = world.run()
    assert (view.status, view.why.code) == ("completed_with_warnings", "profiles-left-out")
    assert {item.reason: item.count for item in view.rejections} == {"email-missing": 1, "email-duplicate": 1}
    assert {item.reason: item.count for item in view.warnings} == {"phone-invalid": 1}


def test_bodies_and_plans_are_gone_from_the_spool_once_a_run_has_ended(world: World) -> None:
    run = world.run()
    assert {path.name for path in home.spool(run.run).glob("*/*")} == {"rejections.parquet"}


@pytest.mark.parametrize("content", [b"damaged", b"", None])
def test_a_ledger_that_cannot_be_read_stops_the_run_before_anything_is_sent(
    world: World, content: bytes | None
) -> None:
    world.run()
    ledger = exports.ledger_of(exports.get(ADA, "Newsletter"))
    assert ledger
    ledger.unlink() if content is None else ledger.write_bytes(content)
    world.put_profiles(people([20]))
    view = world.run()
    assert (view.status, view.why.code) == ("failure", "ledger-missing" if content is None else "ledger-damaged")
    assert world.on_list() == addresses(range(10))


RUN_AND_PLAN = [("Ada", True), ("Bernat", True), ("Carla", False), ("Dídac", False)]


@pytest.mark.parametrize(("who", "may"), RUN_AND_PLAN)
def test_who_may_run_and_plan_an_export(world: World, who: str, may: bool) -> None:
    world.apply(CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors"))
    export = exports.get(ADA, "Newsletter")
    for deed in (lambda: runs.run_now(CAST[who], export, MEANS), lambda: runs.plan(CAST[who], export, MEANS)):
        assert _allowed(deed) is may
    assert (world.requests() > 0) is may


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", False), ("Carla", False), ("Dídac", False)])
def test_who_may_approve_and_discard(world: World, held: int, who: str, may: bool) -> None:
    assert _allowed(lambda: world.approve(held, who=who)) is may
    assert (Run.objects.get(pk=held).status == RunStatus.HELD) is not may
    Run.objects.filter(pk=held).update(status=RunStatus.HELD)
    assert _allowed(lambda: runs.discard(CAST[who], held, MEANS)) is may


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", True), ("Carla", True), ("Dídac", False)])
def test_who_may_look_back(world: World, held: int, who: str, may: bool) -> None:
    assert _allowed(lambda: runs.get(CAST[who], held)) is may
    assert _allowed(lambda: runs.history(CAST[who])) is may


def _allowed(deed: object) -> bool:
    try:
        deed()  # type: ignore[operator]
    except errors.NotAllowed:
        return False
    return True


def test_an_attribute_made_in_brevo_after_the_first_run_is_found(world: World) -> None:
    world.run()
    world.sandbox.create_attribute("LOYALTY", "text")
    world.apply(CONFIGURATION.replace("FIRSTNAME: first_name", "FIRSTNAME: first_name, LOYALTY: language"))
    assert world.run().status == "successful"
    assert {row["LOYALTY"] for row in world.sandbox.contacts_on(7).values()} == {"ca"}


def test_an_interrupted_run_is_not_delivered_into_another_account(world: World) -> None:
    world.run()
    world.put_profiles(people([20, 21]))
    world.cut_run()
    Batch.objects.filter(run=world.last_run()).update(state="sending", process=None)
    with Sandbox(tier="unlimited", api_key=world.sandbox.api_key) as other:
        # Local Brevos all say they are the same account: the difference is made in our own record.
        Connection.objects.update(base_url=other.base_url, account="another-organisation")
        view = world.run()
        assert other.emails_on(7) == set()
    assert view.why.code == "brevo-account-changed"


def test_a_plan_that_was_discarded_meanwhile_is_not_carried_out(world: World) -> None:
    world.run()
    world.put_profiles(people(range(8), lifetime_value=1.0))
    held = world.run()
    assert held.status == "held"
    world.put_profiles()
    world.put_profiles(people([30]))
    world.cut_run()
    with pytest.raises(errors.NothingHeld):
        runs.approve(ADA, held.run, Means(Discarding(held.run), MEANS.now, MEANS.pace))
    assert runs.get(ADA, held.run).status == "canceled"
    assert world.on_list() == addresses([*range(10), 30])


class Discarding(Unwatched):
    """Somebody who discards a held run while another one is under way."""

    def __init__(self, run: int) -> None:
        self.run = run

    def stage(self, name: str, done: int, total: int) -> None:
        if runs.get(ADA, self.run).status == "held":
            runs.discard(ADA, self.run, MEANS)


@pytest.mark.parametrize("spool_is_lost", [True, False])
def test_an_interrupted_run_can_be_given_up_and_nobody_stays_on_the_list_for_ever(
    world: World, spool_is_lost: bool
) -> None:
    world.run()
    world.put_profiles(people([20, 21]))
    interrupted = world.cut_run()
    world.sandbox.settle()
    if spool_is_lost:
        shutil.rmtree(home.spool(interrupted.pk))
    given_up = runs.discard(ADA, interrupted.pk, MEANS)
    assert (given_up.status, wording.described(given_up).why.code) == ("canceled", "given-up")
    world.forget_profile("C0003")
    assert world.run().status == "successful"
    assert world.on_list() == set(world.ledger()) == addresses([*range(10), 20, 21]) - addresses([3])
