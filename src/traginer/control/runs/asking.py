"""Ask for a run: a row in the queue, that a worker carries on. The database refuses a second open run of an export."""

from datetime import datetime

from django.db import IntegrityError, transaction

from traginer.control import audit, exports
from traginer.control.models import OPEN, Export, Run, RunStatus, Slot
from traginer.control.rights import Actor
from traginer.control.runs.means import now
from traginer.control.runs_errors import ExportUnderWay, RunNotEnded
from traginer.delivery.books import Counts
from traginer.errors import TraginerError


def request(actor: Actor, export: Export, idempotency_key: str | None = None) -> Run:
    """Put a run of the export in the queue; one that is asked for again with the same key is given back as it is by now.

    The run is Skipped, and says so, where another of the export waits or is under way. Raises NotAllowed, and what
    `exports.require_runnable` raises, such as ExportDetached or ConsentMissing.
    """
    actor.require("export:run", on=export.connection)
    exports.require_runnable(export)
    if idempotency_key and (same := _with_key(export, idempotency_key)):
        return same
    return _asked(actor, Run(idempotency_key=idempotency_key or ""), export)


def retry(actor: Actor, run: Run, idempotency_key: str | None = None) -> Run:
    """Ask for the export of an ended run again, with today's profiles; with the same key again, the run that was asked for.

    Raises RunNotEnded, and what `request` raises.
    """
    actor.require("export:run", on=run.export.connection)
    if idempotency_key and (same := _with_key(run.export, idempotency_key)):
        return same
    if run.status in {*OPEN, RunStatus.HELD}:
        raise RunNotEnded(run=run.pk)
    exports.require_runnable(run.export)
    return _asked(actor, Run(retry_of=run, idempotency_key=idempotency_key or ""), run.export)


def of_slot(export: Export, slot: Slot, by: str, at: datetime) -> Run:
    """The run that a schedule asks for; what forbids it is found out, and written down, by its worker."""
    return queue(Run(slot=slot), export, by, at)


def skipped_by_slot(export: Export, slot: Slot, by: str, at: datetime, cause: TraginerError) -> Run:
    """A run that a schedule would have asked for, and why it is not attempted."""
    run = _filled(Run(slot=slot), export, by, at)
    _skip(run, cause)
    return run


def queue(run: Run, export: Export, by: str, at: datetime) -> Run:
    """`run`, filled and in the queue; Skipped where the export has an open one. The connection may be busy: then it waits."""
    _filled(run, export, by, at)
    while not _is_saved(run):
        if run.idempotency_key and (same := _with_key(export, run.idempotency_key)):
            return same
        other = Run.objects.filter(export=export, status__in=OPEN).first()
        if other is not None:
            _skip(run, ExportUnderWay(run=other.pk, export=export.name))
            return run
    return run


def _is_saved(run: Run) -> bool:
    """False where the database has a run in the way, which may have ended by the time that one looks for it."""
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        Export.everything.get(pk=run.export_id)  # an export that is gone does not come back
        return False
    return True


def _asked(actor: Actor, run: Run, export: Export) -> Run:
    with audit.atomic():
        asked = queue(run, export, actor.name, now())
        audit.note(actor, "export:run", export, after={"run": asked.pk, "status": asked.status})
    return asked


def _with_key(export: Export, key: str) -> Run | None:
    return Run.objects.filter(export=export, idempotency_key=key).first()


def _filled(run: Run, export: Export, by: str, at: datetime) -> Run:
    run.export, run.connection, run.list_id = export, export.connection, export.list_id
    run.status, run.requested_by, run.timezone = RunStatus.QUEUED, by, export.timezone
    run.as_of = run.queued_at = at
    return run


def _skip(run: Run, cause: TraginerError) -> None:
    run.pk, run.status, run.finished_at = None, RunStatus.SKIPPED, run.queued_at
    run.error, run.error_facts, run.counts = cause.code, cause.facts, Counts().as_dict()
    run.save(force_insert=True)
