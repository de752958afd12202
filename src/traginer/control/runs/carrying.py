"""Carry a run to its end, whatever that is, and write it down.

A run is one row and a folder on the spool. Whoever holds its lease carries it on; after a crash any worker does, with the
same `as_of`, from wherever the journal says it was.
"""

import logging
import traceback
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError

from traginer import home, pipeline
from traginer.control import connections, exports, leases, logs, results, snapshots, sources, traffic
from traginer.control.configuration_errors import ExportDetached, ExportDisabled, ExportMoved, ExportRemoved
from traginer.control.errors import LeaseLost, PlanMoved, RunFailedUnexpectedly
from traginer.control.journal import RunJournal
from traginer.control.leases import Lease
from traginer.control.models import Approval, Run
from traginer.control.runs.asking import queue
from traginer.control.runs.attention import Attention, LeasedList, attentive
from traginer.control.runs.means import Means
from traginer.control.runs_errors import ScheduleOff
from traginer.control.traffic import Traffic
from traginer.delivery import advance
from traginer.delivery.deliver import Pace
from traginer.delivery.freeze import Limits
from traginer.destination import BrevoList
from traginer.duck import open_duck
from traginer.errors import TraginerError
from traginer.pipeline import LIMITS
from traginer.profiles.source import Source
from traginer.values import AsOf

SKIPPED_FOR = (ExportDetached, ExportDisabled, ExportMoved, ExportRemoved, ScheduleOff)

log = logging.getLogger("traginer.runs")

LONGEST_PAUSE = timedelta(minutes=15)


def carry_on(run: Run, means: Means) -> Run:
    """Carry a run of ours to its end.

    What goes wrong between the freeze and the end is raised, and leaves the run interrupted: the next one takes it up,
    so that nothing Brevo confirmed is forgotten. So does a database that is away, and whatever ends this process.
    """
    if cause := _why_skipped(run):
        return _over(results.skip(run, cause, means.now()), means)
    counted = Traffic.of(run)
    known = {"run": run.pk, "export": run.export.name, "connection": run.connection.name}
    with logs.about(**known), leases.kept_alive(run) as lease:
        attention = Attention(run, lease, counted, means.now)
        journal = RunJournal(run, means.watch, attention)
        try:
            snapshots.take(run, as_of(run))
            outcome = _delivered(run, journal, lease, counted, means)
            results.finish(run, outcome, counted, means.now())
        except (LeaseLost, OperationalError, InterfaceError):
            raise
        except Exception as error:
            _ended_early(run, error, counted, means)
        except BaseException:
            leases.let_go(run)
            raise
    return _over(run, means)


def give_up(run: Run, means: Means) -> Run:
    """End an interrupted run of ours that cannot be carried on, its spool lost perhaps: all it may have reached is in doubt."""
    journal = RunJournal(run, means.watch)
    if run.figures is not None:
        with open_duck(journal.spool / "duck") as duck:
            advance.doubt_all(duck, journal, spec_of(run).ledger)
    results.end(run, "given-up", means.now())
    return _over(run, means)


def spec_of(run: Run) -> pipeline.ExportSpec:
    """What the run carries where, as the data plane takes it."""
    export = run.export
    approved = Approval.objects.filter(hold__run=run.pk).exists() if run.pk else False
    return pipeline.ExportSpec(
        segments=exports.opened_segments(export),
        mapping=exports.mapping_of(export),
        list_id=run.list_id,
        ledger=home.ledgers(export.pk) / f"list-{run.list_id}-run-{run.pk}-{run.token}.parquet",
        holders=home.holders(run.connection_id) / f"numbers-run-{run.pk}-{run.token}.parquet",
        remove_leavers=exports.takes_leavers_off(export),
        guards=exports.guards_of(export),
        known=connections.known(run.connection),
        account=run.connection.account,
        approved_digest=run.digest if approved else None,
        contact_limit=run.connection.contact_limit,
        limits=Limits(min(settings.BODY_BYTES, LIMITS.body_bytes), LIMITS.removals),
        memory_bytes=settings.MEMORY_BYTES,
    )


def as_of(run: Run) -> AsOf:
    """The one moment the run looks at."""
    return AsOf(run.as_of, run.timezone)


def _why_skipped(run: Run) -> TraginerError | None:
    """Why a run that sent nothing yet is not attempted at all. What forbids it is no such reason: then it fails."""
    if run.figures is not None:
        return None
    try:
        exports.require_still_wanted(run)
        exports.require_runnable(run.export)
        _require_scheduled(run)
    except SKIPPED_FOR as cause:
        return cause
    except TraginerError:
        return None
    return None


def _require_scheduled(run: Run) -> None:
    """Raises ScheduleOff where a schedule asked for the run that the export does not follow any more."""
    if run.slot is None:
        return
    followed = ("system",) if run.slot.timer.export_id is None else ("cron", "times")
    if run.export.schedule.get("kind", "system") not in followed:
        raise ScheduleOff(export=run.export.name)


def _over(run: Run, means: Means) -> Run:
    results.tidy(run)
    if not exports.settle_removal(run.export, means.now()) and (person := exports.awaits_last_run(run.export)):
        queue(Run(), run.export, person, means.now())
    return run


def _delivered(run: Run, journal: RunJournal, lease: Lease, counted: Traffic, means: Means) -> pipeline.Outcome:
    if run.figures is None:
        journal.heed()
    sleep = attentive(means.sleep, lease, journal.heed_unless_followed)
    pace = Pace(attentive(means.pace.pause, lease, journal.heed), means.pace.now)
    with traffic.opened(run.connection, run.list_id, means.watch, counted, sleep=sleep) as target:
        leased = LeasedList(
            target.client,
            target.connection,
            target.host,
            target.list_id,
            target.polling,
            lease=lease,
            heed=journal.heed,
        )
        return _exported(run, journal, leased, pace)


def _exported(run: Run, journal: RunJournal, target: BrevoList, pace: Pace) -> pipeline.Outcome:
    outcome = pipeline.run_export(spec_of(run), _source(run), target, journal, as_of(run), pace)
    if outcome.known is not None:
        connections.remember(run.connection, outcome.known)
    if outcome.digest and Approval.objects.filter(hold__run=run).exists():
        raise PlanMoved(run=run.pk)
    return outcome


def _source(run: Run) -> Source:
    """A frozen plan is delivered whatever the configuration says by now: its source is not read any more."""
    if run.figures is None:
        return exports.opened_source(run.export)
    return sources.opened(exports.segments_of(run.export)[0].source)


def _ended_early(run: Run, error: Exception, counted: Traffic, means: Means) -> None:
    """Write the failure down where nothing was frozen; else leave the run interrupted, to be tried again ever later."""
    known = error if isinstance(error, TraginerError) else _unexpected(run, error)
    if run.figures is None:
        results.fail(run, known, counted, means.now())
        return
    pause = min(LONGEST_PAUSE, timedelta(seconds=2.0 ** min(run.token, 16)))
    leases.let_go(run, try_again_at=means.now() + pause, **results.told(known))
    raise known from None


def _unexpected(run: Run, error: Exception) -> RunFailedUnexpectedly:
    """The error for people. The log gets its kind and where it happened; its own words may quote values of profiles."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("run %d stopped by %s\n%s", run.pk, type(error).__name__, where)
    return RunFailedUnexpectedly(kind=type(error).__name__)
