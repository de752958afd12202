"""For machines that look after this one: whether the process lives, and whether it can do its work. No name, no secret."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse

from traginer.control import health
from traginer.control.doctor import Level

NOT_KEPT = {"Cache-Control": "no-store"}


def healthz(_: HttpRequest) -> HttpResponse:
    """Whether the process answers; it asks neither the database nor Brevo."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers=NOT_KEPT)


def readyz(_: HttpRequest) -> JsonResponse:
    """200 where nothing is wrong, else 503; and what is."""
    found = health.ready(datetime.now(UTC))
    is_ready = Level.WRONG not in found.values()
    answer = {"ready": is_ready, "checks": found}
    return JsonResponse(answer, status=200 if is_ready else 503, headers=NOT_KEPT)
