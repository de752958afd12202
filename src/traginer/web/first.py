"""The first start: the first administrator, then the sample or an account of one's own."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import accounts, consent_versions
from traginer.control.accounts.web import sessions
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, languages, sample
from traginer.web.errors import PasswordsDiffer

LOADED = N_(
    "The sample is loaded: made-up profiles, and a Brevo that runs on this machine. Press Run now to see it work."
)


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
    """How to begin: with the sample, or with an account of one's own."""
    actor.require("connection:write")
    text = consent_versions.text(consent_versions.present(), languages.spoken(request))
    if request.method != "POST":
        return door.show(request, "begin.html", consent=text)
    try:
        sample.load(actor, request.POST.get("password", ""), door.now())
    except TraginerError as error:
        return door.refused(request, error, "begin.html", consent=text)
    return door.done(request, gettext(LOADED), reverse("exports"))


def _first_administrator(request: HttpRequest) -> None:
    form = request.POST
    if form.get("password") != form.get("again"):
        raise PasswordsDiffer
    user = accounts.set_up(
        form.get("email", ""), form.get("name", ""), form.get("password", ""), address=sessions.address(request)
    )
    sessions.log_in(request, user)
