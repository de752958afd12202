"""The members of a segment as a condition over the profiles of an open session, whether by rules or by a SELECT."""

from collections.abc import Mapping

from traginer import pipeline
from traginer import segments as room
from traginer.control.models import Export, Segment, SystemSchedule
from traginer.duck import Duck, ident
from traginer.profiles.source import Source
from traginer.values import AsOf, Column

UTC = "UTC"


def belongs(
    duck: Duck, source: Source, segment: room.Segment, columns: Mapping[str, Column], as_of: AsOf, table: str = "listed"
) -> str:
    """SQL over `profiles` that is true for the members, and false or NULL for all others.

    The members by a SELECT are looked up in `table`, which is made. Raises the errors of the source, the rules and the
    SELECT.
    """
    if isinstance(segment, room.RuleSegment):
        room.check(segment.rules, columns)
        return room.condition(segment.rules, columns, as_of).sql(dialect="duckdb")
    pipeline.take_selected(duck, source, segment, as_of, table)
    return is_listed(source.key, table)


def is_listed(key: str, table: str) -> str:
    """SQL over `profiles` that is true for those whose key is in `table`."""
    return f"{ident(key)} IN (SELECT {ident(key)} FROM {ident(table)})"


def zone_of(segment: Segment | None = None) -> str:
    """The zone in which days begin: that of the first export that carries the segment, else of the system schedule, else UTC."""
    carrying = Export.objects.filter(segments=segment) if segment else Export.objects.none()
    first = carrying.order_by("name").values_list("timezone", flat=True).first()
    if first:
        return first
    system = SystemSchedule.objects.order_by("-pk").first()
    return str(system.rule.get("timezone", UTC)) if system else UTC
