"""Admin > Audit: who did, tried or saw what; whether the chain of entries is whole; all of it as JSON lines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from traginer.control import audit
from traginer.control.audit import Filters, Whole
from traginer.control.rights import ACTIONS, Actor
from traginer.i18n import N_, gettext
from traginer.web import door, forms

SHOWN = 100
RESULTS = {"done": N_("done"), "denied": N_("denied"), "failed": N_("failed")}


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest entries that fit the filters; `before` is where to go on."""
    before = forms.numbers(request.GET.getlist("before"))
    entries = audit.entries(actor, _filters(request), SHOWN, before[0] if before else None)
    rows = [(entry, _deed(entry.action), gettext(RESULTS.get(entry.result, entry.result))) for entry in entries]
    further = entries[-1].sequence if len(entries) == SHOWN else None
    return door.show(request, "audit.html", rows=rows, further=further, **_facts(request))


@door.page()
def lines(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All entries that fit the filters, oldest first, as JSON lines with their hashes."""
    texts = audit.lines(actor, _filters(request))
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingHttpResponse(_ended(texts), content_type="application/x-ndjson", headers=headers)


@door.page("POST")
def verify(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether the chain is whole."""
    found = audit.verify(actor)
    return door.show(request, "audit_verified.html", found=found, is_whole=isinstance(found, Whole))


def _facts(request: HttpRequest) -> door.Facts:
    asked = request.GET.copy()
    asked.pop("before", None)
    return {"asked": request.GET, "query": asked.urlencode(), "actions": sorted(ACTIONS), "results": RESULTS}


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    return Filters(
        since=since,
        until=until + timedelta(days=1) if until else None,
        actor=asked.get("actor", "").strip().lower(),
        action=asked.get("action", ""),
        name=asked.get("name", "").strip(),
        result=asked.get("result", ""),
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        return None


def _deed(action: str) -> str:
    row = ACTIONS.get(action)
    return gettext(row.deed) if row else action


def _ended(texts: Iterator[str]) -> Iterator[str]:
    return (f"{text}\n" for text in texts)
