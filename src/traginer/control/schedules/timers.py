"""Timers: when each schedule is next due. They follow from the rules, and are set anew when those change."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from traginer.control import exports
from traginer.control.models import Export, Role, SystemSchedule, Timer
from traginer.control.rights import Actor
from traginer.control.schedules.rules import read
from traginer.control.schedules_errors import ScheduleInvalid

log = logging.getLogger("traginer.schedules")

SCHEDULER = Actor("schedule", Role.ADMINISTRATOR, door="worker")
"""Who asks for the runs of schedules."""
SYSTEM_TIMER = "system"
OFF: dict[str, Any] = {"kind": "off"}
WITH_SYSTEM: dict[str, Any] = {"kind": "system"}
NONE: dict[str, Any] = {"kind": "none"}


def system_rule() -> dict[str, Any]:
    """The rule of the system refresh; off until somebody decides otherwise."""
    latest = SystemSchedule.objects.order_by("-pk").first()
    return dict(latest.rule) if latest else OFF


def follows_system(export: Export | exports.ExportRow) -> bool:
    """Whether the export runs with the system refresh, which is the default."""
    return str(export.schedule.get("kind", "system")) == "system"


def arrange(at: datetime) -> None:
    """After it every schedule has a timer that follows its rule: a new or changed one counts from `at` on, one that is off is never due.

    Any number of processes may do it at the same moment.
    """
    wanted: dict[str, tuple[Export | None, Mapping[str, Any]]] = {SYSTEM_TIMER: (None, system_rule())}
    for export in exports.scheduled(SCHEDULER):
        if not follows_system(export):
            wanted[f"export-{export.pk}"] = (export, export.schedule)
    timers = {timer.name: timer for timer in Timer.objects.all()}
    for name, (whose, rule) in wanted.items():
        if name not in timers:
            _add(Timer(name=name, export=whose, rule=rule, next_run_at=due_after(rule, at)))
    for name, timer in timers.items():
        _, rule = wanted.get(name, (None, OFF))
        if timer.rule != rule:
            # Only from the rule it was read with: another scheduler may have set it, and even fired it, since.
            same = Timer.objects.filter(pk=timer.pk, rule=timer.rule, next_run_at=timer.next_run_at)
            same.update(rule=rule, next_run_at=due_after(rule, at))


def due_after(rule: Mapping[str, Any], at: datetime) -> datetime | None:
    """The next moment of a rule after `at`; None for one that is off, or that makes no sense."""
    try:
        return read(rule).next(at)
    except ScheduleInvalid as error:
        log.error("a schedule is never due: %s", error.code)  # noqa: TRY400 - the code says it
        return None


def _add(timer: Timer) -> None:
    try:
        with transaction.atomic():
            timer.save(force_insert=True)
    except IntegrityError:
        log.debug("another scheduler has set the timer %s", timer.name)
