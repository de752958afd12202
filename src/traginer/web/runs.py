"""A run: how far it is, its books, what it left out and why; approve, discard, cancel, retry."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, runs, wording
from traginer.control.journal import Unwatched
from traginer.control.rights import Actor
from traginer.control.wording import RunView
from traginer.errors import TURNS, TraginerError, Turn
from traginer.i18n import N_, gettext
from traginer.web import door

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
# The four equations of the books, so that a person can check them line by line.
BOOKS = (
    (("members", N_("members")), ("wanted", N_("wanted")), ("invalid", N_("invalid"))),
    (("wanted", N_("wanted")), ("added", N_("added")), ("changed", N_("changed")), ("unchanged", N_("unchanged"))),
    (("sent", N_("sent")), ("confirmed", N_("confirmed")), ("rejected", N_("rejected")), ("in_doubt", N_("in doubt"))),
    (("left", N_("left")), ("removed", N_("removed")), ("still_on_list", N_("still on the list"))),
)


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest runs of all exports."""
    numbers = api_support.numbers("export")
    found = api_support.history(actor, None, None, None, SHOWN_RUNS)
    rows = [(numbers.get(run.export.name), wording.described(run)) for run in found]
    return door.show(request, "runs.html", rows=rows)


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A run, under way or ended."""
    return door.show(request, "run.html", **_shown(actor, runs.get(actor, number)))


@door.page()
def now(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The part of the page that changes while a run works; once it has ended, the whole page is to be loaded anew."""
    shown = _shown(actor, runs.get(actor, number), briefly=True)
    response = door.show(request, "parts/run_now.html", **shown)
    if not shown["is_open"]:
        response.headers["HX-Refresh"] = "true"
    return response


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
