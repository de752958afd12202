"""A scheduler: follows the schedules until it is stopped, and keeps the house in order meanwhile."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import Error, connection

from traginer.control import exports, results, snapshots
from traginer.control.models import Removal
from traginer.control.schedules.firing import Fired, tick
from traginer.control.worker_heartbeats import SCHEDULER, Pulse
from traginer.control.worker_shift import Shift, stumbled_over

log = logging.getLogger("traginer.schedules")

TICK_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
HOUSEKEEPING_SECONDS = 3600.0


def follow(shift: Shift, now: Callable[[], datetime], told: Callable[[Fired], None]) -> None:
    """Follow the schedules until the shift is over; `told` hears of each slot. Whatever goes wrong meanwhile is waited for."""
    pause, pulse, kept_at = TICK_SECONDS, Pulse(SCHEDULER), float("-inf")
    while not shift.is_over:
        try:
            pulse.beat()
            for fired in tick(now()):
                told(fired)
            if time.monotonic() - kept_at > HOUSEKEEPING_SECONDS:
                keep_house(now())
                kept_at = time.monotonic()
            pause = TICK_SECONDS
        except Exception as error:
            stumbled_over(error, log)
            connection.close()
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        shift.rest(pause)
    with suppress(Error):
        pulse.end()


def keep_house(at: datetime) -> None:
    """Forget runs and snapshots of segments that are old enough, and finish removals whose last run ended without a word."""
    results.forget_old(at)
    snapshots.forget_old(at)
    for removal in Removal.objects.filter(export__removed_at=None).select_related("export"):
        exports.settle_removal(removal.export, at)
