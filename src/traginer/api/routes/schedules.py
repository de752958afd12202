"""/schedule: when the system refresh and the exports run by themselves."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.schemas.schedules import ExportSchedule, Schedule, SystemSchedule
from traginer.control import api_support, schedules
from traginer.control.runs.means import now

router = Router()


@router.get("/schedule", response=Schedule)
def get_system_schedule(request: HttpRequest) -> Schedule:
    """Show when the system refresh runs, and the next five times."""
    rule = schedules.of_system(who(request))
    return Schedule.of(rule, rule, now())


@router.put("/schedule", response=Schedule)
def set_system_schedule(request: HttpRequest, rule: Annotated[SystemSchedule, JsonBody(...)]) -> Schedule:
    """Set when the system refresh runs: at times of the day, by a cron expression, or not at all."""
    kept = schedules.set_system(who(request), rule.model_dump(), now())
    return Schedule.of(kept, kept, now())


@router.get("/exports/{export}/schedule", response=Schedule)
def get_export_schedule(request: HttpRequest, export: Number) -> Schedule:
    """Show when an export runs by itself, and the next five times."""
    actor = who(request)
    found = api_support.export(actor, export)
    return Schedule.of(found.schedule, schedules.of_system(actor), now())


@router.put("/exports/{export}/schedule", response=Schedule)
def set_export_schedule(
    request: HttpRequest, export: Number, rule: Annotated[ExportSchedule, JsonBody(...)]
) -> Schedule:
    """Let an export run with the system refresh, on demand only, or by a rule of its own."""
    actor = who(request)
    kept = schedules.set_export(actor, api_support.export(actor, export), rule.model_dump(), now())
    return Schedule.of(kept, schedules.of_system(actor), now())
