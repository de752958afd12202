"""Why a profile belongs to a segment, or does not: each rule, whether it holds, and the value that it asked about."""

from collections.abc import Mapping
from dataclasses import dataclass

from traginer import pipeline
from traginer import segments as room
from traginer.control import audit, masking, segments, sources
from traginer.control.models import Segment
from traginer.control.profiles import references
from traginer.control.rights import Actor
from traginer.duck import Duck, ident
from traginer.segments.tree import Condition
from traginer.values import AsOf, Column


@dataclass(frozen=True)
class Answer:
    """One rule about one profile. `field` and `value` are those of a condition: "" for a group, the value also where it is empty."""

    path: tuple[str | int, ...]
    sentence: str
    holds: bool
    field: str = ""
    value: str = ""

    @property
    def depth(self) -> int:
        """In how many groups it stands."""
        return len(self.path) // 2


@dataclass(frozen=True)
class Explanation:
    """Whether a profile belongs, and what each rule answers, from the top; nothing for a SELECT, which answers as a whole."""

    belongs: bool
    answers: tuple[Answer, ...] = ()


def explain(actor: Actor, segment: Segment, reference: str, as_of: AsOf) -> Explanation:
    """Why the profile belongs to the segment at `as_of`, or does not; values masked for those who may not see profiles.

    That real values were seen is in the audit. Raises ProfileUnknown, and the errors of the source, the rules and the SELECT.
    """
    actor.require("segment:read")
    actor.require("profile:search")
    found, is_clear = sources.opened(segment.source), actor.may("profile:read")
    with sources.looked_at(found) as (duck, columns):
        with found.reading():
            references.take_one(duck, found.key, reference, segment.source.name)
        asked = segments.opened(segment)
        if isinstance(asked, room.SqlSegment):
            pipeline.take_selected(duck, found, asked, as_of, "listed")
        told = of_one(duck, found.key, asked, columns, as_of, "listed", is_clear=is_clear)
    if is_clear:
        audit.seen(actor, "profile:read", references.target(reference), 1)
    return told


def of_one(
    duck: Duck,
    key: str,
    segment: room.Segment,
    columns: Mapping[str, Column],
    as_of: AsOf,
    table: str,
    *,
    is_clear: bool,
) -> Explanation:
    """The same for the profile in the session's table `one`; the members by a SELECT stand in `table`. Raises RulesError."""
    if isinstance(segment, room.SqlSegment):
        return Explanation(bool(duck.value(f"SELECT count(*) FROM one WHERE {segments.is_listed(key, table)}")))
    room.check(segment.rules, columns)
    rules = list(segments.rules_within(segment.rules))
    asked = [f"coalesce({room.condition(rule, columns, as_of).sql(dialect='duckdb')}, false)" for _, rule in rules]
    fields = [rule.field for _, rule in rules if isinstance(rule, Condition)]
    values = [f"{ident(field)}::VARCHAR" for field in fields]
    row = duck.rows(f"SELECT {', '.join([*asked, *values])} FROM one")[0]
    by_field = dict(zip(fields, row[len(asked) :], strict=True))
    answers = []
    for (path, rule), holds in zip(rules, row, strict=False):
        field = rule.field if isinstance(rule, Condition) else ""
        value = by_field[field] if field else None
        shown = masking.seen(value, columns[field].type, is_clear=is_clear) if value else ""
        answers.append(Answer(path, room.sentence(rule), bool(holds), field, shown))
    return Explanation(answers[0].holds, tuple(answers))
