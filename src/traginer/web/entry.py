"""Coming in and going out; the password and the second factor of one's own account."""

import base64
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import accounts
from traginer.control.accounts.errors import SecondFactorNeeded
from traginer.control.accounts.web import sessions, sign_on_settings
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, refusals
from traginer.web.errors import PasswordsDiffer
from traginer.web.statuses import is_final


def log_in(request: HttpRequest) -> HttpResponseBase:
    """Log in with a password, and a code where the account asks for one; or by single sign-on."""
    back = door.own(request, request.POST.get("next") or request.GET.get("next") or "/")
    if sessions.newcomer(request):
        return door.leading(request, back)
    facts: door.Facts = {"next": back, "email": request.POST.get("email", ""), "has_sign_on": sign_on_settings.is_on()}
    if request.method != "POST":
        return door.show(request, "log_in.html", **facts)
    return _entered(request, back, facts)


def log_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    sessions.log_out(request)
    return door.leading(request, reverse("log-in"))


def leaving(begin: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """`begin`, which sends the browser to the identity provider, as a page that goes on there.

    The policy of the pages says where a form may lead, and browsers hold every redirect of its answer to that, also those
    of the provider to yet another one. A page that goes on by itself is a new beginning, wherever the provider leads.
    """

    def answer(request: HttpRequest, **place: Any) -> HttpResponseBase:
        answered = begin(request, **place)
        there = answered.headers.get("Location", "")
        return door.show(request, "leaving.html", there=there) if there else answered

    return answer


def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Set up an authenticator app; for people whose role must have one, nothing else can be done before."""
    newcomer = sessions.newcomer(request)
    if newcomer is None:
        return door.leading(request, reverse("log-in"))
    if request.method != "POST":
        return door.show(request, "second_factor.html", **_proposal(newcomer))
    form = request.POST
    try:
        codes = accounts.set_up_second_factor(
            newcomer, form.get("password", ""), form.get("secret", ""), form.get("code", "")
        )
    except TraginerError as error:
        return door.refused(request, error, "second_factor.html", **_proposal(newcomer))
    return door.show(request, "recovery_codes.html", codes=codes)


@door.page("GET", "POST")
def account(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """One's own account: the password, and the second factor."""
    facts: door.Facts = {"has_second_factor": accounts.has_second_factor(request.user)}  # type: ignore[arg-type] # has logged in
    if request.method != "POST":
        return door.show(request, "account.html", **facts)
    try:
        said = DEEDS[request.POST.get("do", "")](request, actor)
    except TraginerError as error:
        return door.refused(request, error, "account.html", **facts)
    return door.done(request, gettext(said), reverse("account"))


def _entered(request: HttpRequest, back: str, facts: door.Facts) -> HttpResponseBase:
    form = request.POST
    try:
        user = accounts.by_password(
            form.get("email", ""), form.get("password", ""), sessions.address(request), form.get("code") or None
        )
    except SecondFactorNeeded:
        if refusals.is_part(request):
            return door.show(request, "parts/code.html", door.REFUSED)
        return door.show(request, "log_in.html", door.REFUSED, asks_for_code=True, **facts)
    except TraginerError as error:
        asks: door.Facts = {"asks_for_code": "code" in form}
        if refusals.is_part(request) and asks["asks_for_code"]:
            return door.show(request, "parts/code.html", door.REFUSED, error=refusals.told(error))
        if is_final(error):
            raise
        return door.refused(request, error, "log_in.html", **asks, **facts)
    sessions.log_in(request, user)
    return door.leading(request, back)


def _change_password(request: HttpRequest, actor: Actor) -> str:
    form = request.POST
    if form.get("new") != form.get("again"):
        raise PasswordsDiffer
    user = accounts.change_own_password(actor, form.get("old", ""), form.get("new", ""))
    sessions.log_in(request, user)
    return N_("The password is changed. Other sessions of yours have ended.")


def _remove_factor(request: HttpRequest, actor: Actor) -> str:
    accounts.remove_second_factor(actor, request.POST.get("password", ""), request.POST.get("code", ""))
    return N_("Your account asks for the password alone again.")


DEEDS = {"password": _change_password, "remove-factor": _remove_factor}


def _proposal(newcomer: Actor) -> door.Facts:
    """The QR code as an address of its own: a policy of ours forbids the styles that stand in it."""
    proposal = accounts.propose_second_factor(newcomer)
    image = base64.b64encode(proposal.svg.encode()).decode()
    return {"proposal": proposal, "qr": f"data:image/svg+xml;base64,{image}"}
