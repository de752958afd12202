"""What was told, and what is still to be: the notices to the targets that somebody may manage, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from traginer.control.models import Notice, NoticeState
from traginer.control.notifying import targets
from traginer.control.notifying.words import message
from traginer.control.rights import Actor
from traginer.errors import every_error
from traginer.i18n import N_, gettext

STATES = {
    NoticeState.DUE: N_("on its way"),
    NoticeState.SENT: N_("arrived"),
    NoticeState.FAILED: N_("did not arrive"),
}


@dataclass(frozen=True)
class NoticeView:
    """A notice as doors show it: `title` and `text` are what its reader gets, `problem` why the last try failed ("" for none).

    `state` is due, sent or failed; `due_at` is when the next try is, while it is due.
    """

    number: int
    target: int
    shown: str
    title: str
    text: str
    state: str
    state_text: str
    at: datetime
    sent_at: datetime | None
    due_at: datetime
    tries: int
    problem: str


def history(actor: Actor, language: str, limit: int = 50) -> list[NoticeView]:
    """The newest notices to the targets that the actor may manage, in `language`, one of LANGUAGES."""
    numbers = [target.number for target in targets.every(actor)]
    found = Notice.objects.filter(target__in=numbers).select_related("target").order_by("-pk")
    return [_view(notice, language) for notice in found[:limit]]


def _view(notice: Notice, language: str) -> NoticeView:
    told = message(notice, language)
    return NoticeView(
        number=notice.pk,
        target=notice.target_id,
        shown=notice.target.shown,
        title=told.title,
        text=told.text,
        state=notice.state,
        state_text=gettext(STATES[NoticeState(notice.state)]),
        at=notice.at,
        sent_at=notice.sent_at,
        due_at=notice.due_at,
        tries=notice.tries,
        problem=problem_text(notice.problem),
    )


def problem_text(problem: str) -> str:
    """Why a notice did not arrive, in words where it is an error of ours that needs no facts; else what the other side said."""
    known = {error.code: error for error in every_error()}.get(problem) if problem else None
    return known.from_facts({}).sentence if known and not known.placeholders() else problem
