"""What a segment would come to, while somebody is still writing it: its members, in all and rule by rule, in words and as SQL."""

from dataclasses import dataclass, replace

from traginer import segments as room
from traginer.control import segments
from traginer.control.rights import Actor
from traginer.control.segments import Count
from traginer.segments.errors import RulesError
from traginer.values import AsOf
from traginer.web import rules_form, segment_form
from traginer.web.segment_form import Draft

UNNAMED = "?"


@dataclass(frozen=True)
class Effect:
    """`count` is None where no rule is finished; `unfinished` says how many are not, and were left out.

    `counts` has a number for each place of the form, None for what is not finished.
    """

    as_of: AsOf
    count: Count | None
    unfinished: int
    sentence: str
    sql: str
    counts: list[tuple[str, int | None]]


class Misplaced(Exception):
    """`error`, which is about the rule at `place` of the form. Only the door meets it."""

    def __init__(self, error: RulesError, place: str) -> None:
        self.error, self.place = error, place
        super().__init__(error.code)


def of(actor: Actor, draft: Draft, as_of: AsOf) -> Effect:
    """What the draft would come to at `as_of`. Raises Misplaced, SqlError, ChoiceMissing and the errors of a source."""
    kept, unfinished = rules_form.finished(draft.rules) if draft.by == "rules" else (draft.rules, 0)
    if kept is None or (draft.by == "sql" and not draft.sql.strip()):
        return Effect(as_of, None, unfinished, "", "", [(place, None) for place in rules_form.places(draft.rules)])
    spec = segment_form.spec_of(actor, named(replace(draft, rules=kept)))
    try:
        count, sql = segments.count_draft(actor, spec, as_of), segments.sql_of_draft(actor, spec, as_of)
    except RulesError as error:
        raise Misplaced(error, rules_form.place_at(kept, error.path)) from None
    said = room.sentence(room.parse_rules(spec.rules)) if spec.rules is not None else ""
    known = dict(zip(rules_form.places(kept), (rule.members for rule in count.rules), strict=False))
    counts = [(place, known.get(place)) for place in rules_form.places(draft.rules)]
    return Effect(as_of, count, unfinished, said, sql if draft.by == "rules" else "", counts)


def named(draft: Draft) -> Draft:
    """The draft with a name: what is only looked at needs none."""
    return replace(draft, name=draft.name or UNNAMED)
