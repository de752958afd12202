"""Admin > System: whether all goes well, and the schedule of the system refresh."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer import __version__
from traginer.control import api_support, doctor, schedules, wording
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.web import door, schedule_form

SHOWN_RUNS = 10
OPEN = ("queued", "processing", "held")


@door.page()
def view(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is under way or waits for somebody, whether the schedules are followed, and when the refresh runs."""
    actor.require("system:read")
    return door.show(request, "system.html", **_facts(actor))


@door.page("GET", "POST")
def schedule(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """When the system refresh runs: off, at times, or by a cron expression."""
    actor.require("schedule:write")
    form = request.POST if request.method == "POST" else schedule_form.of(schedules.of_system(actor))
    facts = schedule_form.choices(form)
    if request.method != "POST":
        return door.show(request, "system_schedule.html", **facts)
    chosen = schedule_form.read(request.POST)
    try:
        kept = schedules.set_system(actor, schedules.OFF if chosen == schedules.NONE else chosen, door.now())
    except TraginerError as error:
        return door.refused(request, error, "system_schedule.html", **facts)
    return door.done(request, schedules.describe(kept), reverse("system"))


@door.page("POST")
def examine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Look at every source, connection and export: it asks Brevo, and takes a while."""
    findings = sorted(doctor.examine(actor), key=lambda finding: finding.is_good)
    return door.show(request, "system_examined.html", findings=findings)


def _facts(actor: Actor) -> dict[str, Any]:
    rule, at = schedules.of_system(actor), door.now()
    latest = api_support.history(actor, None, None, None, SHOWN_RUNS)
    waiting = [run for status in OPEN for run in api_support.history(actor, None, status, None, SHOWN_RUNS)]
    numbers = api_support.numbers("export")
    return {
        "version": __version__,
        "rule": rule,
        "next_times": schedules.next_times(rule, at) if schedules.is_valid(rule) else [],
        "silence": schedules.silence(at),
        "waiting": [(numbers.get(run.export.name), wording.described(run)) for run in waiting],
        "latest": [(numbers.get(run.export.name), wording.described(run)) for run in latest],
        "may_schedule": actor.may("schedule:write"),
        "may_examine": actor.may("system:examine"),
    }
