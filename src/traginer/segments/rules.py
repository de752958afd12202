"""Rules as YAML and JSON write them: read, checked against a source's columns, written back, and their JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from traginer.errors import Phrase
from traginer.i18n import N_
from traginer.segments import errors
from traginer.segments.errors import Path, closest
from traginer.segments.forms import NotThisForm, items, shown
from traginer.segments.operators import OPERATORS, Operator
from traginer.segments.tree import Condition, Group, Join, Rule, conditions
from traginer.segments.typed import TYPES
from traginer.values import Column, ColumnType

MAX_DEPTH = 50
MAX_CONDITIONS = 5_000
MAX_VALUES = 10_000
_JOINS = {join.value: join for join in Join}


def parse_rules(raw: object) -> Rule:
    """The rule tree that `raw` writes: mappings, lists and scalars, as YAML or JSON gives them. Raises a RulesError."""
    return _Reading().rule(raw, (), 1)


def check(rule: Rule, columns: Mapping[str, Column]) -> None:
    """Raise a RulesError unless each field is among `columns` and has a type its operator and value fit."""
    for problem in problems(rule, columns):
        raise problem


def problems(rule: Rule, columns: Mapping[str, Column]) -> Iterator[errors.RulesError]:
    """One error for each condition that does not fit `columns`, in the order of the rules."""
    for path, condition in conditions(rule):
        try:
            _check(condition, columns, path)
        except errors.RulesError as problem:
            yield problem


def to_raw(rule: Rule) -> dict[str, object]:
    """The rules as `parse_rules` takes them, made of what JSON has: `parse_rules(to_raw(rule)) == rule`."""
    if isinstance(rule, Group):
        return {rule.join.value: [to_raw(inner) for inner in rule.rules]}
    form = OPERATORS[rule.operator].form
    ignore_case: dict[str, object] = {"ignore_case": True} if rule.ignore_case else {}
    return {"field": rule.field, rule.operator: form.raw(rule.value), **ignore_case}


def rules_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of what `parse_rules` takes. Limits of depth and size are not part of it."""
    rule = {"$ref": "#/$defs/rule"}
    groups = [_closed({name: {"type": "array", "items": rule, "minItems": 1}}, required=[name]) for name in _JOINS]
    choices = [*groups, *(_condition_schema(operator) for operator in OPERATORS.values())]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/rule",
        "$defs": {"rule": {"oneOf": choices}},
    }


def _condition_schema(operator: Operator) -> dict[str, object]:
    ignore_case: dict[str, object] = {"ignore_case": {"type": "boolean"}} if operator.folds else {}
    properties = {"field": {"type": "string", "minLength": 1}, operator.name: operator.form.schema, **ignore_case}
    return _closed(properties, required=["field", operator.name])


def _closed(properties: Mapping[str, object], *, required: Sequence[str]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


@dataclass
class _Reading:
    """One reading of raw rules, which counts what it has seen: YAML anchors can write a tree that no memory holds."""

    conditions: int = 0
    values: int = 0

    def rule(self, raw: object, path: Path, depth: int) -> Rule:
        _limit(depth, MAX_DEPTH, N_("levels"), path)
        if not isinstance(raw, Mapping) or not raw:
            raise errors.RuleMalformed(path, found=shown(raw))
        joins = [name for name in _JOINS if name in raw]
        return self._group(joins[0], raw, path, depth) if joins else self._condition(raw, path)

    def _group(self, name: str, raw: Mapping[object, object], path: Path, depth: int) -> Group:
        inner = raw[name]
        if len(raw) != 1 or not isinstance(inner, Sequence) or isinstance(inner, str | bytes) or not inner:
            raise errors.GroupMalformed((*path, name))
        rules = [self.rule(item, (*path, name, place), depth + 1) for place, item in enumerate(inner)]
        return Group(_JOINS[name], tuple(rules))

    def _condition(self, raw: Mapping[object, object], path: Path) -> Condition:
        self.conditions += 1
        _limit(self.conditions, MAX_CONDITIONS, N_("conditions"), path)
        operator = _operator(raw, path)
        field = raw.get("field")
        if not isinstance(field, str) or not field:
            raise errors.FieldMissing(path)
        written = raw[operator.name]
        try:
            value = operator.form.read(written)
        except NotThisForm as refusal:
            at = (*path, operator.name, *refusal.at)
            expected = Phrase(operator.form.expects)
            raise errors.ValueMalformed(
                at, expected=expected, found=shown(_within(written, refusal.at)), example=_example(operator)
            ) from None
        self.values += len(items(value))
        _limit(self.values, MAX_VALUES, N_("values"), path)
        return Condition(field, operator.name, value, _ignore_case(raw, operator, path))


def _limit(seen: int, limit: int, unit: str, path: Path) -> None:
    if seen > limit:
        raise errors.RulesTooLarge(path[:6], limit=limit, unit=Phrase(unit))


def _operator(raw: Mapping[object, object], path: Path) -> Operator:
    """The one operator among the keys of a condition."""
    names = [str(key) for key in raw if key not in {"field", "ignore_case"}]
    for name in names:
        if name not in OPERATORS:
            known = [*OPERATORS, *_JOINS, "field", "ignore_case"]
            raise errors.OperatorUnknown((*path, name), operator=name, suggestions=closest(name, known))
    if len(names) != 1:
        raise errors.OperatorCount(path, count=len(names), operators=", ".join(names) or "-")
    return OPERATORS[names[0]]


def _ignore_case(raw: Mapping[object, object], operator: Operator, path: Path) -> bool:
    ignore_case = raw.get("ignore_case", False)
    if not isinstance(ignore_case, bool) or (ignore_case and not operator.folds):
        raise errors.IgnoreCaseUnfit((*path, "ignore_case"))
    return ignore_case


def _within(written: object, at: Path) -> object:
    """The part of a written value that `at` leads to."""
    for step in at:
        written = written[step]  # type: ignore[index]
    return written


def _example(operator: Operator) -> str:
    return f"{operator.name}: {operator.form.example}"


def _check(condition: Condition, columns: Mapping[str, Column], path: Path) -> None:
    column, operator = columns.get(condition.field), OPERATORS[condition.operator]
    if column is None:
        suggestions = closest(condition.field, list(columns))
        raise errors.FieldUnknown((*path, "field"), field=condition.field, suggestions=suggestions)
    if column.type is ColumnType.OTHER:
        raise errors.FieldUnfit((*path, "field"), field=column.name, native=column.native)
    if column.type not in operator.types:
        fitting = ", ".join(row.name for row in OPERATORS.values() if column.type in row.types)
        facts = {"operator": operator.name, "type": Phrase(TYPES[column.type].says), "operators": fitting}
        raise errors.OperatorUnfit((*path, operator.name), field=column.name, **facts)
    if condition.ignore_case and column.type is not ColumnType.TEXT:
        raise errors.IgnoreCaseUnfit((*path, "ignore_case"))
    operator.form.check(condition.value, column, (*path, operator.name))
