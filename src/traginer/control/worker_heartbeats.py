"""Signs of life of the processes that nobody watches: workers and schedulers."""

import time
from datetime import datetime, timedelta

from django.db.models import Max
from django.db.models.functions import Now

from traginer.control import leases
from traginer.control.models import Heartbeat

WORKER, SCHEDULER = "worker", "scheduler"
BEAT_SECONDS = 10.0
FORGOTTEN_AFTER = timedelta(days=7)


class Pulse:
    """The signs of life of this process in one role."""

    def __init__(self, role: str) -> None:
        self.role = role
        self._beaten = float("-inf")

    def beat(self) -> bool:
        """Give a sign of life, where the last one is some seconds old; whether it was the first."""
        if time.monotonic() - self._beaten < BEAT_SECONDS:
            return False
        first = self._beaten == float("-inf")
        self._beaten = time.monotonic()
        if first:
            Heartbeat.objects.filter(at__lt=Now() - FORGOTTEN_AFTER).delete()
        same = {"role": self.role, "owner": leases.owner()}
        Heartbeat.objects.update_or_create(
            **same, defaults={"at": Now()}, create_defaults={**same, "started_at": Now(), "at": Now()}
        )
        return first

    def end(self) -> None:
        """The process ends as it should: nobody need miss it."""
        Heartbeat.objects.filter(role=self.role, owner=leases.owner()).delete()


def last(role: str) -> datetime | None:
    """When anybody in this role gave the last sign of life; None where there is none."""
    found: datetime | None = Heartbeat.objects.filter(role=role).aggregate(last=Max("at"))["last"]
    return found
