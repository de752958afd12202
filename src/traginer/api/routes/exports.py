"""/exports: which segments go to which list, over which connection, with which data matching."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from traginer.api.bodies import DIGITS, LARGEST, JsonBody, Number, between
from traginer.api.entry import who
from traginer.api.paging import DEFAULT, Cursor, Limit, Name, Page, Search, asking, by_name
from traginer.api.schemas.exports import (
    Attachment,
    Copy,
    Export,
    ExportBody,
    ExportFaults,
    ExportRemoval,
    ExportRow,
    Plan,
    Reason,
)
from traginer.api.schemas.problems import Problem
from traginer.api.schemas.runs import Run
from traginer.api.waiting import long
from traginer.control import api_support, connections, exports, previews, runs, wording
from traginer.control.rights import Actor
from traginer.control.runs.means import now

router = Router()

OfExport = Annotated[
    int,
    DIGITS,
    Field(ge=0, le=LARGEST),
    between(0, LARGEST),
    Query(0, description="The id of the export that it would change."),
]
Why = Annotated[str, Query(max_length=2000, description="Why, for those who look back.")]


@router.get("/exports", response=Page[ExportRow])
def list_exports(
    request: HttpRequest, search: Search = "", name: Name = "", limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[ExportRow]:
    """List the exports whose name, connection or type holds `search`, by name."""
    asked = asking(request, cursor, limit, str)
    found, following = by_name(asked, exports.listed(who(request), search), lambda one: one.name, name)
    numbers = api_support.numbers(exports.KIND)
    return Page[ExportRow](items=[ExportRow.of(numbers[row.name], row) for row in found], next=following)


@router.post("/exports", response={201: Export})
def create_export(
    request: HttpRequest, spec: Annotated[ExportBody, JsonBody(...)], response: HttpResponse
) -> Status[Export]:
    """Create an export. It does not run by being saved."""
    actor = who(request)
    made = exports.create(actor, spec, now())
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(actor, made))


@router.post("/exports/check", response=ExportFaults)
def check_draft(request: HttpRequest, spec: Annotated[ExportBody, JsonBody(...)]) -> ExportFaults:
    """Say all that is wrong with the data matching of an export that has not been saved, as source and account are now."""
    with long() as means:
        found = [Problem.of(fault) for fault in previews.faults(who(request), spec, means)]
    return ExportFaults(is_good=not found, problems=found)


@router.post("/exports/plan", response=Plan)
def plan_draft(request: HttpRequest, spec: Annotated[ExportBody, JsonBody(...)], export: OfExport = 0) -> Plan:
    """Say what the first run would do if this export were saved now, or if `export` were changed to it. Saves and sends nothing."""
    actor = who(request)
    draft = exports.drafted(actor, spec, api_support.export(actor, export) if export else None)
    with long() as means:
        return Plan.of(wording.planned(draft.export, runs.plan_draft(actor, draft, means)))


@router.get("/exports/{export}", response=Export)
def get_export(request: HttpRequest, export: Number) -> Export:
    """Show an export."""
    actor = who(request)
    return _shown(actor, api_support.export(actor, export))


@router.put("/exports/{export}", response=Export)
def replace_export(request: HttpRequest, export: Number, spec: Annotated[ExportBody, JsonBody(...)]) -> Export:
    """Change an export: it is as the body says, its name and its connection too."""
    actor = who(request)
    return _shown(actor, exports.update(actor, api_support.export(actor, export), spec, now()))


@router.delete("/exports/{export}", response={200: ExportRemoval, 202: ExportRemoval})
def remove_export(
    request: HttpRequest,
    export: Number,
    contacts: Annotated[
        Literal["leave", "remove"],
        Query(
            description="What becomes of the contacts that it put on its list; with `remove` a last run takes them off."
        ),
    ],
) -> Status[ExportRemoval]:
    """Remove an export: at once (200), or once its last run has taken its contacts off the list (202)."""
    actor = who(request)
    found = api_support.export(actor, export)
    if exports.remove(actor, found, contacts, now()):
        return Status(200, ExportRemoval(is_gone=True, run=None))
    last = Run.of(runs.request(actor, found)) if contacts == "remove" else None
    return Status(202, ExportRemoval(is_gone=False, run=last))


@router.post("/exports/{export}/copies", response={201: Export})
def duplicate_export(
    request: HttpRequest, export: Number, new: Annotated[Copy, JsonBody(...)], response: HttpResponse
) -> Status[Export]:
    """Copy an export under another name. The copy is disabled until it is enabled."""
    actor = who(request)
    made = exports.duplicate(actor, api_support.export(actor, export), new.name, now())
    response["Location"] = f"/api/v1/exports/{made.pk}"
    return Status(201, _shown(actor, made))


@router.put("/exports/{export}/disablement", response=Export)
def disable_export(request: HttpRequest, export: Number, why: Annotated[Reason, JsonBody(...)]) -> Export:
    """Switch an export off: it does not run, neither by schedule nor on demand."""
    actor = who(request)
    found = api_support.export(actor, export)
    exports.disable(actor, found, now(), why.reason)
    return _shown(actor, found)


@router.delete("/exports/{export}/disablement", response=Export)
def enable_export(request: HttpRequest, export: Number) -> Export:
    """Let an export run again."""
    actor = who(request)
    found = api_support.export(actor, export)
    exports.enable(actor, found)
    return _shown(actor, found)


@router.put("/exports/{export}/connection", response=Export)
def attach_export(request: HttpRequest, export: Number, to: Annotated[Attachment, JsonBody(...)]) -> Export:
    """Let an export run over this connection."""
    actor = who(request)
    found = api_support.export(actor, export)
    exports.attach(actor, found, connections.get(actor, to.connection))
    return _shown(actor, found)


@router.delete("/exports/{export}/connection", response=Export)
def detach_export(request: HttpRequest, export: Number, reason: Why = "") -> Export:
    """Take an export off its connection: it keeps its configuration and does not run. A run under way stops."""
    actor = who(request)
    found = api_support.export(actor, export)
    exports.detach(actor, found, now(), reason)
    return _shown(actor, found)


@router.post("/exports/{export}/plan", response=Plan)
def plan_export(request: HttpRequest, export: Number) -> Plan:
    """Say what a run would do now: who is added, changed, taken off, left out. Sends nothing, and answers when it is done."""
    actor = who(request)
    found = api_support.export(actor, export)
    with long() as means:
        return Plan.of(wording.planned(found, runs.plan(actor, found, means)))


def _shown(actor: Actor, export: Any) -> Export:
    row = next(row for row in exports.listed(actor, export.name) if row.name == export.name)
    return Export.of(export.pk, row, configuration=exports.dump(export))
