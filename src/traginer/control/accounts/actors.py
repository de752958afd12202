"""From a person, a terminal or a name to the actor that services take."""

import getpass
import os

from traginer.control.accounts import second_factor
from traginer.control.accounts.errors import SecondFactorMissing, UserInactive, UserUnknown
from traginer.control.models import Role, User
from traginer.control.problems import did_you_mean
from traginer.control.rights import Actor


def acting(user: User, door: str, address: str | None = None, via: str = "") -> Actor:
    """The actor that `user` is, with the rights the account has now.

    Raises UserInactive, and on the web SecondFactorMissing where the role must have one and the account has not.
    """
    if not user.is_active:
        raise UserInactive(email=user.email)
    if door == "web" and second_factor.needs_second_factor(user):
        raise SecondFactorMissing(email=user.email)
    return Actor(user.email, user.role, user.pk, door, address, via)


def without_rights(user: User, door: str, address: str | None = None) -> Actor:
    """The owner of the account before there is a second factor: may look after the account itself, and nothing else."""
    return Actor(user.email, "", user.pk, door, address)


def named(email: str, door: str, via: str = "") -> Actor:
    """The actor that the account of `email` is. Raises UserUnknown or UserInactive."""
    return acting(by_email(email), door, via=via)


def operator() -> Actor:
    """Whoever runs commands on this machine as the owner of TRAGINER_HOME: an administrator."""
    return Actor(_terminal(), Role.ADMINISTRATOR)


def at_terminal(email: str | None) -> Actor:
    """The operator; or the account of `email` with no more than its rights. Raises UserUnknown or UserInactive."""
    return named(email, "cli", _terminal()) if email else operator()


def by_email(email: str) -> User:
    """The account with this e-mail, in any spelling of its case. Raises UserUnknown, with a guess."""
    found = known(email)
    if found is None:
        emails = list(User.objects.values_list("email", flat=True))
        raise UserUnknown(email=email.strip(), guess=did_you_mean(email.strip().lower(), emails))
    return found


def known(email: str) -> User | None:
    """The account with this e-mail, if there is one. What cannot be printed is not looked up: Postgres refuses some of it."""
    return User.objects.filter(email=email.strip().lower()).first() if email.isprintable() else None


def _terminal() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid-{os.getuid()}"
    return f"{name} (command line)"
