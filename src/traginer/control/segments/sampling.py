"""Some members of a segment, with the values that its rules ask about: enough to see whether it means what was meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from traginer import segments as room
from traginer.control import audit, masking, sources
from traginer.control.models import Segment, Source
from traginer.control.rights import Actor
from traginer.control.segments import asking
from traginer.control.segments.configuring import drafted, opened
from traginer.control.sources import naming
from traginer.control.spec import SegmentSpec
from traginer.duck import ident
from traginer.values import AsOf, Column, ColumnType

SAMPLED = 5
MOST_COLUMNS = 8


@dataclass(frozen=True)
class Sample:
    """The first members by their keys: the columns shown, the key's first, and a row of values for each, "" where empty."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_masked: bool

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """The rows, each value with its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def sample(actor: Actor, segment: Segment, as_of: AsOf) -> Sample:
    """Some members of the segment at `as_of`, masked for those who may not see profiles. That real values were seen is in
    the audit. Raises the errors of its source and its SELECT."""
    actor.require("segment:read")
    return _sampled(actor, segment.source, opened(segment), as_of)


def sample_draft(actor: Actor, spec: SegmentSpec, as_of: AsOf) -> Sample:
    """The same for a segment that has not been saved. Raises as `create` does, and the errors of a source."""
    draft = drafted(actor, spec)
    return _sampled(actor, draft.source, opened(draft), as_of)


def _sampled(actor: Actor, source: Source, segment: room.Segment, as_of: AsOf) -> Sample:
    found, is_clear = sources.opened(source), actor.may("profile:read")
    with sources.looked_at(found) as (duck, columns):
        members = asking.belongs(duck, found, segment, columns, as_of)
        shown = _shown(segment, columns, found.key)
        texts = ", ".join(f"{ident(column.name)}::VARCHAR" for column in shown)
        with found.reading():
            rows = duck.rows(
                f"SELECT {texts} FROM profiles WHERE {members} ORDER BY {ident(found.key)} LIMIT {SAMPLED}"
            )
    if is_clear and rows:
        audit.seen(actor, "profile:read", source, len(rows))
    told = (
        tuple(
            masking.seen(value, column.type, is_clear=is_clear) if value else ""
            for value, column in zip(row, shown, strict=True)
        )
        for row in rows
    )
    return Sample(tuple(column.name for column in shown), tuple(told), not is_clear)


def _shown(segment: room.Segment, columns: Mapping[str, Column], key: str) -> list[Column]:
    """The key, who it is, and what the rules ask about, in the order of the source."""
    asked = room.fields(segment.rules) if isinstance(segment, room.RuleSegment) else set()
    named = {naming.text_column(names, columns) for names in (naming.FIRST_NAME_COLUMNS, naming.LAST_NAME_COLUMNS)}
    usable = [one for one in columns.values() if one.type is not ColumnType.OTHER and one.name != key]
    wanted = [one for one in usable if one.name in asked | named]
    return [columns[key], *(wanted or usable)][:MOST_COLUMNS]
