"""The dead man's alarm: whether anybody follows the schedules at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from traginer.control.models import Timer
from traginer.control.worker_heartbeats import SCHEDULER, last

SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Silence:
    """No scheduler has given a sign of life since then (None: not ever, as far as is known), though `timers` schedules are active."""

    since: datetime | None
    timers: int


def silence(at: datetime) -> Silence | None:
    """The silence of the scheduler, where it is too long; None where all is well, or no schedule waits for it."""
    active = Timer.objects.exclude(next_run_at=None).count()
    heard = last(SCHEDULER)
    if not active or (heard is not None and at - heard <= SILENT_AFTER):
        return None
    return Silence(heard, active)
