"""A run on its page: while it works, its books, what it left out, and what people decide about it."""

from typing import Any

import pytest

from tests.control.cast import account, actor
from tests.web.browsers import HTMX, Browser, Web
from tests.web.reading import Page
from tests.world import addresses, now, people
from traginer.api.events import AT_ONCE, LONGEST_SECONDS, Means
from traginer.control import exports, leases
from traginer.control.accounts import operator
from traginer.control.models import Cancellation, Run, RunStatus
from traginer.web import following
from traginer.web import runs as page_of_runs


@pytest.fixture
def held(web: Web) -> Web:
    """Run 2 is held: it would take 8 of 10 off the list."""
    web.world.run()
    web.world.forget_profile(*(f"C{n:04}" for n in range(8)))
    assert web.world.run().status == "held"
    return web


class Clock:
    """The time, as a test says it: each pause is over at once, after what was to happen meanwhile."""

    def __init__(self, *deeds: dict[str, object]) -> None:
        self.now, self.deeds = 0.0, iter(deeds)

    def pause(self, seconds: float) -> None:
        self.now += seconds
        Run.objects.update(**next(self.deeds, {"stage": "deliver"}))


def read(text: str) -> tuple[str, str]:
    """The name and the content of an event."""
    first, *lines = text.strip("\n").split("\n")
    return first.removeprefix("event: "), "\n".join(line.removeprefix("data: ") for line in lines)


def under_way(web: Web, **progress: object) -> Run:
    """A run that some worker carries on."""
    export = exports.get(operator(), "Newsletter")
    values = {"export": export, "connection": export.connection, "list_id": 7, "requested_by": "ada@example.org"}
    moments = {"as_of": now(), "queued_at": now(), "started_at": now(), "timezone": "UTC"}
    lease = {"status": RunStatus.PROCESSING, "token": 1, "owner": leases.owner(), "lease_until": leases.renewed()}
    return Run.objects.create(**{**values, **moments, **lease, **progress})


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
    answer: Any = ada.get("/runs/1/rejections.csv")
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
    assert 'class="chart"' not in ada.open("/exports/1").html
    web.world.put_profiles(people([30, 31], email="nobody"))
    web.world.run()
    page = ada.open("/exports/1")
    assert {"On the list", "Duration", "Left out", "As a table"} <= set(page.texts)
    assert "<title>Run 2: 10</title>" in page.html
    assert "<title>Run 2: 2</title>" in page.html
    assert (page.html.count('class="bar"'), page.html.count('class="bar-bad"')) == (4, 2)


def test_a_run_shows_what_it_changed_and_its_requests_by_kind(ada: Browser, web: Web) -> None:
    web.world.run()
    page = ada.open("/runs/1")
    assert {"What it changed", "10 added", "Contacts sent", "POST /contacts/import"} <= set(page.texts)
    assert page.html.count('<rect class="piece-added"') == 1
    assert '<rect class="piece-left"' not in page.html


def test_a_held_run_names_whom_it_concerns_to_those_who_may_see_them(held: Web) -> None:
    ada = held.browser("ada")
    assert {"Show whom it concerns", "Your decision"} <= set(ada.open("/runs/2").texts)
    assert "C0000" not in ada.open("/runs/2").html
    page = ada.open("/runs/2/concerned")
    assert page.h1 == ["Run 2"]
    assert {"Would be taken off the list", "C0000", "aina0@example.org", "Nobody."} <= set(page.texts)
    part = Page(ada.get("/runs/2/concerned", headers=HTMX).content.decode())
    assert ("C0000" in part.texts, part.h1) == (True, [])
    carla = held.browser("carla")
    assert "Show whom it concerns" not in carla.open("/runs/2").texts
    assert "not-allowed" in carla.open("/runs/2/concerned", 403).text


def test_a_held_run_says_where_its_plan_has_moved(held: Web) -> None:
    held.world.put_profiles(people([0]))
    assert "Approving would be refused" in held.browser("ada").open("/runs/2/concerned").text


def test_a_run_that_is_not_held_concerns_nobody(ada: Browser, web: Web) -> None:
    web.world.run()
    assert "run-not-held" in ada.open("/runs/1/concerned", 422).text


def test_a_run_under_way_is_followed_by_its_page(ada: Browser, web: Web) -> None:
    """Whatever changes is told as the part of the page that shows it, in the language of the reader; then comes the end."""
    under_way(web, stage="deliver", done=1200, total=5000)
    assert 'data-follows="/runs/1/events"' in ada.open("/runs/1").html
    clock = Clock({"total": 5000}, {"done": 4000}, {"status": RunStatus.CANCELED, "finished_at": now()})
    means = Means(lambda: clock.now, clock.pause)
    _, *told = following.parts(lambda: page_of_runs.part_of(actor("ada"), 1), "ca", means)
    events = [read(text) for text in told]
    assert [name for name, _ in events] == ["progress", "progress", "end"]
    assert ('value="1200"' in events[0][1], 'value="4000"' in events[1][1]) == (True, True)
    assert "S&#x27;està enviant a Brevo" in events[0][1]
    assert "<html" not in events[0][1]


def test_a_stream_ends_after_a_while_and_gives_signs_of_life_until_then(ada: Browser, web: Web) -> None:
    under_way(web, stage="deliver")
    clock = Clock()
    told = list(
        following.parts(lambda: page_of_runs.part_of(actor("ada"), 1), "en", Means(lambda: clock.now, clock.pause))
    )
    assert clock.now == LONGEST_SECONDS
    assert told[2:] == [": still here\n\n"] * 11


def test_a_run_that_has_ended_is_followed_to_its_end_at_once(ada: Browser, web: Web) -> None:
    web.world.run()
    answer: Any = ada.get("/runs/1/events")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert b"".join(answer.streaming_content).endswith(b"event: end\ndata: \n\n")
    assert ada.get("/runs/9/events").status_code == 404
    assert Browser().get("/runs/1/events").status_code == 302


def test_streams_leave_threads_for_everything_else(ada: Browser, web: Web) -> None:
    under_way(web)
    streams = [ada.get("/runs/1/events") for _ in range(AT_ONCE)]
    assert ada.get("/runs/1/events").status_code == 503
    for stream in streams:
        stream.close()
    again = ada.get("/runs/1/events")
    assert again.status_code == 200
    again.close()


def test_all_runs_are_listed_with_their_exports(ada: Browser, web: Web) -> None:
    web.world.run()
    assert {"1", "Newsletter", "Successful"} <= set(ada.open("/runs").texts)


def test_runs_are_found_by_export_and_by_status_page_by_page(ada: Browser, web: Web) -> None:
    web.world.run()
    for _ in range(60):
        under_way(web, status=RunStatus.CANCELED, finished_at=now())
    newest = ada.open("/runs?export=1")
    assert ("61" in newest.texts, "11" in newest.texts) == (True, False)
    older = ada.open(next(link for link in newest.links if "before=" in link))
    assert ("11" in older.texts, "1" in older.texts, "61" in older.texts) == (True, True, False)
    assert "Newsletter" in ada.open("/runs?status=successful").texts
    assert "No run is like that." in ada.open("/runs?status=failure").texts
    assert ada.open("/runs?export=77", 404)
