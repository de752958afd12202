"""The form of a segment: what it holds, what it offers, and the spec that it says."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from traginer.control import api_support, segments, sources
from traginer.control.rights import Actor
from traginer.control.spec import SegmentSpec
from traginer.errors import Phrase, TraginerError
from traginer.i18n import N_, gettext
from traginer.segments.forms import SPAN
from traginer.segments.operators import OPERATORS
from traginer.values import AsOf, Column, ColumnType
from traginer.web import forms, refusals, rule_values, rules_form
from traginer.web.errors import ChoiceMissing, FormInvalid
from traginer.web.rules_form import Group
from traginer.web.schedule_form import ZONES

INPUT_TYPES = {ColumnType.DATE: "date"}
PLACEHOLDERS = {ColumnType.TIMESTAMP: "2026-11-25T09:00"}


@dataclass(frozen=True)
class Draft:
    """The form as somebody left it; `by` is rules or sql, `source` a number, `focus` the id of the field to go on with.

    `zone` is where days begin while members are counted here; it is no part of the segment.
    """

    name: str
    source: int | None
    by: str
    rules: Group
    sql: str
    zone: str
    focus: str = ""


def blank(actor: Actor, query: QueryDict) -> Draft:
    """The form before anybody has typed: with the source of its address, or the only one that there is."""
    found = forms.numbers(query.getlist("source")) or [source.pk for source in sources.every(actor)]
    start = rules_form.placed(Group(rules=[rules_form.Condition()]))
    return Draft("", found[0] if len(found) == 1 else None, "rules", start, "", segments.zone_of())


def of_segment(segment: Any) -> Draft:
    """The form of a segment that there is."""
    zone = segments.zone_of(segment)
    if segment.rules is None:
        return Draft(segment.name, segment.source_id, "sql", rules_form.placed(Group()), segment.sql, zone)
    return Draft(segment.name, segment.source_id, "rules", rules_form.of_raw(segment.rules), "", zone)


def of_post(form: QueryDict) -> Draft:
    """The form as it was sent."""
    found = forms.numbers(form.getlist("source"))
    by = "sql" if form.get("by") == "sql" else "rules"
    return Draft(
        name=form.get("name", "").strip(),
        source=found[0] if found else None,
        by=by,
        rules=rules_form.of_post(form),
        sql=form.get("sql", ""),
        zone=form.get("zone", "").strip() or segments.UTC,
        focus=rules_form.focus_after(form),
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


def moment(draft: Draft, now: datetime) -> AsOf:
    """The moment that members are counted at. Raises FormInvalid for a time zone that there is not."""
    try:
        ZoneInfo(draft.zone)
    except (KeyError, ValueError, OSError):
        raise FormInvalid(why=gettext(N_("There is no time zone {name}.")).format(name=draft.zone)) from None
    return AsOf(now, draft.zone)


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
    drawn = {"tree": _drawn(draft.rules, usable), "kept": kept, "columns": usable}
    return {**facts, **drawn, "units": rule_values.units(), "zones": ZONES}


def _drawn(group: Group, columns: dict[str, Column]) -> dict[str, Any]:
    """The tree for the template: each condition with the operators of its field and the inputs of its operator."""
    rules = [
        _drawn(rule, columns) if isinstance(rule, Group) else _drawn_condition(rule, columns) for rule in group.rules
    ]
    return {
        "is_group": True,
        "place": group.place,
        "add_id": f"add-rule-{group.place}",
        "join": group.join,
        "rules": rules,
    }


def _drawn_condition(condition: rules_form.Condition, columns: dict[str, Column]) -> dict[str, Any]:
    column = columns.get(condition.field)
    kind = column.type if column else ColumnType.OTHER
    operators = rules_form.operators_for(kind) if column else []
    names = [name for name, _ in operators]
    chosen = replace(condition, operator=condition.operator if condition.operator in names else next(iter(names), ""))
    row = OPERATORS.get(chosen.operator)
    return {
        "is_group": False,
        "place": chosen.place,
        "field_id": f"field-{chosen.place}",
        "rule": chosen,
        "operators": operators,
        "inputs": rule_values.inputs(row.form) if row else "none",
        "choices": rule_values.choices(row.form, chosen.value) if row else [],
        "expects": row.form.expects if row and rule_values.inputs(row.form) in {"list", "two"} else "",
        "is_relative": bool(row and row.form == SPAN),
        "is_boolean": kind is ColumnType.BOOLEAN,
        "is_number": kind is ColumnType.NUMBER,
        "type": INPUT_TYPES.get(kind, "text"),
        "placeholder": PLACEHOLDERS.get(kind, ""),
        "folds": kind is ColumnType.TEXT and row is not None and row.folds,
    }
