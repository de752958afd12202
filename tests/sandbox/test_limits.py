import pytest

from tests.sandbox.api import Api
from traginer.sandbox import TIERS, Sandbox
from traginer.sandbox.limits import LIMITS


def _standing(headers: dict[str, str]) -> tuple[int, ...]:
    return tuple(int(headers[f"x-sib-ratelimit-{name}"]) for name in ("limit", "remaining", "reset"))


def _passing(api: Api, path: str, most: int) -> int:
    """How many requests pass before the first 429."""
    return next(count for count in range(most) if api.get(path).status == 429)


@pytest.mark.parametrize(("tier", "per_second"), [("general", 10), ("advanced", 20), ("extended", 60)])
def test_contacts_are_limited_by_the_second(api: Api, sandbox: Sandbox, tier: str, per_second: int) -> None:
    sandbox.switches.tier = tier
    assert _passing(api, "/contacts/lists", 100) == per_second
    sandbox.clock.advance(1)
    assert _passing(api, "/contacts/folders", 100) == per_second


@pytest.mark.parametrize(("tier", "per_hour"), [("general", 100), ("advanced", 200)])
def test_processes_account_and_webhooks_share_an_hourly_limit(
    api: Api, sandbox: Sandbox, tier: str, per_hour: int
) -> None:
    sandbox.switches.tier = tier
    for _ in range(40):
        assert api.get("/account").status == 200
    assert _passing(api, "/processes", 300) == per_hour - 40
    assert api.get("/webhooks").status == 429
    assert api.get("/contacts").status == 200
    sandbox.clock.advance(3600)
    assert api.get("/account").status == 200


def test_the_headers_say_how_much_is_left_and_for_how_many_seconds(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.tier = "general"
    sandbox.clock.advance(3600 - sandbox.clock.now() % 3600)
    assert _standing(api.get("/account").headers) == (100, 99, 3600)
    sandbox.clock.advance(600)
    assert _standing(api.get("/account").headers) == (100, 98, 3000)
    assert _standing(api.get("/contacts").headers) == (10, 9, 1)
    assert "retry-after" not in api.get("/contacts").headers


def test_a_request_over_the_limit_changes_nothing_and_is_not_counted(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.tier = "general"
    _passing(api, "/contacts/lists", 20)
    refused = api.post("/contacts/lists", {"name": "New", "folderId": 1})
    assert (refused.status, refused.headers["x-sib-ratelimit-remaining"]) == (429, "0")
    assert len(sandbox.lists()) == 2


@pytest.mark.parametrize(("form", "begins"), [("message", b'{"message":'), ("empty", b""), ("html", b"<html>")])
def test_the_body_of_a_429_is_a_switch(api: Api, sandbox: Sandbox, form: str, begins: bytes) -> None:
    sandbox.switches.patch({"tier": "general", "rate_limit_body": form})
    _passing(api, "/contacts", 20)
    body = api.get("/contacts").body
    assert body.startswith(begins)
    assert bool(body) == bool(begins)


def test_without_limits_there_are_no_headers_of_limits(api: Api) -> None:
    assert not [name for name in api.get("/account").headers if name.startswith("x-sib-ratelimit")]


def test_every_bucket_knows_every_limited_tier() -> None:
    assert {frozenset(tiers) for tiers in LIMITS.values()} == {frozenset(TIERS) - {"unlimited"}}


def test_an_unknown_key_does_not_use_up_the_accounts_requests(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.tier = "general"
    for _ in range(20):
        assert api.ask("GET", "/v3/contacts", headers={"api-key": "x"}).status == 401
    assert _passing(api, "/contacts", 20) == 10
