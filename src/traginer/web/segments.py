"""Data > Segments: list, look at, lay one over another, remove."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, profiles, segments, snapshots
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.segments import parse_rules, sentence
from traginer.values import AsOf
from traginer.web import door, forms, refusals, segment_pictures

LOOKED_BACK = 60
SHOWN = 10


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All segments, with their source, their size at the last refresh, and their rules in words."""
    search = request.GET.get("search", "")
    sizes = snapshots.latest(actor)
    rows = [(one, said(one), sizes.get(one.pk)) for one in segments.every(actor, search)]
    facts: door.Facts = {"rows": rows, "search": search, "may_add": actor.may("segment:write")}
    return door.show(request, "segments.html", **facts)


@door.page("GET", "POST")
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """One segment: its size now and rule by rule, how it grew, some members, and why somebody is in it or not."""
    segment = api_support.segment(actor, number)
    if request.method != "POST":
        return door.show(request, "segment.html", **_facts(request, actor, segment))
    try:
        reference = profiles.find(actor, segment.source, request.POST.get("who", ""))
    except TraginerError as error:
        problem = {"why_problem": refusals.told(error)}
        return door.show(request, "segment.html", door.REFUSED, **_facts(request, actor, segment), **problem)
    return door.leading(request, f"{reverse('segment', args=[number])}?profile={reference}#why")


@door.page()
def overlap(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Two segments, one over the other."""
    segment = api_support.segment(actor, number)
    others = segments.beside(actor, segment)
    facts: door.Facts = {"number": number, "segment": segment, "others": [(one.pk, one.name) for one in others]}
    chosen = forms.numbers(request.GET.getlist("with"))
    if chosen:
        facts["other"] = other = api_support.segment(actor, chosen[0])
        try:
            found = segments.overlap(actor, segment, other, now(segment))
            facts |= {"overlap": found, "picture": segment_pictures.circles(found)}
        except TraginerError as problem:
            facts["problem"] = refusals.told(problem)
    return door.show(request, "segment_overlap.html", **facts)


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


def now(segment: Any) -> AsOf:
    """The moment that a look at the segment is about."""
    return AsOf(door.now(), segments.zone_of(segment))


def said(segment: Any) -> str:
    """The rules of a segment in words; "" for a SELECT."""
    return sentence(parse_rules(segment.rules)) if segment.rules is not None else ""


def _facts(request: HttpRequest, actor: Actor, segment: Any) -> door.Facts:
    """What the page shows; what keeps the segment from being looked at stands there too."""
    as_of = now(segment)
    past = snapshots.trend(actor, segment, LOOKED_BACK)
    facts: door.Facts = {
        "number": segment.pk,
        "segment": segment,
        "sentence": said(segment),
        "as_of": as_of,
        "used_by": door.numbered("export", segments.exports_of(segment)),
        "may_edit": actor.may("segment:write"),
        "may_compare": bool(segments.beside(actor, segment)),
        "past": past[:SHOWN],
        "older": past[SHOWN:],
        "trend": segment_pictures.line(past),
    }
    try:
        return facts | _looked_at(request, actor, segment, as_of)
    except TraginerError as problem:
        return facts | {"problem": refusals.told(problem)}


def _looked_at(request: HttpRequest, actor: Actor, segment: Any, as_of: AsOf) -> door.Facts:
    """What it takes the source to say."""
    found: door.Facts = {"count": segments.count(actor, segment, as_of)}
    if actor.may("source:read"):
        found["sql"] = segments.sql_of(actor, segment, as_of)
    if "members" in request.GET:
        found["sample"] = segments.sample(actor, segment, as_of)
    if reference := request.GET.get("profile", ""):
        found["reference"] = reference
        found["why"] = profiles.explain(actor, segment, reference, as_of)
    return found
