"""/runs: ask for them, follow them, decide about them, look back."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Header, Query, Router
from pydantic import Field

from traginer.api import events, rejections
from traginer.api.bodies import DIGITS, EVENT, LARGEST, Number, answers, between
from traginer.api.door import language_of
from traginer.api.entry import who
from traginer.api.once import IdempotencyKey, once
from traginer.api.paging import DEFAULT, Cursor, Limit, Page, asking, cut
from traginer.api.schemas import runs as schemas
from traginer.api.schemas.runs import HeldPlan, Refresh, Refreshed, Rejection, Rejections, Run
from traginer.api.waiting import Deadline, long
from traginer.control import api_support, refresh, runs

router = Router()

OfExport = Annotated[
    int, DIGITS, Field(ge=0, le=LARGEST), between(0, LARGEST), Query(0, description="Only of the export with this id.")
]
WithStatus = Annotated[schemas.Status | None, Query(description="Only those with this status.")]
LastEvent = Annotated[
    str, Header(alias="Last-Event-ID", max_length=100, description="The id of the last event that was heard.")
]


@router.get("/runs", response=Page[Run])
def list_runs(
    request: HttpRequest,
    export: OfExport = 0,
    status: WithStatus = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> Page[Run]:
    """List the runs, the newest first."""
    actor, asked = who(request), asking(request, cursor, limit, int)
    of = api_support.export(actor, export) if export else None
    found = api_support.history(actor, of, status, asked.after, limit + 1)
    page, following = cut(asked, found, lambda run: run.pk)
    return Page[Run](items=[Run.of(run) for run in page], next=following)


@router.post("/exports/{export}/runs", response={202: Run})
def start_run(request: HttpRequest, export: Number, key: IdempotencyKey = "") -> HttpResponse:
    """Ask for a run of an export: a worker carries it on. It is Skipped, and says so, where another one waits or is under way."""
    actor = who(request)
    found = api_support.export(actor, export)
    return once(request, key, 202, lambda deed: Run.of(runs.request(actor, found, deed or None)))


@router.post("/refresh", response={202: Refresh})
def refresh_exports(request: HttpRequest, key: IdempotencyKey = "") -> HttpResponse:
    """Run all: ask for a run of each export with an active schedule that you may run. For whoever has just brought new profiles."""
    actor = who(request)
    return once(request, key, 202, lambda _: Refresh(exports=[Refreshed.of(asked) for asked in refresh.run_all(actor)]))


@router.get("/runs/{run}", response=Run)
def get_run(request: HttpRequest, run: Number) -> Run:
    """Show a run: its status and why it is so, its books, and how far it is."""
    return Run.of(runs.get(who(request), run))


@router.get("/runs/{run}/events", openapi_extra=answers("text/event-stream", EVENT))
def follow_run(request: HttpRequest, run: Number, known: LastEvent = "") -> HttpResponseBase:
    """Follow a run: server-sent events `progress`, each a run as GET shows it, and `end`. Ends with the run, or after a minute."""
    language = language_of(request.headers.get("Accept-Language", ""))
    return events.stream(who(request), run, known, language)


@router.post("/runs/{run}/cancellation", response={202: Run})
def cancel_run(request: HttpRequest, run: Number, key: IdempotencyKey = "") -> HttpResponse:
    """Cancel a run: one that waits at once, one under way at its next safe point. What Brevo confirmed is kept."""
    actor = who(request)
    return once(request, key, 202, lambda _: Run.of(runs.cancel(actor, runs.get(actor, run))))


@router.post("/runs/{run}/retry", response={202: Run})
def retry_run(request: HttpRequest, run: Number, key: IdempotencyKey = "") -> HttpResponse:
    """Ask for the export of an ended run again, with today's profiles."""
    actor = who(request)
    found = runs.get(actor, run)
    return once(request, key, 202, lambda deed: Run.of(runs.retry(actor, found, deed or None)))


@router.post("/runs/{run}/approval", response={202: Run})
def approve_run(request: HttpRequest, run: Number, key: IdempotencyKey = "") -> HttpResponse:
    """Let a held run go on with exactly its plan. It fails where that is no longer the same."""
    actor = who(request)
    return once(request, key, 202, lambda _: Run.of(runs.approve_queued(actor, run)))


@router.post("/runs/{run}/discard", response=Run)
def discard_run(request: HttpRequest, run: Number, key: IdempotencyKey = "") -> HttpResponse:
    """End a held run without carrying it out, or give up an interrupted one that cannot be carried on."""
    actor = who(request)
    return once(request, key, 200, lambda _: Run.of(runs.discard(actor, run, Deadline().means())))


@router.post("/runs/{run}/plan", response=HeldPlan)
def plan_held_run(request: HttpRequest, run: Number) -> HeldPlan:
    """Say whom a held run concerns: the first who would be taken off, added or changed. That you saw them is in the audit."""
    actor = who(request)
    with long() as means:
        return HeldPlan.of(runs.concerned(actor, runs.get(actor, run), means))


@router.get("/runs/{run}/rejections", response=Rejections)
def list_rejections(request: HttpRequest, run: Number, limit: Limit = DEFAULT, cursor: Cursor = "") -> Rejections:
    """List the profiles that a run left out or sent incompletely: by kind and key, at most 200 at once. That you saw them is in the audit."""
    actor, asked = who(request), asking(request, cursor, limit, int)
    start = asked.after or 0
    found = api_support.rejections_of(actor, runs.get(actor, run), start, limit)
    end = start + len(found.rows)
    following = asked.following(end) if end < found.total else None
    return Rejections(total=found.total, items=[Rejection.of(row) for row in found.rows], next=following)


@router.get("/runs/{run}/rejections.csv", openapi_extra=answers("text/csv"))
def download_rejections(request: HttpRequest, run: Number) -> HttpResponseBase:
    """Download all rejections of a run as CSV. That you got them is in the audit."""
    actor = who(request)
    return rejections.csv(actor, runs.get(actor, run))
