"""Accounts: the first one, and what administrators do with the others."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from traginer.control import audit
from traginer.control.accounts.actors import by_email
from traginer.control.accounts.entry import own, reenter
from traginer.control.accounts.errors import (
    AlreadySetUp,
    EmailInvalid,
    LanguageUnknown,
    LastAdministrator,
    RoleUnknown,
    UserExists,
)
from traginer.control.accounts.passwords import require_strong
from traginer.control.alone import alone
from traginer.control.models import Role, User
from traginer.control.rights import Actor
from traginer.i18n import LANGUAGES

WRITE = "user:write"


def is_set_up() -> bool:
    """Whether there is an account at all."""
    return User.objects.exists()


def set_up(email: str, name: str, password: str, *, door: str = "web", address: str | None = None) -> User:
    """The first account, an administrator; of two who try at once, one succeeds. Raises AlreadySetUp after that.

    Also raises EmailInvalid and PasswordTooWeak.
    """
    with transaction.atomic():
        alone("accounts")
        if User.objects.exists():
            raise AlreadySetUp
        user = _made(email, Role.ADMINISTRATOR, name, password)
        audit.changed(Actor(user.email, user.role, user.pk, door, address), WRITE, user, None, _shown(user))
    return user


def add(actor: Actor, email: str, role: str, name: str = "", password: str | None = None) -> User:
    """A new account; without a password its owner comes in by single sign-on.

    Raises UserExists, EmailInvalid, RoleUnknown and PasswordTooWeak.
    """
    actor.require(WRITE)
    with transaction.atomic():
        alone("accounts")
        user = _made(email, role, name, password)
        audit.changed(actor, WRITE, user, None, _shown(user))
    return user


def every(actor: Actor) -> list[User]:
    """All accounts, by e-mail."""
    actor.require("user:read")
    return list(User.objects.order_by("email"))


def get(actor: Actor, email: str) -> User:
    """The account with this e-mail. Raises UserUnknown."""
    actor.require("user:read")
    return by_email(email)


def change_role(actor: Actor, email: str, role: str) -> User:
    """Give an account another role; its sessions end. Raises UserUnknown, RoleUnknown and LastAdministrator."""
    actor.require(WRITE)
    return put(actor, email, role=_known_role(role))


def deactivate(actor: Actor, email: str) -> User:
    """Close an account: its sessions and tokens are worth nothing from now on. Raises UserUnknown and LastAdministrator."""
    actor.require(WRITE)
    return put(actor, email, is_active=False)


def activate(actor: Actor, email: str) -> User:
    """Open an account again. Raises UserUnknown."""
    actor.require(WRITE)
    return put(actor, email, is_active=True)


def set_password(actor: Actor, email: str, password: str) -> User:
    """Give an account a new password; its sessions end. Raises UserUnknown and PasswordTooWeak."""
    actor.require(WRITE)
    return _with_password(actor, by_email(email), password)


def change_own_password(actor: Actor, old: str, new: str) -> User:
    """Give the actor's account a new password; its sessions end, this one too. Raises as `reenter` does, and PasswordTooWeak."""
    reenter(actor, old)
    return _with_password(actor, own(actor), new)


def change_language(actor: Actor, language: str) -> User:
    """What the actor reads from now on; "" follows the browser. Raises LanguageUnknown and PersonNeeded."""
    if language not in ("", *LANGUAGES):
        raise LanguageUnknown(language=language, languages=", ".join(LANGUAGES))
    user = own(actor)
    user.language = language
    user.save(update_fields=["language"])
    return user


def put(actor: Actor, email: str, *, role: str | None = None, is_active: bool | None = None) -> User:
    """Change what is given of an account, without asking for a right. Sessions end where anything changed.

    Raises UserUnknown and LastAdministrator.
    """
    with transaction.atomic():
        alone("accounts")
        user = by_email(email)
        before = _shown(user)
        user.role = user.role if role is None else role
        user.is_active = user.is_active if is_active is None else is_active
        if before == _shown(user):
            return user
        _require_another_administrator(user)
        user.session_epoch += 1
        user.save(update_fields=["role", "is_active", "session_epoch"])
        audit.changed(actor, WRITE, user, before, _shown(user))
    return user


def make(actor: Actor, email: str, role: str, name: str) -> User:
    """An account for somebody who comes in by single sign-on, without asking for a right."""
    with transaction.atomic():
        alone("accounts")
        user = _made(email, role, name, None)
        audit.changed(actor, WRITE, user, None, _shown(user))
    return user


def _made(email: str, role: str, name: str, password: str | None) -> User:
    user = User(email=_valid(email), role=_known_role(role), name=name.strip())
    if User.objects.filter(email=user.email).exists():
        raise UserExists(email=user.email)
    if password is None:
        user.set_unusable_password()
    else:
        require_strong(password, user)
        user.set_password(password)
    user.save(force_insert=True)
    return user


def _with_password(actor: Actor, user: User, password: str) -> User:
    require_strong(password, user)
    user.set_password(password)
    user.session_epoch += 1
    with transaction.atomic():
        user.save(update_fields=["password", "session_epoch"])
        audit.note(actor, WRITE, user, after={"password": "set"})
    return user


def _require_another_administrator(user: User) -> None:
    if user.role == Role.ADMINISTRATOR and user.is_active:
        return
    was_one = User.objects.filter(pk=user.pk, role=Role.ADMINISTRATOR, is_active=True).exists()
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if was_one and not others.exists():
        raise LastAdministrator(email=user.email)


def _valid(email: str) -> str:
    """The e-mail as it is kept, in lower case. What was typed is not repeated: it may be anything."""
    kept = email.strip().lower()
    try:
        validate_email(kept)
    except ValidationError:
        raise EmailInvalid from None
    return kept


def _known_role(role: str) -> str:
    if role not in Role.values:
        raise RoleUnknown(role=role, roles=", ".join(Role.values))
    return role


def _shown(user: User) -> dict[str, object]:
    return {"name": user.name, "role": user.role, "is_active": user.is_active}
