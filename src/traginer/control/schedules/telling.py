"""A schedule in words."""

from collections.abc import Mapping
from typing import Any

from traginer.i18n import N_, gettext

DAY_NAMES = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}


def describe(written: Mapping[str, Any]) -> str:
    """What a rule says, or an export's choice, as a sentence in the language now spoken."""
    kind = written.get("kind", "off")
    if kind == "system":
        return gettext(N_("With the system refresh."))
    if kind == "times":
        return _times(written)
    if kind == "cron":
        text = gettext(N_("By the cron expression {cron} ({timezone})."))
        return text.format(cron=written["cron"], timezone=written.get("timezone", "UTC"))
    return gettext(N_("Off.")) if kind == "off" else gettext(N_("Only on demand."))


def _times(written: Mapping[str, Any]) -> str:
    times, zone = _listed(written["times"]), written.get("timezone", "UTC")
    days = written.get("days") or []
    if not days:
        return gettext(N_("Daily at {times} ({timezone}).")).format(times=times, timezone=zone)
    named = _listed([gettext(DAY_NAMES.get(day, day)) for day in days])
    return gettext(N_("On {days} at {times} ({timezone}).")).format(days=named, times=times, timezone=zone)


def _listed(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return gettext(N_("{several} and {last}")).format(several=", ".join(parts[:-1]), last=parts[-1])
