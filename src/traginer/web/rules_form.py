"""Rules as a form: groups in groups, and conditions whose operators and values follow from the type of their field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from traginer.i18n import gettext
from traginer.segments.operators import OPERATORS, Operator
from traginer.values import Column, ColumnType
from traginer.web import rule_values

JOINS = ("all", "any", "none")
TOP = "r"


@dataclass(frozen=True)
class Condition:
    """One question, as it was typed: `second` is the end of a range, `unit` that of a span."""

    place: str = ""
    field: str = ""
    operator: str = ""
    value: str = ""
    second: str = ""
    unit: str = "days"
    ignore_case: bool = False


@dataclass(frozen=True)
class Group:
    """Rules joined by all, any or none. `place` leads to it from the top, in the names of the form's fields."""

    place: str = TOP
    join: str = "all"
    rules: list["Group | Condition"] = field(default_factory=list)


def of_post(form: QueryDict) -> Group:
    """The tree as it was sent; what was done to it by a button is done."""
    places = form.getlist("place")
    tree = _group(form, TOP, places)
    do, _, place = form.get("do", "").partition(":")
    return placed(_changed(tree, do, place) if do in CHANGES else tree)


def of_raw(raw: Mapping[str, Any]) -> Group:
    """The tree of rules as a segment keeps them; a single condition stands in a group of one."""
    rule = _of_raw(raw)
    return placed(rule if isinstance(rule, Group) else Group(rules=[rule]))


def raw(group: Group, columns: Mapping[str, Column]) -> dict[str, Any]:
    """The rules as a segment keeps them. What does not fit, `segments` says when it checks them."""
    return {
        group.join: [raw(rule, columns) if isinstance(rule, Group) else _raw(rule, columns) for rule in group.rules]
    }


def finished(group: Group) -> tuple[Group | None, int]:
    """The tree without the conditions that somebody is still typing, and how many those are; None where nothing is left."""
    rules: list[Group | Condition] = []
    left_out = 0
    for rule in group.rules:
        if isinstance(rule, Group):
            inner, more = finished(rule)
            rules += [inner] if inner else []
            left_out += more
        elif _is_finished(rule):
            rules.append(rule)
        else:
            left_out += 1
    return (replace(group, rules=rules) if rules else None), left_out


def places(group: Group) -> Iterator[str]:
    """The places of the tree and of all in it, in the order in which rules are counted."""
    yield group.place
    for rule in group.rules:
        if isinstance(rule, Group):
            yield from places(rule)
        else:
            yield rule.place


def place_at(group: Group, path: Sequence[str | int]) -> str:
    """The place of what a path from the top of the rules leads to, or to some part of."""
    at: Group | Condition = group
    for step in path:
        if isinstance(at, Group) and isinstance(step, int) and step < len(at.rules):
            at = at.rules[step]
    return at.place


def focus_after(form: QueryDict) -> str:
    """The id of the field to go on with once a button has changed the tree; "" where none has."""
    do, _, place = form.get("do", "").partition(":")
    if do == "remove-rule":
        return f"add-rule-{place.rpartition('-')[0]}"
    if do not in CHANGES:
        return ""
    new = f"{place}-{sum(at.rpartition('-')[0] == place for at in form.getlist('place'))}"
    return f"field-{new}-0" if do == "add-group" else f"field-{new}"


def operators_for(kind: ColumnType) -> list[tuple[str, str]]:
    """The operators that fit a type, each with its words."""
    return [(row.name, _words(row)) for row in OPERATORS.values() if kind in row.types]


def placed(group: Group, place: str = TOP) -> Group:
    """The tree with every rule knowing its place."""
    rules: list[Group | Condition] = []
    for n, rule in enumerate(group.rules):
        at = f"{place}-{n}"
        rules.append(placed(rule, at) if isinstance(rule, Group) else replace(rule, place=at))
    return replace(group, place=place, rules=rules)


def _group(form: QueryDict, place: str, places: Sequence[str]) -> Group:
    inner = [at for at in places if at.rpartition("-")[0] == place]
    rules = [_group(form, at, places) if f"join.{at}" in form else _condition(form, at) for at in inner]
    join = form.get(f"join.{place}", "all")
    return Group(place, join if join in JOINS else "all", rules)


def _condition(form: QueryDict, at: str) -> Condition:
    names = ("field", "operator", "value", "second", "unit")
    texts = {name: ", ".join(form.getlist(f"{name}.{at}")).strip() for name in names}
    return Condition(at, **{**texts, "unit": texts["unit"] or "days"}, ignore_case=f"ignore.{at}" in form)


def _is_finished(rule: Condition) -> bool:
    operator = OPERATORS.get(rule.operator)
    return bool(rule.field and operator and rule_values.is_complete(operator.form, rule.value, rule.second))


def _changed(group: Group, do: str, place: str) -> Group:
    """The tree after a button; `place` is where it stood."""
    if do == "remove-rule":
        rules = [rule for rule in group.rules if rule.place != place]
    else:
        added = CHANGES[do]
        rules = [*group.rules, *([added()] if group.place == place else [])]
    return replace(group, rules=[_changed(rule, do, place) if isinstance(rule, Group) else rule for rule in rules])


CHANGES: dict[str, Any] = {
    "add-rule": Condition,
    "add-group": lambda: Group("", "any", [Condition()]),
    "remove-rule": None,
}


def _of_raw(raw: Mapping[str, Any]) -> Group | Condition:
    for join in JOINS:
        if join in raw:
            return Group(join=join, rules=[_of_raw(rule) for rule in raw[join]])
    operator = next(name for name in raw if name in OPERATORS)
    value, second, unit = rule_values.typed_out(OPERATORS[operator].form, raw[operator])
    return Condition("", raw["field"], operator, value, second, unit, bool(raw.get("ignore_case")))


def _raw(condition: Condition, columns: Mapping[str, Column]) -> dict[str, Any]:
    column, operator = columns.get(condition.field), OPERATORS.get(condition.operator)
    if column is None or operator is None:
        return {"field": condition.field, condition.operator or "is": condition.value}
    value = rule_values.read(operator.form, column.type, condition.value, condition.second, condition.unit)
    folded = {"ignore_case": True} if condition.ignore_case and column.type is ColumnType.TEXT else {}
    return {"field": condition.field, operator.name: value, **folded}


def _words(operator: Operator) -> str:
    """What stands between the field and the value."""
    said = gettext(operator.says)
    return said.replace("{field}", "").replace("{value}", "…").strip()


def inputs(group: Group) -> Iterator[tuple[str, str]]:
    """The tree as the fields that it was sent in, for a form that does not draw it."""
    yield f"join.{group.place}", group.join
    for rule in group.rules:
        yield "place", rule.place
        if isinstance(rule, Group):
            yield from inputs(rule)
        else:
            yield from _inputs(rule)


def _inputs(rule: Condition) -> Iterator[tuple[str, str]]:
    for name in ("field", "operator", "value", "second", "unit"):
        yield f"{name}.{rule.place}", getattr(rule, name)
    if rule.ignore_case:
        yield f"ignore.{rule.place}", "on"
