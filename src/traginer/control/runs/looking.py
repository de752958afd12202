"""Look at runs: one, the latest, and how far one is."""

from dataclasses import dataclass
from datetime import datetime

from traginer.control import exports, leases, naming
from traginer.control.errors import RunNotFound
from traginer.control.models import Export, Run, RunStatus
from traginer.control.rights import Actor


@dataclass(frozen=True)
class Progress:
    """How far a run is: `done` of `total` rows are confirmed (0 of 0: not known yet), `seconds_left` an estimate.

    `waits_for` is the run that a queued one stands behind; None where it only waits for a worker.
    """

    stage: str
    done: int
    total: int
    requests: int
    bytes: int
    seconds_left: float | None
    waits_for: Run | None = None


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
    runs = Run.objects.select_related("export", "connection").order_by("-pk")
    if export is not None:
        runs = runs.filter(export=naming.by_name(Export, exports.KIND, export))
    return list(runs[:limit])


def is_interrupted(run: Run) -> bool:
    """Whether the run is under way with nobody working on it."""
    return run.status == RunStatus.PROCESSING and not leases.is_alive(run)


def progress(actor: Actor, run: Run, at: datetime) -> Progress:
    """How far the run is at this moment."""
    actor.require("run:read")
    return how_far(run, at)


def how_far(run: Run, at: datetime) -> Progress:
    """`progress`, of a run that the actor has been shown already."""
    left = max((run.ends_at - at).total_seconds(), 0.0) if run.ends_at else None
    return Progress(run.stage, run.done, run.total, run.requests, run.bytes, left, waits_for(run))


def waits_for(run: Run) -> Run | None:
    """The run that keeps the connection of a queued one busy, or the one that is queued before it."""
    if run.status != RunStatus.QUEUED:
        return None
    others = Run.objects.filter(connection=run.connection_id).select_related("export")
    before = others.filter(status=RunStatus.QUEUED, pk__lt=run.pk).order_by("-pk")
    return others.filter(status=RunStatus.PROCESSING).first() or before.first()
