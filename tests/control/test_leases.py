"""Who works on a run: one running run a connection, a dead worker's run taken over at once, a living one's refused."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.world import ADA, CONFIGURATION, MEANS, World, addresses, now, people
from traginer.control import errors, exports, leases, runs
from traginer.control.models import Export, Run, RunStatus

WORKER = """
from traginer import control
control.setup()
from traginer.control import leases
print(leases.owner(), flush=True)
input()
"""


@contextmanager
def another_worker() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A process that could work on a run, and its name as an owner."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


def under_way(owner: str, **values: object) -> Run:
    """A run of the export that `owner` works on."""
    export = Export.objects.get(name="Newsletter")
    facts = {"lease_until": now() + timedelta(seconds=60), "as_of": now(), "queued_at": now(), **values}
    return Run.objects.create(
        export=export,
        connection=export.connection,
        list_id=export.list_id,
        status=RunStatus.PROCESSING,
        requested_by="Bernat",
        timezone="UTC",
        token=1,
        owner=owner,
        **facts,
    )


def test_a_living_workers_run_is_refused_and_a_dead_ones_is_taken_over_at_once(world: World) -> None:
    with another_worker() as (owner, process):
        run = under_way(owner)
        with pytest.raises(errors.RunUnderWay) as refusal:
            world.run()
        assert refusal.value.facts["run"] == run.pk
        assert not runs.is_interrupted(run)
        process.kill()
        process.wait()
        assert runs.is_interrupted(run)
        new, resumed = runs.run_now(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert [(one.pk, one.status) for one in resumed] == [(run.pk, "successful")]
    assert (new.status, new.counts["unchanged"]) == ("successful", 10)
    assert world.on_list() == addresses(range(10))


def test_a_later_process_with_the_same_number_is_not_taken_for_the_worker(world: World) -> None:
    host, pid, started = leases.owner().split("/")
    assert leases.is_alive(under_way(f"{host}/{pid}/{started}"))
    Run.objects.all().delete()
    assert not leases.is_alive(under_way(f"{host}/{pid}/{int(started) - 1}"))


def test_a_worker_on_another_machine_is_believed_until_its_lease_runs_out(world: World) -> None:
    run = under_way("elsewhere.example/1/1")
    with pytest.raises(errors.RunUnderWay):
        world.run()
    Run.objects.filter(pk=run.pk).update(lease_until=now() - timedelta(seconds=1))
    assert world.run().status == "successful"


def test_the_database_refuses_a_second_running_run_of_a_connection(world: World) -> None:
    under_way(leases.owner())
    with pytest.raises(IntegrityError), transaction.atomic():
        under_way(leases.owner())
    assert Run.objects.count() == 1


def test_ended_runs_of_a_connection_stand_beside_a_running_one(world: World) -> None:
    for _ in range(3):
        under_way(leases.owner(), finished_at=now())
        Run.objects.update(status=RunStatus.FAILURE)
    assert under_way(leases.owner()).pk


def test_a_refused_run_leaves_no_trace(world: World) -> None:
    under_way(leases.owner())
    with pytest.raises(errors.RunUnderWay):
        world.run()
    assert Run.objects.count() == 1
    assert world.requests() == 0


def test_a_run_taken_over_cannot_be_written_by_its_former_worker(world: World) -> None:
    former = under_way(leases.owner())
    new = Run.objects.get(pk=former.pk)
    assert leases.take(new)
    with pytest.raises(errors.LeaseLost), leases.fenced(former, stage="deliver"):
        pytest.fail("the block of a lost lease is not entered")
    assert Run.objects.get(pk=former.pk).stage == ""
    with leases.fenced(new, stage="deliver"):
        pass
    assert Run.objects.get(pk=former.pk).stage == "deliver"


def test_only_one_of_two_takes_a_run_over(world: World) -> None:
    one = under_way("gone/1/1", lease_until=None)
    other = Run.objects.get(pk=one.pk)
    assert leases.take(one)
    assert not leases.take(other)


def test_a_lease_given_up_is_nobodys(world: World) -> None:
    run = under_way(leases.owner())
    leases.let_go(run)
    assert runs.is_interrupted(Run.objects.get(pk=run.pk))


def test_an_ended_run_cannot_be_written_any_more(world: World) -> None:
    run = under_way(leases.owner())
    Run.objects.update(status=RunStatus.CANCELED)
    with pytest.raises(errors.LeaseLost), leases.fenced(run, status=RunStatus.SUCCESSFUL):
        pytest.fail("the block of an ended run is not entered")
    assert Run.objects.get().status == RunStatus.CANCELED


def test_a_worker_that_loses_its_lease_stops_and_ends_nothing(world: World) -> None:
    taken: list[Run] = []

    def take_over(_: float) -> None:
        if not taken:
            taken.append(Run.objects.get())
            assert leases.take(taken[0])

    means = runs.Means(MEANS.watch, now, runs.Pace(take_over, MEANS.pace.now))
    with pytest.raises(errors.LeaseLost):
        runs.run_now(ADA, exports.get(ADA, "Newsletter"), means)
    assert Run.objects.get().status == RunStatus.PROCESSING
    assert world.ledger() == {}


def test_an_interrupted_run_is_finished_first_with_its_own_moment(world: World) -> None:
    cut = world.cut_run()
    assert (cut.status, world.ledger()) == (RunStatus.PROCESSING, {})
    world.put_profiles(people([20]))
    run, resumed = runs.run_now(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert [one.as_of for one in resumed] == [cut.as_of]
    assert resumed[0].counts["confirmed"] == 10
    assert (run.counts["added"], run.counts["unchanged"]) == (1, 10)


def test_a_run_cut_twice_still_ends(world: World) -> None:
    world.cut_run()
    again = world.cut_run()
    assert Run.objects.get() == again
    assert world.run().counts["unchanged"] == 10
    assert world.on_list() == addresses(range(10))


def test_two_who_run_at_once_never_run_side_by_side(world: World) -> None:
    world.apply(CONFIGURATION.replace("name: Newsletter\n", "name: Twin\n").replace("list: 7", "list: 8"))
    ends: dict[str, str] = {}
    ready = threading.Barrier(2)

    def work(name: str) -> None:
        try:
            export = exports.get(ADA, name)
            ready.wait()
            ends[name] = runs.run_now(ADA, export, MEANS)[0].status
        except errors.RunUnderWay as refusal:
            ends[name] = refusal.code
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(name,)) for name in ("Newsletter", "Twin")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(ends) == {"Newsletter", "Twin"}
    assert set(ends.values()) <= {"successful", "run-under-way"}
    assert "successful" in ends.values()
    assert world.sandbox.invariants().overlapping_imports == 0
