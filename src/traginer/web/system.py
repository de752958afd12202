"""Admin > System: whether all goes well (Status), when the system refresh runs (Schedule), what works here (About)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, doctor, exports, installation, schedules, wording
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.web import door, schedule_form

SHOWN_RUNS = 10
OPEN = ("queued", "processing", "held")


@door.page()
def view(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Status: who works here, what is under way or waits for somebody, and how much room there is."""
    numbers = api_support.numbers(exports.KIND)
    facts: door.Facts = {
        "status": installation.status(actor, door.now()),
        "waiting": [row for status in OPEN for row in _runs(actor, numbers, status)],
        "latest": _runs(actor, numbers, None),
        "may_examine": actor.may("system:examine"),
        "backup": "traginer backup traginer.tar.zst",
        "may_be_told": actor.may("system:write"),
    }
    return door.show(request, "system.html", **facts)


@door.page("GET", "POST")
def schedule(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Schedule: when the system refresh runs and which exports it runs; administrators choose: off, at times, or by cron."""
    if request.method != "POST":
        return door.show(
            request, "system_schedule.html", **_refresh(actor, schedule_form.of(schedules.of_system(actor)))
        )
    actor.require("schedule:write")
    chosen = schedule_form.read(request.POST)
    try:
        kept = schedules.set_system(actor, schedules.OFF if chosen == schedules.NONE else chosen, door.now())
    except TraginerError as error:
        return door.refused(request, error, "system_schedule.html", **_refresh(actor, request.POST))
    return door.done(request, schedules.describe(kept), reverse("system-schedule"))


@door.page()
def about(request: HttpRequest, actor: Actor) -> HttpResponse:
    """About: versions, licences, and where things are."""
    return door.show(request, "system_about.html", about=installation.about(actor))


@door.page("POST")
def examine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Look at every source, connection and export: it asks Brevo, and takes a while."""
    findings = sorted(doctor.examine(actor), key=lambda finding: finding.is_good)
    return door.show(request, "system_examined.html", findings=findings)


def _runs(actor: Actor, numbers: dict[str, int], status: str | None) -> list[tuple[int | None, wording.RunView]]:
    found = api_support.history(actor, None, status, None, SHOWN_RUNS)
    return [(numbers.get(run.export.name), wording.described(run)) for run in found]


def _refresh(actor: Actor, form: Any) -> dict[str, Any]:
    rule, at = schedules.of_system(actor), door.now()
    rows = [row for row in exports.listed(actor) if row.state == "active"]
    numbers = api_support.numbers(exports.KIND)
    following = [row for row in rows if schedules.follows_system(row)]
    return {
        "rule": rule,
        "next_times": schedules.next_times(rule, at) if schedules.is_valid(rule) else [],
        "silence": schedules.silence(at),
        "following": [(numbers[row.name], row.name) for row in following],
        "others": [(numbers[row.name], row) for row in rows if row not in following],
        "may_schedule": actor.may("schedule:write"),
        **schedule_form.choices(form),
    }
