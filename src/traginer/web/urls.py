"""Which address leads where."""

from django.urls import include, path

from traginer.web import health, metrics, sample_brevo

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.figures, name="metrics"),
    path("api/v1/", include("traginer.api.urls")),
    path("", include("traginer.web.routes")),
]
handler400 = "traginer.web.refusals.bad_request"
handler500 = "traginer.web.refusals.broken"

# The addresses are loaded by the process that answers, and by no other.
sample_brevo.keep()
