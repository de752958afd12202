"""The door: what holds for every request under /api/v1, whatever operation it is for, also where there is none."""

import logging
import traceback
from collections.abc import Callable, Mapping, Set
from functools import wraps
from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from traginer.api import problems
from traginer.api.bodies import MOST_BYTES, NOT_A_NUMBER, NOT_A_TEXT, unfit
from traginer.api.errors import AddressUnknown, AnswerUnexpected, BodyTooLarge, MethodUnknown
from traginer.api.faults import Fault, Placed, invalid
from traginer.control.runs_errors import DatabaseUnavailable
from traginer.errors import TraginerError
from traginer.i18n import LANGUAGES, N_, gettext, speaking

View = Callable[..., HttpResponseBase]
Queries = Mapping[str, Set[str]]
"""The names of the parameters that each method of an address knows."""

log = logging.getLogger("traginer.api")


def answering(view: View, queries: Queries) -> View:
    """`view` as the outside meets it: every failure is a problem, in the language of the one who asks."""

    @wraps(view)
    def answer(request: HttpRequest, **place: str) -> HttpResponseBase:
        language = language_of(request.headers.get("Accept-Language", ""))
        with speaking(language):
            return _finished(_answer(view, queries, request, place), language)

    answer.csrf_exempt = True  # type: ignore[attr-defined] # nothing here believes a cookie
    return answer


def no_address(_: HttpRequest) -> HttpResponseBase:
    """The view of every address that leads nowhere."""
    raise AddressUnknown


def language_of(accepted: str) -> str:
    """The first of our languages in a header Accept-Language, by preference (RFC 9110, 12.5.4); English where none is."""
    ranked = sorted(enumerate(accepted.split(",")), key=lambda item: (-_preference(item[1]), item[0]))
    spoken = [part.strip()[:2].lower() for _, part in ranked if _preference(part) > 0]
    return next((language for language in spoken if language in LANGUAGES), "en")


def _preference(part: str) -> float:
    _, _, weight = part.partition(";q=")
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0


def _answer(view: View, queries: Queries, request: HttpRequest, place: Mapping[str, str]) -> HttpResponseBase:
    try:
        _require_fit(request, queries)
        response = view(request, **place)
    except Exception as error:
        return failed(error)
    if response.status_code == 405:
        methods = ", ".join(sorted(response["Allow"].split(", ")))
        return problems.answer(MethodUnknown(method=request.method, methods=methods))
    return response


def failed(error: Exception) -> HttpResponse:
    """The answer to what `error` stopped."""
    match error:
        case TraginerError():
            return problems.answer(error)
        case Placed():
            return problems.answer(error.error, error.faults)
        case DataError() | OverflowError():
            return failed(invalid([Fault("body", (), gettext(NOT_A_NUMBER))]))
        case OperationalError() | InterfaceError():
            return problems.answer(DatabaseUnavailable(why=type(error).__name__))
    return _unexpected(error)


def _unexpected(error: Exception) -> HttpResponse:
    """The log gets its kind and where it happened; its own words may quote values of profiles."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("a request stopped by %s\n%s", type(error).__name__, where)
    return problems.answer(AnswerUnexpected(kind=type(error).__name__))


def _require_fit(request: HttpRequest, queries: Queries) -> None:
    """Raises BodyTooLarge, and Placed for parameters that nobody knows or no database can hold."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length[:20]) > MOST_BYTES:
        raise BodyTooLarge(most=MOST_BYTES)
    known = queries.get(request.method or "")
    if known is None or "Authorization" not in request.headers:  # whoever has no token is told that first
        return
    unknown = gettext(N_("This parameter is not known here."))
    faults = [Fault("query", (name,), unknown) for name in request.GET if name not in known]
    texts = ((name, text) for name, all_of_it in request.GET.lists() for text in all_of_it)
    faults += [Fault("query", (name,), gettext(NOT_A_TEXT)) for name, text in texts if unfit(text)]
    if faults:
        raise invalid(faults)


def _finished(response: HttpResponseBase, language: str) -> HttpResponseBase:
    headers: dict[str, Any] = {
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Vary": "Accept-Language, Authorization",
        "X-Content-Type-Options": "nosniff",
    }
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
