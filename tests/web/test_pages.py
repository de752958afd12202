"""All pages: for everybody, in both languages, with the refusals in words; valid, and without anything that the policy forbids."""

import pytest

from tests import messages
from tests.web.addresses import PARTS, PEOPLE, SEEN
from tests.web.browsers import Browser, Web
from tests.web.reading import Page
from tests.world import SCHEMA, addresses, people
from traginer.control.rights import SCOPES


@pytest.fixture
def ran(web: Web) -> Web:
    """The world after a run that left somebody out."""
    web.world.put_profiles(people([77], email="no address"))
    web.world.run()
    return web


@pytest.mark.parametrize("language", ["en", "ca"])
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_opens_or_says_who_may(ran: Web, who: str, language: str) -> None:
    """L5: who sees which page."""
    browser = ran.browser(who, language)
    found = {path: browser.get(path).status_code for path in SEEN}
    assert found == {path: expected[PEOPLE.index(who)] for path, expected in SEEN.items()}


def test_nobody_sees_a_page_without_a_log_in(web: Web) -> None:
    browser = web.browser()
    for path in SEEN:
        response = browser.get(path)
        if path != "/nowhere":
            assert response.status_code == 302, path
            assert response.headers["Location"].startswith("/log-in"), path


@pytest.mark.parametrize("language", ["en", "ca"])
def test_every_page_is_whole_and_every_field_has_a_name(ran: Web, language: str) -> None:
    browser = ran.browser("ada", language)
    for path, expected in SEEN.items():
        page = browser.open(path, expected[0])
        assert page.unlabelled == [], path
        assert page.repeated_ids == set(), path
        assert page.inline == [], path
        if path not in PARTS:
            assert (page.language, len(page.h1)) == (language, 1), (path, page.h1)


def test_every_page_forbids_what_it_does_not_need(web: Web) -> None:
    browser = web.browser("ada")
    for path in ("/exports", "/nowhere", "/account/second-factor", "/log-in", "/static/app.css"):
        response = browser.get(path)
        response.close()
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_page_in_catalan_says_nothing_in_english(ran: Web) -> None:
    """Texts that are not in the catalogue yet are the business of the tests of translations."""
    english = {m.id for m in messages.translated() if isinstance(m.id, str) and m.string and m.string != m.id}
    # The same word may stand for a thing and for a deed; columns are called as their source calls them, scopes as the API does.
    english -= {m.id for m in messages.extracted() if m.context} | set(SCHEMA.names) | set(SCOPES)
    browser = ran.browser("ada", "ca")
    left = {path: english & set(browser.open(path, expected[0]).texts) for path, expected in SEEN.items()}
    assert {path: texts for path, texts in left.items() if texts} == {}


def test_no_link_of_a_page_leads_nowhere(ran: Web) -> None:
    browser = ran.browser("ada")
    pages = {path: browser.open(path) for path, expected in SEEN.items() if expected[0] == 200}
    links = {link.partition("#")[0] for page in pages.values() for link in page.links if link.startswith("/")}
    answers = {link: browser.get(link) for link in links}
    for answer in answers.values():
        answer.close()
    assert {link for link, answer in answers.items() if answer.status_code >= 400} == set()


def test_the_navigation_holds_what_the_reader_may_see(ran: Web) -> None:
    """S10, S25: the words and the places of the seed."""
    seen = {who: navigation(ran.browser(who).open("/exports")) for who in PEOPLE}
    everything = [
        "exports",
        "segments",
        "sources",
        "profiles",
        "connections",
        "notices",
        "system",
        "permissions",
        "audit",
    ]
    assert seen["ada"] == [f"/{name}" for name in everything]
    assert seen["bernat"] == ["/exports", "/segments", "/sources", "/profiles", "/connections", "/system"]
    assert seen["carla"] == ["/exports", "/segments", "/profiles", "/system"]


def test_a_viewer_sees_no_address(ran: Web) -> None:
    """L5: viewers see exports, what is shared, and the latest status, and never an address."""
    browser = ran.browser("carla")
    for path, expected in SEEN.items():
        page = browser.open(path, expected[2])
        assert not {one for one in addresses(range(100)) if one in page.html}, path
        assert "C0077" not in page.html, path
    assert browser.get("/runs/1/rejections.csv").status_code == 403


def test_a_refusal_says_what_whose_turn_what_next_and_a_code(ran: Web) -> None:
    page = ran.browser("carla").open("/connections/add", 403)
    assert "carla@example.org may not create and change connections." in page.text
    assert "Ask ada@example.org." in page.text
    assert "It is the turn of the operator." in page.text
    assert "not-allowed" in page.text


def test_what_somebody_may_not_see_looks_as_if_it_were_not_there(web: Web) -> None:
    """L1: a connection that is not shared with a contributor is none for them."""
    web.world.apply()
    hidden, missing = (web.browser("bernat").open(path, 404).text for path in ("/connections/1", "/connections/999"))
    assert hidden == missing.replace("999", "1")


def navigation(page: Page) -> list[str]:
    return [link for link in page.links if link.strip("/") in NAMES]


NAMES = {"exports", "segments", "sources", "profiles", "connections", "notices", "system", "permissions", "audit"}


def test_a_source_that_cannot_be_read_is_told_on_its_page(ada: Browser, web: Web) -> None:
    web.world.profiles_file.unlink()
    page = ada.open("/sources/1")
    assert page.h1 == ["Customers"]
    assert "source-missing" in page.text
    assert "source-missing" in ada.open("/exports/1/edit").text
