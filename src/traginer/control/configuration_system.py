"""What the configuration file sets once for the installation: when the system refresh runs."""

from datetime import datetime

from traginer.control import schedules
from traginer.control.rights import Actor
from traginer.control.spec import SystemSpec
from traginer.control.spec_schedules import rule_of, written


def put(actor: Actor, spec: SystemSpec, at: datetime) -> None:
    """Let the system refresh run as `spec` says; nothing is written down where it does already."""
    actor.require("schedule:write")
    rule = schedules.OFF if spec.schedule == "none" else rule_of(spec.schedule)
    if rule != schedules.system_rule():
        schedules.set_system(actor, rule, at)


def dump() -> dict[str, object]:
    """As `apply` takes it."""
    rule = schedules.system_rule()
    return {"schedule": "none" if rule == schedules.OFF else written(rule)}
