"""Segments and their sizes."""

from datetime import datetime
from typing import Annotated, Any, Self

from ninja import Query
from pydantic import WithJsonSchema

from traginer.api.bodies import Shown
from traginer.control import segments
from traginer.control.segments import Count, Overlap, Sample
from traginer.control.snapshots import Taken
from traginer.control.spec import Zone

Configuration = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "x-configuration": "SegmentSpec"})]

TimeZone = Annotated[Zone, Query("UTC", description="Where the days of relative dates begin.")]


class Segment(Shown):
    """A segment; `configuration` as PUT and the configuration file take it."""

    id: int
    name: str
    source: str
    updated_at: datetime
    configuration: Configuration

    @classmethod
    def of(cls, segment: Any) -> Self:
        """Of a segment as the service gives it."""
        return cls(
            id=segment.pk,
            name=segment.name,
            source=segment.source.name,
            updated_at=segment.updated_at,
            configuration=segments.dump(segment),
        )


class RuleCount(Shown):
    """How many profiles one rule holds for by itself; `pointer` leads to it from the top of the rules (JSON pointer)."""

    pointer: str
    sentence: str
    members: int


class SegmentCount(Shown):
    """The size of a segment at `as_of`, and of each of its rules."""

    as_of: datetime
    profiles: int
    members: int
    rules: list[RuleCount]

    @classmethod
    def of(cls, count: Count, as_of: datetime) -> Self:
        """Of what the service counted."""
        rules = [
            RuleCount(pointer="".join(f"/{step}" for step in rule.path), sentence=rule.sentence, members=rule.members)
            for rule in count.rules
        ]
        return cls(as_of=as_of, profiles=count.profiles, members=count.members, rules=rules)


class SegmentSnapshot(Shown):
    """The members of a segment when a schedule came to it, and how many joined and left since the snapshot before.

    `joined` and `left` are null where that is not known: in the first snapshot, and after the one before was damaged.
    """

    at: datetime
    members: int
    joined: int | None
    left: int | None

    @classmethod
    def of(cls, taken: Taken) -> Self:
        """Of a snapshot as the service gives it."""
        return cls(at=taken.at, members=taken.members, joined=taken.joined, left=taken.left)


class SegmentSample(Shown):
    """Some members: a row of values for each, null where empty, under these columns; the first one is the key."""

    columns: list[str]
    rows: list[list[str | None]]
    is_masked: bool

    @classmethod
    def of(cls, sample: Sample) -> Self:
        """Of what the service found."""
        rows = [[value or None for value in row] for row in sample.rows]
        return cls(columns=list(sample.columns), rows=rows, is_masked=sample.is_masked)


class SegmentOverlap(Shown):
    """Members of the first segment, of the second, and of both, of `profiles` in all."""

    profiles: int
    first: int
    second: int
    both: int

    @classmethod
    def of(cls, overlap: Overlap) -> Self:
        """Of what the service counted."""
        return cls(profiles=overlap.profiles, first=overlap.first, second=overlap.second, both=overlap.both)
