"""What is due is fired: its runs are asked for in the transaction that moves the timer on, so each slot is fired once.

A slot that nobody came to in time is fired late, once for however many were passed; one that is later than LATE_HOURS is
missed: its runs are skipped, and say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from traginer.control import exports
from traginer.control.models import Export, Run, Slot, SlotOutcome, Timer
from traginer.control.runs import asking
from traginer.control.runs_errors import SlotMissed
from traginer.control.schedules.rules import read
from traginer.control.schedules.timers import SCHEDULER, arrange, due_after, follows_system

PROMPT = timedelta(minutes=1)
"""What is fired within it counts as fired in time."""


@dataclass(frozen=True)
class Fired:
    """A slot that this process came to first, and the runs that it asked for."""

    slot: Slot
    runs: Sequence[Run]


def tick(at: datetime) -> list[Fired]:
    """Set the timers by the rules, and fire all that is due at `at`. Any number of schedulers may do it at the same moment."""
    arrange(at)
    due = Timer.objects.filter(next_run_at__lte=at).select_related("export").order_by("next_run_at", "pk")
    return [fired for timer in due if (fired := _fire(timer, at)) is not None]


def _fire(timer: Timer, at: datetime) -> Fired | None:
    """The slot of a timer that is due, now ours; None where another scheduler was faster."""
    if timer.next_run_at is None:
        return None
    due_at, outcome = _due(timer, timer.next_run_at, at)
    with transaction.atomic():
        still = Timer.objects.filter(pk=timer.pk, next_run_at=timer.next_run_at, rule=timer.rule)
        if still.update(next_run_at=due_after(timer.rule, at)) != 1:
            return None
        slot = Slot.objects.create(timer=timer, due_at=due_at, at=at, outcome=outcome)
        return Fired(slot, [_ask(export, slot) for export in _exports_of(timer)])


def _due(timer: Timer, first: datetime, at: datetime) -> tuple[datetime, SlotOutcome]:
    """The slot to come to, of those between `first` and `at`, and how late it is."""
    if at - first <= PROMPT:
        return first, SlotOutcome.FIRED
    since = max(first - PROMPT, at - timedelta(hours=settings.LATE_HOURS))
    latest = read(timer.rule).latest(since, at)
    return (first, SlotOutcome.MISSED) if latest is None else (latest, SlotOutcome.LATE)


def _exports_of(timer: Timer) -> list[Export]:
    """The exports that the slot is for: those that may run, and follow the timer's schedule."""
    ready = exports.scheduled(SCHEDULER)
    if timer.export_id is None:
        return [export for export in ready if follows_system(export)]
    return [export for export in ready if export.pk == timer.export_id]


def _ask(export: Export, slot: Slot) -> Run:
    if slot.outcome == SlotOutcome.MISSED:
        zone = ZoneInfo(read(slot.timer.rule).timezone)
        hours = round((slot.at - slot.due_at) / timedelta(hours=1), 1)
        cause = SlotMissed(due=f"{slot.due_at.astimezone(zone):%Y-%m-%d %H:%M}", hours=hours)
        return asking.skipped_by_slot(export, slot, SCHEDULER.name, slot.at, cause)
    return asking.of_slot(export, slot, SCHEDULER.name, slot.at)
