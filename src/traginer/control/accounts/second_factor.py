"""The second factor of an account: TOTP and recovery codes, kept by allauth's mfa app, which only the web process loads."""

# allauth has no types, and mypy's plugin for Django looks at its models for their relations to ours.
# mypy: disable-error-code="import-untyped"

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from traginer.control import audit
from traginer.control.models import User
from traginer.control.rights import Actor

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from django.db.models import QuerySet


def has_second_factor(user: User) -> bool:
    """Whether the account asks for a code beside the password."""
    return authenticators(user).exists()


def having_second_factor() -> set[int]:
    """The numbers of the accounts that ask for a code beside the password."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - not installed in the processes of the command line

    return set(Authenticator.objects.values_list("user_id", flat=True))


def needs_second_factor(user: User) -> bool:
    """Whether accounts with this role must have a second factor, and this one has none yet.

    Who has no password comes in by single sign-on alone: the provider sees to theirs.
    """
    must_have = user.role in settings.SECOND_FACTOR_ROLES and user.has_usable_password()
    return must_have and not has_second_factor(user)


def is_code_right(user: User, code: str) -> bool:
    """Whether `code` is of the account's app or one of its recovery codes, and was not used before. It is used up by this.

    Raises SecondFactorUnreadable.
    """
    for authenticator in authenticators(user):
        if authenticator.wrap().validate_code(code):
            authenticator.record_usage()
            return True
    return False


def reset_second_factor(actor: Actor, email: str) -> User:
    """Take the second factor off an account, whose owner has lost it perhaps; sessions end. Raises UserUnknown."""
    from traginer.control.accounts.actors import by_email  # noqa: PLC0415 - actors ask here

    actor.require("user:write")
    user = by_email(email)
    with transaction.atomic():
        count, _ = authenticators(user).delete()
        user.session_epoch += 1
        user.save(update_fields=["session_epoch"])
        audit.note(actor, "user:write", user, before={"factors": count}, after={"factors": 0})
    return user


def authenticators(user: User) -> "QuerySet[Authenticator]":
    """What the account has of them: an app, and recovery codes."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - not installed in the processes of the command line

    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found
