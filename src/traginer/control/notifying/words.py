"""A notice in words, in the language of whoever reads it: what happened, whose turn it is, what to do next.

It is made of names of what is configured, codes and counts. Whatever else a fact should hold, nothing that looks like an
address, a number or a key gets out.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from traginer.control.models import Notice
from traginer.control.notices import Event
from traginer.control.redaction import redacted, redacted_value
from traginer.control.wording import HELD_ADVICE, HOLDS
from traginer.errors import TraginerError, every_error
from traginer.i18n import N_, gettext, speaking

TITLES = {
    Event.FAILED: N_('The export "{export}" fails'),
    Event.HELD: N_('A run of the export "{export}" is held'),
    Event.RECOVERED: N_('The export "{export}" works again'),
    Event.SHRINKING: N_('The list of the export "{export}" shrank by {percent:g} %'),
    Event.KEY_REFUSED: N_('Brevo does not accept the API key of the connection "{connection}"'),
    Event.CONSENT_WITHDRAWN: N_('The consent for the connection "{connection}" was withdrawn'),
    Event.CONSENT_OUTDATED: N_('The connection "{connection}" needs a new consent'),
    Event.EXPORT_USER_LOST: N_('The connection "{connection}" has lost its export user'),
    Event.SCHEDULER_SILENT: N_("No scheduler follows the schedules"),
    Event.TEST: N_("A test of Traginer's notices"),
}
RECOVERED = {
    "key": N_('Brevo accepts the API key of the connection "{connection}" again'),
    "consent": N_('The connection "{connection}" has a valid consent again'),
    "export-user": N_('The connection "{connection}" has an export user again'),
    "scheduler": N_("The schedules are followed again"),
}
SHRUNK = N_("Contacts on the list because of the export: {before} before run {run}, {after} after it.")
RECOVERED_RUN = N_("Run {run} has ended as it should.")
SILENT = N_("No scheduler has given a sign of life since {heard} (UTC). Schedules that wait for one: {timers}.")
NEVER_HEARD = N_("No scheduler has given a sign of life. Schedules that wait for one: {timers}.")
SILENT_ADVICE = N_("Start traginer serve, or look at why it does not run.")
TEST = N_("Notices arrive here. Nothing has happened.")
MOMENT = N_("Seen at {at} (UTC).")
PAGE = N_("Traginer: {url}")
TOLD_TO_MACHINES = ("export", "connection", "run", "status", "counts", "percent", "before", "after", "since", "timers")


@dataclass(frozen=True)
class Message:
    """A notice as it is read. `facts` are for machines; `code` is the error or the guard that it is about, "" for none."""

    number: int
    event: str
    title: str
    paragraphs: tuple[str, ...]
    code: str
    at: str
    facts: Mapping[str, Any]
    language: str

    @property
    def text(self) -> str:
        """For people who read plain text."""
        return "\n\n".join(self.paragraphs)

    @property
    def html(self) -> str:
        """For mail programs: one column, no picture, nothing to load."""
        body = "".join(f"<p>{html.escape(part)}</p>" for part in self.paragraphs)
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8"><title>{html.escape(self.title)}</title></head>'
            f'<body style="font-family:sans-serif;max-width:40em"><h1 style="font-size:1.2em">{html.escape(self.title)}</h1>{body}'
            "</body></html>"
        )

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "notice": self.number,
            "event": self.event,
            "at": self.at,
            "title": self.title,
            "text": self.text,
            "code": self.code,
            **self.facts,
        }


def message(notice: Notice, language: str) -> Message:
    """The notice in `language`, one of LANGUAGES."""
    facts, event = notice.facts, Event(notice.event)
    with speaking(language):
        title = gettext(_title(event, facts)).format(**facts)
        moment = gettext(MOMENT).format(at=notice.at.strftime("%Y-%m-%d %H:%M"))
        page = gettext(PAGE).format(url=settings.PUBLIC_URL) if settings.PUBLIC_URL else ""
        paragraphs = [*_told(event, facts), moment, page]
    return Message(
        number=notice.pk,
        event=event.value,
        title=" ".join(redacted(title).split()),
        paragraphs=tuple(redacted(part) for part in paragraphs if part),
        code=facts.get("error") or (facts.get("hold") or {}).get("reason", ""),
        at=notice.at.isoformat(timespec="seconds"),
        facts={name: redacted_value(facts[name]) for name in TOLD_TO_MACHINES if facts.get(name) is not None},
        language=language,
    )


def _title(event: Event, facts: Mapping[str, Any]) -> str:
    return RECOVERED.get(facts.get("about", ""), TITLES[event]) if event is Event.RECOVERED else TITLES[event]


def _told(event: Event, facts: Mapping[str, Any]) -> list[str]:
    match event:
        case Event.HELD:
            hold = facts["hold"] or {}
            wanted = {"wanted": facts["counts"].get("wanted", 0)}
            text = HOLDS[hold["reason"]] if hold else ""
            sentence = gettext(text).format(**hold, **wanted)
            return [sentence, gettext(HELD_ADVICE).format(**facts)]
        case Event.SHRINKING:
            return [gettext(SHRUNK).format(**facts)]
        case Event.RECOVERED:
            return [gettext(RECOVERED_RUN).format(**facts)] if "run" in facts else []
        case Event.SCHEDULER_SILENT:
            return [_silent(facts), gettext(SILENT_ADVICE)]
        case Event.TEST:
            return [gettext(TEST)]
        case _:
            return _of_error(facts)


def _silent(facts: Mapping[str, Any]) -> str:
    if not facts["since"]:
        return gettext(NEVER_HEARD).format(timers=facts["timers"])
    heard = datetime.fromisoformat(facts["since"]).astimezone(UTC)
    return gettext(SILENT).format(heard=f"{heard:%Y-%m-%d %H:%M}", timers=facts["timers"])


def _of_error(facts: Mapping[str, Any]) -> list[str]:
    """The sentences of the error that the facts keep; its code where it is none of ours by now."""
    known: dict[str, type[TraginerError]] = {error.code: error for error in every_error()}
    kind = known.get(facts["error"])
    if kind is None or not kind.placeholders() <= facts["error_facts"].keys():
        return [facts["error"]]
    error = kind.from_facts(facts["error_facts"])
    return [error.sentence, error.advice]
