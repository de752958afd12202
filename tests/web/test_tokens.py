"""API tokens on the pages: made by their owner, shown once, seen and revoked by administrators."""

from datetime import timedelta

import pytest

from tests.control.cast import account, actor
from tests.web.browsers import Browser, Web
from tests.world import now
from traginer.control import tokens
from traginer.control.accounts.errors import TokenRevoked
from traginer.control.models import Token

NEW = {"name": "dbt, nightly", "scopes": ["read", "run"], "days": "30"}


def test_a_token_is_shown_once_and_works(ada: Browser, web: Web) -> None:
    page = ada.send("/account/tokens", NEW, 200)
    secret = page.chosen[""]
    assert tokens.actor_for(secret, None).scopes == frozenset({"read", "run"})
    assert "curl -H" in page.html
    assert "/api/v1/exports" in page.html
    again = ada.open("/account/tokens")
    assert "dbt, nightly" in again.text
    assert secret not in again.html
    made = Token.objects.get()
    assert made.expires_at - made.created_at == timedelta(days=30)
    called = web.browser().get("/api/v1/exports", headers={"Authorization": f"Bearer {secret}"})
    assert called.status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [({"name": ""}, "choice-missing"), ({"scopes": []}, "scope-unknown"), ({"days": "4000"}, "token-life-invalid")],
)
def test_a_token_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    ada: Browser, change: dict[str, object], code: str
) -> None:
    page = ada.send("/account/tokens", {**NEW, **change}, 422)
    assert code in page.text
    assert page.chosen["name"] == {**NEW, **change}["name"]
    assert not Token.objects.exists()


def test_a_revoked_token_is_worth_nothing_and_says_who_revoked_it(ada: Browser) -> None:
    secret = ada.send("/account/tokens", NEW, 200).chosen[""]
    page = ada.send(f"/account/tokens/{Token.objects.get().pk}/revoke", {"next": "/account/tokens"})
    assert 'The token "dbt, nightly" is worth nothing from now on.' in page.text
    assert {"Revoked", "by ada@example.org"} <= set(page.texts)
    assert tokens.state(Token.objects.get(), now()) == "revoked"
    with pytest.raises(TokenRevoked):
        tokens.actor_for(secret, None)


def test_each_sees_their_own_tokens_and_administrators_those_of_all(ada: Browser, web: Web) -> None:
    account("bernat")
    number = tokens.create(actor("bernat"), "Bernat's script", ["read"])[0].pk
    assert "Bernat's script" not in ada.open("/account/tokens").text
    assert {"Bernat's script", "bernat@example.org"} <= set(ada.open("/permissions/tokens").texts)
    carla = web.browser("carla")
    assert "token-not-found" in carla.send(f"/account/tokens/{number}/revoke", {}, 404).text
    ada.send(f"/account/tokens/{number}/revoke", {"next": "/permissions/tokens"})
    assert ada.led_to == "/permissions/tokens"
    assert "Revoked" in web.browser("bernat").open("/account/tokens").texts


def test_going_back_after_revoking_never_leads_elsewhere(ada: Browser) -> None:
    ada.send("/account/tokens", NEW, 200)
    ada.send(f"/account/tokens/{Token.objects.get().pk}/revoke", {"next": "https://evil.example.org/"})
    assert ada.led_to == "/"
