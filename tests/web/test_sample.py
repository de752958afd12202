"""The sample: one click, a real process beside the pages, and two exports that run."""

from collections.abc import Iterator

import pytest

from tests.control.cast import PASSWORD, account, connection
from tests.web.browsers import BACKEND, Browser
from tests.world import MEANS
from traginer.control import exports, runs, segments
from traginer.control.accounts import operator
from traginer.control.models import Connection, Consent, Export, Segment, Source
from traginer.control.spec import SegmentSpec
from traginer.home import place
from traginer.web import sample_brevo

pytestmark = pytest.mark.usefixtures("installation")


@pytest.fixture
def ada() -> Iterator[Browser]:
    browser = Browser()
    browser.force_login(account("ada"), BACKEND)
    yield browser
    sample_brevo.end()


def test_one_click_loads_a_sample_that_runs(ada: Browser) -> None:
    assert "/begin" in ada.open("/exports").links
    assert "entry-refused" in ada.send("/begin", {"password": "wrong"}, 422).text
    assert not Connection.objects.exists()
    page = ada.send("/begin", {"password": PASSWORD})
    assert {"Sample newsletter", "Sample: buyers of the last weeks"} <= set(page.texts)
    run, _ = runs.run_now(operator(), exports.get(operator(), "Sample newsletter"), MEANS)
    assert run.counts["confirmed"] > 1000
    assert Consent.objects.get().agreed_by == "ada@example.org"
    again = ada.send("/begin", {"password": PASSWORD})
    assert "Sample newsletter" in again.texts
    assert Export.objects.count() == 2


def test_the_sample_is_taken_away_again_with_all_that_belongs_to_it(ada: Browser) -> None:
    ada.send("/begin", {"password": PASSWORD})
    runs.run_now(operator(), exports.get(operator(), "Sample newsletter"), MEANS)
    assert "The sample is loaded" in ada.open("/begin").texts
    page = ada.send("/begin", {"do": "unload"})
    assert "The sample is gone." in page.text
    assert "The sample is loaded" not in page.texts
    left = [Connection.objects.count(), Export.objects.count(), Segment.objects.count(), Source.objects.count()]
    assert left == [0, 0, 0, 0]
    assert not [path for path in place().rglob("*") if "sample" in path.name]
    assert "1" in ada.open("/runs").texts, "the history stays"


def test_what_stands_on_the_sample_keeps_it_and_is_named(ada: Browser) -> None:
    ada.send("/begin", {"password": PASSWORD})
    segment = {"name": "Mine", "source": "Sample customers", "rules": {"all": [{"field": "language", "is": "ca"}]}}
    segments.create(operator(), SegmentSpec.model_validate(segment))
    page = ada.send("/begin", {"do": "unload"}, 422)
    assert "still-used" in page.text
    assert "Mine" in page.text
    assert Export.objects.count() == 2


def test_the_steps_to_an_export_of_ones_own_are_ticked_and_lead_on(ada: Browser) -> None:
    page = ada.open("/begin")
    assert {"/connections/add", "/sources/add", "/segments/add", "/exports/add"} <= set(page.links)
    assert "Done" not in page.texts
    ada.send("/begin", {"password": PASSWORD})
    assert "Done" not in ada.open("/begin").texts, "the sample is nobody's own"
    connection("administrators", "Shop account")
    page = ada.open("/begin")
    assert page.texts.count("Done") == 1
    assert "The next step" in page.texts


def test_the_local_brevo_comes_back_where_it_was_with_what_it_held(ada: Browser) -> None:
    ada.send("/begin", {"password": PASSWORD})
    runs.run_now(operator(), exports.get(operator(), "Sample newsletter"), MEANS)
    sample_brevo.end()
    assert "brevo-unavailable" in ada.open("/exports/1/plan", 409).text
    sample_brevo.begun()
    assert "Nothing to send" in ada.open("/exports/1/plan").text
