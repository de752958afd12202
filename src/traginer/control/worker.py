"""A worker claims one run after the other and carries each to its end; any number of them share the queue.

A claim is one short transaction. First come interrupted runs, then queued ones whose connection and account are free, the
oldest first; the database refuses a second running run of either, whatever two workers think at the same moment.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.db import Error, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from traginer.control import leases, notifying, results, runs, wording
from traginer.control.errors import LeaseLost, RunUnderWay
from traginer.control.models import Run, RunStatus
from traginer.control.runs.means import now
from traginer.control.wording import RunView
from traginer.control.worker_heartbeats import WORKER, Pulse
from traginer.control.worker_shift import Shift, Stopped, stumbled_over
from traginer.delivery.deliver import Pace
from traginer.errors import TraginerError

log = logging.getLogger("traginer.worker")

POLL_SECONDS = 1.0
"""How long a run that was asked for waits for an idle worker at most."""
LONGEST_PAUSE_SECONDS = 30.0
TAKEOVERS_AT_ONCE = 5
LONGEST_REST = timedelta(minutes=15)


def work(shift: Shift, told: Callable[[RunView], None]) -> None:
    """Work until the shift is over; `told` hears of each run that is over.

    A database that is away is waited for, and so is whatever else went wrong between two runs: a worker ends when it is told to.
    """
    pause, pulse, postman = POLL_SECONDS, Pulse(WORKER), notifying.Postman()
    stumbled = False
    while not shift.is_over:
        try:
            if stumbled:
                # The run that was under way when the database went away could not be let go of then.
                leases.let_go_all()
                stumbled = False
            if pulse.beat():
                results.tidy_lately_ended(now())
            postman.go_round(now())
            if not work_once(_means(shift), lambda run: told(wording.described(run))):
                shift.rest(POLL_SECONDS)
            pause = POLL_SECONDS
        except Stopped:
            break
        except Exception as error:
            stumbled_over(error, log)
            connection.close()
            stumbled = True
            shift.rest(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
    with suppress(Error):
        pulse.end()


def work_once(means: runs.Means, told: Callable[[Run], None] = lambda _: None) -> bool:
    """Claim one run and carry it to its end, or to where it must wait. False where there is nothing to claim."""
    run = claim(means)
    if run is None:
        return False
    try:
        runs.carry_on(run, means)
    except LeaseLost:
        log.warning("run %d was taken over by another worker", run.pk)
    except TraginerError as error:
        log.error("run %d is interrupted: %s", run.pk, error.code)  # noqa: TRY400 - its row says why
    else:
        told(run)
    return True


def _means(shift: Shift) -> runs.Means:
    return runs.Means(shift, now, Pace(shift.pause, time.monotonic), shift.pause)


def claim(means: runs.Means) -> Run | None:
    """A run that is ours from now on; None where no run waits that could begin."""
    return _taken_over() or _next_in_line(means)


def _taken_over() -> Run | None:
    """An interrupted run. One whose workers keep dying is taken up ever more rarely."""
    waited = Q(try_again_at=None) | Q(try_again_at__lte=Now())
    under_way = Run.objects.filter(waited, status=RunStatus.PROCESSING).order_by("pk")
    for run in under_way.select_related("export", "connection"):
        if not leases.is_alive(run):
            doubled = max(run.token - TAKEOVERS_AT_ONCE, 0)
            rest = min(timedelta(seconds=2.0 ** min(doubled, 16) - 1), LONGEST_REST)
            if leases.take(run, try_again_at=Now() + rest, **results.NO_ERROR):
                return run
    return None


def _next_in_line(means: runs.Means) -> Run | None:
    while _waiting().exists():
        try:
            with transaction.atomic():
                run = _waiting().select_for_update(skip_locked=True).first()
                if run is None:
                    return None
                runs.begin(run, means)
                return run
        except RunUnderWay:
            continue  # another worker began a run of the same account at this moment
    return None


def _waiting() -> QuerySet[Run]:
    """Queued runs that could begin now, in the order in which they were asked for."""
    under_way = Run.objects.filter(status=RunStatus.PROCESSING)
    busy = Q(connection__in=under_way.values("connection"))
    busy |= Q(connection__account__in=under_way.exclude(account="").values("account"))
    return Run.objects.filter(status=RunStatus.QUEUED).exclude(busy).order_by("pk")
