"""Carry the notices that are due: several tries over an hour, each by one worker, none lost by a restart."""

import logging
from datetime import datetime, timedelta

from traginer.control.models import Notice, NoticeState, NoticeTarget
from traginer.control.notices import Event, writing
from traginer.control.notifying import apprised, mail, targets, webhook
from traginer.control.notifying.carriage import Undelivered
from traginer.control.notifying.errors import NoticeNotDelivered
from traginer.control.notifying.observing import observe
from traginer.control.notifying.words import message
from traginer.control.rights import Actor
from traginer.errors import TraginerError

log = logging.getLogger("traginer.notices")

PAUSES = (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=15), timedelta(minutes=40))
"""Between one try and the next: five tries in an hour. A worker that dies during a try leaves the next one due."""
AT_ONCE = 5
"""How many notices are carried before the worker looks at the queue again: each may take some seconds."""
OBSERVED_EVERY = timedelta(seconds=30)


class Postman:
    """Goes his round while a worker is between two runs."""

    def __init__(self) -> None:
        self._observed_at: datetime | None = None

    def go_round(self, now: datetime) -> None:
        """See what has changed, now and then, and carry some of what is due."""
        if self._observed_at is None or now - self._observed_at >= OBSERVED_EVERY:
            self._observed_at = now
            observe(now)
        deliver_due(now)


def deliver_due(now: datetime) -> int:
    """Carry the notices that are due, the longest due first, AT_ONCE at most; how many arrived.

    Any number of workers may do it at the same moment: whoever moves the number of tries on has the try.
    """
    due = Notice.objects.filter(state=NoticeState.DUE, due_at__lte=now).order_by("due_at", "pk")
    return sum(_try(notice, now) for notice in due.select_related("target")[:AT_ONCE])


def test(actor: Actor, target: NoticeTarget, at: datetime) -> None:
    """Send a notice that nothing has happened, now. Raises NoticeNotDelivered, MailNotSetUp, NoticeServiceMissing."""
    targets.get(actor, target.pk)
    number = Notice.objects.filter(target=target).count() + 1
    notice = writing.write(target, Event.TEST, f"test:{at.isoformat()}:{number}", {}, at)
    try:
        _carry(notice, at)
    except (Undelivered, TraginerError) as error:
        _note(notice, state=NoticeState.FAILED, tries=1, problem=_problem(error))
        if isinstance(error, TraginerError):
            raise
        raise NoticeNotDelivered(target=target.shown, why=error.why) from None
    _note(notice, state=NoticeState.SENT, tries=1, sent_at=at, problem="")


def _try(notice: Notice, now: datetime) -> bool:
    """Whether this try is ours and the notice arrived."""
    is_last = notice.tries >= len(PAUSES)
    pause = PAUSES[-1] if is_last else PAUSES[notice.tries]
    ours = Notice.objects.filter(pk=notice.pk, state=NoticeState.DUE, tries=notice.tries)
    if notice.tries > len(PAUSES):  # whoever had the last try did not live to say how it ended
        ours.update(state=NoticeState.FAILED)
        return False
    if ours.update(tries=notice.tries + 1, due_at=now + pause) != 1:
        return False
    try:
        _carry(notice, now)
    except (Undelivered, TraginerError) as error:
        log.warning("notice %d did not arrive at the try %d: %s", notice.pk, notice.tries + 1, _problem(error))
        _note(notice, problem=_problem(error), **({"state": NoticeState.FAILED} if is_last else {}))
        return False
    _note(notice, state=NoticeState.SENT, sent_at=now, problem="")
    return True


def _carry(notice: Notice, now: datetime) -> None:
    target = notice.target
    address, said = targets.address_of(target), message(notice, targets.language_of(target))
    match target.kind:
        case "email":
            mail.send(address, said, now)
        case "webhook":
            webhook.send(address, targets.secret_of(target), said, now)
        case _:
            apprised.send(address, said)


def _note(notice: Notice, **values: object) -> None:
    Notice.objects.filter(pk=notice.pk).update(**values)


def _problem(error: Undelivered | TraginerError) -> str:
    return error.code if isinstance(error, TraginerError) else error.why
