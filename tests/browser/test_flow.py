"""The seed's flow in a browser, from an empty home to a list that holds exactly the segment."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.chromium import Visit
from tests.browser.conftest import Visiting
from tests.browser.serving import Installation
from tests.browser.words import Words
from tests.control.cast import PASSWORD
from tests.world import addresses


@pytest.mark.parametrize("language", ["en", "ca"])
def test_an_administrator_gets_from_nothing_to_a_list_that_holds_the_segment(
    empty: Installation, visiting: Visiting, language: str
) -> None:
    """S10-S41: each step by the words of the seed, with the refusals on the way."""
    words, ada = Words(language), visiting(empty, "", language)
    steps.set_up(ada, words)
    _nothing_is_a_dead_end(ada)
    steps.add_source(ada, words)
    steps.add_connection(ada, words, empty.sandbox)
    steps.add_segment(ada, words)
    steps.add_export(ada, words)
    expect(ada.page.get_by_text(words("The books"))).to_be_visible(timeout=steps.ENDED_MS)
    assert empty.sandbox.emails_on(7) == addresses(range(10))
    assert "invalid" in ada.page.content()
    _a_connection_in_use_stays(ada, words)
    _others_see_what_is_theirs(empty, visiting, ada, words)
    _removing_asks_what_becomes_of_the_contacts(ada, words)
    assert empty.sandbox.emails_on(7) == addresses(range(10))
    assert ada.faults == []


def _nothing_is_a_dead_end(visit: Visit) -> None:
    for path in steps.TRIED[:2]:
        visit.open(path)
        assert visit.page.locator("main .empty-state a.btn-primary").is_visible()


def _a_connection_in_use_stays(visit: Visit, words: Words) -> None:
    steps.go(visit, words, "Admin", "Connections")
    steps.follow(visit, steps.CONNECTION)
    steps.follow(visit, words("Remove"))
    expect(visit.page.get_by_role("checkbox", name=steps.EXPORT)).to_be_checked()
    expect(visit.page.get_by_role("button", name=words("Remove"), exact=True)).to_have_count(0)


def _others_see_what_is_theirs(installation: Installation, visiting: Visiting, ada: Visit, words: Words) -> None:
    for name, role in {"bernat": "contributor", "carla": "viewer"}.items():
        _add_user(ada, words, name, role)
    bernat, carla = (visiting(installation, name, words.language) for name in ("bernat", "carla"))
    bernat.open("/exports/add")
    expect(bernat.page.get_by_text(words("No connection is available to you"))).to_be_visible()
    assert bernat.open("/connections/add").status == 403
    _share(ada, words)
    bernat.open("/connections/1")
    assert installation.sandbox.api_key[-4:] not in bernat.page.get_by_role("main").inner_text()
    bernat.open("/exports")
    expect(bernat.page.get_by_role("columnheader", name=words("Your permissions"))).to_be_visible()
    bernat.page.get_by_role("button", name=words("Run {name}", name=steps.EXPORT)).click()
    bernat.page.wait_for_url("**/runs/3")
    expect(bernat.page.get_by_text(words("The books"))).to_be_visible(timeout=steps.ENDED_MS)
    _a_viewer_only_looks(carla, words)
    assert [*bernat.faults, *carla.faults] == []


def _add_user(visit: Visit, words: Words, name: str, role: str) -> None:
    visit.open("/permissions")
    visit.page.fill("#email", f"{name}@example.org")
    visit.page.fill("#name", name.title())
    visit.page.select_option("#role", role)
    visit.page.fill("#password", PASSWORD)
    steps.press(visit, words("Add user"))
    expect(visit.page.get_by_role("link", name=f"{name}@example.org")).to_be_visible()


def _share(visit: Visit, words: Words) -> None:
    visit.open("/connections/1/edit")
    visit.page.check("input[name=usable_by][value=contributors]")
    steps.press(visit, words("Save"))
    visit.page.wait_for_url("**/connections/1")


def _a_viewer_only_looks(carla: Visit, words: Words) -> None:
    carla.open("/exports")
    expect(carla.page.get_by_role("link", name=steps.EXPORT, exact=True)).to_be_visible()
    expect(carla.page.get_by_role("button", name=words("Run {name}", name=steps.EXPORT))).to_have_count(0)
    for path in ("/exports/1", "/runs/2", "/segments/1?members=1"):
        assert carla.open(path).status == 200
        assert not [address for address in addresses(range(10)) if address in carla.page.content()]
    for path in (*steps.TRIED, "/exports/1/edit", "/exports/1/remove", "/permissions", "/audit"):
        assert carla.open(path).status == 403
        expect(carla.page.get_by_role("alert")).to_contain_text("not-allowed")


def _removing_asks_what_becomes_of_the_contacts(visit: Visit, words: Words) -> None:
    visit.open("/exports/1/remove")
    steps.press(visit, words("Remove"))
    steps.refused(visit, "choice-missing")
    steps.labelled(visit, words("Leave them on the list")).check()
    steps.press(visit, words("Remove"))
    visit.page.wait_for_url("**/exports")
    expect(visit.page.get_by_text(words("No export yet"))).to_be_visible()
