"""Runs: start one, take up what was interrupted, plan, approve what is held, and look back.

A run is one row and a folder on the spool. Whoever holds its lease carries it on; after a crash the next command that
touches the connection does, with the same `as_of`, from wherever the journal says it was.
"""

import logging
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from django.conf import settings
from django.db import IntegrityError, transaction

from traginer import home, pipeline
from traginer.control import connections, consent, exports, leases, naming, results, segments, sources, traffic
from traginer.control.accounts import Actor
from traginer.control.errors import LeaseLost, NothingHeld, PlanMoved, RunFailedUnexpectedly, RunNotFound, RunUnderWay
from traginer.control.journal import PlanJournal, RunJournal, Watch
from traginer.control.models import Approval, Connection, Export, Hold, Run, RunStatus
from traginer.delivery import advance
from traginer.delivery.changes import Guards
from traginer.delivery.deliver import Pace
from traginer.delivery.freeze import Limits
from traginer.destination import BrevoList
from traginer.duck import Duck, open_duck
from traginer.errors import TraginerError
from traginer.pipeline import LIMITS
from traginer.values import AsOf

log = logging.getLogger("traginer.runs")


REAL_TIME = Pace(time.sleep, time.monotonic)


@dataclass(frozen=True)
class Means:
    """What a run needs from the world: the clock, a way to wait, and who looks on."""

    watch: Watch
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    pace: Pace = REAL_TIME


def run_now(actor: Actor, export: Export, means: Means) -> tuple[Run, list[Run]]:
    """Run an export to its end. The second value are interrupted runs of the connection that were finished first.

    Raises RunUnderWay, ConsentMissing, ConsentOutdated; whatever happens later is in the run's status and error.
    """
    actor.require("export:run")
    consent.require(export.connection)
    resumed = [_carry_on(run, means) for run in _interrupted(export.connection)]
    return _carry_on(_started(actor, export, means), means), resumed


def plan(actor: Actor, export: Export, means: Means) -> pipeline.Plan:
    """What a run would do now. Sends nothing, and leaves nothing behind."""
    with planning(actor, export, means) as (made, _, _):
        return made


@contextmanager
def planning(actor: Actor, export: Export, means: Means) -> Iterator[tuple[pipeline.Plan, Duck, BrevoList]]:
    """A plan, with the session that made it and the list it is for, both for reading."""
    actor.require("export:plan")
    consent.require(export.connection)
    draft = Run(
        export=export, connection=export.connection, list_id=export.list_id, as_of=means.now(), timezone=export.timezone
    )
    source = sources.opened(exports.source_of(export))
    with (
        tempfile.TemporaryDirectory(dir=home.home()) as folder,
        traffic.opened(export.connection, export.list_id, means.watch, read_only=True) as target,
    ):
        journal = PlanJournal(export, Path(folder), means.watch)
        with pipeline.planning(_spec(draft), source, target, journal, _as_of(draft)) as (made, duck):
            yield made, duck, target


def approve(actor: Actor, number: int, means: Means) -> Run:
    """Let a held run go on with exactly its plan. Raises NothingHeld; the run fails with PlanMoved if the plan has moved."""
    actor.require("run:approve")
    run = get(actor, number)
    held = Hold.objects.filter(run=run, run__status=RunStatus.HELD).first()
    if held is None:
        raise NothingHeld(run=number)
    consent.require(run.connection)
    for other in _interrupted(run.connection):
        _carry_on(other, means)
    with _AloneOn(run.connection):
        # The row may have moved since: an interrupted run was carried on first, for hours perhaps.
        still_held = Run.objects.filter(pk=number, status=RunStatus.HELD, token=run.token)
        if still_held.update(status=RunStatus.PROCESSING) != 1:
            raise NothingHeld(run=number)
        Approval.objects.create(hold=held, by=actor.name, at=means.now())
        _begin(run)
    return _carry_on(run, means)


def discard(actor: Actor, number: int, means: Means) -> Run:
    """End a held run without carrying it out, or give an interrupted one up. Raises NothingHeld."""
    actor.require("run:approve")
    run = get(actor, number)
    if is_interrupted(run):
        return _given_up(run, means)
    ended = {"status": RunStatus.CANCELED, "finished_at": means.now(), "error": "discarded"}
    if Run.objects.filter(pk=run.pk, status=RunStatus.HELD).update(**ended) != 1:
        raise NothingHeld(run=number)
    run.refresh_from_db()
    return run


def get(actor: Actor, number: int) -> Run:
    """The run with this number. Raises RunNotFound."""
    actor.require("run:read")
    run = Run.objects.select_related("export", "connection").filter(pk=number).first()
    if run is None:
        raise RunNotFound(run=number)
    return run


def history(actor: Actor, export: str | None = None, limit: int = 20) -> list[Run]:
    """The newest runs first, of one export or of all. Raises NotFound for an unknown export."""
    actor.require("run:read")
    runs = Run.objects.select_related("export").order_by("-pk")
    if export is not None:
        runs = runs.filter(export=naming.by_name(Export, exports.KIND, export))
    return list(runs[:limit])


def is_interrupted(run: Run) -> bool:
    """Whether the run is under way with nobody working on it."""
    return run.status == RunStatus.PROCESSING and not leases.is_alive(run)


def _given_up(run: Run, means: Means) -> Run:
    """End an interrupted run that cannot be carried on, its spool lost perhaps: all it may have reached is in doubt."""
    if not leases.take(run):
        raise _under_way(run)
    journal = RunJournal(run, means.watch)
    if run.figures is not None:
        with open_duck(journal.spool / "duck") as duck:
            advance.doubt_all(duck, journal, _spec(run).ledger)
    with leases.fenced(run, status=RunStatus.CANCELED, finished_at=means.now(), error="given-up", stage=""):
        pass
    run.refresh_from_db()
    results.tidy(run)
    return run


def _interrupted(connection: Connection) -> list[Run]:
    """The connection's interrupted run, now ours; nothing where none is. Raises RunUnderWay where one is alive."""
    run = (
        Run.objects.filter(connection=connection, status=RunStatus.PROCESSING)
        .select_related("export", "connection")
        .first()
    )
    if run is None:
        ended = Run.objects.filter(connection=connection).exclude(status=RunStatus.PROCESSING)
        if last := ended.order_by("-lease_until").first():
            results.tidy(last)  # it may have been cut between its end and this
        return []
    if leases.is_alive(run) or not leases.take(run):
        raise _under_way(run)
    return [run]


def _started(actor: Actor, export: Export, means: Means) -> Run:
    now = means.now()
    run = Run(
        export=export,
        connection=export.connection,
        list_id=export.list_id,
        requested_by=actor.name,
        as_of=now,
        timezone=export.timezone,
        queued_at=now,
        started_at=now,
    )
    with _AloneOn(export.connection):
        _begin(run)
    return run


def _begin(run: Run) -> None:
    """Make the run ours, over its connection as the last run left it."""
    run.connection.refresh_from_db()
    run.status = RunStatus.PROCESSING
    run.token += 1
    run.owner = leases.owner()
    run.lease_until = leases.renewed()
    run.save()


class _AloneOn:
    """A transaction in which the database refuses a second running run of the connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.atomic = transaction.atomic()

    def __enter__(self) -> None:
        self.atomic.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.atomic.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError):
            other = Run.objects.filter(connection=self.connection, status=RunStatus.PROCESSING).first()
            if other is not None:
                raise _under_way(other) from None


def _under_way(run: Run) -> RunUnderWay:
    return RunUnderWay(run=run.pk, export=run.export.name, connection=run.connection.name)


def _carry_on(run: Run, means: Means) -> Run:
    """Carry a run of ours to its end, whatever that is, and write it down.

    What goes wrong between the freeze and the end is raised, and leaves the run interrupted: the next one takes it up,
    so that nothing Brevo confirmed is forgotten.
    """
    journal, counted = RunJournal(run, means.watch), traffic.Traffic()
    with leases.kept_alive(run):
        try:
            with traffic.opened(run.connection, run.list_id, means.watch, counted) as target:
                outcome = _delivered(run, journal, target, means)
                results.finish(run, outcome, counted, means.now())
        except LeaseLost:
            raise
        except Exception as error:
            known = error if isinstance(error, TraginerError) else _unexpected(run, error)
            if journal.figures() is not None:
                leases.let_go(run)
                raise known from None
            results.fail(run, known, counted, means.now())
    results.tidy(run)
    return run


def _unexpected(run: Run, error: Exception) -> RunFailedUnexpectedly:
    """The error for people. The log gets its kind and where it happened; its own words may quote values of profiles."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("run %d stopped by %s\n%s", run.pk, type(error).__name__, where)
    return RunFailedUnexpectedly(kind=type(error).__name__)


def _delivered(run: Run, journal: RunJournal, target: BrevoList, means: Means) -> pipeline.Outcome:
    # A frozen plan is delivered whatever the configuration says by now: its source is not read any more.
    frozen = run.figures is not None
    chosen = exports.segments_of(run.export)[0].source if frozen else exports.source_of(run.export)
    source = sources.opened(chosen)
    outcome = pipeline.run_export(_spec(run), source, target, journal, _as_of(run), means.pace)
    if outcome.known is not None:
        connections.remember(run.connection, outcome.known)
    if outcome.digest and Approval.objects.filter(hold__run=run).exists():
        raise PlanMoved(run=run.pk)
    return outcome


def _spec(run: Run) -> pipeline.ExportSpec:
    export = run.export
    approved = Approval.objects.filter(hold__run=run.pk).exists() if run.pk else False
    return pipeline.ExportSpec(
        segments=[segments.opened(segment) for segment in exports.segments_of(export)],
        mapping=exports.mapping_of(export),
        list_id=run.list_id,
        ledger=home.ledgers(export.pk) / f"list-{run.list_id}-run-{run.pk}-{run.token}.parquet",
        holders=home.holders(run.connection_id) / f"numbers-run-{run.pk}-{run.token}.parquet",
        remove_leavers=export.leavers == "remove",
        guards=Guards(**export.guards),
        known=connections.known(run.connection),
        account=run.connection.account,
        approved_digest=run.digest if approved else None,
        limits=Limits(min(settings.BODY_BYTES, LIMITS.body_bytes), LIMITS.removals),
        memory_bytes=settings.MEMORY_BYTES,
    )


def _as_of(run: Run) -> AsOf:
    return AsOf(run.as_of, run.timezone)
