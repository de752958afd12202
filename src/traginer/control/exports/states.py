"""What may become of an export: enabled and disabled, detached and attached, removed; and whether it may run now."""

from datetime import datetime
from typing import Literal

from django.db.models import Q

from traginer.control import audit, connections, consent
from traginer.control.configuration_errors import ExportDetached, ExportDisabled, ExportMoved, ExportRemoved
from traginer.control.exports.ledgers import adopt_ledgers, forget_ledgers
from traginer.control.models import Connection, Detachment, Disablement, Export, Removal, Run, RunStatus
from traginer.control.models.runs import OPEN
from traginer.control.rights import Actor

Fate = Literal["leave", "remove"]
"""What becomes of the contacts that a removed export put on its list."""


def last_connection(export: Export) -> Connection | None:
    """The connection that the export is attached to, or was; None where it never had one."""
    if export.attached_to is not None:
        return export.attached_to
    last = export.detachments.exclude(connection=None).select_related("connection").order_by("-pk").first()
    return last.connection if last else None


def require(actor: Actor, action: str, export: Export) -> None:
    """Raises NotAllowed unless `action` on the export is the actor's right.

    A detached export belongs to those who may use the connection it had; one that never had any, to administrators.
    """
    connection = last_connection(export)
    if connection is None:
        actor.require("connection:write")
    else:
        actor.require(action, on=connection)


def may(actor: Actor, action: str, export: Export) -> bool:
    """Whether `require` would let it pass."""
    connection = last_connection(export)
    return actor.may("connection:write") if connection is None else actor.may(action, on=connection)


def disable(actor: Actor, export: Export, at: datetime, reason: str = "") -> None:
    """The export does not run any more, on demand neither, until it is enabled. A run under way goes on."""
    require(actor, "export:write", export)
    with audit.atomic():
        values = {"by": actor.name, "reason": reason, "at": at}
        _, is_new = Disablement.objects.get_or_create(export=export, defaults=values)
        if is_new:
            audit.changed(actor, "export:write", export, {"enabled": True}, {"enabled": False, "reason": reason})


def enable(actor: Actor, export: Export) -> None:
    """The export may run again."""
    require(actor, "export:write", export)
    with audit.atomic():
        if Disablement.objects.filter(export=export).delete()[0]:
            audit.changed(actor, "export:write", export, {"enabled": False}, {"enabled": True})


def detach(actor: Actor, export: Export, at: datetime, reason: str = "") -> None:
    """Take the export off its connection: it keeps its configuration and does not run. A run under way stops."""
    require(actor, "export:detach", export)
    if export.attached_to is None:
        return
    former = export.attached_to
    with audit.atomic():
        Detachment.objects.create(export=export, connection=former, by=actor.name, reason=reason, at=at)
        export.attached_to = None
        export.save(update_fields=["attached_to", "updated_at"])
        after = {"connection": None, "reason": reason}
        audit.changed(actor, "export:detach", export, {"connection": former.name}, after)


def attach(actor: Actor, export: Export, connection: Connection) -> None:
    """Let the export run over `connection`. Raises ConnectionNotChecked where its ledgers may be of that account or not."""
    require(actor, "export:write", export)
    actor.require("export:write", on=connection)
    former = export.attached_to
    if former == connection:
        return
    with audit.atomic():
        adopt_ledgers(export, connection)
        export.attached_to = connection
        export.save(update_fields=["attached_to", "updated_at"])
        before = {"connection": former.name if former else None}
        audit.changed(actor, "export:write", export, before, {"connection": connection.name})


def remove(actor: Actor, export: Export, contacts: Fate, at: datetime) -> bool:
    """Remove the export; False where it is gone only after a last run, which has to be asked for now.

    With `remove` that run takes off the list whom the export put there and nobody else wants. A run under way stops at its
    next safe point, and what Brevo confirmed of it is kept until then. Raises ExportDetached: without a connection nobody
    can be taken off.
    """
    require(actor, "export:remove", export)
    if contacts == "remove" and export.ledgers.exists() and export.attached_to is None:
        raise ExportDetached(export=export.name)
    with audit.atomic():
        decided = {"contacts": contacts, "by": actor.name, "at": at}
        Removal.objects.update_or_create(export=export, defaults=decided)
        audit.note(actor, "export:remove", export, after={"contacts": contacts})
        if contacts == "leave":
            _gone(export, at)
    return settle_removal(export, at)


def settle_removal(export: Export, at: datetime) -> bool:
    """Finish a removal that was asked for, once no run of the export is open: True where the export is gone.

    To be called whenever a run of the export has ended; for an export that is not being removed it does nothing.
    """
    removal = Removal.objects.filter(export=export).first()
    if removal is None or Run.objects.filter(export=export, status__in=OPEN).exists():
        return export.removed_at is not None
    if export.removed_at is None:
        if export.ledgers.exists() and not _emptied(export, removal):
            return False
        _gone(export, at)
    forget_ledgers(export)
    return True


def awaits_last_run(export: Export) -> str:
    """Who asked for the export to be removed with its contacts, where the run that does it has still to be asked for; else ""."""
    removal = Removal.objects.filter(export=export, contacts="remove").first()
    if removal is None or export.removed_at is not None or export.attached_to is None:
        return ""
    asked = Run.objects.filter(Q(status__in=OPEN) | Q(queued_at__gte=removal.at), export=export)
    return "" if asked.exclude(status=RunStatus.SKIPPED).exists() else removal.by


def require_runnable(export: Export) -> Connection:
    """The connection that the export may run over now.

    Raises ExportRemoved, ExportDetached, ExportDisabled, ConsentMissing, ConsentWithdrawn, ConsentOutdated,
    ConsentTextIncomplete, ExportUserMissing or ExportUserInactive.
    """
    removal = Removal.objects.filter(export=export).first()
    if removal and removal.contacts == "leave":
        raise _removed(export, removal)
    connection = export.connection
    disabled = Disablement.objects.filter(export=export).first()
    if disabled and removal is None:
        raise ExportDisabled(export=export.name, person=disabled.by, day=disabled.at.date())
    consent.require(connection)
    connections.require_export_user(connection)
    return connection


def require_still_wanted(run: Run) -> None:
    """Return only while nobody has decided what ends the run: five small queries, for a worker to ask at its safe points.

    Raises ExportRemoved, ExportDetached, ExportMoved, and what consent and export user lack.
    """
    export = Export.everything.select_related("attached_to", "removal").get(pk=run.export_id)
    removal: Removal | None = getattr(export, "removal", None)
    if removal and not (removal.contacts == "remove" and run.queued_at >= removal.at):
        raise _removed(export, removal)
    if export.attached_to is None:
        raise ExportDetached(export=export.name)
    if export.attached_to_id != run.connection_id:
        raise ExportMoved(export=export.name, connection=run.connection.name)
    consent.require(run.connection)
    connections.require_export_user(run.connection)


def _gone(export: Export, at: datetime) -> None:
    export.removed_at = at
    export.save(update_fields=["removed_at"])


def _emptied(export: Export, removal: Removal) -> bool:
    """Whether the last run has taken off the list everybody it could, and has no doubt about anybody."""
    done = (RunStatus.SUCCESSFUL, RunStatus.COMPLETED_WITH_WARNINGS)
    last = Run.objects.filter(export=export, queued_at__gte=removal.at, status__in=done).order_by("-pk").first()
    return last is not None and not last.counts.get("in_doubt") and not last.error


def _removed(export: Export, removal: Removal) -> ExportRemoved:
    return ExportRemoved(export=export.name, person=removal.by, day=removal.at.date())
