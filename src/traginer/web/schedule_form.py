"""The choice of a schedule in a form: with the system refresh, at times, by a cron expression, or never by itself."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.http import QueryDict

from traginer.control import schedules
from traginer.web import forms

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
)
"""What a browser suggests; any other name that the system knows is taken as well."""


def of(rule: Mapping[str, Any], timezone: str = "UTC") -> dict[str, Any]:
    """The form of a rule, or of an export's choice."""
    kind = rule.get("kind", "system")
    return {
        "kind": "none" if kind in {"off", "none"} else kind,
        "times": ", ".join(rule.get("times", [])),
        "days": list(rule.get("days", [])),
        "cron": rule.get("cron", ""),
        "timezone": rule.get("timezone", timezone),
    }


def read(form: QueryDict) -> dict[str, Any]:
    """The choice that the form holds, as `schedules.set_export` takes it; what is wrong with it, that finds out."""
    kind, zone = form.get("kind", "system"), form.get("timezone", "").strip() or "UTC"
    if kind == "times":
        times = forms.words(form.get("times", ""))
        return {"kind": "times", "times": times, "days": form.getlist("days"), "timezone": zone}
    if kind == "cron":
        return {"kind": "cron", "cron": form.get("cron", ""), "timezone": zone}
    return dict(schedules.NONE if kind == "none" else schedules.WITH_SYSTEM)


def choices(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the template of the form needs beside the form itself."""
    chosen = form.getlist("days") if isinstance(form, QueryDict) else form.get("days", [])
    days = [(day, schedules.DAY_NAMES[day], day in chosen) for day in schedules.DAYS]
    return {"form": form, "days": days, "zones": ZONES}
