"""Figures for Prometheus: that they are true, the same in every process, and nobody's."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from tests.control import cast
from tests.control.receivers import web_server
from tests.world import ADA, World, now, people
from traginer.control import exports, metrics, notifying, results, runs, schedules, tokens
from traginer.control.errors import NotAllowed
from traginer.control.models import Connection, Export, Heartbeat, Run, RunStatus
from traginer.control.notifying import Wish
from traginer.control.rights import Actor
from traginer.web.metrics import figures

PAGE = Path(__file__).parents[2] / "src" / "traginer" / "guide" / "en" / "operations.md"
VIEWER = Actor("Carla", "viewer")
_moments = iter(range(1, 1_000_000))


def read(at: datetime | None = None) -> dict[tuple[str, ...], float]:
    """The figures now: (name, *labels) -> value. Each time as if the last time were long ago."""
    content = metrics.exposition(VIEWER, at or now() + timedelta(minutes=next(_moments)))
    return parsed(content)


def parsed(content: bytes) -> dict[tuple[str, ...], float]:
    samples = [sample for family in text_string_to_metric_families(content.decode()) for sample in family.samples]
    return {(sample.name.removeprefix("traginer_"), *sample.labels.values()): sample.value for sample in samples}


def newsletter() -> Export:
    return exports.get(ADA, "Newsletter")


# What they tell


def test_the_queue_tells_how_many_wait_and_for_how_long(world: World) -> None:
    assert read()["queue_depth",] == 0
    run = runs.request(ADA, newsletter())
    found = read(run.queued_at + timedelta(days=3000))
    assert (found["queue_depth",], found["queue_oldest_seconds",]) == (1, 3000 * 86400)
    assert found["runs", "Newsletter", "queued"] == 1


def test_a_run_under_way_counts_as_such_while_somebody_works_on_it_and_as_expired_afterwards(world: World) -> None:
    cut = world.cut_run()
    Run.objects.filter(pk=cut.pk).update(lease_until=now() + timedelta(minutes=1))
    found = read()
    assert (found["runs_under_way",], found["leases_expired",]) == (1, 0)
    Run.objects.filter(pk=cut.pk).update(lease_until=now() - timedelta(seconds=1))
    found = read()
    assert (found["runs_under_way",], found["leases_expired",]) == (0, 1)
    Run.objects.filter(pk=cut.pk).update(lease_until=None)
    assert read()["leases_expired",] == 1


def test_contacts_and_requests_are_counted_over_all_runs_as_their_books_say(world: World) -> None:
    world.sandbox.switches.reject_probability = 0.3
    views = [world.run()]
    world.sandbox.switches.reject_probability = 0.0
    world.put_profiles([*people([20]), *people([21], email="nobody"), *people([0, 1], lifetime_value=1.0)])
    views += [world.run(), world.run()]
    found = read()
    for fate in ("sent", "confirmed", "rejected", "invalid", "removed"):
        assert found["contacts_total", "Newsletter", fate] == sum(view.counts[fate] for view in views), fate
    assert found["contacts_total", "Newsletter", "rejected"] > 0
    assert found["brevo_requests_total", "Newsletter"] == sum(view.requests for view in views)
    assert found["brevo_sent_bytes_total", "Newsletter"] == sum(view.bytes for view in views)


def test_a_held_run_is_counted_once_when_it_has_ended(world: World) -> None:
    world.run()
    world.put_profiles(people(range(4), lifetime_value=1.0))
    held = world.run()
    before = read()
    assert before["runs", "Newsletter", "held"] == 1
    world.approve(held.run)
    found = read()
    assert found["contacts_total", "Newsletter", "removed"] == 4
    assert found["brevo_requests_total", "Newsletter"] == world.requests()
    assert ("runs", "Newsletter", "held") not in found


def test_a_total_does_not_go_back_when_history_is_forgotten(world: World, settings: LazySettings) -> None:
    world.run()
    world.put_profiles(people([20]))
    world.run()
    before = read()
    settings.HISTORY_RUNS = 1
    assert results.forget_old(now()) == 1
    found = read()
    assert found["runs", "Newsletter", "successful"] == 1
    totals = {name: value for name, value in found.items() if name[0].endswith("_total")}
    assert totals == {name: value for name, value in before.items() if name[0].endswith("_total")}
    assert totals["contacts_total", "Newsletter", "sent"] == 11


def test_the_age_of_the_last_success_grows_while_runs_fail(world: World) -> None:
    world.run()
    succeeded = Run.objects.get().finished_at
    assert succeeded
    world.sandbox.delete_list(7)
    world.put_profiles(people([20]))
    assert world.run().status == "failure"
    found = read(succeeded + timedelta(days=4000))
    assert found["last_success_age_seconds", "Newsletter"] == 4000 * 86400
    assert (found["runs", "Newsletter", "successful"], found["runs", "Newsletter", "failure"]) == (1, 1)


def test_the_silence_of_the_scheduler_and_the_workers_that_are_there_are_told(world: World) -> None:
    at = now() + timedelta(days=5000)
    assert ("scheduler_silence_seconds",) not in read(at)
    Heartbeat.objects.create(role="scheduler", owner="a", started_at=at, at=at - timedelta(seconds=90))
    Heartbeat.objects.create(role="worker", owner="b", started_at=at, at=at - timedelta(seconds=5))
    Heartbeat.objects.create(role="worker", owner="c", started_at=at, at=at - timedelta(hours=5))
    found = read(at + timedelta(seconds=10))
    assert (found["scheduler_silence_seconds",], found["workers_idle",]) == (100, 1)
    assert schedules.silence(at) is None


def test_notices_are_told_by_their_state(world: World) -> None:
    with web_server() as hooks:
        target, _ = notifying.add(ADA, Wish("webhook", hooks.url), now())
        notifying.test(ADA, target, now())
    world.sandbox.delete_list(7)
    world.run()
    found = read()
    assert [found["notices", state] for state in ("due", "sent", "failed")] == [1, 1, 0]


# How they tell it


def test_an_answer_is_given_again_for_five_seconds_and_then_read_anew(world: World) -> None:
    at = now() + timedelta(days=6000)
    first = metrics.exposition(VIEWER, at)
    runs.request(ADA, newsletter())
    with CaptureQueriesContext(connection) as asked:
        assert metrics.exposition(VIEWER, at + timedelta(seconds=4)) == first
    assert len(asked) == 0
    assert parsed(metrics.exposition(VIEWER, at + timedelta(seconds=5)))["queue_depth",] == 1


def test_a_long_history_costs_no_more_queries_than_a_short_one(world: World) -> None:
    with CaptureQueriesContext(connection) as short:
        read()
    account = Connection.objects.get()
    for n in range(20):
        export = Export.objects.create(name=f"Export {n}", attached_to=account, list_id=7, email="email")
        rows = [
            Run(
                export=export,
                connection=account,
                list_id=7,
                status=RunStatus.SUCCESSFUL,
                as_of=now(),
                queued_at=now(),
                finished_at=now(),
                timezone="UTC",
                requested_by="Ada",
            )
            for _ in range(50)
        ]
        Run.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as long:
        assert read()["runs", "Export 3", "successful"] == 50
    assert len(long) == len(short) <= 12


def test_no_figure_holds_anything_of_a_profile_or_a_person(world: World) -> None:
    cast.account("ada")
    world.put_profiles(people([30], email="no address"))
    world.sandbox.switches.reject_probability = 0.5
    world.run()
    text = metrics.exposition(VIEWER, now() + timedelta(days=7000)).decode()
    assert not re.search(r"@|aina|\bAda\b|C00\d\d|4600100", text, re.IGNORECASE)
    assert World.api_key[-4:] not in text


def test_the_page_of_operations_names_every_figure_and_no_other(world: World) -> None:
    world.run()
    content = metrics.exposition(VIEWER, now() + timedelta(days=8000)).decode()
    told = set(re.findall(r"^# TYPE (traginer_\w+) ", content, re.MULTILINE)) - {"traginer_version"}
    section = PAGE.read_text(encoding="utf-8").split("## Figures")[1].split("\n## ")[0]
    assert set(re.findall(r"`(traginer_\w+)", section)) == told


# Who may read them


def ask(address: str, **headers: str) -> HttpResponse:
    return figures(RequestFactory().get("/metrics", REMOTE_ADDR=address, headers=headers))


@pytest.mark.parametrize(
    ("access", "address", "headers", "status"),
    [
        ("loopback", "127.0.0.1", {}, 200),
        ("loopback", "::1", {}, 200),
        ("loopback", "203.0.113.7", {}, 401),
        ("loopback", "", {}, 401),
        ("loopback", "127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 401),
        ("loopback", "127.0.0.1", {"Forwarded": "for=203.0.113.7"}, 401),
        ("token", "127.0.0.1", {}, 401),
        ("loopback", "203.0.113.7", {"Authorization": "Bearer trg_nonsense"}, 401),
        ("loopback", "127.0.0.1", {"Authorization": "Bearer trg_nonsense"}, 401),
        ("loopback", "203.0.113.7", {"Authorization": "Basic YTpi"}, 401),
    ],
)
def test_whoever_is_not_here_needs_a_token(
    installation: Path, settings: LazySettings, access: str, address: str, headers: dict[str, str], status: int
) -> None:
    settings.METRICS_ACCESS = access
    answer = ask(address, **headers)
    assert answer.status_code == status
    assert (b"traginer_queue_depth" in answer.content) is (status == 200)


@pytest.mark.parametrize("scope", ["read", "run", "write"])
def test_any_good_token_reads_the_figures_from_anywhere(installation: Path, settings: LazySettings, scope: str) -> None:
    settings.METRICS_ACCESS = "token"
    cast.account("carla")
    token, secret = tokens.create(cast.actor("carla"), "prometheus", [scope])
    assert ask("203.0.113.7", Authorization=f"Bearer {secret}").status_code == 200
    tokens.revoke(cast.actor("carla"), token.pk)
    assert ask("203.0.113.7", Authorization=f"Bearer {secret}").status_code == 401


def test_somebody_without_a_role_sees_no_figures(installation: Path) -> None:
    with pytest.raises(NotAllowed):
        metrics.exposition(cast.actor("dídac"), now())
