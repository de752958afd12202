"""Figures for Prometheus, for whoever has a token, or asks from this machine where TRAGINER_METRICS does not forbid it."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from traginer.control import metrics, tokens
from traginer.control.notifying.carriage import is_loopback
from traginer.control.rights import Actor
from traginer.errors import TraginerError

BEARER = "bearer "
PROXIED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
"""What tells that the request came from elsewhere, by way of a proxy on this machine."""
HERE = Actor("metrics (this machine)", "viewer", door="web")


def figures(request: HttpRequest) -> HttpResponse:
    """The figures; 401 for whoever may not see them, 503 while the database is away."""
    try:
        actor = _actor(request)
        if actor is None:
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="traginer"'})
        content = metrics.exposition(actor, datetime.now(UTC))
    except TraginerError as error:
        return HttpResponse(f"{error}\n", status=401, content_type="text/plain; charset=utf-8")
    except DatabaseError:
        return HttpResponse(status=503)
    return HttpResponse(content, content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _actor(request: HttpRequest) -> Actor | None:
    """Whoever asks; None for nobody we know. Raises what is wrong with a token."""
    given = request.headers.get("Authorization", "")
    address = str(request.META.get("REMOTE_ADDR") or "")
    if given[: len(BEARER)].lower() == BEARER:
        return tokens.actor_for(given[len(BEARER) :].strip(), address)
    is_here = is_loopback(address) and not any(header in request.headers for header in PROXIED)
    return HERE if is_here and settings.METRICS_ACCESS == "loopback" else None
