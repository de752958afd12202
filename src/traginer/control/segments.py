"""Segments: named sets of profiles, by rules or by a SELECT."""

from collections.abc import Iterator
from dataclasses import dataclass

from traginer import segments as room
from traginer.control import audit, naming, sources
from traginer.control.configuration_errors import StillUsed
from traginer.control.models import Export, ExportedSegment, Segment, Source
from traginer.control.rights import Actor
from traginer.control.spec import SegmentSpec
from traginer.duck import Duck, ident
from traginer.errors import Phrase
from traginer.i18n import N_
from traginer.segments.tree import Group, Rule
from traginer.values import AsOf, Column

KIND = N_("segment")


@dataclass(frozen=True)
class RuleCount:
    """How many profiles one rule of the tree holds for by itself. `path` leads to it from the top of the rules."""

    path: tuple[str | int, ...]
    sentence: str
    members: int


@dataclass(frozen=True)
class Count:
    """The size of a segment now: its members, of `profiles`; and of each of its rules, from the top, where it has any."""

    profiles: int
    members: int
    rules: tuple[RuleCount, ...]


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


def count(actor: Actor, segment: Segment, as_of: AsOf) -> Count:
    """How many members the segment has at `as_of`, and each of its rules. Raises the errors of its source and its SELECT."""
    actor.require("segment:read")
    return _counted(segment.source, opened(segment), as_of)


def count_draft(actor: Actor, spec: SegmentSpec, as_of: AsOf) -> Count:
    """The same for a segment that has not been saved. Raises as `create` does, and the errors of a source."""
    actor.require("segment:write")
    source = sources.get(actor, spec.source)
    return _counted(source, opened(_checked(Segment(), spec, source)), as_of)


def opened(segment: Segment) -> room.Segment:
    """The segment as the data plane takes it."""
    if segment.rules is not None:
        return room.RuleSegment(segment.name, room.parse_rules(segment.rules))
    return room.SqlSegment(segment.name, segment.sql)


def dump(segment: Segment) -> dict[str, object]:
    """The segment as `apply` takes it."""
    body: dict[str, object] = {"rules": segment.rules} if segment.rules is not None else {"sql": segment.sql}
    return {"name": segment.name, "source": segment.source.name, **body}


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


def _counted(source: Source, segment: room.Segment, as_of: AsOf) -> Count:
    found = sources.opened(source)
    with sources.looked_at(found) as (duck, columns):
        if isinstance(segment, room.RuleSegment):
            return _by_rules(duck, segment.rules, columns, as_of)
        safe = room.guarded(segment.sql, source.key, as_of=as_of)
        with (
            found.apart() as (apart, files),
            room.run_locked(apart.connection, safe, files=files, timezone=as_of.timezone) as keys,
        ):
            duck.take(keys, "listed")
        key = ident(source.key)
        members = duck.value(f"SELECT count(*) FROM profiles WHERE {key} IN (SELECT {key} FROM listed)")
        return Count(duck.value("SELECT count(*) FROM profiles"), members, ())


def _by_rules(duck: Duck, top: Rule, columns: dict[str, Column], as_of: AsOf) -> Count:
    """All counts in one pass over the profiles."""
    room.check(top, columns)
    rules = list(_rules(top))
    asked = [room.condition(rule, columns, as_of).sql(dialect="duckdb") for _, rule in rules]
    counts = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE {question})" for question in asked)])
    profiles, *members = duck.rows(f"SELECT {counts} FROM profiles")[0]
    told = [RuleCount(path, room.sentence(rule), n) for (path, rule), n in zip(rules, members, strict=True)]
    return Count(profiles, members[0], tuple(told))


def _rules(rule: Rule, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Rule]]:
    """The rule and all rules inside it, each with its path."""
    yield path, rule
    if isinstance(rule, Group):
        for place, inner in enumerate(rule.rules):
            yield from _rules(inner, (*path, rule.join.value, place))
