"""The sample: one click, a real process beside the pages, and two exports that run."""

from collections.abc import Iterator

import pytest

from tests.control.cast import PASSWORD, account
from tests.web.browsers import BACKEND, Browser
from tests.world import MEANS
from traginer.control import exports, runs
from traginer.control.accounts import operator
from traginer.control.models import Connection, Consent, Export
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


def test_the_local_brevo_comes_back_where_it_was_with_what_it_held(ada: Browser) -> None:
    ada.send("/begin", {"password": PASSWORD})
    runs.run_now(operator(), exports.get(operator(), "Sample newsletter"), MEANS)
    sample_brevo.end()
    assert "brevo-unavailable" in ada.open("/exports/1/plan", 409).text
    sample_brevo.begun()
    assert "Nothing to send" in ada.open("/exports/1/plan").text
