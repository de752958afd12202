"""The queue: runs that wait for a worker, the workers that share it, and what stops or hinders a run on its way."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from tests.control.queue import SHARED, TWIN, At, cut_run, newsletter, work
from tests.world import ADA, CAST, CONFIGURATION, MEANS, World, addresses, now, people
from traginer.control import (
    errors,
    exports,
    leases,
    runs,
    runs_errors,
    wording,
    worker,
    worker_shift,
)
from traginer.control.models import Approval, Run, RunStatus
from traginer.control.runs import asking
from traginer.delivery.books import Counts

# The queue


def test_a_run_that_is_asked_for_waits_for_a_worker_who_carries_it_to_its_end(world: World) -> None:
    """S37: Save and run, or Run, asks; a worker runs."""
    run = runs.request(ADA, newsletter())
    assert (run.status, world.requests()) == (RunStatus.QUEUED, 0)
    assert wording.described(run).why.code == "waiting-for-worker"
    assert worker.work_once(MEANS)
    assert runs.get(ADA, run.pk).status == RunStatus.SUCCESSFUL
    assert world.on_list() == addresses(range(10)) == set(world.ledger())
    assert not worker.work_once(MEANS)


def test_a_run_looks_at_the_moment_when_it_begins_not_when_it_was_asked_for(world: World) -> None:
    """L8: what an export depends on is as fresh as the run."""
    asked = runs.request(ADA, newsletter())
    before = now()
    work()
    begun = runs.get(ADA, asked.pk)
    assert asked.as_of < before <= begun.as_of == begun.started_at


def test_a_run_of_an_export_that_waits_already_is_skipped_and_names_the_other(world: World) -> None:
    first = runs.request(ADA, newsletter())
    second = runs.request(ADA, newsletter())
    assert second.status == RunStatus.SKIPPED
    view = wording.described(runs.get(ADA, second.pk))
    assert view.why.code == "export-under-way"
    assert f"run {first.pk}" in view.why.sentence
    Counts(**view.counts).balance()
    assert work() == 1


def test_a_run_of_an_export_that_is_under_way_is_skipped_too(world: World) -> None:
    asked: list[Run] = []
    runs.run_now(ADA, newsletter(), At("follow", lambda: asked.append(runs.request(ADA, newsletter()))).means())
    assert [run.status for run in asked] == [RunStatus.SKIPPED]


def test_the_same_request_again_is_the_same_run_whatever_became_of_it(world: World) -> None:
    first = runs.request(ADA, newsletter(), "order-1")
    assert runs.request(ADA, newsletter(), "order-1").pk == first.pk
    work()
    again = runs.request(ADA, newsletter(), "order-1")
    assert (again.pk, again.status) == (first.pk, RunStatus.SUCCESSFUL)
    other = runs.request(ADA, newsletter(), "order-2")
    assert (other.pk != first.pk, other.status) == (True, RunStatus.QUEUED)


def test_two_who_ask_at_once_with_one_key_get_one_run(world: World) -> None:
    first = runs.request(ADA, newsletter(), "order-1")
    # The second had looked for the key before the first was there.
    second = asking.queue(Run(idempotency_key="order-1"), newsletter(), "Ada", now())
    assert second.pk == first.pk
    assert Run.objects.count() == 1


def test_a_run_whose_connection_is_busy_waits_and_says_for_whom(world: World) -> None:
    world.apply(TWIN)
    first = runs.request(ADA, newsletter())
    second = runs.request(ADA, exports.get(ADA, "Twin"))
    view = wording.described(second)
    assert view.why.code == "waiting-for-run"
    assert f'run {first.pk} of the export "Newsletter"' in view.why.sentence
    assert view.progress
    assert view.progress.waits_for == first

    tried: list[bool] = []
    assert worker.claim(MEANS) == first
    tried.append(worker.work_once(MEANS))
    assert tried == [False]
    assert runs.get(ADA, second.pk).status == RunStatus.QUEUED
    leases.let_go(runs.get(ADA, first.pk))
    assert work() == 2
    assert world.on_list(8) == addresses(range(10))
    assert world.sandbox.invariants().overlapping_imports == 0


def test_a_run_at_the_terminal_is_the_one_that_waited(world: World) -> None:
    waiting = runs.request(ADA, newsletter())
    run, resumed = runs.run_now(ADA, newsletter(), MEANS)
    assert (run.pk, run.status, resumed) == (waiting.pk, RunStatus.SUCCESSFUL, [])
    assert work() == 0


def test_a_run_at_the_terminal_that_cannot_begin_leaves_no_trace(world: World) -> None:
    world.apply(TWIN)
    claimed = runs.request(ADA, newsletter())
    assert worker.claim(MEANS) == claimed
    with pytest.raises(errors.RunUnderWay) as refusal:
        runs.run_now(ADA, exports.get(ADA, "Twin"), MEANS)
    assert refusal.value.facts["run"] == claimed.pk
    assert Run.objects.count() == 1


def test_workers_that_share_a_queue_carry_each_run_once_and_never_two_over_one_connection(world: World) -> None:
    second = CONFIGURATION.split("segments:")[0].replace("Newsletter account", "Other account").split("connections:")[1]
    numbers = [world.sandbox.create_list(f"List {n}") for n in range(6)]
    lists = {"Newsletter account": numbers[:3], "Other account": numbers[3:]}
    lines = [
        f"  - {{name: List {n}, connection: {name}, list: {n}, email: email, segments: [Catalan spenders]}}"
        for name, filled in lists.items()
        for n in filled
    ]
    world.apply("connections:" + second + "exports:\n" + "\n".join(lines) + "\n")
    asked = [runs.request(ADA, exports.get(ADA, f"List {n}")) for n in numbers]
    carried: list[Run] = []

    def shift() -> None:
        try:
            while worker.work_once(MEANS, carried.append):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=shift) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run.pk for run in carried) == sorted(run.pk for run in asked)
    assert {run.status for run in carried} == {RunStatus.SUCCESSFUL}
    assert all(world.on_list(n) == addresses(range(10)) for n in numbers)


# Taking up


def test_any_worker_takes_an_interrupted_run_up_before_it_begins_another(world: World) -> None:
    cut = cut_run(world)
    world.apply(TWIN)
    later = runs.request(ADA, exports.get(ADA, "Twin"))
    assert worker.work_once(MEANS)
    done = runs.get(ADA, cut.pk)
    assert (done.status, done.as_of) == (RunStatus.SUCCESSFUL, cut.as_of)
    assert runs.get(ADA, later.pk).status == RunStatus.QUEUED


def test_a_run_that_fails_after_its_freeze_is_tried_again_later_and_says_why(world: World) -> None:
    cut = world.cut_run()
    assert (cut.status, cut.error) == (RunStatus.PROCESSING, "unexpected")
    Run.objects.filter(pk=cut.pk).update(try_again_at=now() + timedelta(minutes=1))
    assert not worker.work_once(MEANS)
    why = wording.described(runs.get(ADA, cut.pk)).why
    assert (why.code, "Something unexpected" in why.sentence) == ("interrupted", True)
    Run.objects.filter(pk=cut.pk).update(try_again_at=now() - timedelta(seconds=1))
    assert work() == 1
    done = runs.get(ADA, cut.pk)
    assert (done.status, done.error) == (RunStatus.SUCCESSFUL, "")


def test_a_run_whose_workers_keep_dying_is_taken_up_ever_more_rarely(world: World) -> None:
    runs.request(ADA, newsletter())
    claims = 0
    while worker.claim(MEANS):
        Run.objects.update(owner="gone/1/1", lease_until=None)
        claims += 1
        assert claims < 50
    assert claims > worker.TAKEOVERS_AT_ONCE
    assert Run.objects.get().try_again_at > now()


def test_the_requests_and_bytes_of_an_interrupted_run_are_counted_from_its_beginning(world: World) -> None:
    before = cut_run(world)
    work()
    done = world.last_run()
    assert 0 < before.requests < done.requests == done.results["requests"]
    assert 0 < before.bytes <= done.bytes == done.results["bytes"]


def test_a_worker_that_is_rung_off_stops_at_once_and_the_next_one_goes_on(world: World) -> None:
    runs.request(ADA, newsletter())
    shift = worker_shift.Shift()
    told: list[wording.RunView] = []
    watching = At("follow", shift.ring)

    def stage(name: str, done: int, total: int) -> None:
        watching.stage(name, done, total)
        worker_shift.Shift.stage(shift, name, done, total)

    shift.stage = stage  # type: ignore[method-assign]
    worker.work(shift, told.append)
    run = world.last_run()
    assert (run.status, run.lease_until, told) == (RunStatus.PROCESSING, None, [])
    assert runs.is_interrupted(run)
    assert work() == 1
    assert world.on_list() == addresses(range(10)) == set(world.ledger())


class Interrupted(worker_shift.Shift):
    """A shift in which the database goes away once, at a stage, and that ends with the first run that is over."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.awaited = stage
        self.happened = False

    def stage(self, name: str, done: int, total: int) -> None:
        super().stage(name, done, total)
        if name == self.awaited and not self.happened:
            self.happened = True
            raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.parametrize("stage", ["segments", "follow"])
def test_a_run_during_which_the_database_goes_away_is_taken_up_as_soon_as_it_is_back(world: World, stage: str) -> None:
    run = runs.request(ADA, newsletter())
    shift = Interrupted(stage)
    worker.work(shift, lambda _: shift.ring())
    assert shift.happened
    done = runs.get(ADA, run.pk)
    assert (done.status, done.token) == (RunStatus.SUCCESSFUL, 2)
    assert world.on_list() == addresses(range(10)) == set(world.ledger())


# Again, and held


def test_a_failed_run_is_retried_as_a_new_one_that_names_it(world: World) -> None:
    world.sandbox.switch_off_key()
    failed = runs.request(ADA, newsletter())
    work()
    assert runs.get(ADA, failed.pk).status == RunStatus.FAILURE
    world.sandbox.switch_on_key()
    again = runs.retry(ADA, runs.get(ADA, failed.pk))
    assert (again.status, again.retry_of_id) == (RunStatus.QUEUED, failed.pk)
    work()
    assert runs.get(ADA, again.pk).status == RunStatus.SUCCESSFUL


def test_a_run_that_has_not_ended_cannot_be_retried(world: World) -> None:
    with pytest.raises(runs_errors.RunNotEnded):
        runs.retry(ADA, runs.request(ADA, newsletter()))


def test_a_held_run_that_is_approved_goes_on_by_a_worker_with_exactly_its_plan(world: World) -> None:
    world.run()
    world.put_profiles(people(range(4), lifetime_value=1.0))
    held = world.run()
    moment = runs.get(ADA, held.run).as_of
    approved = runs.approve_queued(ADA, held.run)
    assert (approved.status, Approval.objects.get().by) == (RunStatus.QUEUED, "Ada")
    assert work() == 1
    run = runs.get(ADA, held.run)
    assert (run.status, run.as_of, run.counts["removed"]) == (RunStatus.SUCCESSFUL, moment, 4)
    assert world.on_list() == addresses(range(4, 10))


def test_a_held_run_is_not_approved_while_another_of_its_export_waits(world: World) -> None:
    world.run()
    world.put_profiles(people(range(4), lifetime_value=1.0))
    held = world.run()
    waiting = runs.request(ADA, newsletter())
    with pytest.raises(errors.RunUnderWay) as refusal:
        runs.approve_queued(ADA, held.run)
    assert refusal.value.facts["run"] == waiting.pk
    assert runs.get(ADA, held.run).status == RunStatus.HELD
    assert not Approval.objects.exists()


# Progress and rights


def test_the_row_of_a_run_tells_how_far_it_is(world: World, in_batches: None) -> None:
    seen: list[runs.Progress] = []

    def look() -> None:
        seen.append(runs.progress(CAST["Carla"], world.last_run(), now()))

    run, _ = runs.run_now(ADA, newsletter(), At("follow", look).means())
    [progress] = seen
    assert (progress.stage, progress.done, progress.total) == ("follow", 0, 10)
    assert progress.requests > 0
    assert progress.bytes > 0
    assert progress.seconds_left
    assert runs.progress(ADA, run, now()).seconds_left is None


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", True), ("Carla", False), ("Dídac", False)])
def test_who_may_ask_for_a_run_cancel_it_and_ask_again(world: World, who: str, may: bool) -> None:
    """L3: sharing a connection lets contributors manage every export on it."""
    world.apply(SHARED)
    export = newsletter()
    assert _allowed(lambda: runs.request(CAST[who], export)) is may
    run = runs.request(ADA, export)
    waiting = Run.objects.get(status=RunStatus.QUEUED)
    assert run.pk == waiting.pk or run.status == RunStatus.SKIPPED
    assert _allowed(lambda: runs.cancel(CAST[who], waiting)) is may
    Run.objects.filter(pk=waiting.pk).update(status=RunStatus.CANCELED)
    assert _allowed(lambda: runs.retry(CAST[who], Run.objects.get(pk=waiting.pk))) is may


def test_a_contributor_may_not_run_over_a_connection_that_is_not_shared(world: World) -> None:
    assert not _allowed(lambda: runs.request(CAST["Bernat"], newsletter()))


def _allowed(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except errors.NotAllowed:
        return False
    return True
