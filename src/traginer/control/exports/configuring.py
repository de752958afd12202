"""Exports as they are configured: find, create, change, duplicate, and write down as `apply` takes them."""

from datetime import datetime
from typing import Any

from traginer import contacts
from traginer.control import audit, connections, naming, segments, sources
from traginer.control.exports import states
from traginer.control.exports.ledgers import adopt_ledgers
from traginer.control.exports.matching import check_consent, mapping, one_source, segments_of
from traginer.control.models import Connection, Detachment, Disablement, Export, ExportedSegment, Segment
from traginer.control.rights import Actor
from traginer.control.spec import CronSpec, ExportSpec, TimesSpec
from traginer.i18n import N_

KIND = N_("export")


def get(actor: Actor, name: str) -> Export:
    """The export named `name`. Raises NotFound."""
    actor.require("export:read")
    return naming.by_name(Export, KIND, name)


def every(actor: Actor) -> list[Export]:
    """All exports, by name."""
    actor.require("export:read")
    return list(Export.objects.order_by("name").select_related("attached_to"))


def scheduled(actor: Actor) -> list[Export]:
    """The exports with an active schedule that may run: those that `run --all` runs."""
    actor.require("export:read")
    ready = Export.objects.filter(attached_to__isnull=False, disablement=None, removal=None)
    found = ready.order_by("name").select_related("attached_to")
    return [export for export in found if export.schedule.get("kind", "system") != "none"]


def create(actor: Actor, spec: ExportSpec, at: datetime) -> Export:
    """A new export, which does not run by being saved.

    Raises NameTaken, NotFound, SegmentsOfSeveralSources and MappingError; the mapping is checked against the source's columns.
    """
    return _written(actor, Export(), spec, at)


def update(actor: Actor, export: Export, spec: ExportSpec, at: datetime) -> Export:
    """The export as `spec` says, its name and its connection too. Raises as `create` does, and ConnectionNotChecked."""
    return _written(actor, export, spec, at)


def put(actor: Actor, spec: ExportSpec, at: datetime) -> tuple[Export, bool]:
    """Create the export or update the one of that name. The second value says whether it is new."""
    known = Export.objects.filter(name=spec.name).first()
    return _written(actor, known or Export(), spec, at), known is None


def duplicate(actor: Actor, export: Export, name: str, at: datetime) -> Export:
    """A copy under another name. It is disabled, so that it does not run before somebody has looked at its list."""
    spec = spec_of(export).model_copy(update={"name": name, "enabled": False})
    return _written(actor, Export(), spec, at)


def spec_of(export: Export) -> ExportSpec:
    """The export as a form or a file holds it."""
    return ExportSpec.model_validate(dump(export))


def dump(export: Export) -> dict[str, object]:
    """The export as `apply` takes it."""
    attributes = {n: item["field"] if set(item) == {"field"} else item for n, item in export.attributes.items()}
    kind = export.schedule.get("kind", "system")
    return {
        "name": export.name,
        "connection": export.attached_to.name if export.attached_to else None,
        **({"enabled": False} if Disablement.objects.filter(export=export).exists() else {}),
        **({"purpose": export.purpose} if export.purpose else {}),
        "list": export.list_id,
        "email": export.email,
        "attributes": attributes,
        "segments": [segment.name for segment in segments_of(export)],
        "leavers": export.leavers,
        **_dumped_consent(export),
        "schedule": kind if kind in {"system", "none"} else _own(export.schedule),
        "timezone": export.timezone,
        "guards": {name: bound for name, bound in export.guards.items() if bound is not None},
    }


def _written(actor: Actor, export: Export, spec: ExportSpec, at: datetime) -> Export:
    before = dump(export) if export.pk else None
    connection = connections.get(actor, spec.connection) if spec.connection else None
    _require_rights(actor, export, connection)
    chosen = [segments.get(actor, name) for name in spec.segments]
    former = fill(export, spec, chosen)
    with audit.atomic():
        _attach(export, connection)
        with naming.unique(KIND, spec.name):
            export.save()
        if former and connection is None:
            Detachment.objects.create(export=export, connection=former, by=actor.name, at=at)
        _list_segments(export, chosen)
        _switch(actor, export, spec, at)
        audit.changed(actor, "export:write", export, before, dump(export))
    return export


def _require_rights(actor: Actor, export: Export, connection: Connection | None) -> None:
    """Whoever changes an export needs the right on the connection it has, and on the one it is to have."""
    if export.pk:
        states.require(actor, "export:write", export)
    if connection:
        actor.require("export:write", on=connection)
    elif not export.pk:
        actor.require("connection:write")


def fill(export: Export, spec: ExportSpec, chosen: list[Segment]) -> Connection | None:
    """`export` as `spec` says, once that fits its source; gives the connection it had."""
    attributes = {name: item.model_dump(exclude_none=True) for name, item in spec.attributes.items()}
    columns = sources.columns_of(one_source(spec.name, chosen))
    contacts.check_mapping(mapping(spec.email, attributes), columns, None)
    check_consent(spec.consent, columns)
    export.name, export.list_id, export.purpose = spec.name, spec.list_id, spec.purpose
    export.email, export.attributes, export.leavers = spec.email, attributes, spec.leavers
    export.consent_field = spec.consent.field if spec.consent else ""
    export.consent_values = spec.consent.values if spec.consent else []
    export.schedule, export.timezone, export.guards = _schedule(spec), spec.timezone, spec.guards.model_dump()
    return export.attached_to


def _attach(export: Export, connection: Connection | None) -> None:
    if connection and export.pk and export.attached_to != connection:
        adopt_ledgers(export, connection)
    export.attached_to = connection


def _list_segments(export: Export, chosen: list[Segment]) -> None:
    export.segments.clear()
    ExportedSegment.objects.bulk_create(
        ExportedSegment(export=export, segment=segment, position=n) for n, segment in enumerate(chosen)
    )


def _switch(actor: Actor, export: Export, spec: ExportSpec, at: datetime) -> None:
    if spec.enabled:
        Disablement.objects.filter(export=export).delete()
    else:
        Disablement.objects.get_or_create(export=export, defaults={"by": actor.name, "at": at})


def _own(schedule: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schedule.items() if name != "kind" and value != []}


def _dumped_consent(export: Export) -> dict[str, object]:
    if not export.consent_field:
        return {}
    values = export.consent_values
    return {"consent": {"field": export.consent_field, "values": values} if values else export.consent_field}


def _schedule(spec: ExportSpec) -> dict[str, Any]:
    """The schedule as `schedules.read` takes it."""
    match spec.schedule:
        case CronSpec() as own:
            return {"kind": "cron", **own.model_dump()}
        case TimesSpec() as own:
            return {"kind": "times", **own.model_dump()}
        case word:
            return {"kind": word}
