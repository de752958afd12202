"""A run: how far it is, its books, what it left out and why; approve, discard, cancel, retry."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.api.waiting import long
from traginer.control import api_support, runs, wording
from traginer.control.journal import Unwatched
from traginer.control.rights import Actor
from traginer.control.wording import RunView
from traginer.errors import TURNS, TraginerError, Turn
from traginer.i18n import N_, gettext
from traginer.web import chart, door, following, forms, languages, refusals

SHOWN_REJECTIONS = 50
SHOWN_RUNS = 50
TOLD_BELOW = ("profiles-left-out", "values-left-out")
"""Whose advice is to look at what this page shows anyway."""
OPEN = ("queued", "processing")
RETRIED = ("failure", "canceled", "skipped", "completed_with_warnings")
STAGES = {
    "profiles": N_("Reading the profiles"),
    "segments": N_("Finding the members"),
    "contacts": N_("Cleaning addresses and phones"),
    "compare": N_("Comparing with the ledger"),
    "freeze": N_("Writing the batches to the spool"),
    "deliver": N_("Sending to Brevo"),
    "follow": N_("Waiting for Brevo to finish the import"),
    "advance": N_("Advancing the ledger"),
}
CHANGES = (
    ("left", N_("Would be taken off the list")),
    ("added", N_("Would be added")),
    ("changed", N_("Would be changed")),
)
REQUESTS = {
    "GET /account": N_("Whose account it is"),
    "GET /contacts/attributes": N_("Which attributes there are"),
    "GET /contacts/lists/{id}": N_("Whether the list is there"),
    "GET /contacts": N_("How many contacts the account has"),
    "POST /contacts/import": N_("Contacts sent"),
    "POST /contacts/lists/{id}/contacts/remove": N_("Contacts taken off the list"),
    "GET /processes": N_("Which imports are on their way"),
    "GET /processes/{id}": N_("How far an import is"),
    "GET report file": N_("Whom Brevo rejected"),
}
"""What a request is for, by the name of its endpoint."""
# The four equations of the books, so that a person can check them line by line.
BOOKS = (
    (("members", N_("members")), ("wanted", N_("wanted")), ("invalid", N_("invalid"))),
    (("wanted", N_("wanted")), ("added", N_("added")), ("changed", N_("changed")), ("unchanged", N_("unchanged"))),
    (("sent", N_("sent")), ("confirmed", N_("confirmed")), ("rejected", N_("rejected")), ("in_doubt", N_("in doubt"))),
    (("left", N_("left")), ("removed", N_("removed")), ("still_on_list", N_("still on the list"))),
)


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest runs of all exports, or of one; with one status, or with any; page by page."""
    numbers = api_support.numbers("export")
    chosen = forms.numbers(request.GET.getlist("export"))[:1]
    export = api_support.export(actor, chosen[0]) if chosen else None
    status = request.GET.get("status", "")
    before = forms.numbers(request.GET.getlist("before"))[:1]
    found = api_support.history(
        actor, export, status if status in wording.STATUSES else None, before[0] if before else None, SHOWN_RUNS + 1
    )
    shown = found[:SHOWN_RUNS]
    facts: door.Facts = {
        "rows": [(numbers.get(run.export.name), wording.described(run)) for run in shown],
        "export": export,
        "status": status,
        "statuses": [(one.value, text) for one, text in wording.STATUSES.items()],
        "older": shown[-1].pk if len(found) > SHOWN_RUNS else None,
        "is_first": not before,
    }
    return door.show(request, "runs.html", **facts)


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A run, under way or ended."""
    return door.show(request, "run.html", **_shown(actor, runs.get(actor, number)))


@door.page()
def now(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The part of the page that changes while a run works; once it has ended, the whole page is to be loaded anew."""
    shown = part_of(actor, number)
    response = door.show(request, "parts/run_now.html", **shown)
    if not shown["is_open"]:
        response.headers["HX-Refresh"] = "true"
    return response


@door.page()
def events(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """The same part as server-sent events, for as long as the run is open and somebody listens."""
    part_of(actor, number)
    return following.stream(partial(part_of, actor, number), languages.spoken(request))


@door.page()
def concerned(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Whom a held run concerns, by its plan made anew: a part of the page, or the whole of it."""
    run = runs.get(actor, number)
    try:
        with long() as means:
            found: door.Facts = {"concerned": runs.concerned(actor, run, means), "changes": CHANGES}
    except TraginerError as error:
        return door.refused(request, error, "run.html", **_shown(actor, run))
    if refusals.is_part(request):
        return door.show(request, "parts/concerned.html", **found)
    return door.show(request, "run.html", **found, **_shown(actor, run))


@door.page("POST")
def deed(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Cancel, approve, discard or retry a run."""
    run = runs.get(actor, number)
    try:
        said, shown = DEEDS[request.POST.get("do", "")](actor, run)
    except TraginerError as error:
        return door.refused(request, error, "run.html", **_shown(actor, run))
    return door.done(request, said, reverse("run", args=[shown.pk]))


@door.page()
def rejections(_: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """All that a run left out, as CSV: key, kind and reason of each profile."""
    run = runs.get(actor, number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejections.csv"
        api_support.write_rejections(actor, run, path)
        opened = path.open("rb")  # it stays readable though its folder goes
    return FileResponse(opened, as_attachment=True, filename=f"run-{number}-rejections.csv", content_type="text/csv")


def part_of(actor: Actor, number: int) -> door.Facts:
    """What the part of the page says that changes while a run works; `is_open` until it has ended. Raises RunNotFound."""
    return _shown(actor, runs.get(actor, number), briefly=True)


def _shown(actor: Actor, run: Any, *, briefly: bool = False) -> dict[str, Any]:
    told = wording.described(run)
    is_open = told.status in OPEN
    facts: door.Facts = {"view": told, "is_open": is_open, "why": told.why, "stage": _stage(told)}
    if briefly or is_open:
        return facts | _progress(told) | _may(actor, run)
    seen = api_support.rejections_of(actor, run, 0, SHOWN_REJECTIONS) if _has_rejections(actor, told) else None
    return (
        facts
        | _may(actor, run)
        | {
            "books": _books(told),
            "strip": chart.strip(told.counts),
            "asked": _asked(told),
            "seen": seen,
            "turn": _turn(told),
            "advice": "" if told.why.code in TOLD_BELOW else told.why.advice,
        }
    )


def _has_rejections(actor: Actor, told: RunView) -> bool:
    return actor.may("rejection:read") and bool(told.rejections or told.warnings)


def _may(actor: Actor, run: Any) -> dict[str, Any]:
    """What the reader may do with the run as it is."""
    is_held, over = run.status == "held", actor.may("export:run", on=run.connection)
    return {
        "export_number": run.export_id,
        "may_cancel": run.status in OPEN and actor.may("run:cancel", on=run.connection),
        "may_decide": is_held and actor.may("run:approve"),
        "may_look": is_held and actor.may("export:plan", on=run.connection),
        "may_give_up": runs.is_interrupted(run) and actor.may("run:approve"),
        "may_retry": run.status in RETRIED and over and run.export.removed_at is None,
    }


def _progress(told: RunView) -> dict[str, Any]:
    """The rows a second follow from the estimate: what is left, by the time that it takes."""
    progress = told.progress
    if progress is None or not progress.total:
        return {"speed": None}
    left = progress.seconds_left or 0
    return {"speed": round((progress.total - progress.done) / left) if left > 1 else None}


def _books(told: RunView) -> list[list[tuple[int, str]]]:
    """Each equation as its numbers and their names, the sum first."""
    return [[(told.counts.get(name, 0), gettext(text)) for name, text in equation] for equation in BOOKS]


def _asked(told: RunView) -> list[tuple[str, str, int]]:
    """The requests to Brevo by kind: in words, as an endpoint, and how many; the most frequent first."""
    found = sorted(told.requests_by_endpoint.items(), key=lambda item: (-item[1], item[0]))
    return [(gettext(REQUESTS.get(endpoint, "")), endpoint, n) for endpoint, n in found]


def _stage(told: RunView) -> str:
    stage = told.progress.stage if told.progress else ""
    return gettext(STAGES.get(stage, stage)) if stage else ""


def _turn(told: RunView) -> str:
    return gettext(TURNS[Turn(told.why.turn)]) if told.why.turn else ""


def _cancel(actor: Actor, run: Any) -> tuple[str, Any]:
    ended = runs.cancel(actor, run)
    if ended.status == "canceled":
        return gettext(N_("The run is canceled.")), ended
    return gettext(N_("The run ends at its next safe point. What Brevo has confirmed by then is kept.")), ended


def _approve(actor: Actor, run: Any) -> tuple[str, Any]:
    return gettext(N_("Approved: a worker lets exactly this plan go on.")), runs.approve_queued(actor, run.pk)


def _discard(actor: Actor, run: Any) -> tuple[str, Any]:
    return gettext(N_("The run is ended.")), runs.discard(actor, run.pk, runs.Means(Unwatched()))


def _retry(actor: Actor, run: Any) -> tuple[str, Any]:
    again = runs.retry(actor, run)
    return gettext(N_("Run {run} is queued.")).format(run=again.pk), again


DEEDS = {"cancel": _cancel, "approve": _approve, "discard": _discard, "retry": _retry}
