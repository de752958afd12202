"""Data > Sources: list, look at their columns with samples, remove."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, sources
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, refusals


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All sources."""
    search = request.GET.get("search", "")
    facts: door.Facts = {"rows": sources.every(actor, search), "search": search, "may_add": actor.may("source:write")}
    return door.show(request, "sources.html", **facts)


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One source: its profiles and its key, how fresh it is, what stands in each column, and who uses it."""
    source = api_support.source(actor, number)
    facts: door.Facts = {
        "number": number,
        "source": source,
        "segments": door.numbered("segment", sources.segments_of(source)),
        "exports": door.numbered("export", sources.exports_of(source)),
        "may_edit": actor.may("source:write"),
    }
    try:
        facts["described"] = described = sources.described(actor, source)
        facts["problem"] = refusals.told(described.trouble) if described.trouble else None
    except TraginerError as problem:
        facts["problem"] = refusals.told(problem)
    return door.show(request, "source.html", **facts)


@door.page("GET", "POST")
def remove(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Remove a source, once somebody is sure; its file stays."""
    actor.require("source:remove")
    source = api_support.source(actor, number)
    facts: door.Facts = {"number": number, "name": source.name}
    if request.method != "POST":
        return door.show(request, "source_remove.html", **facts)
    try:
        sources.remove(actor, source)
    except TraginerError as error:
        return door.refused(request, error, "source_remove.html", **facts)
    return door.done(request, gettext(N_("The source is removed.")), reverse("sources"))
