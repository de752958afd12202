"""How a run ended: status, reason, counts, and what stays on the spool for those who look back."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from traginer import home
from traginer.control import notices, tallies
from traginer.control.configuration_errors import ExportDetached, ExportMoved, ExportRemoved
from traginer.control.leases import fenced
from traginer.control.models import Hold, Run, RunStatus
from traginer.control.runs_errors import RunCanceled
from traginer.control.traffic import Traffic
from traginer.delivery.books import Counts
from traginer.errors import TraginerError
from traginer.pipeline import REJECTIONS, Outcome

FORGOTTEN_AT_ONCE = 50
TIDIED_FOR = timedelta(days=2)
NO_ERROR = {"error": "", "error_facts": {}}
ENDED_BY_PEOPLE = (RunCanceled, ExportDetached, ExportMoved, ExportRemoved)
"""What ends a run under way because somebody wanted it so, directly or by what they did to its export."""


def finish(run: Run, outcome: Outcome, traffic: Traffic, at: datetime) -> None:
    """Write down how the run ended, and the hold where a guard stopped it."""
    values: dict[str, Any] = {
        "status": _status(outcome),
        "counts": outcome.counts.as_dict(),
        "results": _results(outcome, traffic),
        **_over(traffic),
        **(told(outcome.error) if outcome.error is not None else NO_ERROR),
    }
    if outcome.hold is not None:
        values["digest"] = outcome.digest
    else:
        values["finished_at"] = at
    with fenced(run, **values):
        if outcome.hold is not None:
            hold = {
                "reason": outcome.hold.reason,
                "listed": outcome.hold.listed,
                "leaving": outcome.hold.leaving,
                "over": outcome.hold.over,
                "at": at,
            }
            Hold.objects.update_or_create(run=run, defaults=hold)
        _noticed(run)
    run.refresh_from_db()


def fail(run: Run, error: TraginerError, traffic: Traffic, at: datetime) -> None:
    """Write down what ended the run before its delivery: it moved nobody, and its counts are all zero."""
    values = {"counts": Counts().as_dict(), "results": _totals(traffic), **_over(traffic), **told(error)}
    with fenced(run, status=_stopped(error), finished_at=at, **values):
        _noticed(run)
    run.refresh_from_db()


def end(run: Run, why: str, at: datetime) -> None:
    """Write down that a person ended the run; `why` is a code of the wording."""
    with fenced(run, status=RunStatus.CANCELED, finished_at=at, stage="", ends_at=None, error=why, error_facts={}):
        _noticed(run)
    run.refresh_from_db()


def skip(run: Run, cause: TraginerError, at: datetime) -> Run:
    """Write down that the run was not attempted, and why; its worker holds the lease."""
    with fenced(run, status=RunStatus.SKIPPED, finished_at=at, counts=Counts().as_dict(), **told(cause)):
        pass
    run.refresh_from_db()
    return run


def told(error: TraginerError) -> dict[str, Any]:
    """The columns of a run that keep an error, for showing it again."""
    facts = {name: value if isinstance(value, int | float | str) else str(value) for name, value in error.facts.items()}
    return {"error": error.code, "error_facts": facts}


def tidy(run: Run) -> None:
    """Remove bodies and plan of a run that has ended: they hold values of profiles.

    Brevo's own report files stay only where a line of them matches nobody, for a person to look at.
    """
    folder = home.spool(run.pk)
    if run.status == RunStatus.PROCESSING or not folder.exists():
        return
    kept = {REJECTIONS, "reports"} if run.results.get("unmatched_report_rows") else {REJECTIONS}
    for path in folder.glob("*/*"):
        if path.name not in kept:
            _remove(path)


def _remove(path: Path) -> None:
    """Remove a file or folder that another worker may be removing at this moment."""
    if path.is_dir():
        shutil.rmtree(path, onexc=_unless_gone)
    else:
        path.unlink(missing_ok=True)


def _unless_gone(_: object, __: str, error: BaseException) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def tidy_lately_ended(at: datetime) -> None:
    """Remove what runs left on the spool whose worker was cut between their end and `tidy`."""
    for run in Run.objects.filter(finished_at__gte=at - TIDIED_FOR):
        tidy(run)


def forget_old(at: datetime) -> int:
    """Remove ended runs that are too old or too many, with what they left on the spool; how many that were.

    Kept are those of the last HISTORY_DAYS and the newest HISTORY_RUNS of an export; and for ever its last, and its last that
    was not skipped.
    """
    forgotten = 0
    for export in Run.objects.order_by().values_list("export", flat=True).distinct():
        ended = Run.objects.filter(export=export, finished_at__isnull=False).order_by("-pk")
        newest = list(ended.values_list("pk", flat=True)[: settings.HISTORY_RUNS])
        if not newest:
            continue
        old = Q(pk__lt=newest[-1]) | Q(finished_at__lt=at - timedelta(days=settings.HISTORY_DAYS))
        last = [newest[0], *ended.exclude(status=RunStatus.SKIPPED).values_list("pk", flat=True)[:1]]
        forgotten += _forget(ended.filter(old).exclude(pk__in=last))
    return forgotten


def _forget(runs: QuerySet[Run]) -> int:
    """Remove them a few at a time: each run has its batches, and others want to write too."""
    forgotten = 0
    while some := list(runs[:FORGOTTEN_AT_ONCE]):
        for run in some:
            shutil.rmtree(home.spool(run.pk), ignore_errors=True)
        Run.objects.filter(pk__in=[run.pk for run in some]).delete()
        forgotten += len(some)
    return forgotten


def rejections_file(run: Run) -> Path | None:
    """The Parquet file of the run's rejections and warnings; None where it has none."""
    return next(home.spool(run.pk).glob(f"*/{REJECTIONS}"), None)


def _noticed(run: Run) -> None:
    """What follows from the end of the run, or its hold, in the transaction that writes it down."""
    tallies.count(run)
    notices.on_finished(run)


def _status(outcome: Outcome) -> RunStatus:
    if outcome.hold is not None:
        return RunStatus.HELD
    if outcome.error is not None:
        return _stopped(outcome.error)
    counts = outcome.counts
    left_out = counts.invalid + counts.rejected + counts.warnings + counts.in_doubt + outcome.unmatched_report_rows
    return RunStatus.COMPLETED_WITH_WARNINGS if left_out else RunStatus.SUCCESSFUL


def _stopped(error: TraginerError) -> RunStatus:
    return RunStatus.CANCELED if isinstance(error, ENDED_BY_PEOPLE) else RunStatus.FAILURE


def _results(outcome: Outcome, traffic: Traffic) -> dict[str, Any]:
    return {
        **_totals(traffic),
        "rejections_by_reason": dict(outcome.rejections_by_reason),
        "warnings_by_reason": dict(outcome.warnings_by_reason),
        "seconds": dict(outcome.seconds),
        "unmatched_report_rows": outcome.unmatched_report_rows,
        "sent_again": outcome.sent_again,
    }


def _totals(traffic: Traffic) -> dict[str, Any]:
    """The traffic of a run, that before a hold or an interruption among it."""
    return {
        "requests": traffic.requests,
        "requests_by_endpoint": traffic.by_endpoint,
        "bytes": traffic.bytes_sent,
    }


def _over(traffic: Traffic) -> dict[str, Any]:
    """The columns that tell of a run under way, once it is not."""
    return {"stage": "", "ends_at": None, "requests": traffic.requests, "bytes": traffic.bytes_sent}
