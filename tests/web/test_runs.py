"""A run on its page: while it works, its books, what it left out, and what people decide about it."""

import pytest

from tests.control.cast import account
from tests.web.browsers import Browser, Web
from tests.world import addresses, now, people
from traginer.control import exports, leases
from traginer.control.accounts import operator
from traginer.control.models import Cancellation, Run, RunStatus


@pytest.fixture
def held(web: Web) -> Web:
    """Run 2 is held: it would take 8 of 10 off the list."""
    web.world.run()
    web.world.forget_profile(*(f"C{n:04}" for n in range(8)))
    assert web.world.run().status == "held"
    return web


def under_way(web: Web, **progress: object) -> Run:
    """A run that some worker carries on."""
    export = exports.get(operator(), "Newsletter")
    values = {"export": export, "connection": export.connection, "list_id": 7, "requested_by": "ada@example.org"}
    moments = {"as_of": now(), "queued_at": now(), "started_at": now(), "timezone": "UTC"}
    lease = {"status": RunStatus.PROCESSING, "token": 1, "owner": leases.owner(), "lease_until": leases.renewed()}
    return Run.objects.create(**values, **moments, **lease, **progress)


def test_a_run_under_way_shows_how_far_it_is(ada: Browser, web: Web) -> None:
    run = under_way(web, stage="deliver", done=1200, total=5000, requests=7, bytes=250_000)
    page = ada.open("/runs/1")
    assert {"Processing", "Sending to Brevo"} <= set(page.texts)
    assert 'value="1200" max="5000"' in page.html
    assert "7 requests to Brevo" in page.text
    assert 'hx-trigger="every 1s"' in page.html
    assert '<noscript><meta http-equiv="refresh"' in page.html
    part = ada.get("/runs/1/now")
    assert "HX-Refresh" not in part.headers
    Run.objects.filter(pk=run.pk).update(status=RunStatus.CANCELED, finished_at=now())
    assert ada.get("/runs/1/now").headers["HX-Refresh"] == "true"


def test_the_books_of_a_run_are_shown_as_equations(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people([20], email=""))
    web.world.run()
    page = ada.open("/runs/1")
    text = " ".join(page.texts)
    assert "11 members = 10 wanted + 1 invalid" in text
    assert "10 sent = 10 confirmed + 0 rejected + 0 in doubt" in text
    assert "Completed with warnings" in text


def test_who_was_left_out_is_named_with_reason_and_next_step(ada: Browser, web: Web) -> None:
    """S5: each profile without a usable address, with a reason, never lost silently."""
    web.world.put_profiles(people([20], email=""))
    web.world.run()
    page = ada.open("/runs/1")
    assert {"email-missing", "The profile has no e-mail address.", "C0020"} <= set(page.texts)
    answer = ada.get("/runs/1/rejections.csv")
    assert b"".join(answer.streaming_content).decode().splitlines()[1].startswith("C0020,invalid,email-missing")
    answer.close()
    carla = web.browser("carla").open("/runs/1")
    assert "email-missing" in carla.texts
    assert "C0020" not in carla.html


def test_a_held_run_says_why_and_an_administrator_approves_it(held: Web) -> None:
    ada = held.browser("ada")
    page = ada.open("/runs/2")
    assert (
        "The run would take 8 of 10 contacts off the list, more than the guard allows. Nothing was sent." in page.texts
    )
    assert {"Approve", "Discard"} <= set(page.texts)
    assert "Approve" not in held.browser("bernat").open("/runs/2").texts
    assert "not-allowed" in held.browser("bernat").send("/runs/2/deed", {"do": "approve"}, 403).text
    assert "Approved" in ada.send("/runs/2/deed", {"do": "approve"}).text
    held.world.run()
    assert held.world.on_list() == addresses([8, 9])


def test_a_held_run_is_discarded_and_nothing_is_sent(held: Web) -> None:
    ada = held.browser("ada")
    assert "Canceled" in ada.send("/runs/2/deed", {"do": "discard"}).texts
    assert held.world.on_list() == addresses(range(10))
    assert "run-not-held" in ada.send("/runs/2/deed", {"do": "approve"}, 422).text


def test_a_queued_run_is_canceled_at_once_and_run_again(ada: Browser) -> None:
    ada.send("/exports/1/deed", {"do": "run"})
    page = ada.send("/runs/1/deed", {"do": "cancel"})
    assert {"The run is canceled.", "Canceled"} <= set(page.texts)
    assert ada.send("/runs/1/deed", {"do": "retry"}).h1 == ["Run 2"]
    assert Run.objects.get(pk=2).retry_of_id == 1


def test_a_run_under_way_ends_at_its_next_safe_point(ada: Browser, web: Web) -> None:
    run = under_way(web)
    page = ada.send("/runs/1/deed", {"do": "cancel"})
    assert "The run ends at its next safe point." in page.text
    assert Cancellation.objects.get(run=run).by == account("ada").email


def test_an_interrupted_run_is_given_up_by_an_administrator(ada: Browser, web: Web) -> None:
    run = under_way(web)
    Run.objects.filter(pk=run.pk).update(lease_until=now(), owner="another machine")
    assert "Give it up" in ada.open("/runs/1").texts
    assert "Canceled" in ada.send("/runs/1/deed", {"do": "discard"}).texts


def test_the_history_of_an_export_is_drawn_and_written(ada: Browser, web: Web) -> None:
    web.world.run()
    assert "<svg" not in ada.open("/exports/1").html.partition("History")[2].partition("<table")[0]
    web.world.put_profiles(people([30, 31], email="nobody"))
    web.world.run()
    page = ada.open("/exports/1")
    drawn = page.html.partition("History")[2]
    assert "Run 2: 10 on the list, 2 left out" in drawn
    assert drawn.count('class="bar"') == 2
    assert {"On the list", "Left out"} <= set(page.texts)


def test_all_runs_are_listed_with_their_exports(ada: Browser, web: Web) -> None:
    web.world.run()
    assert {"1", "Newsletter", "Successful"} <= set(ada.open("/runs").texts)
