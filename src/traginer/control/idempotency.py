"""Requests that may come twice: with the same key a deed is done once, and the second request gets the first one's answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from traginer.control.accounts.errors import PersonNeeded
from traginer.control.errors import ControlError
from traginer.control.models import KeptAnswer
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_

KEPT_FOR = timedelta(hours=24)
PATIENCE = timedelta(minutes=1)
"""After so long without an answer, whoever was to give it has died."""


class KeyReused(ControlError):
    code = "idempotency-key-reused"
    what = N_("The idempotency key was used already, for another request.")
    next_step = N_("Use a new key for each request, and the same only to repeat one.")


class StillAnswering(ControlError):
    code = "still-answering"
    what = N_("A request with the same idempotency key is being answered.")
    next_step = N_("Repeat it in some seconds.")


@dataclass(frozen=True)
class Kept:
    """An answer: the status, the body as it was sent, and whether it was given to an earlier request."""

    status: int
    body: str
    is_repeated: bool


def once(actor: Actor, key: str, fingerprint: str, at: datetime, perform: Callable[[str], tuple[int, str]]) -> Kept:
    """What `perform` answers, or has answered to the same request of the same person in the last 24 hours.

    `perform` gets a name for the deed that stays the same where the process dies before its answer is kept, so that it can
    find what it has done. A refusal (TraginerError) is not kept. Raises KeyReused and StillAnswering.
    """
    KeptAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()
    if actor.user_id is None:
        raise PersonNeeded(actor=actor.name)
    claim = {"fingerprint": fingerprint, "at": at}
    row, is_new = KeptAnswer.objects.get_or_create(owner_id=actor.user_id, key=key, defaults=claim)
    if row.fingerprint != fingerprint:
        raise KeyReused
    if row.status is not None:
        return Kept(row.status, row.body, is_repeated=True)
    if not is_new:
        _take_over(row, at)
    return _performed(row, perform)


def _take_over(row: KeptAnswer, at: datetime) -> None:
    silent = KeptAnswer.objects.filter(pk=row.pk, status=None, at=row.at, at__lte=at - PATIENCE)
    if not silent.update(at=at):
        raise StillAnswering


def _performed(row: KeptAnswer, perform: Callable[[str], tuple[int, str]]) -> Kept:
    try:
        row.status, row.body = perform(f"api {row.pk}")
    except TraginerError:
        row.delete()
        raise
    row.save(update_fields=["status", "body"])
    return Kept(row.status, row.body, is_repeated=False)
