"""What people decide about a run: to let a held one go on, to end it, to cancel what is queued or under way."""

from datetime import datetime

from django.db import IntegrityError, transaction

from traginer.control import audit, exports, leases
from traginer.control.errors import NothingHeld
from traginer.control.models import OPEN, Approval, Cancellation, Export, Hold, Run, RunStatus
from traginer.control.rights import Actor
from traginer.control.runs.carrying import carry_on, give_up
from traginer.control.runs.looking import get, is_interrupted
from traginer.control.runs.means import Means, now
from traginer.control.runs.starting import begin, interrupted, refused
from traginer.control.runs_errors import RunCanceled, RunEnded


def approve(actor: Actor, number: int, means: Means) -> Run:
    """Let a held run go on, here and to its end, with exactly its plan.

    Raises NothingHeld; the run fails with PlanMoved if the plan has moved.
    """
    run = _held(actor, number)
    for other in interrupted(run.connection):
        carry_on(other, means)
    with transaction.atomic():
        _approved(actor, run, means.now())
        begin(run, means)
    return carry_on(run, means)


def approve_queued(actor: Actor, number: int) -> Run:
    """Let a held run go on, by a worker. Raises NothingHeld, RunUnderWay where another run of the export waits or works."""
    run = _held(actor, number)
    with transaction.atomic():
        _approved(actor, run, now())
    run.refresh_from_db()
    return run


def discard(actor: Actor, number: int, means: Means) -> Run:
    """End a held run without carrying it out, or give an interrupted one up. Raises NothingHeld."""
    actor.require("run:approve")
    run = get(actor, number)
    if is_interrupted(run):
        if not leases.take(run):
            raise refused(run)
        audit.note(actor, "run:approve", run, after={"given_up": True})
        return give_up(run, means)
    ended = {"status": RunStatus.CANCELED, "finished_at": means.now(), "error": "discarded"}
    with audit.atomic():
        if Run.objects.filter(pk=run.pk, status=RunStatus.HELD).update(**ended) != 1:
            raise NothingHeld(run=number)
        audit.note(actor, "run:approve", run, after={"discarded": True})
    run.refresh_from_db()
    return run


def cancel(actor: Actor, run: Run) -> Run:
    """End a queued run at once, and one under way at its next safe point: between two batches, or two stages.

    Until then its status stays Processing and `run.cancellation` says who asked. Raises RunEnded.
    """
    actor.require("run:cancel", on=run.connection)
    cause = RunCanceled(person=actor.name)
    with audit.atomic():
        ended = {"status": RunStatus.CANCELED, "finished_at": now(), "error": cause.code, "error_facts": cause.facts}
        queued = Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(**ended)
        if not queued and not Run.objects.filter(pk=run.pk, status=RunStatus.PROCESSING).exists():
            raise RunEnded(run=run.pk)
        _, is_new = Cancellation.objects.get_or_create(run=run, defaults={"by": actor.name, "at": now()})
        if is_new:
            audit.note(actor, "run:cancel", run)
    run.refresh_from_db()
    exports.settle_removal(run.export, now())
    return run


def cancel_open(actor: Actor, export: Export) -> list[Run]:
    """Cancel what is queued or under way of the export: it is detached, disabled or removed."""
    return [cancel(actor, run) for run in Run.objects.filter(export=export, status__in=OPEN)]


def _held(actor: Actor, number: int) -> Run:
    actor.require("run:approve")
    run = get(actor, number)
    if not Hold.objects.filter(run=run, run__status=RunStatus.HELD).exists():
        raise NothingHeld(run=number)
    exports.require_runnable(run.export)
    return run


def _approved(actor: Actor, run: Run, at: datetime) -> None:
    """Queue the held run and keep who let it go on. Raises NothingHeld where the row has moved since it was read."""
    still_held = Run.objects.filter(pk=run.pk, status=RunStatus.HELD, token=run.token)
    try:
        with transaction.atomic():
            moved = still_held.update(status=RunStatus.QUEUED)
    except IntegrityError:
        raise refused(run) from None
    if not moved:
        raise NothingHeld(run=run.pk)
    Approval.objects.create(hold=run.hold, by=actor.name, at=at)
    audit.note(actor, "run:approve", run)
