"""The ledger of an export on its page: what the books say, whether they are whole, and how they compare with Brevo's count."""

from tests.web.browsers import Browser, Web
from tests.world import STRANGERS, people
from traginer.control import exports
from traginer.control.accounts import operator


def test_before_the_first_run_the_page_says_that_there_is_no_ledger(ada: Browser) -> None:
    assert "There is no ledger yet: no run has filled the list." in ada.open("/exports/1/ledger").text


def test_after_a_run_the_books_and_brevo_count_the_same(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people(range(12)) + STRANGERS)
    web.world.run()
    page = ada.open("/exports/1/ledger")
    assert "12" in page.texts
    assert "by run 1" in page.texts
    assert "/runs/1" in page.links
    checked = ada.send("/exports/1/ledger/check", {}, 200)
    assert "The ledger is whole" in checked.text
    assert "12 contacts by our books; Brevo counts 12 on the list" in checked.text
    assert "The numbers are equal." in checked.texts


def test_contacts_that_somebody_else_took_off_are_told(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people(range(12)))
    web.world.run()
    web.world.sandbox.take_off(7, "aina3@example.org")
    assert "The list holds fewer" in ada.send("/exports/1/ledger/check", {}, 200).text


def test_a_damaged_ledger_is_told_with_the_way_to_make_it_anew(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people(range(3)))
    web.world.run()
    path = exports.ledger_of(exports.get(operator(), "Newsletter"))
    assert path is not None
    path.write_bytes(path.read_bytes()[:-20])
    assert "cannot be read" in ada.open("/exports/1/ledger").texts
    checked = ada.send("/exports/1/ledger/check", {}, 200)
    assert "ledger-damaged" in checked.text
    assert "traginer ledger rebuild Newsletter" in checked.html


def test_an_account_that_hides_itself_is_told_beside_what_the_books_say(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people(range(3)))
    web.world.run()
    web.world.sandbox.stop()
    checked = ada.send("/exports/1/ledger/check", {}, 200)
    assert "brevo-unavailable" in checked.text
    assert "10 contacts by our books" in checked.text


def test_the_ledger_is_for_administrators(web: Web) -> None:
    for who in ("bernat", "carla"):
        assert "not-allowed" in web.browser(who).open("/exports/1/ledger", 403).text
        assert "not-allowed" in web.browser(who).send("/exports/1/ledger/check", {}, 403).text
