"""See what changes without a run: consents, export users, the scheduler, and runs that cannot be carried on."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from traginer.control import schedules
from traginer.control.models import Connection, Heartbeat, Notice, NoticeState, Run, RunStatus
from traginer.control.notices import changes
from traginer.control.notices.events import Event
from traginer.control.schedules.silence import SILENT_AFTER
from traginer.control.worker_heartbeats import WORKER

TAKEN_UP_IN_VAIN = 5
"""A run that is taken up so often, and stopped by an error each time, counts as failed."""


def observe(now: datetime) -> None:
    """Look at everything that a notice can be about, and write the notices down. Any number of workers may."""
    used = Connection.objects.filter(exports__removed_at=None).exclude(exports=None).distinct()
    for connection in used:
        with transaction.atomic():
            changes.see_consent(connection, now)
            changes.see_export_user(connection, now)
    _see_scheduler(now)
    stuck = Run.objects.filter(status=RunStatus.PROCESSING, token__gte=TAKEN_UP_IN_VAIN).exclude(error="")
    for run in stuck.select_related("export", "connection"):
        with transaction.atomic():
            changes.move_export(run, changes.FAILED, now)
    _forget(now)


def _see_scheduler(now: datetime) -> None:
    """Where everything has just been started, the scheduler is given the time to say so."""
    long_ago = now - SILENT_AFTER
    if not Heartbeat.objects.filter(role=WORKER, started_at__lte=long_ago, at__gt=long_ago).exists():
        return
    silence = schedules.silence(now)
    with transaction.atomic():
        if silence is None:
            changes.told("scheduler", changes.NORMAL, Event.RECOVERED, {"about": "scheduler"}, None, now)
        else:
            since = silence.since.isoformat(timespec="seconds") if silence.since else ""
            facts = {"since": since, "timers": silence.timers}
            changes.told("scheduler", "silent", Event.SCHEDULER_SILENT, facts, None, now)


def _forget(now: datetime) -> None:
    old = Notice.objects.filter(at__lt=now - timedelta(days=settings.HISTORY_DAYS))
    old.exclude(state=NoticeState.DUE).delete()
