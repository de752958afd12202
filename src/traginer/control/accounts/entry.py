"""Coming in by password, and giving it again for what must not happen on an unlocked screen that somebody left."""

from datetime import datetime

from django.utils import timezone

from traginer.control import audit
from traginer.control.accounts import second_factor, throttle
from traginer.control.accounts.actors import known
from traginer.control.accounts.errors import (
    EntryRefused,
    PasswordNotSet,
    PersonNeeded,
    SecondFactorNeeded,
    SecondFactorWrong,
    UserInactive,
)
from traginer.control.models import FailedEntry, Result, User
from traginer.control.rights import Actor

ENTER, REENTER = "user:enter", "user:reenter"


def by_password(
    email: str, password: str, address: str, code: str | None = None, *, door: str = "web", at: datetime | None = None
) -> User:
    """The person whose password this is; with a second factor set up, `code` must be of it.

    Takes as long for an account that does not exist. Raises EntryThrottled, EntryRefused, UserInactive (to whom knows the password),
    SecondFactorNeeded (no `code` was given; not a failure) and SecondFactorWrong.
    """
    attempt = throttle.begin(email, address, at or timezone.now())
    user = known(email)
    actor = Actor(user.email if user else "", user.role if user else "", user.pk if user else None, door, address)
    if not _is_password(user, password) or user is None:
        _note(actor, user, Result.FAILED)
        raise EntryRefused
    if not user.is_active:
        _note(actor, user, Result.DENIED)
        raise UserInactive(email=user.email)
    if second_factor.has_second_factor(user):
        _require_code(actor, user, code, attempt)
    throttle.succeed(attempt)
    _note(actor, user, Result.DONE)
    return user


def reenter(actor: Actor, password: str, *, at: datetime | None = None) -> None:
    """The actor gives the password of their own account again: before consent, and to become export user.

    Raises PersonNeeded for an actor without an account, PasswordNotSet, EntryThrottled and EntryRefused.
    """
    user = own(actor)
    if not user.has_usable_password():
        raise PasswordNotSet(email=user.email)
    attempt = throttle.begin(user.email, actor.address or actor.door, at or timezone.now())
    is_right = user.check_password(password)
    audit.note(actor, REENTER, user, result=Result.DONE if is_right else Result.FAILED)
    if not is_right:
        raise EntryRefused
    throttle.succeed(attempt)


def own(actor: Actor) -> User:
    """The account of the actor itself. Raises PersonNeeded where there is none, and for a token, which is no person."""
    is_person = actor.user_id is not None and actor.scopes is None
    user = User.objects.filter(pk=actor.user_id or 0, is_active=True).first() if is_person else None
    if user is None:
        raise PersonNeeded(actor=actor.name)
    return user


def _is_password(user: User | None, password: str) -> bool:
    if user is None or not user.has_usable_password():
        User().set_password(password)  # as slow as a real comparison
        return False
    return user.check_password(password)


def _require_code(actor: Actor, user: User, code: str | None, attempt: FailedEntry) -> None:
    if not code:
        throttle.forgive(attempt)
        raise SecondFactorNeeded
    if not second_factor.is_code_right(user, code.strip()):
        _note(actor, user, Result.FAILED)
        raise SecondFactorWrong


def _note(actor: Actor, user: User | None, result: str) -> None:
    audit.note(actor, ENTER, user or audit.Target("user", ""), result=result)
