"""How many members a segment has, and for how many profiles each of its rules holds by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from traginer import segments as room
from traginer.control import sources
from traginer.control.models import Segment, Source
from traginer.control.rights import Actor
from traginer.control.segments import asking
from traginer.control.segments.configuring import drafted, opened
from traginer.control.spec import SegmentSpec
from traginer.duck import Duck
from traginer.segments.tree import Group, Rule
from traginer.values import AsOf, Column


@dataclass(frozen=True)
class RuleCount:
    """How many profiles one rule of the tree holds for by itself. `path` leads to it from the top of the rules."""

    path: tuple[str | int, ...]
    sentence: str
    members: int

    @property
    def depth(self) -> int:
        """In how many groups it stands."""
        return len(self.path) // 2


@dataclass(frozen=True)
class Count:
    """The size of a segment now: its members, of `profiles`; and of each of its rules, from the top, where it has any."""

    profiles: int
    members: int
    rules: tuple[RuleCount, ...]


def count(actor: Actor, segment: Segment, as_of: AsOf) -> Count:
    """How many members the segment has at `as_of`, and each of its rules. Raises the errors of its source and its SELECT."""
    actor.require("segment:read")
    return _counted(segment.source, opened(segment), as_of)


def count_draft(actor: Actor, spec: SegmentSpec, as_of: AsOf) -> Count:
    """The same for a segment that has not been saved. Raises as `create` does, and the errors of a source."""
    draft = drafted(actor, spec)
    return _counted(draft.source, opened(draft), as_of)


def rules_within(rule: Rule, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Rule]]:
    """The rule and all rules inside it, each with its path."""
    yield path, rule
    if isinstance(rule, Group):
        for place, inner in enumerate(rule.rules):
            yield from rules_within(inner, (*path, rule.join.value, place))


def _counted(source: Source, segment: room.Segment, as_of: AsOf) -> Count:
    found = sources.opened(source)
    with sources.looked_at(found) as (duck, columns):
        members = asking.belongs(duck, found, segment, columns, as_of)
        with found.reading():
            if isinstance(segment, room.RuleSegment):
                return _by_rules(duck, segment.rules, columns, as_of)
            [(profiles, listed)] = duck.rows(f"SELECT count(*), count(*) FILTER (WHERE {members}) FROM profiles")
            return Count(profiles, listed, ())


def _by_rules(duck: Duck, top: Rule, columns: dict[str, Column], as_of: AsOf) -> Count:
    """All counts in one pass over the profiles."""
    rules = list(rules_within(top))
    asked = [room.condition(rule, columns, as_of).sql(dialect="duckdb") for _, rule in rules]
    counts = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE {question})" for question in asked)])
    profiles, *members = duck.rows(f"SELECT {counts} FROM profiles")[0]
    told = [RuleCount(path, room.sentence(rule), n) for (path, rule), n in zip(rules, members, strict=True)]
    return Count(profiles, members[0], tuple(told))
