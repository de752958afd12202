"""Who comes in over the API, and who does not."""

from datetime import timedelta

import pytest

from tests.api.world import Asking
from tests.control.cast import account, actor
from traginer.control import accounts, tokens
from traginer.control.models import Token


def test_a_token_acts_for_its_owner_within_its_scopes(api: Asking) -> None:
    """S37: a program asks for a run as the person whose token it has, and that is in the audit."""
    assert api.get("me", who="bernat").json == {
        "name": "bernat@example.org",
        "role": "contributor",
        "token": "1 bernat read run write",
        "scopes": ["read", "run", "write"],
    }
    assert api.post("exports/1/runs", who="bernat").json["requested_by"] == "bernat@example.org"
    assert api.put("exports/1/disablement", {}, who="bernat").status == 200
    entry = api.get("audit?action=export:write&limit=1").json["items"][0]
    assert (entry["actor"], entry["door"], entry["address"], entry["via"]) == (
        "bernat@example.org", "api", "127.0.0.1", "token 1 bernat read run write",
    )  # fmt: skip


def test_a_token_without_the_scope_is_refused_what_its_owner_may(api: Asking) -> None:
    reading = {"Authorization": f"Bearer {api.token('ada', 'read')}"}
    assert api.get("exports/1", **reading).status == 200
    refused = api.post("exports/1/runs", **reading)
    assert (refused.status, refused.code) == (403, "not-allowed")
    assert "It takes a token with the scope run." in refused.json["detail"]


def test_whoever_has_no_token_is_told_how_to_come_in(api: Asking) -> None:
    refused = api.get("exports", who="")
    assert (refused.status, refused.code) == (401, "token-missing")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="traginer"'


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("Bearer", "token-mistyped"),
        ("Basic YWRhOnB3", "token-missing"),
        ("Bearer trg_x", "token-mistyped"),
        ("Bearer {secret}x", "token-mistyped"),
        ("Bearer é", "token-mistyped"),
        ("bearer {secret}", ""),
    ],
)
def test_what_is_no_token_is_refused_as_what_it_is(api: Asking, sent: str, code: str) -> None:
    answer = api.get("me", Authorization=sent.format(secret=api.token("ada")))
    assert (answer.status, answer.code) == (401 if code else 200, code)
    assert not code or answer.headers["WWW-Authenticate"].startswith('Bearer realm="traginer"')


@pytest.mark.parametrize("code", ["token-unknown", "token-revoked", "token-expired", "user-inactive"])
def test_a_token_that_has_ended_is_worth_nothing(api: Asking, code: str) -> None:
    secret, token = api.token("bernat"), Token.objects.get()
    match code:
        case "token-unknown":
            token.delete()
        case "token-revoked":
            tokens.revoke(actor("ada", "web"), token.pk)
        case "token-expired":
            Token.objects.update(expires_at=token.created_at - timedelta(days=1))
        case "user-inactive":
            accounts.deactivate(actor("ada"), "bernat@example.org")
    refused = api.get("me", Authorization=f"Bearer {secret}")
    assert (refused.status, refused.code) == (401, code)
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_a_session_of_the_pages_opens_nothing_here(api: Asking) -> None:
    api.client.force_login(account("ada"))
    refused = api.get("exports", who="")
    assert refused.status == 401
    assert "Set-Cookie" not in refused.headers


def test_a_token_that_asks_too_often_waits_and_no_other_does(api: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty, patient = api.token("ada", "read"), api.token("bernat", "read")
    monkeypatch.setenv("TRAGINER_API_REQUESTS", "60")
    answers = [api.get("me", Authorization=f"Bearer {hasty}") for _ in range(12)]
    refused = answers[-1]
    assert (answers[0].status, refused.status, refused.code) == (200, 429, "too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert api.get("me", Authorization=f"Bearer {patient}").status == 200


def test_whoever_tries_tokens_is_slowed_down_by_address(api: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = api.token("ada", "write")
    monkeypatch.setenv("TRAGINER_API_REQUESTS", "30")
    wrong = [api.get("me", Authorization="Bearer trg_wrong").status for _ in range(8)]
    assert (wrong[0], wrong[-1]) == (401, 429)
    assert api.get("me", Authorization=f"Bearer {secret}").status == 200
