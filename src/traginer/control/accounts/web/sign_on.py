"""Single sign-on by OpenID Connect: who comes in with which role is what the provider says, at each log-in."""

# allauth has no types, and mypy's plugin for Django looks at its models for their relations to ours.
# mypy: disable-error-code="import-untyped"

import logging
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from traginer.control import audit
from traginer.control.accounts import people
from traginer.control.accounts.actors import known
from traginer.control.accounts.entry import ENTER
from traginer.control.accounts.errors import (
    SignOnFailed,
    SignOnMisconfigured,
    SignOnNotVerified,
    SignOnWithoutRole,
    UserInactive,
)
from traginer.control.accounts.web import sign_on_settings
from traginer.control.accounts.web.sessions import address
from traginer.control.models import Result, Role, User
from traginer.control.rights import Actor, administrators
from traginer.errors import Phrase
from traginer.i18n import N_

VIA = "single sign-on"
log = logging.getLogger("traginer.accounts")


class SignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What allauth asks of us before it begins a session."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are made in `pre_social_login`, or not at all."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The account of who comes, made or brought up to what the provider says of them.

        Raises SignOnWithoutRole, SignOnNotVerified, SignOnMisconfigured, UserInactive and LastAdministrator.
        """
        claims = _claims(sociallogin.account.extra_data)
        # Nothing of it is kept: the account has what we need.
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save()
            email = sociallogin.user.email
        else:
            email = _verified_email(claims)
        user = _admitted(email, claims, address(request))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)
        sociallogin.user = user

    def on_authentication_error(
        self,
        request: HttpRequest,  # noqa: ARG002 - allauth's signature
        provider: Any,  # noqa: ARG002
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,  # noqa: ARG002
    ) -> None:
        """Say that it did not work, and leave why in the log: by its kind, since its words may quote a token.

        Raises SignOnFailed.
        """
        if error == AuthError.CANCELLED:
            raise SignOnFailed(why=Phrase(N_("it was canceled at the identity provider")))
        log.warning("single sign-on failed: %s", type(exception).__name__ if exception else error)
        raise SignOnFailed(why=Phrase(N_("the identity provider and Traginer did not understand each other")))


def _claims(told: dict[str, Any]) -> dict[str, Any]:
    """What the provider says, by id token and userinfo together, which must be about the same person."""
    token, info = told.get("id_token") or {}, told.get("userinfo") or {}
    if not token or (info and info.get("sub") != token.get("sub")):
        raise SignOnMisconfigured(why=Phrase(N_("the provider's id token and userinfo are not about one person")))
    return {**token, **info}


def _verified_email(claims: dict[str, Any]) -> str:
    """By which a person is known here the first time: never an address that they may have chosen themselves."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") in (True, "true")
    if not email or not (is_verified or settings.OIDC_EMAILS_TRUSTED):
        raise SignOnNotVerified
    return str(email)


def _admitted(email: str, claims: dict[str, Any], where: str) -> User:
    role, user = sign_on_settings.role_of(claims), known(email)
    actor = Actor(email.lower(), role, user.pk if user else None, "web", where, VIA)
    if not role:
        _note(actor, Result.DENIED)
        groups = ", ".join(sign_on_settings.roles_of_groups())
        raise SignOnWithoutRole(email=email, whom=administrators(), groups=groups)
    if user is not None and not user.is_active:
        _note(actor, Result.DENIED)
        raise UserInactive(email=email)
    provider = Actor(VIA, Role.ADMINISTRATOR, None, "web", where)
    with transaction.atomic():
        name = str(claims.get("name") or "")
        user = people.put(provider, email, role=role) if user else people.make(provider, email, role, name)
        _note(actor, Result.DONE)
    return user


def _note(actor: Actor, result: str) -> None:
    audit.note(actor, ENTER, audit.Target("user", actor.name), result=result)
