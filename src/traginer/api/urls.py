"""The addresses under /api/v1, and the door around each of them."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from traginer.api import limits, reference
from traginer.api.application import made
from traginer.api.document import PREFIX, document, operations
from traginer.api.door import Queries, answering, language_of, no_address

limits.a_minute()  # what is no number stops the server now, and not the first request
API = made()
DOCUMENT = document(API)
NO_PARAMETERS: Queries = {"GET": frozenset()}


def _openapi(_: HttpRequest) -> HttpResponseBase:
    return JsonResponse(DOCUMENT)


def _reference(_: HttpRequest) -> HttpResponse:
    return reference.page(DOCUMENT)


def _errors(request: HttpRequest) -> HttpResponse:
    return reference.errors_page(language_of(request.headers.get("Accept-Language", "")))


def _guarded() -> Iterator[URLPattern]:
    """The operations, each address with the parameters that it knows."""
    for pattern in API.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            address = PREFIX + re.sub(r"<(\w+)>", r"{\1}", str(pattern.pattern))
            view = answering(pattern.callback, _queries(address))
            yield URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


def _queries(address: str) -> Queries:
    return {
        method.upper(): {one["name"] for one in operation["parameters"] if one["in"] == "query"}
        for at, method, operation in operations(DOCUMENT)
        if at == address
    }


def _page(address: str, view: Any, name: str) -> URLPattern:
    return path(address, answering(view, NO_PARAMETERS), name=name)


urlpatterns = [
    *_guarded(),
    _page("openapi.json", _openapi, "openapi"),
    _page("docs", _reference, "reference"),
    _page("docs/errors", _errors, "errors"),
    re_path(r"^.*$", answering(no_address, {})),
]
