"""The first start, coming in and going out, the second factor, and what holds before anybody has logged in."""

import html
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.test import Client

from tests.control import provider as local
from tests.control.cast import PASSWORD, account, settings_now
from tests.control.provider import Provider
from tests.web.browsers import Browser
from tests.web.reading import Page
from traginer.control import vault
from traginer.control.models import User

pytestmark = pytest.mark.usefixtures("installation")

ADA = {"email": "Ada@example.org", "name": "Ada", "password": PASSWORD, "again": PASSWORD}


def test_the_first_start_leads_every_page_to_the_set_up_and_makes_an_administrator() -> None:
    browser = Browser()
    for path in ("/", "/exports", "/log-in", "/nowhere"):
        response = browser.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, "/set-up")
    page = browser.send("/set-up", ADA)
    assert page.h1 == ["How do you want to begin?"]
    assert [(user.email, user.role, user.name) for user in User.objects.all()] == [
        ("ada@example.org", "administrator", "Ada")
    ]


def test_a_set_up_that_cannot_be_says_why_and_keeps_what_was_typed() -> None:
    browser = Browser()
    page = browser.send("/set-up", {**ADA, "again": "something else"}, 422)
    assert "The two passwords are not the same." in page.text
    assert (page.chosen["email"], page.chosen["password"]) == ("Ada@example.org", "")
    assert "user-email-invalid" in browser.send("/set-up", {**ADA, "email": "ada"}, 422).text
    assert "password-too-weak" in browser.send("/set-up", {**ADA, "password": "short", "again": "short"}, 422).text
    assert not User.objects.exists()


def test_what_is_signed_holds_over_a_restart_and_by_the_key_of_the_installation() -> None:
    """Sessions, codes and forms are signed: with another key after each start, everybody would be logged out."""
    of_processes = {str(settings_now()["SECRET_KEY"]) for _ in range(2)}
    assert of_processes == {vault.derived("signing")}
    assert str(django_settings.SECRET_KEY) == vault.derived("signing")


def test_nobody_sets_up_twice() -> None:
    account("ada")
    browser = Browser()
    assert browser.get("/set-up").headers["Location"] == "/"
    browser.post("/set-up", {**ADA, "email": "eve@example.org"})
    assert User.objects.count() == 1


def test_logging_in_leads_to_the_page_that_was_asked_for() -> None:
    account("ada")
    browser = Browser()
    asked = browser.get("/segments?search=a").headers["Location"]
    assert asked == "/log-in?next=%2Fsegments%3Fsearch%3Da"
    assert browser.open(asked).chosen["next"] == "/segments?search=a"
    page = browser.send("/log-in", log_in("ada", next="/segments?search=a"))
    assert (browser.led_to, page.h1) == ("/segments?search=a", ["Segments"])
    browser.post("/log-out")
    assert browser.get("/segments").status_code == 302


def test_logging_in_never_leads_elsewhere() -> None:
    account("ada")
    for elsewhere in ("https://evil.example.org/", "//evil.example.org/", "javascript:alert(1)"):
        browser = Browser()
        browser.send("/log-in", log_in("ada", next=elsewhere))
        assert browser.led_to == "/"


def test_a_wrong_password_is_told_without_saying_whose_it_is() -> None:
    account("ada")
    browser = Browser()
    wrong = browser.send("/log-in", log_in("ada", password="no"), 422).text
    assert "The e-mail or the password is not right." in wrong
    assert "The e-mail or the password is not right." in browser.send("/log-in", log_in("eve"), 422).text


def test_who_is_not_let_in_gets_the_reason_as_a_page() -> None:
    account("bernat", is_active=False)
    page = Browser().send("/log-in", log_in("bernat"), 403)
    assert "user-inactive" in page.text


def test_a_second_factor_is_set_up_asked_for_and_taken_off() -> None:
    account("ada")
    browser = Browser()
    browser.send("/log-in", log_in("ada"))
    secret = browser.open("/account/second-factor").chosen["secret"]
    assert "second-factor-wrong" in browser.send("/account/second-factor", factor(secret, "000000"), 422).text
    assert browser.send("/account/second-factor", factor(secret, code_of(secret)), 200).h1 == ["Recovery codes"]
    browser.post("/log-out")
    page = browser.send("/log-in", log_in("ada"), 422)
    assert "This account also asks for a code." in page.text
    assert "code" in page.chosen
    assert "code" in browser.send("/log-in", log_in("ada"), 422, part=True).chosen
    assert "second-factor-wrong" in browser.send("/log-in", log_in("ada", code="123"), 422).text


def test_a_role_that_must_have_a_second_factor_can_do_nothing_before(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_ROLES = ("administrator",)
    account("ada")
    browser = Browser()
    page = browser.send("/log-in", log_in("ada"))
    assert page.h1 == ["Set up an authenticator app"]
    assert browser.get("/exports").headers["Location"] == "/account/second-factor"


def test_changing_the_password_keeps_this_session_and_ends_the_others() -> None:
    account("ada")
    here, there = Browser(), Browser()
    for browser in (here, there):
        browser.send("/log-in", log_in("ada"))
    new = "five loud silver kettles"
    assert "passwords-differ" in here.send("/account", change(new, again="x"), 422).text
    assert "entry-refused" in here.send("/account", change(new, old="x"), 422).text
    assert "The password is changed." in here.send("/account", change(new)).text
    assert there.get("/exports").status_code == 302


@pytest.mark.parametrize(
    ("accepted", "language"), [("ca,en;q=0.5", "ca"), ("fr, en;q=0.3, ca;q=0.8", "ca"), ("", "en")]
)
def test_the_browser_says_the_language_until_somebody_chooses(accepted: str, language: str) -> None:
    account("ada")
    assert Browser(accepted).open("/log-in").language == language


def test_a_chosen_language_stays_with_the_browser_and_then_with_the_account() -> None:
    account("ada")
    browser = Browser("en")
    browser.post("/language", {"language": "ca", "next": "/log-in"})
    assert browser.open("/log-in").language == "ca"
    browser.send("/log-in", log_in("ada"))
    browser.post("/language", {"language": "en", "next": "/exports"})
    assert User.objects.get().language == "en"
    elsewhere = Browser("ca")
    elsewhere.send("/log-in", log_in("ada"))
    assert elsewhere.open("/exports").language == "en"


def test_a_look_is_kept_and_nothing_strange_is() -> None:
    account("ada")
    browser = Browser()
    browser.post("/theme", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in browser.open("/log-in").html
    browser.post("/theme", {"theme": '"><script>'})
    assert 'data-bs-theme="dark"' in browser.open("/log-in").html


def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    account("ada")
    careful = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    response = careful.post("/log-in", log_in("ada"))
    assert response.status_code == 403
    assert "form-expired" in Page(response.content.decode()).text


def test_a_name_that_is_not_ours_is_refused_in_words() -> None:
    account("ada")
    response = Client(headers={"Host": "evil.example.org", "Accept-Language": "en"}).get("/log-in")
    assert response.status_code == 400
    assert "host-unknown" in Page(response.content.decode()).text


@pytest.fixture
def provider(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that sends Eva, who is in a group without a role."""
    claims = {"sub": "1", "email": "eva@example.org", "email_verified": True, "name": "Eva"}
    with local.serving(**claims, groups=["guests"]) as serving:
        named = {"ISSUER": serving.url, "CLIENT_ID": local.CLIENT_ID, "CLIENT_SECRET": local.CLIENT_SECRET}
        for name, value in {**named, "GROUPS": "marketing=contributor"}.items():
            monkeypatch.setenv(f"TRAGINER_OIDC_{name}", value)
        for name, value in settings_now().items():
            if name.startswith(("OIDC_", "SOCIALACCOUNT_")):
                setattr(settings, name, value)
        yield serving


def test_who_comes_by_single_sign_on_without_a_role_is_told_whom_to_ask(provider: Provider) -> None:
    account("ada")
    browser = Browser()
    assert "/sso/oidc/sso/login/" in browser.open("/log-in").actions
    page = browser.open(sent_back(gone_on_to(browser, provider)), 403)
    assert "sign-on-without-role" in page.text
    assert "Ask ada@example.org to put you into one of these groups: marketing." in page.text


def test_a_form_leads_only_to_us_and_a_page_goes_on_to_the_provider_wherever_that_leads(provider: Provider) -> None:
    """Browsers hold each redirect of a form's answer to form-action, those of the provider to a further one too."""
    account("ada")
    browser = Browser()
    answer = browser.post("/sso/oidc/sso/login/")
    assert answer.status_code == 200
    assert re.search(r"form-action ([^;]*)", answer.headers["Content-Security-Policy"])[1] == "'self'"  # type: ignore[index]
    page = Page(answer.content.decode())
    there = html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.html)[1])  # type: ignore[index]
    assert there.startswith(f"{provider.url}/authorize?")
    assert there in page.links, "for whoever's browser does not go on by itself"


def gone_on_to(browser: Browser, provider: Provider) -> str:
    """Where the page leads that answers to the button of single sign-on."""
    page = browser.send("/sso/oidc/sso/login/", {}, 200)
    return next(link for link in page.links if link.startswith(provider.url))


def sent_back(there: str) -> str:
    """Where the provider sends the browser back to."""
    asked = urlsplit(there)
    connection = HTTPConnection(asked.netloc)
    connection.request("GET", f"{asked.path}?{asked.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def log_in(who: str, **values: str) -> dict[str, str]:
    return {"email": f"{who}@example.org", "password": PASSWORD, **values}


def factor(secret: str, code: str) -> dict[str, str]:
    return {"secret": secret, "code": code, "password": PASSWORD}


def change(new: str, **values: str) -> dict[str, str]:
    return {"do": "password", "old": PASSWORD, "new": new, "again": new, **values}


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
