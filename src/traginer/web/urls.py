"""Which address leads where."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def healthz(_: HttpRequest) -> HttpResponse:
    """Whether the process answers; it asks neither the database nor Brevo."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("traginer.api.urls")),
]
