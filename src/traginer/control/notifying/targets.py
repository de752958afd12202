"""Where notices go: add, list and remove targets, and try one out.

The address of a service and the secret of a webhook are as good as a password: they are encrypted, and shown no more.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from urllib.parse import urlsplit

from traginer.control import audit, naming, vault
from traginer.control.alone import alone
from traginer.control.errors import KeyUndecryptable
from traginer.control.exports import states
from traginer.control.models import Export, Notice, NoticeTarget, User
from traginer.control.notices import EVENTS
from traginer.control.notifying import apprised, mail, webhook
from traginer.control.notifying.errors import (
    NoticeAddressInvalid,
    NoticeEventUnknown,
    NoticeSecretLost,
    NoticeTargetUnknown,
)
from traginer.control.rights import Actor
from traginer.i18n import LANGUAGES, N_, gettext

KIND = N_("notice")
SHOWN_LENGTH = 254
KINDS = {"email": N_("e-mail"), "webhook": N_("webhook"), "service": N_("chat or telephone service")}
SECRET_BEGINS = "trgw_"  # noqa: S105 - how a secret begins
DEFAULT_SHRINK_PERCENT = 10.0


@dataclass(frozen=True)
class Wish:
    """What is wanted where: `kind` is one of KINDS, `export` None for notices of all exports, `events` none for every kind.

    `shrink_percent` is the loss from which "shrinking" is told. `language` is en, ca, or "" for that of the account with the
    e-mail. `name` is what the configuration file calls it; "" for what is shown of the address.
    """

    kind: str
    address: str
    export: Export | None = None
    events: Sequence[str] = ()
    shrink_percent: float = DEFAULT_SHRINK_PERCENT
    language: str = ""
    name: str = ""


@dataclass(frozen=True)
class TargetView:
    """A target as doors show it; `state` and `problem` are those of the last notice to it ("" before the first)."""

    number: int
    kind: str
    shown: str
    export: str | None
    events: Sequence[str]
    shrink_percent: float
    language: str
    by: str
    state: str
    problem: str
    name: str


def add(actor: Actor, wish: Wish, at: datetime) -> tuple[NoticeTarget, str]:
    """A new target, and for a webhook its secret, which cannot be shown again ("" for other kinds).

    Raises NoticeAddressInvalid, NoticeEventUnknown, NoticeServiceMissing, NameTaken.
    """
    require(actor, wish.kind, wish.export)
    shown = checked(wish)
    secret = SECRET_BEGINS + secrets.token_urlsafe(32) if wish.kind == "webhook" else ""
    target = NoticeTarget(
        kind=wish.kind,
        export=wish.export,
        events=list(wish.events),
        shrink_percent=wish.shrink_percent,
        language=wish.language,
        shown=shown,
        encrypted_address=vault.encrypted(wish.address.strip()),
        encrypted_secret=vault.encrypted(secret) if secret else "",
        by=actor.name,
        at=at,
    )
    with audit.atomic():
        target.name = wish.name or _free_name(shown)
        with naming.unique(KIND, target.name):
            target.save()
        audit.changed(actor, "system:write", target, None, audited(target))
    return target, secret


def every(actor: Actor) -> list[TargetView]:
    """The targets that the actor may manage, in the order in which they were added."""
    actor.require("system:read")
    found = NoticeTarget.objects.select_related("export").order_by("pk")
    return [_view(target) for target in found if _may(actor, target)]


def get(actor: Actor, number: int) -> NoticeTarget:
    """The target with this number, if the actor may manage it. Raises NoticeTargetUnknown."""
    actor.require("system:read")
    target = NoticeTarget.objects.select_related("export").filter(pk=number).first()
    if target is None or not _may(actor, target):
        raise NoticeTargetUnknown(number=number)
    return target


def remove(actor: Actor, target: NoticeTarget) -> None:
    """Nothing goes there any more; what is due is not sent."""
    require(actor, target.kind, target.export)
    with audit.atomic():
        audit.changed(actor, "system:write", target, audited(target), None)
        target.delete()


def address_of(target: NoticeTarget) -> str:
    """The whole address, for the delivery only. Raises NoticeSecretLost."""
    return _decrypted(target, target.encrypted_address)


def secret_of(target: NoticeTarget) -> str:
    """The secret that a webhook is signed with, for the delivery only. Raises NoticeSecretLost."""
    return _decrypted(target, target.encrypted_secret)


def language_of(target: NoticeTarget) -> str:
    """The language of whoever reads there."""
    if target.language:
        return target.language
    account = User.objects.filter(email=target.shown.lower()).first() if target.kind == "email" else None
    return account.language if account and account.language in LANGUAGES else "en"


def checked(wish: Wish) -> str:
    """What people may see of the address, once it is one."""
    unknown = [event for event in wish.events if event not in EVENTS]
    if unknown:
        raise NoticeEventUnknown(event=unknown[0], known=", ".join(EVENTS))
    match wish.kind:
        case "email":
            return mail.require_address(wish.address.strip())
        case "webhook":
            return webhook.require_address(wish.address.strip())[:SHOWN_LENGTH]
        case "service":
            apprised.require_address(wish.address.strip())
            return f"{urlsplit(wish.address.strip()).scheme}://…"
        case other:
            raise NoticeAddressInvalid(kind=other, why=gettext(N_("there is no such kind of target")))


def require(actor: Actor, kind: str, export: Export | None) -> None:
    """Whoever may change an export may have its notices by e-mail; what this machine calls, and what is told of all exports,
    is for administrators."""
    if export is not None and kind == "email":
        states.require(actor, "export:write", export)
    else:
        actor.require("system:write")


def _may(actor: Actor, target: NoticeTarget) -> bool:
    if target.export is not None and target.kind == "email":
        return states.may(actor, "export:write", target.export)
    return actor.may("system:write")


def _view(target: NoticeTarget) -> TargetView:
    last = Notice.objects.filter(target=target).order_by("-pk").first()
    return TargetView(
        number=target.pk,
        kind=target.kind,
        shown=target.shown,
        export=target.export.name if target.export else None,
        events=tuple(target.events),
        shrink_percent=target.shrink_percent,
        language=target.language,
        by=target.by,
        state=last.state if last else "",
        problem=last.problem if last else "",
        name=target.name,
    )


def audited(target: NoticeTarget) -> dict[str, object]:
    """The target as the audit tells of it."""
    return {
        "name": target.name,
        "kind": target.kind,
        "address": target.shown,
        "export": target.export.name if target.export else None,
        "events": target.events,
        "shrink_percent": target.shrink_percent,
        "language": target.language,
    }


def _free_name(shown: str) -> str:
    """What is shown of the address, with a number where a target is called so already. Asked inside the transaction that takes it."""
    alone("name of a notice target")
    base = shown[:190]
    taken = set(NoticeTarget.objects.filter(name__startswith=base).values_list("name", flat=True))
    return next(name for n in count(1) if (name := base if n == 1 else f"{base} {n}") not in taken)


def _decrypted(target: NoticeTarget, token: str) -> str:
    try:
        return vault.decrypted(token, target.shown)
    except KeyUndecryptable:
        raise NoticeSecretLost(number=target.pk) from None
