"""How a run ended: status, reason, counts, and what stays on the spool for those who look back."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from traginer import home
from traginer.control.leases import fenced
from traginer.control.models import Hold, Run, RunStatus
from traginer.control.traffic import Traffic
from traginer.delivery.books import Counts
from traginer.errors import TraginerError
from traginer.pipeline import REJECTIONS, Outcome


def finish(run: Run, outcome: Outcome, traffic: Traffic, at: datetime) -> None:
    """Write down how the run ended, and the hold where a guard stopped it."""
    values: dict[str, Any] = {
        "status": _status(outcome),
        "counts": outcome.counts.as_dict(),
        "results": _results(run, outcome, traffic),
        "stage": "",
    }
    if outcome.error is not None:
        values |= _error(outcome.error)
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
                "at": at,
            }
            Hold.objects.update_or_create(run=run, defaults=hold)
    run.refresh_from_db()


def fail(run: Run, error: TraginerError, traffic: Traffic, at: datetime) -> None:
    """Write down that the run failed before its delivery: it moved nobody, and its counts are all zero."""
    values = {"counts": Counts().as_dict(), "results": _totals(run, traffic), **_error(error)}
    with fenced(run, status=RunStatus.FAILURE, finished_at=at, stage="", **values):
        pass
    run.refresh_from_db()


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
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def rejections_file(run: Run) -> Path | None:
    """The Parquet file of the run's rejections and warnings; None where it has none."""
    return next(home.spool(run.pk).glob(f"*/{REJECTIONS}"), None)


def _status(outcome: Outcome) -> RunStatus:
    if outcome.hold is not None:
        return RunStatus.HELD
    if outcome.error is not None:
        return RunStatus.FAILURE
    counts = outcome.counts
    left_out = counts.invalid + counts.rejected + counts.warnings + counts.in_doubt + outcome.unmatched_report_rows
    return RunStatus.COMPLETED_WITH_WARNINGS if left_out else RunStatus.SUCCESSFUL


def _results(run: Run, outcome: Outcome, traffic: Traffic) -> dict[str, Any]:
    return {
        **_totals(run, traffic),
        "rejections_by_reason": dict(outcome.rejections_by_reason),
        "warnings_by_reason": dict(outcome.warnings_by_reason),
        "seconds": dict(outcome.seconds),
        "unmatched_report_rows": outcome.unmatched_report_rows,
        "sent_again": outcome.sent_again,
    }


def _totals(run: Run, traffic: Traffic) -> dict[str, Any]:
    """The traffic of a run that may have been held in between."""
    earlier = run.results
    return {
        "requests": earlier.get("requests", 0) + traffic.requests,
        "requests_by_endpoint": traffic.by_endpoint,
        "bytes": earlier.get("bytes", 0) + traffic.bytes_sent,
    }


def _error(error: TraginerError) -> dict[str, Any]:
    facts = {name: value if isinstance(value, int | float | str) else str(value) for name, value in error.facts.items()}
    return {"error": error.code, "error_facts": facts}
