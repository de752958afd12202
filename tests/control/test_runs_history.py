"""How long runs are kept, and what stays of them on the spool."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from tests.world import ADA, World, now
from traginer import home
from traginer.control import exports, results, runs, schedules
from traginer.control.models import Run, RunStatus


@pytest.fixture
def five(world: World) -> list[int]:
    """The numbers of five ended runs, the oldest first, a day between each and the next."""
    numbers = [world.run().run for _ in range(5)]
    for days, number in enumerate(reversed(numbers)):
        Run.objects.filter(pk=number).update(finished_at=now() - timedelta(days=days))
    return numbers


def kept() -> list[int]:
    return sorted(Run.objects.values_list("pk", flat=True))


def test_runs_that_are_too_old_are_forgotten_with_what_they_left_on_the_spool(
    five: list[int], settings: LazySettings
) -> None:
    settings.HISTORY_DAYS = 2
    assert results.forget_old(now() + timedelta(minutes=1)) == 3
    assert kept() == five[3:]
    assert [number for number in five if home.spool(number).exists()] == five[3:]


def test_runs_that_are_too_many_are_forgotten(five: list[int], settings: LazySettings) -> None:
    settings.HISTORY_RUNS = 3
    assert results.forget_old(now()) == 2
    assert kept() == five[2:]


def test_the_last_run_of_an_export_is_kept_for_ever(five: list[int], settings: LazySettings) -> None:
    settings.HISTORY_DAYS, settings.HISTORY_RUNS = 1, 1
    schedules.keep_house(now() + timedelta(days=4000))
    assert kept() == five[-1:]


def test_the_last_run_that_was_not_skipped_is_kept_beside_the_last(five: list[int], settings: LazySettings) -> None:
    Run.objects.filter(pk__in=five[3:]).update(status=RunStatus.SKIPPED)
    settings.HISTORY_RUNS = 1
    results.forget_old(now())
    assert kept() == [five[2], five[4]]


def test_runs_that_have_not_ended_are_never_forgotten(world: World, five: list[int], settings: LazySettings) -> None:
    settings.HISTORY_DAYS, settings.HISTORY_RUNS = 1, 1
    Run.objects.filter(pk=five[0]).update(status=RunStatus.HELD, finished_at=None)
    Run.objects.filter(pk=five[1]).update(status=RunStatus.PROCESSING, finished_at=None)
    results.forget_old(now() + timedelta(days=4000))
    assert kept() == [*five[:2], five[-1]]


def test_the_runs_of_one_export_do_not_count_for_another(world: World, five: list[int], settings: LazySettings) -> None:
    world.apply(
        "exports: [{name: Twin, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders]}]"
    )
    twin = world.run("Twin").run
    settings.HISTORY_RUNS = 5
    assert results.forget_old(now()) == 0
    assert kept() == [*five, twin]


def test_bodies_that_a_worker_left_behind_when_it_was_cut_are_removed_by_the_next(world: World) -> None:
    run = world.run()
    [folder] = home.spool(run.run).iterdir()
    (folder / "1.json").write_text("somebody@example.org")
    results.tidy_lately_ended(now())
    assert [path.name for path in folder.iterdir()] == ["rejections.parquet"]


def test_a_run_whose_retries_are_forgotten_is_kept(world: World, five: list[int], settings: LazySettings) -> None:
    again = runs.retry(ADA, runs.get(ADA, five[0]))
    settings.HISTORY_RUNS = 1
    results.forget_old(now())
    assert kept() == [five[-1], again.pk]
    assert runs.get(ADA, again.pk).retry_of is None
    assert exports.get(ADA, "Newsletter").runs.count() == 2
