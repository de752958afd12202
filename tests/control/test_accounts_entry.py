"""Coming in: by password, with a second factor, and never by trying for long."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from pytest_django import Settings

from tests.control.cast import PASSWORD, QUICK, QuickArgon2, account, actor
from traginer.control import accounts, audit
from traginer.control.accounts import errors, throttle
from traginer.control.models import FailedEntry, User

pytestmark = pytest.mark.usefixtures("installation")

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HERE, THERE = "203.0.113.7", "198.51.100.4"
WRONG = "five loud copper kettles"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = QUICK
    settings.MFA_TOTP_TOLERANCE = 1  # a test may begin in one half minute and end in the next


def enter(
    name: str = "bernat", password: str = PASSWORD, address: str = HERE, code: str | None = None, minutes: float = 0
) -> User:
    at = NOON + timedelta(minutes=minutes)
    return accounts.by_password(f"{name}@example.org", password, address, code, at=at)


def fail(times: int, **where: object) -> None:
    for _ in range(times):
        with pytest.raises(errors.EntryRefused):
            enter(password=WRONG, **where)


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_app(user: User) -> str:
    """Give the account an authenticator app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


# Passwords


def test_the_right_password_lets_in_however_the_address_is_written() -> None:
    bernat = account("bernat")
    assert accounts.by_password(" Bernat@Example.ORG ", PASSWORD, HERE) == bernat


def test_a_wrong_password_and_an_unknown_account_are_refused_alike() -> None:
    account("bernat")
    said = []
    for name in ("bernat", "nobody"):
        with pytest.raises(errors.EntryRefused) as refusal:
            enter(name, WRONG)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_an_unknown_account_takes_the_same_work_as_a_wrong_password() -> None:
    account("bernat")
    account("carla", password="!")
    work = {}
    for name in ("bernat", "carla", "nobody"):
        before = QuickArgon2.worked
        with pytest.raises(errors.EntryRefused):
            enter(name, WRONG)
        work[name] = QuickArgon2.worked - before
    assert work == {"bernat": 1, "carla": 1, "nobody": 1}


def test_whoever_knows_the_password_of_a_closed_account_is_told_so_and_nobody_else() -> None:
    account("bernat", is_active=False)
    with pytest.raises(errors.UserInactive):
        enter()
    with pytest.raises(errors.EntryRefused):
        enter(password=WRONG)


def test_coming_in_and_failing_to_is_in_the_audit_without_what_was_typed() -> None:
    account("bernat")
    enter()
    fail(1)
    with pytest.raises(errors.EntryRefused):
        enter("my secret typed in the wrong field", WRONG)
    unknown, failed, done = audit.entries(actor("ada"))
    assert [(e.action, e.result, e.name) for e in (done, failed, unknown)] == [
        ("user:enter", "done", "bernat@example.org"),
        ("user:enter", "failed", "bernat@example.org"),
        ("user:enter", "failed", ""),
    ]
    assert (failed.actor, failed.address) == ("bernat@example.org", HERE)
    assert unknown.actor == ""
    assert "secret" not in "".join(audit.lines(actor("ada")))
    assert not FailedEntry.objects.filter(account__contains="secret").exists()


# The throttle


def test_the_throttle_is_5_failures_of_an_account_and_20_of_an_address_in_15_minutes() -> None:
    assert (5, 20, timedelta(minutes=15)) == (throttle.PER_ACCOUNT, throttle.PER_ADDRESS, throttle.WINDOW)


def test_after_five_failures_the_right_password_waits_too_and_is_told_how_long() -> None:
    account("bernat")
    fail(throttle.PER_ACCOUNT)
    with pytest.raises(errors.EntryThrottled) as refusal:
        enter(minutes=4.5)
    assert refusal.value.facts == {"minutes": 11}
    assert "Wait 11 min" in refusal.value.advice
    with pytest.raises(errors.EntryThrottled):
        enter(minutes=14.9)
    assert enter(minutes=15)


def test_the_throttle_lets_in_one_try_at_a_time_as_failures_grow_old() -> None:
    account("bernat")
    for minute in range(5):
        fail(1, minutes=minute)
    with pytest.raises(errors.EntryThrottled):
        enter(minutes=14.9)
    fail(1, minutes=15)
    with pytest.raises(errors.EntryThrottled) as refusal:
        enter(minutes=15.5)
    assert refusal.value.facts == {"minutes": 1}
    assert enter(minutes=16)


def test_another_account_and_another_address_are_not_held_up() -> None:
    account("bernat")
    account("carla")
    fail(throttle.PER_ACCOUNT)
    assert enter("carla")
    assert enter(address=THERE)


def test_an_address_that_tries_many_accounts_waits_for_all_of_them() -> None:
    account("carla")
    for n in range(throttle.PER_ADDRESS):
        throttle.begin(f"person{n}@example.org", HERE, NOON)
    with pytest.raises(errors.EntryThrottled):
        enter("carla")
    assert enter("carla", address=THERE)


def test_coming_in_forgets_the_failures_of_the_account_but_not_of_the_address() -> None:
    account("bernat")
    fail(throttle.PER_ACCOUNT - 1)
    enter()
    fail(throttle.PER_ACCOUNT - 1)
    enter()
    throttle.begin("nobody@example.org", HERE, NOON)
    enter()
    assert FailedEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("a socket", "a socket", True),
    ],
)
def test_the_addresses_of_one_network_count_together(first: str, second: str, is_one: bool) -> None:
    for _ in range(throttle.PER_ACCOUNT):
        throttle.begin("bernat@example.org", first, NOON)
    if is_one:
        with pytest.raises(errors.EntryThrottled):
            throttle.begin("bernat@example.org", second, NOON)
    else:
        throttle.begin("bernat@example.org", second, NOON)


def test_old_failures_are_not_kept() -> None:
    account("bernat")
    fail(3)
    enter("bernat", minutes=16)
    assert not FailedEntry.objects.exists()


# The second factor


def test_an_account_with_an_app_comes_in_with_its_code_once() -> None:
    secret = with_app(account("bernat"))
    with pytest.raises(errors.SecondFactorNeeded):
        enter()
    code = code_of(secret)
    assert enter(code=f" {code} ")
    with pytest.raises(errors.SecondFactorWrong):
        enter(code=code)


def test_a_recovery_code_is_taken_once() -> None:
    bernat = account("bernat")
    with_app(bernat)
    first, second, *_ = RecoveryCodes.activate(bernat).get_unused_codes()
    assert enter(code=first)
    with pytest.raises(errors.SecondFactorWrong):
        enter(code=first)
    assert enter(code=second)


def test_a_code_is_not_asked_for_before_the_password_is_right() -> None:
    secret = with_app(account("bernat"))
    with pytest.raises(errors.EntryRefused):
        enter(password=WRONG, code=code_of(secret))


def test_wrong_codes_are_throttled_like_wrong_passwords_and_a_missing_code_is_no_failure() -> None:
    with_app(account("bernat"))
    for _ in range(throttle.PER_ACCOUNT + 1):
        with pytest.raises(errors.SecondFactorNeeded):
            enter()
    for _ in range(throttle.PER_ACCOUNT):
        with pytest.raises(errors.SecondFactorWrong):
            enter(code="000000")
    with pytest.raises(errors.EntryThrottled):
        enter(code="000000")


def test_the_secrets_of_a_second_factor_are_encrypted_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    bernat = account("bernat")
    secret = with_app(bernat)
    RecoveryCodes.activate(bernat)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert kept.count("gAAAA") == 2
    monkeypatch.setenv("TRAGINER_KEY", "b3RoZXIga2V5IG9mIDMyIGJ5dGVzIGZvciBhIHRlc3Q=")
    with pytest.raises(errors.SecondFactorUnreadable):
        enter(code=code_of(secret))


def test_a_role_that_must_have_a_second_factor_can_do_nothing_on_the_web_before_it_has_one(settings: Settings) -> None:
    ada, bernat = account("ada"), account("bernat")
    accounts.acting(ada, "web")
    settings.SECOND_FACTOR_ROLES = ("administrator",)
    with pytest.raises(errors.SecondFactorMissing):
        accounts.acting(ada, "web")
    accounts.acting(bernat, "web")
    with_app(ada)
    accounts.acting(ada, "web")


def test_an_administrator_takes_a_lost_second_factor_off() -> None:
    bernat = account("bernat")
    with_app(bernat)
    assert accounts.has_second_factor(bernat)
    accounts.reset_second_factor(actor("ada"), "bernat@example.org")
    assert not accounts.has_second_factor(bernat)
    assert enter()


def test_a_second_factor_is_set_up_with_the_password_and_a_code_of_the_app() -> None:
    bernat = accounts.without_rights(account("bernat"), "web", HERE)
    proposal = accounts.propose_second_factor(bernat)
    assert proposal.url.startswith("otpauth://totp/bernat%40example.org?secret=")
    assert proposal.svg.startswith("<?xml")
    code = code_of(proposal.secret)
    with pytest.raises(errors.EntryRefused):
        accounts.set_up_second_factor(bernat, WRONG, proposal.secret, code)
    with pytest.raises(errors.SecondFactorWrong):
        accounts.set_up_second_factor(bernat, PASSWORD, proposal.secret, "000000")
    recovery = accounts.set_up_second_factor(bernat, PASSWORD, proposal.secret, code)
    assert len(set(recovery)) == 10
    with pytest.raises(errors.SecondFactorNeeded):
        enter()
    assert enter(code=recovery[0])
    with pytest.raises(errors.SecondFactorExists):
        accounts.set_up_second_factor(bernat, PASSWORD, proposal.secret, code)


def test_a_second_factor_is_taken_off_with_the_password_and_its_own_code() -> None:
    bernat = actor("bernat")
    proposal = accounts.propose_second_factor(bernat)
    recovery = accounts.set_up_second_factor(bernat, PASSWORD, proposal.secret, code_of(proposal.secret))
    with pytest.raises(errors.SecondFactorWrong):
        accounts.remove_second_factor(bernat, PASSWORD, "000000")
    accounts.remove_second_factor(bernat, PASSWORD, recovery[0])
    assert enter()
    written = [entry for entry in audit.entries(actor("ada")) if entry.action == "user:write"]
    assert [audit.as_dict(entry)["after"] for entry in written] == [{"factors": 0}, {"factors": 1}]
    assert proposal.secret not in "".join(audit.lines(actor("ada")))


# Again, for what an unlocked screen must not do


def test_the_password_is_asked_for_again_for_what_is_promised_by_a_person() -> None:
    """S21: to be export user one gives the own password again, and that is in the audit, right or wrong."""
    bernat = actor("bernat")
    accounts.reenter(bernat, PASSWORD, at=NOON)
    with pytest.raises(errors.EntryRefused):
        accounts.reenter(bernat, WRONG, at=NOON)
    assert [(e.action, e.result) for e in audit.entries(actor("ada"))] == [
        ("user:reenter", "failed"),
        ("user:reenter", "done"),
    ]


def test_asking_again_is_throttled_too() -> None:
    bernat = actor("bernat")
    for _ in range(throttle.PER_ACCOUNT):
        with pytest.raises(errors.EntryRefused):
            accounts.reenter(bernat, WRONG, at=NOON)
    with pytest.raises(errors.EntryThrottled):
        accounts.reenter(bernat, PASSWORD, at=NOON)


def test_a_terminal_without_an_account_has_no_password_to_give() -> None:
    with pytest.raises(errors.PersonNeeded):
        accounts.reenter(accounts.operator(), PASSWORD)
