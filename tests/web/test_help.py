"""The guide in the product: for everybody, in the reader's language, found by words, and linked from where it helps."""

import re

import pytest
from django.urls import URLPattern

from tests.web.addresses import PARTS, SEEN
from tests.web.browsers import Browser, Web
from tests.world import people
from traginer import guide
from traginer.guide import searching
from traginer.i18n import LANGUAGES
from traginer.web import help_places, routes, tags

ADDRESSES = ["/help", *(f"/help/{name}" for name in guide.NAMES)]
ANCHORS = {name: {part.anchor for part in guide.page(name, "en").sections} for name in guide.NAMES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("installation")
def test_every_page_is_whole_for_somebody_who_has_not_logged_in(language: str) -> None:
    """Also before there is an account: whoever sets the product up may need help with it."""
    browser = Browser(language)
    for address in ADDRESSES:
        page = browser.open(address)
        assert (page.language, len(page.h1)) == (language, 1), address
        assert page.repeated_ids == set(), address
        assert page.inline == [], address
        assert page.unlabelled == [], address
        assert "/log-out" not in page.actions


def test_whoever_has_logged_in_sees_the_guide_in_the_frame_of_the_product(ada: Browser) -> None:
    page = ada.open("/help/segments")
    assert "/exports" in page.links
    assert "/log-out" in page.actions


def test_every_link_of_the_guide_leads_to_a_page_and_to_a_heading_that_is_there(ada: Browser) -> None:
    for address in ADDRESSES:
        page = ada.open(address)
        for link in page.links:
            target, _, anchor = link.partition("#")
            if re.fullmatch(r"[a-z-]+", target):  # as pages of the guide name each other
                assert target in guide.NAMES, (address, link)
                assert not anchor or anchor in ANCHORS[target], (address, link)
            elif not target and anchor != "content":
                assert anchor in ANCHORS[address.removeprefix("/help/")], (address, link)


def test_pages_are_read_one_after_the_other(ada: Browser) -> None:
    at, read = "/help/get-started", ["get-started"]
    while following := re.search(r'class="next" href="/help/([a-z-]+)"', ada.get(at).content.decode()):
        read.append(following[1])
        at = f"/help/{following[1]}"
    assert tuple(read) == guide.NAMES


def test_a_page_that_is_not_there_is_refused_in_words(ada: Browser) -> None:
    assert "page-unknown" in ada.open("/help/nowhere", 404).text
    assert ada.get("/help/pictures/en/nothing.webp").status_code == 404
    assert ada.get("/help/pictures/nowhere/run.webp").status_code == 404


def test_the_pictures_of_the_pages_are_there(ada: Browser) -> None:
    shown = {
        f"/help/{source}"
        for name in guide.NAMES
        for source in re.findall(r'src="(pictures/[^"]+)"', ada.get(f"/help/{name}").content.decode())
    }
    assert shown
    for address in shown:
        answer = ada.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp"), address
        assert answer.content[8:12] == b"WEBP"


def test_a_search_finds_sections_by_all_their_words_and_marks_them(ada: Browser) -> None:
    page = ada.open("/help?search=HELD+run")
    assert "/help/runs#held-runs" in page.links
    assert "<mark>" in page.html
    assert ada.open("/help?search=held+zzzz").text.count("Nothing in the guide holds all of these words") == 1


def test_a_search_reads_over_accents_and_finds_an_error_by_its_code(web: Web) -> None:
    assert "/help/runs#held-runs" in web.browser("ada", "ca").open("/help?search=execucions+retingudes").links
    assert "/help/troubleshooting#brevo-list-not-found" in web.browser("ada").open("/help?search=list-not-found").links
    assert searching.folded("Cancel·la l'Execució") == "cancel·la l'execucio"


def test_what_somebody_searches_for_is_shown_as_it_was_typed_and_no_longer_than_may_be(ada: Browser) -> None:
    page = ada.open("/help?search=%3Cb%3Eheld%3C/b%3E")
    assert "<b>held" not in page.html
    assert len(ada.get("/help", {"search": "a " * 5000}).content) < 200_000


def test_each_page_of_the_product_leads_to_a_help_that_is_there(web: Web) -> None:
    browser = web.browser("ada")
    for address, expected in SEEN.items():
        html = "" if address in PARTS or expected[0] != 200 else browser.get(address).content.decode()
        if 'class="frame"' not in html:
            continue
        helping = re.search(r'class="help-here" href="/help/([^"]+)"', html)
        assert helping, address
        name, _, anchor = helping[1].partition("#")
        assert name in guide.NAMES, address
        assert not anchor or anchor in ANCHORS[name], address


def test_help_is_named_for_every_kind_of_page_and_only_for_those_there_are() -> None:
    names = {route.name or "" for route in routes.urlpatterns if isinstance(route, URLPattern)}
    without = {"home", "help", "log", "language", "theme", "nowhere", "openid_connect_login"}
    words = {name.partition("-")[0] for name in names} | names
    assert {name for name in help_places.PLACES if name not in words} == set()
    helped = {name for name in names if name in help_places.PLACES or name.partition("-")[0] in help_places.PLACES}
    left = {
        name for name in names - helped if name.partition("-")[0] not in without and not name.startswith("account_")
    }
    assert {name for name in left if not name.startswith("openid")} == set()
    for place in help_places.PLACES.values():
        page, _, anchor = place.partition("#")
        assert page in guide.NAMES, place
        assert not anchor or anchor in ANCHORS[page], place


def test_an_error_leads_to_what_the_guide_says_about_it(web: Web) -> None:
    page = web.browser("carla").open("/connections/add", 403)
    assert "/help/troubleshooting#not-allowed" in page.links
    assert "not-allowed" in ANCHORS["troubleshooting"]


def test_a_code_leads_to_where_it_is_explained_and_one_that_is_nowhere_to_nothing() -> None:
    assert help_places.explanation("not-allowed") == "/help/troubleshooting#not-allowed"
    assert help_places.explanation("list-would-shrink") == "/help/runs#held-runs"
    assert help_places.explanation("email-invalid") == "/help/contacts#reasons"
    assert help_places.explanation("nothing-changed") == ""
    assert tags.explained("<b>") == '<span class="code">&lt;b&gt;</span>'


def test_a_run_that_left_somebody_out_leads_to_the_reasons(web: Web) -> None:
    web.world.put_profiles(people([77], email="no address"))
    web.world.run()
    assert "/help/contacts#reasons" in web.browser("ada").open("/runs/1").links
