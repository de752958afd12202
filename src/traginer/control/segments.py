"""Segments: named sets of profiles, by rules or by a SELECT."""

from traginer import segments as room
from traginer.control import naming, sources
from traginer.control.accounts import Actor
from traginer.control.models import Segment
from traginer.control.spec import SegmentSpec
from traginer.i18n import N_

KIND = N_("segment")


def get(actor: Actor, name: str) -> Segment:
    """The segment named `name`. Raises NotFound."""
    actor.require("configuration:read")
    return naming.by_name(Segment, KIND, name)


def put(actor: Actor, spec: SegmentSpec) -> tuple[Segment, bool]:
    """Create or update a segment, checked against the columns of its source."""
    actor.require("configuration:write")
    source = sources.get(actor, spec.source)
    columns = sources.columns_of(source)
    if spec.rules is not None:
        room.check(room.parse_rules(spec.rules), columns)
    else:
        room.guarded(spec.sql or "", source.key)
    values = {"source": source, "rules": spec.rules, "sql": spec.sql or ""}
    return Segment.objects.update_or_create(name=spec.name, defaults=values)


def opened(segment: Segment) -> room.RuleSegment | room.SqlSegment:
    """The segment as the data plane takes it."""
    if segment.rules is not None:
        return room.RuleSegment(segment.name, room.parse_rules(segment.rules))
    return room.SqlSegment(segment.name, segment.sql)


def dump(segment: Segment) -> dict[str, object]:
    """The segment as `apply` takes it."""
    body: dict[str, object] = {"rules": segment.rules} if segment.rules is not None else {"sql": segment.sql}
    return {"name": segment.name, "source": segment.source.name, **body}
