"""Tokens: with one a program acts for its owner, within scopes, for a while.

A token is `trg_`, 32 random bytes in base64url, and 6 characters of checksum (crc32 in base62): a program that looks for secrets
in public places can tell one from chance, and we can tell a typing error from a token that is not ours. We keep its sha256.
"""

import base64
import hashlib
import secrets
import string
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from traginer.control import accounts, audit
from traginer.control.accounts.entry import own
from traginer.control.accounts.errors import (
    ScopeUnknown,
    TokenExpired,
    TokenLifeInvalid,
    TokenMistyped,
    TokenNotFound,
    TokenRevoked,
    TokenUnknown,
)
from traginer.control.models import Revocation, Token
from traginer.control.rights import SCOPES, Actor

PREFIX = "trg_"
RANDOM_BYTES = 32
CHECKSUM_LENGTH = 6
DEFAULT_LIFE = timedelta(days=90)
LONGEST_LIFE = timedelta(days=366)
_DIGITS = string.digits + string.ascii_letters


def create(
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    expires_in: timedelta = DEFAULT_LIFE,
    *,
    at: datetime | None = None,
) -> tuple[Token, str]:
    """A token of the actor's own account, and its secret, which is not kept and cannot be shown again.

    Raises PersonNeeded, ScopeUnknown and TokenLifeInvalid.
    """
    actor.require("token:write")
    owner, chosen = own(actor), _known(scopes)
    if not timedelta(days=1) <= expires_in <= LONGEST_LIFE:
        raise TokenLifeInvalid(most=LONGEST_LIFE.days)
    now, secret = at or timezone.now(), _made()
    with transaction.atomic():
        token = Token.objects.create(
            owner=owner, name=name, scopes=chosen, digest=_digest(secret), created_at=now, expires_at=now + expires_in
        )
        audit.changed(actor, "token:write", _target(token), None, {"scopes": chosen, "expires_at": token.expires_at})
    return token, secret


def every(actor: Actor) -> list[Token]:
    """The actor's own tokens; for administrators everybody's. The newest first."""
    actor.require("token:write")
    return list(_visible(actor).order_by("-pk"))


def revoke(actor: Actor, number: int, *, at: datetime | None = None) -> Token:
    """Make a token worthless from now on; one that is so already stays as it is. Raises TokenNotFound."""
    actor.require("token:write")
    with transaction.atomic():
        token = _visible(actor).filter(pk=number).first()
        if token is None:
            raise TokenNotFound(number=number)
        _, is_new = Revocation.objects.get_or_create(
            token=token, defaults={"by": actor.name, "at": at or timezone.now()}
        )
        if is_new:
            audit.note(actor, "token:write", _target(token), after={"revoked": True})
    token.refresh_from_db()
    return token


def actor_for(secret: str, address: str | None, *, at: datetime | None = None) -> Actor:
    """Whoever the token acts for, with the rights of the owner now, narrowed by its scopes.

    Raises TokenMistyped, TokenUnknown, TokenRevoked, TokenExpired, and UserInactive for its owner.
    """
    if not _is_well_formed(secret):
        raise TokenMistyped
    token = Token.objects.select_related("owner", "revocation").filter(digest=_digest(secret)).first()
    if token is None:
        raise TokenUnknown
    now = at or timezone.now()
    _require_valid(token, now)
    owner = accounts.acting(token.owner, "api", address)
    _use(token, now)
    via = f"token {token.pk} {token.name}"
    return Actor(owner.name, owner.role, owner.user_id, "api", address, via, frozenset(token.scopes))


def state(token: Token, at: datetime) -> Literal["valid", "expired", "revoked"]:
    """What the token is worth at that moment, apart from what becomes of its owner."""
    if hasattr(token, "revocation"):
        return "revoked"
    return "expired" if token.expires_at <= at else "valid"


def _require_valid(token: Token, now: datetime) -> None:
    match state(token, now):
        case "revoked":
            raise TokenRevoked(name=token.name, day=token.revocation.at.date())
        case "expired":
            raise TokenExpired(name=token.name, day=token.expires_at.date())


def _use(token: Token, now: datetime) -> None:
    """Keep that the token was used, to the minute: most requests write nothing."""
    minute = now.replace(second=0, microsecond=0)
    is_older = Q(last_used_at__isnull=True) | Q(last_used_at__lt=minute)
    if token.last_used_at is None or token.last_used_at < minute:
        Token.objects.filter(is_older, pk=token.pk).update(last_used_at=minute)


def _visible(actor: Actor) -> QuerySet[Token]:
    chosen = Token.objects.select_related("owner", "revocation")
    return chosen if actor.may("token:manage") else chosen.filter(owner=actor.user_id)


def _target(token: Token) -> audit.Target:
    return audit.Target("token", f"{token.pk} {token.name} of {token.owner.email}")


def _known(scopes: Iterable[str]) -> list[str]:
    chosen = set(scopes)
    if not chosen or not chosen <= set(SCOPES):
        raise ScopeUnknown(scopes=", ".join(SCOPES))
    return sorted(chosen)


def _made() -> str:
    body = base64.urlsafe_b64encode(secrets.token_bytes(RANDOM_BYTES)).decode().rstrip("=")
    return PREFIX + body + _checksum(body)


def _is_well_formed(secret: str) -> bool:
    body, checksum = secret[len(PREFIX) : -CHECKSUM_LENGTH], secret[-CHECKSUM_LENGTH:]
    return secret.startswith(PREFIX) and secret.isascii() and _checksum(body) == checksum


def _checksum(body: str) -> str:
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM_LENGTH):
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
