"""Tokens: shown once, kept as a hash, narrower than their owner, and worth nothing once they end."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.control.cast import account, actor, connection
from traginer.control import accounts, audit, tokens
from traginer.control.accounts import errors
from traginer.control.errors import NotAllowed
from traginer.control.models import Token
from traginer.control.rights import Actor

pytestmark = pytest.mark.usefixtures("installation")

NOON = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def bernat() -> Actor:
    return actor("bernat", "web")


def made(owner: Actor, *scopes: str, days: int = 90) -> tuple[Token, str]:
    return tokens.create(owner, "nightly", scopes or ("read",), timedelta(days=days), at=NOON)


def test_a_program_acts_for_its_owner_within_its_scopes(bernat: Actor) -> None:
    token, secret = made(bernat, "read", "run")
    program = tokens.actor_for(secret, "198.51.100.4", at=NOON)
    assert program == Actor(
        "bernat@example.org", "contributor", bernat.user_id, "api", "198.51.100.4",
        f"token {token.pk} nightly", frozenset({"read", "run"}),
    )  # fmt: skip
    shared = connection("contributors")
    assert program.may("export:run", on=shared)
    assert not program.may("export:write", on=shared)
    assert not program.may("connection:write")


def test_the_secret_is_not_kept(bernat: Actor, installation: Path) -> None:
    _, secret = made(bernat)
    assert re.fullmatch(r"trg_[A-Za-z0-9_-]{49}", secret)
    for file in installation.rglob("*"):
        assert not file.is_file() or secret[4:].encode() not in file.read_bytes()
    assert secret not in "".join(audit.lines(actor("ada")))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda secret: secret[:-1] + ("a" if secret[-1] != "a" else "b"),
        lambda secret: secret[:20] + ("a" if secret[20] != "a" else "b") + secret[21:],
        lambda secret: secret[:10] + secret[11] + secret[10] + secret[12:] if secret[10] != secret[11] else secret[:-1],
        lambda secret: secret[:-1],
        lambda secret: secret + "x",
        lambda secret: secret.removeprefix("trg_"),
        lambda secret: secret + "é",
        lambda _: "",
        lambda _: "trg_",
    ],
)
def test_a_typing_error_is_told_from_a_token_that_is_not_ours(bernat: Actor, spoil: Callable[[str], str]) -> None:
    _, secret = made(bernat)
    with pytest.raises(errors.TokenMistyped):
        tokens.actor_for(spoil(secret), None, at=NOON)


def test_a_token_of_another_installation_is_unknown(bernat: Actor) -> None:
    token, secret = made(bernat)
    token.delete()
    with pytest.raises(errors.TokenUnknown):
        tokens.actor_for(secret, None, at=NOON)


def test_a_token_ends_when_its_time_is_over(bernat: Actor) -> None:
    _, secret = made(bernat, days=1)
    tokens.actor_for(secret, None, at=NOON + timedelta(hours=23, minutes=59))
    with pytest.raises(errors.TokenExpired) as refusal:
        tokens.actor_for(secret, None, at=NOON + timedelta(days=1))
    assert '"nightly" expired on 2026-11-26' in refusal.value.sentence


def test_a_revoked_token_is_worth_nothing_and_says_who_ended_it(bernat: Actor) -> None:
    token, secret = made(bernat)
    tokens.revoke(bernat, token.pk, at=NOON)
    tokens.revoke(actor("ada", "web"), token.pk, at=NOON + timedelta(days=1))
    with pytest.raises(errors.TokenRevoked) as refusal:
        tokens.actor_for(secret, None, at=NOON)
    assert "revoked on 2026-11-25" in refusal.value.sentence
    assert tokens.every(bernat)[0].revocation.by == "bernat@example.org"


def test_what_happens_to_the_owner_happens_to_the_token_at_once(bernat: Actor) -> None:
    _, secret = made(bernat, "write")
    ada = actor("ada")
    accounts.change_role(ada, "bernat@example.org", "viewer")
    assert not tokens.actor_for(secret, None, at=NOON).may("segment:write")
    accounts.change_role(ada, "bernat@example.org", "administrator")
    assert tokens.actor_for(secret, None, at=NOON).may("segment:write")
    accounts.deactivate(ada, "bernat@example.org")
    with pytest.raises(errors.UserInactive):
        tokens.actor_for(secret, None, at=NOON)


def test_the_last_use_is_kept_to_the_minute(bernat: Actor) -> None:
    token, secret = made(bernat)
    minute = NOON.replace(second=0)
    for at, kept in [
        (NOON, minute),
        (NOON + timedelta(seconds=20), minute),
        (NOON + timedelta(seconds=40), minute + timedelta(minutes=1)),
        (NOON, minute + timedelta(minutes=1)),
    ]:
        tokens.actor_for(secret, None, at=at)
        token.refresh_from_db()
        assert token.last_used_at == kept


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_for_a_day_at_least_and_a_year_at_most(bernat: Actor, days: int) -> None:
    with pytest.raises(errors.TokenLifeInvalid):
        made(bernat, days=days)
    made(bernat, days=366)


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "everything"]])
def test_a_token_has_scopes_that_exist(bernat: Actor, scopes: list[str]) -> None:
    with pytest.raises(errors.ScopeUnknown):
        tokens.create(bernat, "nightly", scopes)


def test_a_token_can_make_no_token(bernat: Actor) -> None:
    _, secret = made(bernat, *("read", "run", "write"))
    program = tokens.actor_for(secret, None, at=NOON)
    with pytest.raises(NotAllowed):
        tokens.create(program, "another", ["read"])


def test_whoever_has_no_account_gets_no_token() -> None:
    with pytest.raises(errors.PersonNeeded):
        tokens.create(accounts.operator(), "nightly", ["read"])


def test_everybody_sees_their_own_tokens_and_administrators_those_of_all(bernat: Actor) -> None:
    token, _ = made(bernat)
    carla, ada = actor("carla", "web"), actor("ada", "web")
    assert tokens.every(carla) == []
    assert tokens.every(bernat) == tokens.every(ada) == [token]
    with pytest.raises(errors.TokenNotFound):
        tokens.revoke(carla, token.pk)
    tokens.revoke(ada, token.pk)


def test_making_and_ending_a_token_is_in_the_audit(bernat: Actor) -> None:
    account("ada")
    token, _ = made(bernat, "run")
    tokens.revoke(actor("ada"), token.pk)
    ended, began = audit.entries(actor("ada"))
    assert (began.actor, ended.actor) == ("bernat@example.org", "ada@example.org")
    assert began.name == ended.name == f"{token.pk} nightly of bernat@example.org"
    assert audit.as_dict(began)["after"]["scopes"] == ["run"]
