"""Data > Exports: the list, one export and its history, and what is done with it."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, connections, exports, refresh, runs, schedules, wording
from traginer.control.exports import STATES
from traginer.control.rights import Actor
from traginer.control.spec import ExportSpec
from traginer.errors import Phrase, TraginerError
from traginer.i18n import N_, gettext, ngettext
from traginer.web import chart, door, export_list, forms, schedule_form
from traginer.web.errors import ChoiceMissing
from traginer.web.export_list import STATUSES

SHOWN_RUNS = 20
FATES = ("leave", "remove")
QUEUED = N_("Run {run} is queued.")


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The exports, with their last run and what the reader may do with each: of one kind or of all, page by page."""
    search, page = request.GET.get("search", ""), forms.numbers(request.GET.getlist("page"))[:1]
    facts: door.Facts = {
        "listing": export_list.of(actor, search, request.GET.get("show", ""), page[0] if page else 1),
        "search": search,
        "show": request.GET.get("show", ""),
        "may_add": _may_add(actor),
        "may_connect": actor.may("connection:write"),
    }
    return door.show(request, "exports.html", **facts)


@door.page("POST")
def run_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Run all: every export with an active schedule that the actor may run."""
    asked = refresh.run_all(actor)
    queued = sum(1 for one in asked if one.run and one.run.status == "queued")
    said = ngettext("{n} run is queued.", "{n} runs are queued.", queued).format(n=queued)
    refusals = [f"{one.export.name}: {one.refusal}" for one in asked if one.refusal]
    return door.done(request, " ".join([said, *refusals]), reverse("exports"))


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One export: where it leads, what it carries, its history."""
    export = api_support.export(actor, number)
    return door.show(request, "export.html", **_shown(actor, number, export))


@door.page("POST")
def deed(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Run, enable, disable or detach an export."""
    export = api_support.export(actor, number)
    try:
        said, address = DEEDS[request.POST.get("do", "")](actor, export)
    except TraginerError as error:
        return door.refused(request, error, "export.html", **_shown(actor, number, export))
    return door.done(request, said, address or reverse("export", args=[number]))


@door.page("GET", "POST")
def duplicate(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """A copy under another name, disabled until somebody has looked at its list."""
    export = api_support.export(actor, number)
    exports.states.require(actor, "export:write", export)
    suggested = gettext(N_("{name} (copy)")).format(name=export.name)
    facts: door.Facts = {"number": number, "name": export.name, "copy": request.POST.get("name", suggested)}
    if request.method != "POST":
        return door.show(request, "export_duplicate.html", **facts)
    try:
        name = forms.required(request.POST, "name", N_("Display name"))
        made = exports.duplicate(actor, export, name, door.now())
    except TraginerError as error:
        return door.refused(request, error, "export_duplicate.html", **facts)
    return door.done(
        request, gettext(N_("The copy is disabled: choose its list, then enable it.")), _address(made.name)
    )


@door.page("GET", "POST")
def schedule(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """When an export runs by itself: with the system refresh, by a rule of its own, or on demand only."""
    export = api_support.export(actor, number)
    actor.require("export:schedule", on=export.connection)
    form = request.POST if request.method == "POST" else schedule_form.of(export.schedule, export.timezone)
    facts: door.Facts = {
        "number": number,
        "name": export.name,
        "system": schedules.of_system(actor),
        **schedule_form.choices(form),
    }
    if request.method != "POST":
        return door.show(request, "export_schedule.html", **facts)
    try:
        kept = schedules.set_export(actor, export, schedule_form.read(request.POST), door.now())
    except TraginerError as error:
        return door.refused(request, error, "export_schedule.html", **facts)
    return door.done(request, schedules.describe(kept), reverse("export", args=[number]))


@door.page("GET", "POST")
def remove(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Remove an export, with the choice of what becomes of the contacts that it put on its list."""
    export = api_support.export(actor, number)
    exports.states.require(actor, "export:remove", export)
    facts: door.Facts = {
        "number": number,
        "name": export.name,
        "list_id": export.list_id,
        "has_connection": bool(export.attached_to),
    }
    if request.method != "POST":
        return door.show(request, "export_remove.html", **facts)
    try:
        return _removed(request, actor, export)
    except TraginerError as error:
        return door.refused(request, error, "export_remove.html", **facts)


def _removed(request: HttpRequest, actor: Actor, export: Any) -> HttpResponseBase:
    fate = request.POST.get("contacts", "")
    if fate not in FATES:
        raise ChoiceMissing(field=Phrase(N_("What becomes of the contacts")))
    if exports.remove(actor, export, cast("exports.Fate", fate), door.now()):
        return door.done(request, gettext(N_("The export is removed.")), reverse("exports"))
    if fate == "leave":
        return door.done(
            request, gettext(N_("The export is removed; its run stops at the next safe point.")), reverse("exports")
        )
    run = runs.request(actor, export)
    said = gettext(N_("A last run takes its contacts off the list. The export is gone once that has worked."))
    return door.done(request, said, reverse("run", args=[run.pk]))


def _run(actor: Actor, export: Any) -> tuple[str, str]:
    run = runs.request(actor, export)
    said = gettext(QUEUED).format(run=run.pk) if run.status == "queued" else ""
    return said, reverse("run", args=[run.pk])


def _enable(actor: Actor, export: Any) -> tuple[str, str]:
    exports.enable(actor, export)
    return gettext(N_("Enabled.")), ""


def _disable(actor: Actor, export: Any) -> tuple[str, str]:
    exports.disable(actor, export, door.now())
    return gettext(N_("Disabled.")), ""


def _detach(actor: Actor, export: Any) -> tuple[str, str]:
    exports.detach(actor, export, door.now())
    return gettext(N_("Detached. Its configuration is kept; it does not run until it is attached to a connection.")), ""


DEEDS = {"run": _run, "enable": _enable, "disable": _disable, "detach": _detach}


def _may_add(actor: Actor) -> bool:
    """Whether the actor has a connection to configure an export on."""
    return actor.may("connection:read") and bool(connections.every(actor))


def _shown(actor: Actor, number: int, export: Any) -> dict[str, Any]:
    row = next(row for row in exports.listed(actor, export.name) if row.name == export.name)
    past = [wording.described(run) for run in api_support.history(actor, export, None, None, SHOWN_RUNS)]
    spec = exports.spec_of(export)
    return {
        "number": number,
        "row": row,
        "status": STATUSES.get(row.status, ""),
        "state": STATES[row.state],
        "spec": spec,
        "segments": door.numbered("segment", spec.segments),
        "connection": _connection(actor, spec),
        "past": [(number, view) for view in past],
        "pictures": chart.of(past),
        "next_times": schedules.next_times(_rule(actor, export), door.now(), 3),
        "may_see_connection": actor.may("connection:read"),
    }


def _connection(actor: Actor, spec: ExportSpec) -> int | None:
    """The number of the connection, for those who may use it."""
    usable = {view.name for view in connections.every(actor)} if actor.may("connection:read") else set()
    return api_support.numbers(connections.KIND)[spec.connection] if spec.connection in usable else None


def _rule(actor: Actor, export: Any) -> dict[str, Any]:
    rule = schedules.of_system(actor) if schedules.follows_system(export) else dict(export.schedule)
    return rule if export.attached_to and schedules.is_valid(rule) else schedules.OFF


def _address(name: str) -> str:
    return reverse("export", args=[api_support.numbers(exports.KIND)[name]])
