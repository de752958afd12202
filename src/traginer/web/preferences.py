"""The language and the look, chosen by whoever reads; no log-in needed."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from traginer.control import accounts
from traginer.control.accounts.web import sessions
from traginer.i18n import LANGUAGES
from traginer.web import door
from traginer.web.languages import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, YEAR_SECONDS


def language(request: HttpRequest) -> HttpResponseBase:
    """Read in another language from now on: the account keeps it, or the browser of somebody who has not logged in."""
    chosen, response = request.POST.get("language", ""), _back(request)
    actor = sessions.newcomer(request)
    if actor:
        accounts.change_language(actor, chosen)
    elif chosen in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, chosen, YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def theme(request: HttpRequest) -> HttpResponseBase:
    """Light, dark, or as the system is set."""
    response, chosen = _back(request), request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def _back(request: HttpRequest) -> HttpResponseBase:
    return door.leading(request, door.own(request, request.POST.get("next", "/")))
