"""Data > Profiles: look one up, and see what became of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from traginer.control import profiles
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.web import door, forms, refusals


@door.page("GET", "POST")
def listing(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Look for profiles. What is typed stands in no address as it is: browsers and proxies keep those."""
    places = profiles.places(actor)
    if request.method == "POST":
        asked = {"source": request.POST.get("source", ""), "asked": profiles.sealed(request.POST.get("who", ""))}
        return door.leading(request, f"{reverse('profiles')}?{urlencode(asked)}")
    chosen = forms.numbers(request.GET.getlist("source"))
    source = next((one for one in places if one.pk in chosen), places[0] if places else None)
    text = profiles.unsealed(request.GET["asked"]) if "asked" in request.GET else ""
    facts: door.Facts = {"places": places, "source": source, "text": text, "may_add": actor.may("source:write")}
    return door.show(request, "profiles.html", **facts, **_found(actor, source, text))


@door.page()
def view(request: HttpRequest, actor: Actor, number: int, reference: str) -> HttpResponse:
    """One profile: its values, its segments, and what each export makes of it."""
    source = profiles.place_numbered(actor, number)
    profile = profiles.look(actor, source, reference, door.now())
    inside = [one for one in profile.belongings if one.belongs]
    outside = [one for one in profile.belongings if not one.belongs]
    facts: door.Facts = {"profile": profile, "source": source, "inside": inside, "outside": outside}
    return door.show(request, "profile.html", **facts)


def _found(actor: Actor, source: Any, text: str) -> door.Facts:
    if source is None or not text:
        return {}
    try:
        return {"found": profiles.search(actor, source, text)}
    except TraginerError as problem:
        return {"problem": refusals.told(problem)}
