"""Add export and Edit: the form, its parts that follow from one another, and what a run of it would do."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, exports, previews, runs, segments, wording
from traginer.control.journal import Unwatched
from traginer.control.rights import Actor
from traginer.control.spec import ExportSpec
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.values import AsOf
from traginer.web import door, export_form, export_offer, refusals
from traginer.web.export_form import Draft

UNNAMED = "?"
REDRAWN = ("refresh", "add-attribute", "remove-attribute")
"""What buttons do to the form without saving it."""


@door.page("GET", "POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add export, which the help calls Add destination too."""
    actor.require("connection:read")
    draft = export_form.of_post(request.POST, None) if request.method == "POST" else export_form.blank(request.GET)
    draft = export_offer.filled(actor, draft)
    return _form(request, actor, draft, None, reverse("export-add"))


@door.page("GET", "POST")
def edit(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Edit an export; for a detached one, also the connection that it is to run over."""
    export = api_support.export(actor, number)
    exports.states.require(actor, "export:write", export)
    spec = exports.spec_of(export)
    draft = export_form.of_post(request.POST, spec) if request.method == "POST" else export_form.of_spec(spec)
    return _form(request, actor, draft, export, reverse("export-edit", args=[number]))


@door.page()
def plan(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What a run would do now. Nothing is sent."""
    export = api_support.export(actor, number)
    made = wording.planned(export, runs.plan(actor, export, runs.Means(Unwatched())))
    return door.show(
        request, "export_plan.html", number=number, plan=made, may_run=exports.permissions_of(actor, export).run
    )


def _form(request: HttpRequest, actor: Actor, draft: Draft, export: Any, address: str) -> HttpResponseBase:
    do = request.POST.get("do", "").partition(":")[0]
    template = "parts/export_form.html" if do in REDRAWN and refusals.is_part(request) else "export_form.html"
    facts: door.Facts = {"draft": draft, "address": address, "export": export}
    if request.method != "POST" or do in REDRAWN:
        return door.show(request, template, offer=export_offer.of(actor, draft), **facts)
    try:
        if do == "check":
            return _checked(request, actor, facts)
        spec = export_form.spec_of(actor, draft)
        return _saved(request, actor, spec, export, runs_now=do == "save-run")
    except TraginerError as error:
        if refusals.is_part(request):
            return door.refused(request, error, template)
        return door.refused(request, error, template, offer=export_offer.of(actor, draft), **facts)


def _checked(request: HttpRequest, actor: Actor, facts: door.Facts) -> HttpResponse:
    """All that is wrong with the data matching, as profiles and account are now; neither name nor list matter for that."""
    draft: Draft = facts["draft"]
    values = {**draft.values, "name": draft.values.get("name") or UNNAMED, "list": draft.values.get("list") or "1"}
    spec = export_form.spec_of(actor, replace(draft, values=values))
    found: door.Facts = {
        "faults": [refusals.told(fault) for fault in previews.faults(actor, spec)],
        "sizes": [(name, _members(actor, name)) for name in spec.segments],
        "is_checked": True,
    }
    if refusals.is_part(request):
        return door.show(request, "parts/faults.html", **found)
    return door.show(request, "export_form.html", offer=export_offer.of(actor, draft), **found, **facts)


def _members(actor: Actor, segment: str) -> int:
    return segments.count(actor, segments.get(actor, segment), AsOf(door.now(), "UTC")).members


def _saved(request: HttpRequest, actor: Actor, spec: ExportSpec, export: Any, *, runs_now: bool) -> HttpResponseBase:
    at = door.now()
    kept = exports.update(actor, export, spec, at) if export else exports.create(actor, spec, at)
    if runs_now:
        run = runs.request(actor, kept)
        return door.done(
            request, gettext(N_("Saved. Run {run} is queued.")).format(run=run.pk), reverse("run", args=[run.pk])
        )
    said = gettext(N_("Saved. Nothing is sent before it runs."))
    return door.done(request, said, reverse("export", args=[kept.pk]))
