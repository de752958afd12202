"""Accounts: the first one, the others, and that somebody can always change them."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from tests.control.cast import PASSWORD, QUICK, account, actor
from traginer.control import accounts, audit
from traginer.control.accounts import errors
from traginer.control.errors import NotAllowed
from traginer.control.models import User
from traginer.control.rights import Actor
from traginer.control.settings import PASSWORD_HASHERS as PRODUCT_HASHERS

pytestmark = pytest.mark.usefixtures("installation")


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = QUICK


def test_the_first_account_is_an_administrator_and_there_is_no_second_first_one() -> None:
    assert not accounts.is_set_up()
    ada = accounts.set_up("Ada@Example.org", "Ada Pous", PASSWORD, address="203.0.113.7")
    assert (ada.email, ada.role, ada.is_active) == ("ada@example.org", "administrator", True)
    assert accounts.is_set_up()
    with pytest.raises(errors.AlreadySetUp):
        accounts.set_up("carla@example.org", "", PASSWORD)
    (entry,) = audit.entries(accounts.acting(ada, "api"))
    assert (entry.actor, entry.address, entry.name) == ("ada@example.org", "203.0.113.7", "ada@example.org")


def test_the_password_is_kept_as_an_argon2_hash() -> None:
    assert PRODUCT_HASHERS[0].endswith("Argon2PasswordHasher")
    ada = accounts.set_up("ada@example.org", "", PASSWORD)
    assert ada.password.startswith("argon2$argon2id$")
    assert PASSWORD not in "".join(audit.lines(accounts.acting(ada, "api")))


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "shorter than 12 characters"),
        ("", "shorter than 12 characters"),
        ("ada.pous@example.org", "like the e-mail or the name"),
        ("1234567890123", "many people use"),
    ],
)
def test_a_weak_password_is_refused_and_says_why(password: str, says: str) -> None:
    with pytest.raises(errors.PasswordTooWeak) as refusal:
        accounts.set_up("ada.pous@example.org", "Ada Pous", password)
    assert says in refusal.value.sentence
    assert not accounts.is_set_up()


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "ada@example", "a da@example.org", "ada@example.org\n,x"]
)
def test_what_is_no_address_gets_no_account_and_is_not_repeated(email: str) -> None:
    with pytest.raises(errors.EmailInvalid) as refusal:
        accounts.set_up(email, "", PASSWORD)
    assert refusal.value.facts == {}


def test_one_address_has_one_account_however_it_is_written() -> None:
    ada = actor("ada")
    accounts.add(ada, "Eva@Example.org", "viewer", password=PASSWORD)
    with pytest.raises(errors.UserExists):
        accounts.add(ada, " eva@EXAMPLE.org", "administrator", password=PASSWORD)
    assert accounts.get(ada, "EVA@example.org").role == "viewer"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="EVA@example.org", role="viewer")


def test_an_unknown_role_or_account_is_named_with_what_there_is() -> None:
    ada = actor("ada")
    with pytest.raises(errors.RoleUnknown) as role:
        accounts.add(ada, "eva@example.org", "owner", password=PASSWORD)
    assert "viewer, contributor, administrator" in role.value.advice
    with pytest.raises(errors.UserUnknown) as person:
        accounts.change_role(ada, "aba@example.org", "viewer")
    assert 'Did you mean "ada@example.org"?' in person.value.sentence


@pytest.mark.parametrize("name", ["bernat", "carla", "dídac"])
def test_only_administrators_change_accounts(name: str) -> None:
    who = actor(name)
    account("ada")
    for deed in (
        lambda a: accounts.add(a, "eva@example.org", "administrator", password=PASSWORD),
        lambda a: accounts.change_role(a, "ada@example.org", "viewer"),
        lambda a: accounts.deactivate(a, "ada@example.org"),
        lambda a: accounts.activate(a, "ada@example.org"),
        lambda a: accounts.set_password(a, "ada@example.org", PASSWORD + "!"),
        lambda a: accounts.reset_second_factor(a, "ada@example.org"),
        accounts.every,
    ):
        with pytest.raises(NotAllowed):
            deed(who)
    ada = User.objects.get(email="ada@example.org")
    assert (ada.role, ada.is_active, ada.session_epoch) == ("administrator", True, 0)


@pytest.mark.parametrize("leave", [accounts.deactivate, lambda a, email: accounts.change_role(a, email, "contributor")])
def test_the_last_active_administrator_stays_one(leave: object) -> None:
    ada = actor("ada")
    account("eva", "administrator", is_active=False)
    account("bernat")
    with pytest.raises(errors.LastAdministrator):
        leave(ada, "ada@example.org")
    accounts.activate(ada, "eva@example.org")
    leave(ada, "ada@example.org")
    with pytest.raises(errors.LastAdministrator):
        leave(accounts.operator(), "eva@example.org")


def test_what_changes_an_account_ends_its_sessions_and_what_does_not_leaves_them() -> None:
    ada, held = actor("ada"), [account("bernat").get_session_auth_hash()]
    for change in (
        lambda: accounts.change_role(ada, "bernat@example.org", "viewer"),
        lambda: accounts.set_password(ada, "bernat@example.org", PASSWORD),
        lambda: accounts.deactivate(ada, "bernat@example.org"),
        lambda: accounts.activate(ada, "bernat@example.org"),
        lambda: accounts.reset_second_factor(ada, "bernat@example.org"),
    ):
        change()
        held.append(User.objects.get(email="bernat@example.org").get_session_auth_hash())
    assert len(set(held)) == len(held)
    accounts.change_role(ada, "bernat@example.org", "viewer")
    accounts.change_language(actor("bernat"), "ca")
    assert User.objects.get(email="bernat@example.org").get_session_auth_hash() == held[-1]


def test_an_account_that_is_not_active_acts_for_nobody() -> None:
    accounts.deactivate(actor("ada"), account("bernat").email)
    with pytest.raises(errors.UserInactive):
        accounts.named("bernat@example.org", "worker")


def test_the_terminal_is_an_administrator_or_whom_it_names_with_their_rights() -> None:
    """The rights of the named account apply, and the audit tells whose terminal it was."""
    account("carla")
    operator, carla = accounts.at_terminal(None), accounts.at_terminal("Carla@example.org")
    assert (operator.role, operator.user_id, operator.door) == ("administrator", None, "cli")
    assert (carla.name, carla.role, carla.via) == ("carla@example.org", "viewer", operator.name)
    with pytest.raises(NotAllowed):
        accounts.every(carla)
    with pytest.raises(errors.UserUnknown):
        accounts.at_terminal("nobody@example.org")


def test_people_choose_their_own_language_and_password() -> None:
    bernat = actor("bernat")
    assert accounts.change_language(bernat, "ca").language == "ca"
    with pytest.raises(errors.LanguageUnknown):
        accounts.change_language(bernat, "xx")
    with pytest.raises(errors.EntryRefused):
        accounts.change_own_password(bernat, "not the old one", "five loud copper kettles")
    with pytest.raises(errors.PasswordTooWeak):
        accounts.change_own_password(bernat, PASSWORD, "short")
    accounts.change_own_password(bernat, PASSWORD, "five loud copper kettles")
    assert accounts.by_password("bernat@example.org", "five loud copper kettles", "203.0.113.7").pk == bernat.user_id


def test_every_change_of_an_account_is_in_the_audit() -> None:
    ada = actor("ada")
    accounts.add(ada, "eva@example.org", "viewer", "Eva", PASSWORD)
    accounts.change_role(ada, "eva@example.org", "contributor")
    accounts.set_password(ada, "eva@example.org", PASSWORD)
    accounts.deactivate(ada, "eva@example.org")
    told = [audit.as_dict(entry) for entry in reversed(audit.entries(ada))]
    assert {(entry["actor"], entry["action"], entry["name"]) for entry in told} == {
        ("ada@example.org", "user:write", "eva@example.org")
    }
    assert [entry["after"] for entry in told] == [
        {"name": "Eva", "role": "viewer", "is_active": True},
        {"name": "Eva", "role": "contributor", "is_active": True},
        {"password": "***"},
        {"name": "Eva", "role": "contributor", "is_active": False},
    ]


def test_an_account_without_a_password_lets_nobody_in_by_one(installation: Path) -> None:
    accounts.add(actor("ada"), "eva@example.org", "viewer")
    for attempt in ("", "!", "None"):
        with pytest.raises(errors.EntryRefused):
            accounts.by_password("eva@example.org", attempt, "203.0.113.7")
    eva = actor_of("eva@example.org")
    with pytest.raises(errors.PasswordNotSet):
        accounts.reenter(eva, "")
    with contextlib.closing(sqlite3.connect(installation / "traginer.sqlite3")) as database:
        (kept,) = database.execute("SELECT password FROM control_user WHERE email LIKE 'eva%'").fetchone()
    assert kept.startswith("!")


def actor_of(email: str) -> Actor:
    return accounts.named(email, "api")
