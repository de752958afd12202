"""The form of a segment: what it holds, what it offers, and the spec that it says."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from traginer.control import api_support, sources
from traginer.control.rights import Actor
from traginer.control.spec import SegmentSpec
from traginer.errors import Phrase, TraginerError
from traginer.i18n import N_
from traginer.segments.operators import OPERATORS
from traginer.values import Column, ColumnType
from traginer.web import forms, refusals, rule_values, rules_form
from traginer.web.errors import ChoiceMissing
from traginer.web.rules_form import Group


@dataclass(frozen=True)
class Draft:
    """The form as somebody left it; `by` is rules or sql, `source` a number."""

    name: str
    source: int | None
    by: str
    rules: Group
    sql: str


def blank(actor: Actor, query: QueryDict) -> Draft:
    """The form before anybody has typed: with the source of its address, or the only one that there is."""
    found = forms.numbers(query.getlist("source")) or [source.pk for source in sources.every(actor)]
    start = rules_form.placed(Group(rules=[rules_form.Condition()]))
    return Draft("", found[0] if len(found) == 1 else None, "rules", start, "")


def of_segment(segment: Any) -> Draft:
    """The form of a segment that there is."""
    if segment.rules is None:
        return Draft(segment.name, segment.source_id, "sql", rules_form.placed(Group()), segment.sql)
    return Draft(segment.name, segment.source_id, "rules", rules_form.of_raw(segment.rules), "")


def of_post(form: QueryDict) -> Draft:
    """The form as it was sent."""
    found = forms.numbers(form.getlist("source"))
    by = "sql" if form.get("by") == "sql" else "rules"
    return Draft(
        form.get("name", "").strip(), found[0] if found else None, by, rules_form.of_post(form), form.get("sql", "")
    )


def spec_of(actor: Actor, draft: Draft) -> SegmentSpec:
    """What the form says. Raises ChoiceMissing, FormInvalid, and the errors of a source."""
    if draft.source is None:
        raise ChoiceMissing(field=Phrase(N_("Source")))
    source = api_support.source(actor, draft.source)
    named = {"name": draft.name, "source": source.name}
    if draft.by == "sql":
        return forms.spec(SegmentSpec, {**named, "sql": draft.sql})
    return forms.spec(SegmentSpec, {**named, "rules": rules_form.raw(draft.rules, sources.columns_of(source))})


def offer(actor: Actor, draft: Draft) -> dict[str, Any]:
    """What the form has to choose from. A source that cannot be read is said, not raised."""
    facts: dict[str, Any] = {"sources": [(source.pk, source.name) for source in sources.every(actor)], "columns": {}}
    if draft.source is not None:
        try:
            facts["columns"] = sources.columns_of(api_support.source(actor, draft.source))
        except TraginerError as problem:
            facts["source_problem"] = refusals.told(problem)
    usable = {name: column for name, column in facts["columns"].items() if column.type is not ColumnType.OTHER}
    kept = list(rules_form.inputs(draft.rules))
    return {**facts, "tree": _drawn(draft.rules, usable), "kept": kept, "columns": usable, "units": rule_values.units()}


def _drawn(group: Group, columns: dict[str, Column]) -> dict[str, Any]:
    """The tree for the template: each condition with the operators of its field and the inputs of its operator."""
    rules = [
        _drawn(rule, columns) if isinstance(rule, Group) else _drawn_condition(rule, columns) for rule in group.rules
    ]
    return {"is_group": True, "place": group.place, "join": group.join, "rules": rules}


def _drawn_condition(condition: rules_form.Condition, columns: dict[str, Column]) -> dict[str, Any]:
    column = columns.get(condition.field)
    operators = rules_form.operators_for(column.type) if column else []
    names = [name for name, _ in operators]
    chosen = replace(condition, operator=condition.operator if condition.operator in names else next(iter(names), ""))
    form = OPERATORS[chosen.operator].form if chosen.operator else None
    return {
        "is_group": False,
        "place": chosen.place,
        "rule": chosen,
        "operators": operators,
        "inputs": rule_values.inputs(form) if form else "none",
        "is_boolean": bool(column and column.type is ColumnType.BOOLEAN),
        "folds": bool(
            column and column.type is ColumnType.TEXT and chosen.operator and OPERATORS[chosen.operator].folds
        ),
    }
