"""Sessions: what the cookie says, when a session ends, and that its rights are those of the account now."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from tests.control.cast import PASSWORD, QUICK, account, actor, settings_now
from traginer.control import accounts, vault
from traginer.control.accounts import errors
from traginer.control.accounts.web import sessions
from traginer.control.errors import VaultKeyInvalid

pytestmark = pytest.mark.usefixtures("installation")

HOUR = 60 * 60


@pytest.fixture(autouse=True)
def _pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.control.pages"
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def browser() -> Client:
    """A browser in which Bernat has logged in; Ada is there too."""
    account("ada")
    account("bernat")
    return logged_in("bernat")


def logged_in(name: str) -> Client:
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.post("/login/", {"email": f"{name}@example.org", "password": PASSWORD})
    return client


def whoami(client: Client) -> str:
    return client.get("/whoami/").json().get("role", "")


def test_a_session_acts_for_its_owner_with_the_address_it_comes_from(browser: Client) -> None:
    assert browser.get("/whoami/").json() == {"name": "bernat@example.org", "role": "contributor", "door": "web"}
    assert whoami(Client()) == ""
    browser.get("/logout/")
    assert whoami(browser) == ""


def test_the_cookie_is_for_our_server_only(browser: Client) -> None:
    cookie = browser.cookies["traginer_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]


@pytest.mark.parametrize(
    ("url", "is_secure"), [("https://traginer.example.org", True), ("http://localhost:8080", False)]
)
def test_the_cookies_are_secure_where_the_pages_are(url: str, is_secure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_URL", url)
    said = settings_now()
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is is_secure


@pytest.mark.parametrize(
    ("value", "roles"),
    [("", []), ("administrators", ["administrator"]), ("everybody", ["viewer", "contributor", "administrator"])],
)
def test_the_environment_says_who_must_have_a_second_factor(
    value: str, roles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAGINER_SECOND_FACTOR", value)
    assert list(settings_now()["SECOND_FACTOR_ROLES"]) == roles


@pytest.mark.parametrize(
    ("key", "age", "lives"),
    [
        (sessions.SEEN, 12 * HOUR - 60, True),
        (sessions.SEEN, 12 * HOUR + 60, False),
        (sessions.BEGAN, 7 * 24 * HOUR - 60, True),
        (sessions.BEGAN, 7 * 24 * HOUR + 60, False),
    ],
)
def test_a_session_ends_after_12_hours_of_silence_and_after_7_days(
    browser: Client, key: str, age: float, lives: bool
) -> None:
    session = browser.session
    session[key] -= age
    session.save()
    assert bool(whoami(browser)) is lives
    if lives and key == sessions.SEEN:
        assert browser.session[key] > session[key], "the request was seen"


def test_most_requests_do_not_write_the_session(browser: Client) -> None:
    before = browser.session[sessions.SEEN]
    assert whoami(browser)
    assert browser.session[sessions.SEEN] == before


@pytest.mark.parametrize(
    "change",
    [
        lambda ada: accounts.change_role(ada, "bernat@example.org", "viewer"),
        lambda ada: accounts.set_password(ada, "bernat@example.org", "five loud copper kettles"),
        lambda ada: accounts.deactivate(ada, "bernat@example.org"),
        lambda ada: accounts.reset_second_factor(ada, "bernat@example.org"),
    ],
)
def test_a_change_of_the_account_ends_its_sessions_and_nobody_elses(
    browser: Client, change: Callable[[accounts.Actor], object]
) -> None:
    other = logged_in("ada")
    change(actor("ada"))
    assert whoami(browser) == ""
    assert whoami(other) == "administrator"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.4", "203.0.113.7"),
        (1, "192.0.2.1, 198.51.100.4", "198.51.100.4"),
        (2, "192.0.2.1, 198.51.100.4, 10.0.0.2", "198.51.100.4"),
        (2, "198.51.100.4", "203.0.113.7"),
        (1, "", "203.0.113.7"),
    ],
)
def test_only_what_our_own_proxies_say_is_believed_of_where_a_request_comes_from(
    proxies: int, forwarded: str, address: str, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory(REMOTE_ADDR="203.0.113.7").get("/", headers={"X-Forwarded-For": forwarded})
    assert sessions.address(request) == address


def test_sessions_whose_time_is_over_are_forgotten(browser: Client) -> None:
    Session.objects.update(expire_date=timezone.now())
    logged_in("ada")
    assert Session.objects.count() == 1


def test_logging_in_gives_the_session_another_name() -> None:
    account("bernat")
    client = Client()
    client.session.save()
    before = client.session.session_key
    client.post("/login/", {"email": "bernat@example.org", "password": PASSWORD})
    assert client.session.session_key != before


def test_who_must_have_a_second_factor_has_no_right_before_it_is_there(settings: Settings) -> None:
    account("ada")
    settings.SECOND_FACTOR_ROLES = ("administrator",)
    browser = logged_in("ada")
    with pytest.raises(errors.SecondFactorMissing):
        whoami(browser)
    assert browser.get("/newcomer/").json() == {"name": "ada@example.org", "role": "", "door": "web"}


def test_the_signing_key_is_made_of_the_key_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions outlive a new key that is put before the old one, and not the loss of it."""
    old, new = "b2xkIGtleSBvZiAzMiBieXRlcyBmb3IgdGVzdHMgISE=", "bmV3IGtleSBvZiAzMiBieXRlcyBmb3IgdGVzdHMgISE="
    signing = {}
    for keys in (old, f"{new},{old}", new):
        monkeypatch.setenv("TRAGINER_KEY", keys)
        signing[keys] = vault.derived("signing")
    assert signing[old] == signing[f"{new},{old}"] != signing[new]
    assert vault.derived("signing") != vault.derived("another purpose")
    assert new not in vault.derived("signing")
    monkeypatch.setenv("TRAGINER_KEY", "no key")
    with pytest.raises(VaultKeyInvalid):
        vault.derived("signing")
