"""Exports: which segments go to which list, over which connection, with which data matching."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db.models import Q

from traginer import contacts, home
from traginer.control import connections, naming, segments, sources
from traginer.control.accounts import Actor
from traginer.control.errors import SegmentsOfSeveralSources
from traginer.control.models import Connection, Export, ExportedSegment, Ledger, Segment, Source
from traginer.control.spec import ExportSpec, ScheduleSpec
from traginer.i18n import N_

KIND = N_("export")


def get(actor: Actor, name: str) -> Export:
    """The export named `name`. Raises NotFound."""
    actor.require("configuration:read")
    return naming.by_name(Export, KIND, name)


def every(actor: Actor) -> list[Export]:
    """All exports, by name."""
    actor.require("configuration:read")
    return list(Export.objects.order_by("name").select_related("connection"))


def scheduled(actor: Actor) -> list[Export]:
    """The exports with an active schedule: those that `run --all` runs."""
    return [export for export in every(actor) if export.schedule.get("kind", "system") != "none"]


def put(actor: Actor, spec: ExportSpec) -> tuple[Export, bool]:
    """Create or update an export; its mapping is checked against the columns of the source."""
    actor.require("configuration:write")
    chosen = [segments.get(actor, name) for name in spec.segments]
    source = _one_source(spec.name, chosen)
    attributes = {name: item.model_dump(exclude_none=True) for name, item in spec.attributes.items()}
    values: dict[str, object] = {
        "connection": connections.get(actor, spec.connection),
        "list_id": spec.list_id,
        "email": spec.email,
        "attributes": attributes,
        "leavers": spec.leavers,
        "schedule": _schedule(spec),
        "timezone": spec.timezone,
        "guards": spec.guards.model_dump(),
    }
    contacts.check_mapping(_mapping(spec.email, attributes), sources.columns_of(source), None)
    export, is_new = Export.objects.update_or_create(name=spec.name, defaults=values)
    export.segments.clear()
    ExportedSegment.objects.bulk_create(
        ExportedSegment(export=export, segment=segment, position=n) for n, segment in enumerate(chosen)
    )
    return export, is_new


def dump(export: Export) -> dict[str, object]:
    """The export as `apply` takes it."""
    attributes = {n: item["field"] if set(item) == {"field"} else item for n, item in export.attributes.items()}
    kind = export.schedule.get("kind", "system")
    return {
        "name": export.name,
        "connection": export.connection.name,
        "list": export.list_id,
        "email": export.email,
        "attributes": attributes,
        "segments": [segment.name for segment in segments_of(export)],
        "leavers": export.leavers,
        "schedule": {key: export.schedule[key] for key in ("cron", "timezone")} if kind == "cron" else kind,
        "timezone": export.timezone,
        "guards": export.guards,
    }


def segments_of(export: Export) -> list[Segment]:
    """The segments of the export, in the order the person gave."""
    chosen = ExportedSegment.objects.filter(export=export).select_related("segment__source")
    return [item.segment for item in chosen]


def source_of(export: Export) -> Source:
    """The one source of the export's segments. Raises SegmentsOfSeveralSources."""
    return _one_source(export.name, segments_of(export))


def mapping_of(export: Export) -> contacts.Mapping:
    """The data matching, as the data plane takes it."""
    return _mapping(export.email, export.attributes)


def require_mapping(export: Export, attributes: Mapping[str, contacts.AttributeType]) -> None:
    """Raises what is wrong with the data matching, seen against the source's columns and the account's attributes."""
    contacts.check_mapping(mapping_of(export), sources.columns_of(source_of(export)), attributes)


def ledger_of(export: Export) -> Path | None:
    """The ledger of the list that the export fills now; None before its first run."""
    return ledger_at(export, export.connection_id, export.list_id)


def ledger_at(export: Export, connection: int, list_id: int) -> Path | None:
    """The ledger of a list that the export fills or has filled; None where no run has."""
    row = Ledger.objects.filter(export=export, connection=connection, list_id=list_id).first()
    return home.ledgers(export.pk) / row.file if row else None


def claims_beside(export: Export, connection: int, list_id: int) -> list[Path]:
    """The ledgers of other exports that fill this list of this account now."""
    account = Connection.objects.values_list("account", flat=True).get(pk=connection)
    same = Q(connection=connection) | (Q(connection__account=account) & ~Q(connection__account=""))
    beside = Export.objects.filter(same, list_id=list_id).exclude(pk=export.pk)
    return [path for other in beside if (path := ledger_of(other))]


def _mapping(email: str, attributes: dict[str, dict[str, str]]) -> contacts.Mapping:
    return contacts.Mapping(email, tuple(contacts.AttributeMapping(name, **item) for name, item in attributes.items()))


def _one_source(export: str, chosen: Sequence[Segment]) -> Source:
    found = {segment.source_id: segment.source for segment in chosen}
    if len(found) != 1:
        names = ", ".join(sorted(source.name for source in found.values()))
        raise SegmentsOfSeveralSources(export=export, sources=names)
    return next(iter(found.values()))


def _schedule(spec: ExportSpec) -> dict[str, str]:
    if isinstance(spec.schedule, ScheduleSpec):
        return {"kind": "cron", **spec.schedule.model_dump()}
    return {"kind": spec.schedule}
