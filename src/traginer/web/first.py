"""The first start: the first administrator, then the sample or an account of one's own."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import accounts, api_support, connections, consent_versions, exports, segments, sources
from traginer.control.accounts.web import sessions
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, languages, sample
from traginer.web.errors import PasswordsDiffer

STEPS = {
    connections.KIND: (
        "connection-add",
        N_("Admin > Connections: add a connection to your Brevo (Sendinblue) account."),
    ),
    sources.KIND: ("source-add", N_("Data > Sources: add the file that holds your profiles.")),
    segments.KIND: ("segment-add", N_("Data > Segments: say who belongs to a segment.")),
    exports.KIND: ("export-add", N_("Data > Exports: choose a list, and save. Nothing is sent before you run it.")),
}
"""What an export of one's own takes, in the order in which it is made: where each is added, and what to do there."""
UNLOADED = N_("The sample is gone. What its runs did stays in the history and in the audit.")
LOADED = N_("The sample is loaded: made-up profiles, and a Brevo that runs on this machine. Press Run to see it work.")


def set_up(request: HttpRequest) -> HttpResponseBase:
    """The first account, an administrator. Only while there is none."""
    if accounts.is_set_up():
        return door.leading(request, "/")
    facts: door.Facts = {"form": request.POST}
    if request.method != "POST":
        return door.show(request, "set_up.html", **facts)
    try:
        _first_administrator(request)
    except TraginerError as error:
        return door.refused(request, error, "set_up.html", **facts)
    return door.leading(request, reverse("begin"))


@door.page("GET", "POST")
def begin(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """How to begin: with the sample, which can be taken away again, or with an account of one's own, step by step."""
    actor.require("connection:write")
    if request.method != "POST":
        return door.show(request, "begin.html", **_ways(request))
    try:
        if request.POST.get("do") == "unload":
            sample.unload(actor, door.now())
            return door.done(request, gettext(UNLOADED), reverse("begin"))
        sample.load(actor, request.POST.get("password", ""), door.now())
    except TraginerError as error:
        return door.refused(request, error, "begin.html", **_ways(request))
    return door.done(request, gettext(LOADED), reverse("exports"))


def _ways(request: HttpRequest) -> dict[str, Any]:
    there = {kind: set(api_support.numbers(kind)) for kind in STEPS}
    ours = sample.names()
    own = {kind: names - ours for kind, names in there.items()}
    return {
        "consent": consent_versions.text(consent_versions.present(), languages.spoken(request)),
        "is_loaded": bool(ours & there[exports.KIND]),
        "steps": [(bool(own[kind]), address, gettext(text)) for kind, (address, text) in STEPS.items()],
        "next_step": next((address for kind, (address, _) in STEPS.items() if not own[kind]), ""),
    }


def _first_administrator(request: HttpRequest) -> None:
    form = request.POST
    if form.get("password") != form.get("again"):
        raise PasswordsDiffer
    user = accounts.set_up(
        form.get("email", ""), form.get("name", ""), form.get("password", ""), address=sessions.address(request)
    )
    sessions.log_in(request, user)
