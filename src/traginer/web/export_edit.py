"""Add export and Edit: the form, its parts that follow from one another, and what a run of it would do."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.api.waiting import long
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
        if do in LOOKED_AT:
            return LOOKED_AT[do](request, actor, facts)
        spec = export_form.spec_of(actor, draft)
        return _saved(request, actor, spec, export, runs_now=do == "save-run")
    except TraginerError as error:
        if refusals.is_part(request):
            return door.refused(request, error, template)
        return door.refused(request, error, template, offer=export_offer.of(actor, draft), **facts)


def _checked(request: HttpRequest, actor: Actor, facts: door.Facts) -> HttpResponse:
    """All that is wrong with the data matching, as profiles and account are now; neither name nor list matter for that."""
    spec = export_form.spec_of(actor, _filled(facts["draft"], name=UNNAMED, list="1"))
    found: door.Facts = {
        "faults": [refusals.told(fault) for fault in previews.faults(actor, spec)],
        "sizes": [(name, _members(actor, name)) for name in spec.segments],
        "is_checked": True,
    }
    return _beside(request, actor, "parts/faults.html", found, facts)


def _foreseen(request: HttpRequest, actor: Actor, facts: door.Facts) -> HttpResponse:
    """What the first run would do if the form were saved as it is. Nothing is saved or sent."""
    export = facts["export"]
    spec = export_form.spec_of(actor, _filled(facts["draft"], name=export.name if export else UNNAMED))
    with long() as means:
        draft = exports.drafted(actor, spec, export)
        plan = wording.planned(draft.export, runs.plan_draft(actor, draft, means))
    return _beside(request, actor, "parts/export_effect.html", {"plan": plan}, facts)


LOOKED_AT = {"check": _checked, "effect": _foreseen}
"""What buttons show beside the form without saving it."""


def _filled(draft: Draft, **otherwise: str) -> Draft:
    """The draft with these values where nobody has typed any: what is only looked at needs no name."""
    values = {name: draft.values.get(name) or value for name, value in otherwise.items()}
    return replace(draft, values={**draft.values, **values})


def _beside(request: HttpRequest, actor: Actor, part: str, found: door.Facts, facts: door.Facts) -> HttpResponse:
    """What was found, as a part of the page or, without a script, on the whole of it, with all that was typed."""
    if refusals.is_part(request):
        return door.show(request, part, **found)
    return door.show(request, "export_form.html", offer=export_offer.of(actor, facts["draft"]), **found, **facts)


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
