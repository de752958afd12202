"""What ends a run before its time: somebody cancels it, a consent is withdrawn, its export is disabled or detached."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.control.queue import At, cut_run, newsletter, work
from tests.world import ADA, CAST, World, addresses, now
from traginer.control import (
    configuration_errors,
    consent,
    exports,
    results,
    runs,
    runs_errors,
    wording,
    worker,
    worker_shift,
)
from traginer.control.models import Cancellation, Connection, Run, RunStatus
from traginer.delivery.books import Counts
from traginer.home import spool

# Cancel


def test_a_worker_that_meets_something_unforeseen_between_two_runs_goes_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    runs.request(ADA, newsletter())
    shift, heard = worker_shift.Shift(), []

    def told(run: wording.RunView) -> None:
        heard.append(run)
        if len(heard) == 1:
            runs.request(ADA, newsletter())
            raise RuntimeError
        shift.ring()

    worker.work(shift, told)
    assert [run.status for run in heard] == [RunStatus.SUCCESSFUL] * 2
    assert "stumbled" in caplog.text


def test_two_workers_may_clear_up_after_the_same_run_at_once(world: World) -> None:
    world.run()
    run = world.last_run()
    folder = spool(run.pk) / "1"
    with ThreadPoolExecutor(2) as workers:
        for _ in range(40):
            for name in "abcdefgh":
                (folder / name).mkdir(parents=True)
                (folder / name / "1.gz").touch()
                (folder / f"{name}.gz").touch()
            for tidied in [workers.submit(results.tidy, run) for _ in range(2)]:
                tidied.result()
            assert [path.name for path in folder.iterdir()] == ["rejections.parquet"]


def test_a_queued_run_that_is_canceled_ends_at_once(world: World) -> None:
    run = runs.cancel(CAST["Ada"], runs.request(ADA, newsletter()))
    assert run.status == RunStatus.CANCELED
    view = wording.described(run)
    assert (view.why.code, "Ada" in view.why.sentence) == ("run-canceled", True)
    assert (work(), world.requests()) == (0, 0)


def test_a_run_under_way_that_is_canceled_ends_between_two_batches_and_keeps_what_was_confirmed(
    world: World, in_batches: None
) -> None:
    """S41: a running run stops at the next safe point, its state kept."""
    runs.request(ADA, newsletter())
    worker.work_once(At("deliver", lambda: runs.cancel(ADA, world.last_run()), done=0).means())
    run = world.last_run()
    assert (run.status, run.cancellation.by) == (RunStatus.CANCELED, "Ada")
    Counts(**run.counts).balance()
    assert 0 < run.counts["confirmed"] < 10
    assert world.on_list() == set(world.ledger())
    assert len(world.on_list()) == run.counts["confirmed"]
    assert not any(path.name.endswith(".json") for path in spool(run.pk).rglob("*"))
    assert world.run().status == "successful"
    assert world.on_list() == addresses(range(10)) == set(world.ledger())


def test_an_import_that_is_on_its_way_is_followed_to_its_end_before_a_canceled_run_stops(
    world: World, in_batches: None
) -> None:
    runs.request(ADA, newsletter())
    worker.work_once(At("follow", lambda: runs.cancel(ADA, world.last_run())).means())
    run = world.last_run()
    assert (run.status, run.counts["in_doubt"]) == (RunStatus.CANCELED, 0)
    assert 0 < run.counts["confirmed"] < 10
    assert world.on_list() == set(world.ledger())


def test_a_run_that_is_canceled_before_its_freeze_sends_nothing(world: World) -> None:
    runs.request(ADA, newsletter())
    worker.work_once(At("segments", lambda: runs.cancel(ADA, world.last_run())).means())
    run = world.last_run()
    assert (run.status, run.error, world.imported()) == (RunStatus.CANCELED, "run-canceled", [])


def test_an_interrupted_run_that_was_canceled_sends_nothing_more(world: World, in_batches: None) -> None:
    runs.cancel(ADA, cut_run(world))
    sent = len(world.imported())
    assert work() == 1
    run = world.last_run()
    assert (run.status, len(world.imported())) == (RunStatus.CANCELED, sent)
    assert world.on_list() == set(world.ledger())


def test_a_run_that_has_ended_cannot_be_canceled(world: World) -> None:
    world.run()
    with pytest.raises(runs_errors.RunEnded):
        runs.cancel(ADA, world.last_run())
    assert not Cancellation.objects.exists()


def test_a_run_that_has_nothing_left_to_send_is_not_canceled_any_more(world: World) -> None:
    runs.request(ADA, newsletter())
    worker.work_once(At("deliver", lambda: runs.cancel(ADA, world.last_run()), done=0).means())
    assert world.last_run().status == RunStatus.SUCCESSFUL


# What no longer permits a run


def test_a_consent_that_is_withdrawn_stops_a_run_at_its_next_safe_point(world: World, in_batches: None) -> None:
    """S19: a run without a valid consent is refused, one under way is stopped."""
    runs.request(ADA, newsletter())
    account = Connection.objects.get()
    worker.work_once(At("deliver", lambda: consent.withdraw(ADA, account, now()), done=0).means())
    run = world.last_run()
    assert (run.status, run.error) == (RunStatus.FAILURE, "consent-withdrawn")
    assert 0 < len(world.on_list()) < 10
    assert world.on_list() == set(world.ledger())


def test_a_queued_run_whose_consent_is_withdrawn_fails_and_sends_nothing(world: World) -> None:
    runs.request(ADA, newsletter())
    consent.withdraw(ADA, Connection.objects.get(), now())
    work()
    run = world.last_run()
    assert (run.status, run.error, world.requests()) == (RunStatus.FAILURE, "consent-withdrawn", 0)


def test_a_queued_run_whose_export_is_disabled_or_detached_is_skipped_and_says_so(world: World) -> None:
    """L10: a detached export keeps its configuration and does not run."""
    runs.request(ADA, newsletter())
    exports.disable(ADA, newsletter(), now(), "for the holidays")
    work()
    assert (world.last_run().status, world.last_run().error) == (RunStatus.SKIPPED, "export-disabled")
    exports.enable(ADA, newsletter())
    runs.request(ADA, newsletter())
    exports.detach(ADA, newsletter(), now())
    work()
    assert (world.last_run().status, world.last_run().error) == (RunStatus.SKIPPED, "export-detached")
    assert world.requests() == 0


def test_a_run_of_an_export_that_may_not_run_is_refused_when_it_is_asked_for(world: World) -> None:
    exports.disable(ADA, newsletter(), now())
    with pytest.raises(configuration_errors.ExportDisabled):
        runs.request(ADA, newsletter())
    assert Run.objects.count() == 0


def test_an_export_that_is_detached_ends_its_run_under_way(world: World, in_batches: None) -> None:
    runs.request(ADA, newsletter())
    worker.work_once(At("deliver", lambda: exports.detach(ADA, newsletter(), now()), done=0).means())
    run = world.last_run()
    assert (run.status, run.error) == (RunStatus.CANCELED, "export-detached")
    assert 0 < len(world.on_list()) < 10
