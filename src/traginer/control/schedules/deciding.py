"""What people decide about schedules: when the system refresh runs, and whether an export follows it, its own, or none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from traginer.control import audit
from traginer.control.audit import Target
from traginer.control.models import Export, SystemSchedule
from traginer.control.rights import Actor
from traginer.control.schedules.rules import checked
from traginer.control.schedules.timers import NONE, WITH_SYSTEM, arrange, system_rule

SYSTEM = Target("schedule", "system refresh")


def of_system(actor: Actor) -> dict[str, Any]:
    """The rule of the system refresh; off until somebody decides otherwise."""
    actor.require("schedule:read")
    return system_rule()


def set_system(actor: Actor, written: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Let the system refresh run by this rule from `at` on; the answer is its one spelling. Raises ScheduleInvalid."""
    actor.require("schedule:write")
    rule = checked(written)
    before = system_rule()
    with audit.atomic():
        SystemSchedule.objects.create(rule=rule, by=actor.name, at=at)
        audit.changed(actor, "schedule:write", SYSTEM, before, rule)
        arrange(at)
    return rule


def set_export(actor: Actor, export: Export, choice: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Let the export run with the system refresh (WITH_SYSTEM), on demand only (NONE), or by a rule of its own.

    Raises ScheduleInvalid, ExportDetached.
    """
    actor.require("export:schedule", on=export.connection)
    kept = dict(choice) if choice in (WITH_SYSTEM, NONE) else checked(choice)
    before = export.schedule
    with audit.atomic():
        export.schedule = kept
        export.save(update_fields=["schedule", "updated_at"])
        audit.changed(actor, "export:schedule", export, {"schedule": before}, {"schedule": kept})
        arrange(at)
    return kept
