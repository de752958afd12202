"""Failures as pages: what happened, whose turn it is, what to do next, and a code; never an exception's own words."""

import logging
import traceback

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from traginer.errors import TURNS, Phrase, TraginerError
from traginer.i18n import N_, gettext, speaking
from traginer.web import languages
from traginer.web.errors import FormExpired, HostUnknown, PageBroken, PageUnknown
from traginer.web.statuses import TITLES, status_of

log = logging.getLogger("traginer.web")


def shown(request: HttpRequest, error: TraginerError) -> HttpResponse:
    """The page that tells of `error`; only its words where a script asked for a part of a page."""
    status = status_of(error)
    words = {"error": told(error), "title": gettext(TITLES.get(status, "")), "status": status}
    template = "parts/refusal.html" if is_part(request) else "refusal.html"
    return render(request, template, words, status=status)


def told(error: TraginerError) -> dict[str, str]:
    """The error for a template."""
    return {
        "what": error.sentence,
        "next_step": error.advice,
        "turn": gettext(TURNS[error.turn]),
        "code": error.code,
    }


def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """The page for what nobody foresaw. The log gets its kind and where it was: its own words may quote values of profiles."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("a page stopped by %s\n%s", type(error).__name__, where)
    return shown(request, PageBroken(kind=type(error).__name__))


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page."""
    return "HX-Request" in request.headers


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """What CsrfViewMiddleware answers with."""
    return _spoken(request, FormExpired())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """handler400: the name in the address is none of ours, mostly. Nothing in it is believed, so nobody is looked up."""
    return _bare(request, HostUnknown())


def broken(request: HttpRequest) -> HttpResponse:
    """handler500: something failed before any view; perhaps the database, which is therefore not asked again."""
    return _bare(request, PageBroken(kind=Phrase(N_("no page could be made"))))


def not_found(_: HttpRequest) -> HttpResponse:
    """The view of every address that leads nowhere. Raises PageUnknown."""
    raise PageUnknown


def _spoken(request: HttpRequest, error: TraginerError) -> HttpResponse:
    language = languages.spoken(request)
    with speaking(language), translation.override(language):
        return shown(request, error)


def _bare(request: HttpRequest, error: TraginerError) -> HttpResponse:
    language = languages.preferred(request.headers.get("Accept-Language", ""))
    with speaking(language), translation.override(language):
        status = status_of(error)
        words = {"error": told(error), "title": gettext(TITLES.get(status, "")), "language": language}
        return render(None, "bare.html", words, status=status)  # no request, no look-ups
