"""Add and change a segment: the form redrawn by its buttons, and what it would come to, before anything is saved."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, segments, sources
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.segments.errors import RulesError
from traginer.web import door, forms, refusals, rules_form, segment_effect, segment_form, sql_lines
from traginer.web.segment_effect import Misplaced
from traginer.web.segment_form import Draft

REDRAWN = ("refresh", "add-rule", "add-group", "remove-rule")
LOOKED_AT = ("count", "members")


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


@door.page()
def values(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Values of a field to choose from, as the options of a list; after what stands before the last comma already."""
    actor.require("segment:write")
    typed = next((request.GET.get(name, "") for name in request.GET if name.startswith("value.")), "")
    before, _, begun = typed.rpartition(",") if "several" in request.GET else ("", "", typed)
    found: list[str] = []
    for number in forms.numbers(request.GET.getlist("source"))[:1]:
        source = api_support.source(actor, number)
        found = sources.values(actor, source, request.GET.get("field", ""), begun.strip())
    return door.show(request, "parts/values.html", values=[f"{before}, {one}" if before else one for one in found])


def _form(request: HttpRequest, actor: Actor, draft: Draft, segment: Any, address: str) -> HttpResponseBase:
    do = request.POST.get("do", "").partition(":")[0]
    facts: door.Facts = {"draft": draft, "address": address, "segment": segment}
    if segment is not None:
        facts["used_by"] = door.numbered("export", segments.exports_of(segment))
    with sources.read_once():
        if request.method != "POST" or do in REDRAWN:
            return _drawn(request, actor, facts, is_part=do in REDRAWN and refusals.is_part(request))
        try:
            if do in LOOKED_AT:
                return _looked_at(request, actor, draft, facts, do)
            spec = segment_form.spec_of(actor, draft)
            kept = segments.update(actor, segment, spec) if segment else segments.create(actor, spec)
        except Misplaced as misplaced:
            return _refused(request, actor, misplaced.error, misplaced.place, facts)
        except RulesError as error:
            return _refused(request, actor, error, rules_form.place_at(draft.rules, error.path), facts)
        except TraginerError as error:
            return _refused(request, actor, error, "", facts)
    return door.done(request, gettext(N_("Saved.")), reverse("segment", args=[kept.pk]))


def _drawn(request: HttpRequest, actor: Actor, facts: door.Facts, *, is_part: bool) -> HttpResponse:
    template = "parts/segment_form.html" if is_part else "segment_form.html"
    return door.show(request, template, **segment_form.offer(actor, facts["draft"]), **facts)


def _looked_at(request: HttpRequest, actor: Actor, draft: Draft, facts: door.Facts, do: str) -> HttpResponse:
    """What the segment would come to, or some of its members."""
    as_of = segment_form.moment(draft, door.now())
    if do == "count":
        seen: door.Facts = {"effect": segment_effect.of(actor, draft, as_of)}
    else:
        spec = segment_form.spec_of(actor, segment_effect.named(replace(draft, rules=_finished(draft))))
        seen = {"sample": segments.sample_draft(actor, spec, as_of)}
    if refusals.is_part(request):
        return door.show(request, "parts/effect_answer.html" if do == "count" else "parts/sample.html", **seen)
    return door.show(request, "segment_form.html", **seen, **segment_form.offer(actor, draft), **facts)


def _finished(draft: Draft) -> rules_form.Group:
    kept, _ = rules_form.finished(draft.rules)
    return kept or draft.rules


def _refused(
    request: HttpRequest, actor: Actor, error: TraginerError, place: str, facts: door.Facts
) -> HttpResponseBase:
    """What is wrong, with the rule or the line of the SELECT that it is about."""
    draft: Draft = facts["draft"]
    told: door.Facts = {"fault": place, "lines": sql_lines.of(error, draft.sql) if draft.by == "sql" else []}
    if refusals.is_part(request):
        words = {"error": refusals.told(error), "places": list(rules_form.places(draft.rules))}
        # What is only looked at while somebody types is no form that was refused: the browser need not complain.
        status = 200 if request.POST.get("do") in LOOKED_AT else door.REFUSED
        return door.show(request, "parts/segment_refusal.html", status, **words, **told)
    return door.refused(request, error, "segment_form.html", **told, **segment_form.offer(actor, draft), **facts)
