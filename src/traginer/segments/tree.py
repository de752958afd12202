"""The rule tree: groups of rules, and conditions on one field each. Plain frozen values; nothing here knows SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from traginer.segments.errors import Path

Scalar = str | int | float | bool


class Join(StrEnum):
    """How a group joins its rules. `none` holds where not one of them does."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True)
class Span:
    """A stretch of calendar or clock: `count` of a `unit` of moments.UNITS."""

    unit: str
    count: int


Value = Scalar | tuple[Scalar, ...] | Span


@dataclass(frozen=True)
class Condition:
    """One question to one field. `operator` names a row of operators.OPERATORS; `value` has that row's form."""

    field: str
    operator: str
    value: Value
    ignore_case: bool = False


@dataclass(frozen=True)
class Group:
    """One or more rules joined."""

    join: Join
    rules: tuple["Rule", ...]


Rule = Group | Condition


def conditions(rule: Rule, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """All conditions of the tree, each with the path that leads to it."""
    if isinstance(rule, Condition):
        yield path, rule
        return
    for place, inner in enumerate(rule.rules):
        yield from conditions(inner, (*path, rule.join.value, place))


def fields(rule: Rule) -> set[str]:
    """The names of the fields that the rules ask about."""
    return {condition.field for _, condition in conditions(rule)}
