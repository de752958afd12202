"""The door: what holds for every page. Who asks, in which language, and every failure in words."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from traginer.control import accounts, api_support
from traginer.control.accounts.errors import SecondFactorMissing
from traginer.control.accounts.web import sessions
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import speaking
from traginer.web import languages, refusals
from traginer.web.statuses import is_final

View = Callable[..., HttpResponseBase]
Facts = dict[str, Any]
"""What a template says, by name."""
REFUSED = 422
"""The status of a form that is shown again, with what is wrong."""

log = logging.getLogger("traginer.web")


def answering(view: View, *, before_set_up: bool = False) -> View:
    """`view` as a browser meets it: in the reader's language, and with every failure as a page.

    While nobody has an account, all pages but those `before_set_up` lead to the set-up.
    """

    @wraps(view)
    def answer(request: HttpRequest, **place: Any) -> HttpResponseBase:
        language = languages.spoken(request)
        with speaking(language), translation.override(language):
            response = _answer(view, request, place, before_set_up=before_set_up)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def page(*methods: str) -> Callable[[View], View]:
    """A page for people who have logged in: its view takes the request and the actor. GET, where no method is named."""

    def decorated(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **place: Any) -> HttpResponseBase:
            try:
                actor = sessions.actor(request)
            except SecondFactorMissing:
                return leading(request, reverse("second-factor"))
            if actor is None:
                return leading(request, f"{reverse('log-in')}?{urlencode({'next': _back_to(request)})}")
            request.actor = actor  # type: ignore[attr-defined] # for what every page shows
            return view(request, actor, **place)

        return answering(require_http_methods(list(methods or ("GET", "HEAD")))(answer))

    return decorated


def show(request: HttpRequest, template: str, status: int = 200, /, **facts: Any) -> HttpResponse:
    """A page."""
    return render(request, template, facts, status=status)


def done(request: HttpRequest, said: str, url: str) -> HttpResponseBase:
    """A deed is done: go on to `url`, where it is said. An empty `said` says nothing."""
    if said:
        messages.success(request, said)
    return leading(request, url)


def leading(request: HttpRequest, url: str) -> HttpResponseBase:
    """Go on to `url`; for a script that asked for a part of a page, as a whole page too."""
    if refusals.is_part(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def refused(request: HttpRequest, error: TraginerError, template: str, **facts: Any) -> HttpResponse:
    """The form again, with what is wrong with it; only that, where htmx sent the form. Raises `error` where no form helps."""
    if is_final(error):
        raise error
    if refusals.is_part(request):
        return show(request, "parts/refusal.html", REFUSED, error=refusals.told(error))
    return show(request, template, REFUSED, refusal=refusals.told(error), **facts)


def numbered(kind: str, names: Iterable[str]) -> list[tuple[int, str]]:
    """Things of a kind with their numbers, for links: by names that the reader has been shown."""
    numbers = api_support.numbers(kind)
    return [(numbers[name], name) for name in names]


def own(request: HttpRequest, url: str) -> str:
    """`url` where it leads to a page of ours; the first page otherwise."""
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else "/"


def actor_of(request: HttpRequest) -> Actor | None:
    """Who asks, on a page that takes a log-in; None on the others."""
    return getattr(request, "actor", None)


def now() -> datetime:
    """The time, with its offset."""
    return datetime.now(UTC)


def _answer(view: View, request: HttpRequest, place: dict[str, Any], *, before_set_up: bool) -> HttpResponseBase:
    try:
        if not before_set_up and not request.user.is_authenticated and not accounts.is_set_up():
            return leading(request, reverse("set-up"))
        return view(request, **place)
    except (Http404, SuspiciousOperation):
        raise
    except TraginerError as error:
        return refusals.shown(request, error)
    except Exception as error:
        return refusals.unexpected(request, error)


def _back_to(request: HttpRequest) -> str:
    """Where to go after log-in: here, unless something was sent, or a part was asked for."""
    return request.get_full_path() if request.method == "GET" and not refusals.is_part(request) else "/"
