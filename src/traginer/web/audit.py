"""Admin > Audit: who did, tried or saw what; whether the chain of entries is whole; all of it as JSON lines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from traginer.control import accounts, audit
from traginer.control.audit import Filters, Noted, Whole
from traginer.control.rights import ACTIONS, Actor
from traginer.i18n import N_, gettext
from traginer.web import audit_changes, door, forms
from traginer.web.errors import FormInvalid

SHOWN = 100
RESULTS = {"done": N_("done"), "denied": N_("denied"), "failed": N_("failed")}
ENTRANCES = {"user:enter": N_("come in"), "user:reenter": N_("give their password again")}
"""Deeds that are nobody's right to give or take."""
KINDS = {
    "connection": N_("connection"),
    "export": N_("export"),
    "segment": N_("segment"),
    "source": N_("source"),
    "run": N_("run"),
    "profile": N_("profile"),
    "user": N_("account"),
    "token": N_("token"),
    "noticetarget": N_("target of notices"),
    "schedule": N_("schedule"),
    "backup": N_("backup"),
    "restore": N_("restored backup"),
    "key": N_("key of the installation"),
}
"""What an entry can be about, as `audit.Target` calls it."""


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest entries that fit the filters; `before` is where to go on."""
    before = forms.numbers(request.GET.getlist("before"))
    entries = audit.entries(actor, _filters(request), SHOWN, before[0] if before else None)
    further = entries[-1].sequence if len(entries) == SHOWN else None
    facts = {"rows": [_row(entry) for entry in entries], "further": further, "is_further": bool(before)}
    return door.show(request, "audit.html", **facts, **_facts(request, actor))


@door.page()
def lines(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All entries that fit the filters, oldest first, as JSON lines with their hashes."""
    texts = audit.lines(actor, _filters(request))
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingHttpResponse(_ended(texts), content_type="application/x-ndjson", headers=headers)


@door.page("POST")
def verify(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether the chain is whole, and still holds the end that somebody wrote down, where they give it."""
    noted = request.POST.get("noted", "").strip()
    try:
        found = audit.verify(actor, _noted(noted) if noted else None)
    except FormInvalid as error:
        return door.refused(request, error, "audit_verified.html", noted=noted)
    return door.show(request, "audit_verified.html", found=found, is_whole=isinstance(found, Whole), noted=noted)


def _row(entry: Any) -> dict[str, Any]:
    about = {"kind": entry.kind, "name": entry.name}
    return {
        "entry": entry,
        "deed": _deed(entry.action),
        "result": gettext(RESULTS.get(entry.result, entry.result)),
        "kind": gettext(KINDS.get(entry.kind, entry.kind)),
        "about": urlencode({name: value for name, value in about.items() if value}),
        "by": urlencode({"actor": entry.actor}),
        "changes": audit_changes.changes(entry.before, entry.after),
    }


def _facts(request: HttpRequest, actor: Actor) -> door.Facts:
    asked = request.GET.copy()
    asked.pop("before", None)
    return {
        "asked": request.GET,
        "query": asked.urlencode(),
        "is_narrowed": any(asked.values()),
        "actions": sorted((gettext(text), action) for action, text in _deeds().items()),
        "results": RESULTS,
        "kinds": sorted((gettext(text), kind) for kind, text in KINDS.items()),
        "people": [user.email for user in accounts.every(actor)],
    }


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    actor = asked.get("actor", "").strip()
    return Filters(
        since=since,
        until=until + timedelta(days=1) if until else None,
        actor=actor.lower() if "@" in actor else actor,
        action=asked.get("action", ""),
        kind=asked.get("kind", ""),
        name=asked.get("name", "").strip(),
        result=asked.get("result", ""),
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return None


def _noted(text: str) -> Noted:
    """The end of the chain as the pages and the command line show it. Raises FormInvalid."""
    sequence, _, digest = text.partition(":")
    if not (sequence.isascii() and sequence.isdigit()) or len(digest) != len(audit.BEGINNING):
        raise FormInvalid(why=gettext(N_("An end is a number, a colon and 64 characters.")))
    return Noted(int(sequence), digest.lower())


def _deeds() -> dict[str, str]:
    return {**{action: row.deed for action, row in ACTIONS.items()}, **ENTRANCES}


def _deed(action: str) -> str:
    return gettext(_deeds().get(action, action))


def _ended(texts: Iterator[str]) -> Iterator[str]:
    return (f"{text}\n" for text in texts)
