"""Single sign-on against a real provider on this machine: who comes in, with which role, and who is refused in words."""

from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from tests.control import provider as local
from tests.control.cast import QUICK, account, actor, settings_now
from tests.control.provider import Provider
from traginer.control import accounts, audit
from traginer.control.accounts import errors
from traginer.control.accounts.web import sign_on_settings
from traginer.control.models import User

pytestmark = pytest.mark.usefixtures("installation")

EVA = {"sub": "248289761001", "email": "Eva@Example.org", "email_verified": True, "name": "Eva Pous"}


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """The provider, named in the environment, with Eva as the next who comes."""
    with local.serving(**EVA, groups=["staff", "marketing"]) as serving:
        for name, value in {
            "ISSUER": serving.url + "/",
            "CLIENT_ID": local.CLIENT_ID,
            "CLIENT_SECRET": local.CLIENT_SECRET,
            "GROUPS": "marketing=contributor, traginer admins = administrator,staff=viewer",
        }.items():
            monkeypatch.setenv(f"TRAGINER_OIDC_{name}", value)
        for name, value in settings_now().items():
            if name.startswith(("OIDC_", "SOCIALACCOUNT_")):
                setattr(settings, name, value)
        settings.ROOT_URLCONF = "tests.control.pages"
        settings.LOGIN_REDIRECT_URL = "/whoami/"
        settings.PASSWORD_HASHERS = QUICK
        yield serving


def come(client: Client | None = None) -> Client:
    """Go to the provider and come back, as a browser does."""
    client = client or Client(REMOTE_ADDR="203.0.113.7")
    back = client.get(sent_back(client))
    assert (back.status_code, back.headers.get("Location")) == (302, "/whoami/"), back.content
    return client


def sent_back(client: Client) -> str:
    """Where the provider sends the browser back to."""
    there = urlsplit(client.post("/sso/oidc/sso/login/").headers["Location"])
    connection = HTTPConnection(there.netloc)
    connection.request("GET", f"{there.path}?{there.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def whoami(client: Client) -> dict[str, str]:
    return client.get("/whoami/").json()


def test_whoever_the_provider_knows_comes_in_with_the_highest_role_of_their_groups(provider: Provider) -> None:
    assert whoami(come()) == {"name": "eva@example.org", "role": "contributor", "door": "web"}
    eva = User.objects.get()
    assert (eva.name, eva.has_usable_password()) == ("Eva Pous", False)
    assert provider.asked == ["/.well-known/openid-configuration", "/authorize", *provider.asked[2:]]
    assert {"/token", "/userinfo"} <= set(provider.asked)


def test_groups_are_looked_at_again_at_each_log_in(provider: Provider) -> None:
    browser = come()
    provider.claims["groups"] = ["traginer admins"]
    come()
    assert whoami(browser) == {}, "the session with the former role has ended"
    assert User.objects.get().role == "administrator"
    provider.claims["groups"] = "staff"
    account("ada")
    assert whoami(come())["role"] == "viewer"
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("groups", [None, [], ["guests"], "guests", {"marketing": True}, "marketing,staff"])
def test_somebody_in_no_group_with_a_role_is_refused_in_words(provider: Provider, groups: Any) -> None:
    account("ada")
    provider.claims["groups"] = groups
    client = Client()
    with pytest.raises(errors.SignOnWithoutRole) as refusal:
        client.get(sent_back(client))
    assert "eva@example.org" in refusal.value.sentence.lower()
    assert refusal.value.advice == (
        "Ask ada@example.org to put you into one of these groups: marketing, traginer admins, staff."
    )
    assert not User.objects.filter(email="eva@example.org").exists()
    assert whoami(client) == {}
    (entry,) = audit.entries(actor("ada"))
    assert (entry.action, entry.result, entry.via) == ("user:enter", "denied", "single sign-on")


def test_somebody_who_lost_their_groups_is_refused_though_they_have_an_account(provider: Provider) -> None:
    come()
    provider.claims["groups"] = []
    with pytest.raises(errors.SignOnWithoutRole):
        come()


def test_an_account_with_a_verified_address_is_the_one_that_was_there(provider: Provider) -> None:
    eva = account("eva", "viewer")
    come()
    assert User.objects.get().pk == eva.pk
    assert SocialAccount.objects.get().user_id == eva.pk


def test_a_changed_address_at_the_provider_is_the_same_person_here(provider: Provider) -> None:
    come()
    provider.claims["email"] = "ada@example.org"
    account("ada")
    assert whoami(come())["name"] == "eva@example.org"


@pytest.mark.parametrize("verified", [False, None, "false", "yes"])
def test_an_address_that_is_not_verified_opens_no_account(
    provider: Provider, settings: Settings, verified: object
) -> None:
    """Else whoever may choose their address at the provider would come in as the administrator who has it here."""
    account("eva", "administrator")
    account("ada")
    provider.claims["email_verified"] = verified
    with pytest.raises(errors.SignOnNotVerified):
        come()
    assert not SocialAccount.objects.exists()
    settings.OIDC_EMAILS_TRUSTED = True
    assert whoami(come())["name"] == "eva@example.org"


def test_a_closed_account_stays_closed(provider: Provider) -> None:
    account("eva", "viewer", is_active=False)
    with pytest.raises(errors.UserInactive):
        come()


def test_the_last_administrator_is_not_demoted_by_a_change_of_groups(provider: Provider) -> None:
    account("eva", "administrator")
    with pytest.raises(errors.LastAdministrator):
        come()
    assert User.objects.get().role == "administrator"


def test_a_code_that_somebody_else_got_is_worth_nothing(provider: Provider) -> None:
    thief, victim = Client(), Client()
    with pytest.raises(errors.SignOnFailed):
        thief.get(sent_back(victim))
    assert whoami(thief) == {}
    assert not User.objects.exists()


def test_a_code_is_worth_nothing_without_the_verifier_that_only_our_server_has(provider: Provider) -> None:
    client = Client()
    back = sent_back(client)
    for query in provider.codes.values():
        query["code_challenge"] = "of another server"
    with pytest.raises(errors.SignOnFailed):
        client.get(back)
    assert provider.pkce_failures == 1
    assert whoami(client) == {}


@pytest.mark.parametrize("spoil", [{"audience": "another client"}, {"issuer": "https://elsewhere.example.org"}])
def test_a_token_for_another_client_or_of_another_provider_is_refused(
    provider: Provider, spoil: dict[str, str]
) -> None:
    for name, value in spoil.items():
        setattr(provider, name, value)
    client = Client()
    with pytest.raises(errors.SignOnFailed):
        client.get(sent_back(client))
    assert whoami(client) == {}
    assert not User.objects.exists()


def test_whoever_cancels_at_the_provider_is_told_so(provider: Provider) -> None:
    client = Client()
    back = sent_back(client).replace("code=", "error=access_denied&was=")
    with pytest.raises(errors.SignOnFailed) as refusal:
        client.get(back)
    assert "canceled" in refusal.value.sentence


def test_userinfo_about_somebody_else_is_refused(provider: Provider) -> None:
    provider.userinfo = {"sub": "another"}
    with pytest.raises(errors.SignOnMisconfigured):
        come()


def test_what_the_provider_tells_of_a_person_is_not_kept(provider: Provider) -> None:
    come()
    come()
    assert SocialAccount.objects.get().extra_data == {}


def test_coming_in_and_what_it_changed_is_in_the_audit(provider: Provider) -> None:
    come()
    provider.claims["groups"] = ["traginer admins"]
    come()
    told = [(e.actor, e.action, e.via) for e in reversed(audit.entries(accounts.operator()))]
    assert told == [
        ("single sign-on", "user:write", ""),
        ("eva@example.org", "user:enter", "single sign-on"),
        ("single sign-on", "user:write", ""),
        ("eva@example.org", "user:enter", "single sign-on"),
    ]


def test_whoever_comes_in_by_single_sign_on_alone_has_the_second_factor_there(
    provider: Provider, settings: Settings
) -> None:
    settings.SECOND_FACTOR_ROLES = ("viewer", "contributor", "administrator")
    assert whoami(come())["name"] == "eva@example.org"


def test_the_provider_has_asked_for_what_it_wants_so_the_own_second_factor_is_not_asked_for(provider: Provider) -> None:
    TOTP.activate(account("eva", "viewer"), generate_totp_secret())
    assert whoami(come())["name"] == "eva@example.org"


def test_a_group_can_be_inside_another_claim(provider: Provider, settings: Settings) -> None:
    settings.OIDC_GROUPS_CLAIM = "realm_access.roles"
    provider.claims["realm_access"] = {"roles": ["traginer admins"]}
    assert whoami(come())["role"] == "administrator"
    provider.claims["https://example.org/groups"] = ["staff"]
    settings.OIDC_GROUPS_CLAIM = "https://example.org/groups"
    account("ada")
    assert whoami(come())["role"] == "viewer"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"HAS_SIGN_ON": False}, "traginer[sso]"),
        ({"OIDC_ISSUER": "http://id.example.org"}, "https://"),
        ({"OIDC_GROUPS": ""}, "names no group"),
        ({"OIDC_GROUPS": "staff"}, "list of group=role"),
        ({"OIDC_GROUPS": "staff=owner"}, "list of group=role"),
        ({"OIDC_GROUPS": "=viewer"}, "list of group=role"),
    ],
)
def test_what_cannot_work_is_said_before_anybody_tries(
    provider: Provider, settings: Settings, changes: dict[str, object], says: str
) -> None:
    sign_on_settings.require_configured()
    for name, value in changes.items():
        setattr(settings, name, value)
    with pytest.raises(errors.SignOnMisconfigured) as refusal:
        sign_on_settings.require_configured()
    assert says in refusal.value.sentence


def test_without_a_provider_nothing_has_to_be_set_up(settings: Settings) -> None:
    settings.OIDC_ISSUER = ""
    sign_on_settings.require_configured()
    assert not sign_on_settings.is_on()
