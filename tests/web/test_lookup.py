"""Data > Profiles: look somebody up, and see what became of them."""

import pytest

from tests.web.addresses import AINA
from tests.web.browsers import Browser, Web
from tests.world import people
from traginer.control.models import AuditEntry, Source


def asked(browser: Browser, who: str, source: str = "1") -> str:
    """The address that a search leads to."""
    browser.send("/profiles", {"source": source, "who": who})
    return browser.led_to


def test_somebody_is_found_and_what_was_typed_stands_in_no_address(ada: Browser) -> None:
    page = ada.send("/profiles", {"source": "1", "who": "aina3@example.org"})
    assert {"C0003", "Aina 3 Pous", "aina3@example.org"} <= set(page.texts)
    assert "aina3" not in ada.led_to
    assert [link for link in page.links if link.startswith("/profiles/1/")] != []
    assert "Nobody found" in ada.send("/profiles", {"source": "1", "who": "zebra"}).text


def test_an_address_that_was_changed_searches_for_nobody(ada: Browser) -> None:
    assert "Whom are you looking for?" in ada.open("/profiles?source=1&asked=gAAAAchanged").text
    assert "C0003" not in ada.open("/profiles?source=1&asked=C0003").text


@pytest.mark.parametrize(("who", "sees"), [("ada", True), ("bernat", True), ("carla", False)])
def test_who_sees_the_values_of_a_profile(web: Web, who: str, sees: bool) -> None:
    """L5, L11: viewers find a profile and what became of it, masked; that others saw it is in the audit."""
    web.world.run()
    browser = web.browser(who)
    found = browser.open(asked(browser, "aina0@example.org"))
    page = browser.open(f"/profiles/1/{AINA}")
    for one in (found, page):
        assert ("aina0@example.org" in one.text, "C0000" in one.html) == (sees, sees)
    assert "Wanted on the list" in page.text
    assert {"Catalan spenders", "Newsletter"} <= set(page.texts)
    assert AuditEntry.objects.filter(action="profile:read", actor=f"{who}@example.org").exists() is sees


def test_a_profile_says_which_rule_keeps_it_out_why_it_is_not_sent_and_what_runs_left_out(web: Web) -> None:
    web.world.put_profiles(people([0], email="no address"))
    web.world.run()
    web.world.put_profiles(people([0], email="no address", last_name="Roca"))
    page = web.browser("ada").open(f"/profiles/1/{AINA}")
    assert {"email-invalid", "Not sent", "On no list, by our books."} <= set(page.texts)
    assert "Left out in 1 line of past runs" in page.text
    assert 'language is "ca"' in page.text


def test_a_source_that_cannot_be_read_is_told_where_somebody_searches(ada: Browser, web: Web) -> None:
    web.world.profiles_file.unlink()
    assert "source-missing" in ada.open(asked(ada, "C0003")).text


def test_without_a_source_the_page_says_what_to_do_first(ada: Browser, web: Web) -> None:
    web.world.apply()
    for model in (Source.objects.get().segments.all(),):
        for segment in model:
            segment.exportedsegment_set.all().delete()
            segment.delete()
    Source.objects.all().delete()
    page = ada.open("/profiles")
    assert "There is no source yet" in page.text
    assert "/sources/add" in page.links
