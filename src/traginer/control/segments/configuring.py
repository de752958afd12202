"""Segments as they are configured: find, create, change, remove, and write down as `apply` takes them."""

from traginer import segments as room
from traginer.control import audit, naming, sources
from traginer.control.configuration_errors import StillUsed
from traginer.control.models import Export, ExportedSegment, Segment, Source
from traginer.control.rights import Actor
from traginer.control.spec import SegmentSpec
from traginer.errors import Phrase
from traginer.i18n import N_
from traginer.values import AsOf

KIND = N_("segment")


def get(actor: Actor, name: str) -> Segment:
    """The segment named `name`. Raises NotFound."""
    actor.require("segment:read")
    return naming.by_name(Segment, KIND, name)


def every(actor: Actor, search: str = "") -> list[Segment]:
    """The segments whose name holds `search`, by name."""
    actor.require("segment:read")
    return list(Segment.objects.filter(name__icontains=search).order_by("name").select_related("source"))


def create(actor: Actor, spec: SegmentSpec) -> Segment:
    """A new segment, checked against the columns of its source. Raises NameTaken, NotFound, RulesError, SqlError."""
    return _written(actor, Segment(), spec)


def update(actor: Actor, segment: Segment, spec: SegmentSpec) -> Segment:
    """The segment as `spec` says, its name too. Raises as `create` does."""
    return _written(actor, segment, spec)


def put(actor: Actor, spec: SegmentSpec) -> tuple[Segment, bool]:
    """Create the segment or update the one of that name. The second value says whether it is new."""
    known = Segment.objects.filter(name=spec.name).first()
    return _written(actor, known or Segment(), spec), known is None


def remove(actor: Actor, segment: Segment) -> None:
    """Remove the segment. Raises StillUsed, naming the exports that carry it."""
    actor.require("segment:remove")
    with audit.atomic():
        if users := exports_of(segment):
            raise StillUsed(kind=Phrase(KIND), name=segment.name, users=naming.listed(users))
        audit.changed(actor, "segment:remove", segment, dump(segment), None)
        ExportedSegment.objects.filter(segment=segment, export__removed_at__isnull=False).delete()
        segment.delete()


def exports_of(segment: Segment) -> list[str]:
    """The exports that carry the segment, by name."""
    return list(Export.objects.filter(segments=segment).order_by("name").values_list("name", flat=True))


def opened(segment: Segment) -> room.Segment:
    """The segment as the data plane takes it."""
    if segment.rules is not None:
        return room.RuleSegment(segment.name, room.parse_rules(segment.rules))
    return room.SqlSegment(segment.name, segment.sql)


def sql_of(actor: Actor, segment: Segment, as_of: AsOf) -> str:
    """The SELECT of the members at `as_of`; as it was written, where it was. Raises the errors of its source and its rules."""
    actor.require("source:read")
    if segment.rules is None:
        return segment.sql
    rules, columns = room.parse_rules(segment.rules), sources.columns_of(segment.source)
    room.check(rules, columns)
    return room.members_query([room.RuleSegment(segment.name, rules)], columns, segment.source.key, [], as_of)


def sql_of_draft(actor: Actor, spec: SegmentSpec, as_of: AsOf) -> str:
    """The same for a segment that has not been saved. Raises as `create` does, and the errors of a source."""
    return sql_of(actor, drafted(actor, spec), as_of)


def dump(segment: Segment) -> dict[str, object]:
    """The segment as `apply` takes it."""
    body: dict[str, object] = {"rules": segment.rules} if segment.rules is not None else {"sql": segment.sql}
    return {"name": segment.name, "source": segment.source.name, **body}


def drafted(actor: Actor, spec: SegmentSpec) -> Segment:
    """A segment that has not been saved, checked. Raises as `create` does, and the errors of a source."""
    actor.require("segment:write")
    return _checked(Segment(), spec, sources.get(actor, spec.source))


def _written(actor: Actor, segment: Segment, spec: SegmentSpec) -> Segment:
    actor.require("segment:write")
    before = dump(segment) if segment.pk else None
    _checked(segment, spec, sources.get(actor, spec.source))
    with audit.atomic(), naming.unique(KIND, spec.name):
        segment.save()
        audit.changed(actor, "segment:write", segment, before, dump(segment))
    return segment


def _checked(segment: Segment, spec: SegmentSpec, source: Source) -> Segment:
    """`segment` filled from `spec`, once that fits the columns of the source."""
    if spec.rules is not None:
        room.check(room.parse_rules(spec.rules), sources.columns_of(source))
    else:
        room.guarded(spec.sql or "", source.key)
    segment.name, segment.source, segment.rules, segment.sql = spec.name, source, spec.rules, spec.sql or ""
    return segment
