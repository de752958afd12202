"""Data > Segments: list, add, look at, change, remove; a live count, the rules as a sentence and as SQL."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, segments, sources
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.segments import RuleSegment, members_query, parse_rules, sentence
from traginer.values import AsOf
from traginer.web import door, refusals, segment_form
from traginer.web.segment_form import Draft

UNNAMED = "?"
REDRAWN = ("refresh", "add-rule", "add-group", "remove-rule")


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All segments, with their source and their rules in words."""
    search = request.GET.get("search", "")
    rows = [(segment, _sentence(segment)) for segment in segments.every(actor, search)]
    facts: door.Facts = {"rows": rows, "search": search, "may_add": actor.may("segment:write")}
    return door.show(request, "segments.html", **facts)


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One segment: how many members it has now, how many each rule holds for, and its SQL."""
    segment = api_support.segment(actor, number)
    facts: door.Facts = {
        "number": number,
        "segment": segment,
        "sentence": _sentence(segment),
        "sql": _sql(actor, segment),
    }
    exports = door.numbered("export", segments.exports_of(segment))
    try:
        facts["count"] = segments.count(actor, segment, now())
    except TraginerError as problem:
        facts["problem"] = refusals.told(problem)
    return door.show(request, "segment.html", used_by=exports, may_edit=actor.may("segment:write"), **facts)


@door.page("GET", "POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add segment: by rules, or by a SELECT."""
    actor.require("segment:write")
    draft = segment_form.of_post(request.POST) if request.method == "POST" else segment_form.blank(actor, request.GET)
    return _form(request, actor, draft, None, reverse("segment-add"))


@door.page("GET", "POST")
def edit(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Change a segment. Who uses it is said, since a run of theirs will carry others."""
    actor.require("segment:write")
    segment = api_support.segment(actor, number)
    draft = segment_form.of_post(request.POST) if request.method == "POST" else segment_form.of_segment(segment)
    return _form(request, actor, draft, segment, reverse("segment-edit", args=[number]))


@door.page("GET", "POST")
def remove(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Remove a segment, once somebody is sure."""
    actor.require("segment:remove")
    segment = api_support.segment(actor, number)
    facts: door.Facts = {"number": number, "name": segment.name}
    if request.method != "POST":
        return door.show(request, "segment_remove.html", **facts)
    try:
        segments.remove(actor, segment)
    except TraginerError as error:
        return door.refused(request, error, "segment_remove.html", **facts)
    return door.done(request, gettext(N_("The segment is removed.")), reverse("segments"))


def now() -> AsOf:
    """The moment that a count looks at."""
    return AsOf(door.now(), "UTC")


def _form(request: HttpRequest, actor: Actor, draft: Draft, segment: Any, address: str) -> HttpResponseBase:
    do = request.POST.get("do", "").partition(":")[0]
    facts: door.Facts = {"draft": draft, "address": address, "segment": segment}
    template = "parts/segment_form.html" if do in REDRAWN and refusals.is_part(request) else "segment_form.html"
    if request.method != "POST" or do in REDRAWN:
        return door.show(request, template, **segment_form.offer(actor, draft), **facts)
    try:
        if do == "count":
            return _counted(request, actor, draft, facts)
        spec = segment_form.spec_of(actor, draft)
        kept = segments.update(actor, segment, spec) if segment else segments.create(actor, spec)
    except TraginerError as error:
        if refusals.is_part(request):
            return door.refused(request, error, template)
        return door.refused(request, error, template, **segment_form.offer(actor, draft), **facts)
    return door.done(request, gettext(N_("Saved.")), reverse("segment", args=[kept.pk]))


def _counted(request: HttpRequest, actor: Actor, draft: Draft, facts: door.Facts) -> HttpResponse:
    """How many members the segment would have; it needs no name for that."""
    spec = segment_form.spec_of(actor, replace(draft, name=draft.name or UNNAMED))
    count = segments.count_draft(actor, spec, now())
    if refusals.is_part(request):
        return door.show(request, "parts/count.html", count=count)
    return door.show(request, "segment_form.html", count=count, **segment_form.offer(actor, draft), **facts)


def _sentence(segment: Any) -> str:
    return sentence(parse_rules(segment.rules)) if segment.rules is not None else ""


def _sql(actor: Actor, segment: Any) -> str:
    """The SELECT of the members; for whom may see sources, since it names their columns."""
    if segment.rules is None:
        return str(segment.sql)
    if not actor.may("source:read"):
        return ""
    try:
        columns = sources.columns_of(segment.source)
    except TraginerError:
        return ""
    rules = RuleSegment(segment.name, parse_rules(segment.rules))
    return members_query([rules], columns, segment.source.key, [], now())
