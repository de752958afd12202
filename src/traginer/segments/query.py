"""Segments as SQL: one SELECT over the table `profiles` whose rows are the members.

The meaning is two-valued: where a field is empty the answer to a question is no, and the opposite of a question holds
exactly where the question does not. SQL's third value matters under a NOT only, so negations are carried down to the
conditions, and only a negated condition pays for a COALESCE: one in the open keeps zone maps and indexes usable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from traginer.segments.operators import OPERATORS
from traginer.segments.target import DIALECTS, Target
from traginer.segments.tree import Condition, Join, Rule
from traginer.values import AsOf, Column

TABLE = "profiles"


@dataclass(frozen=True)
class RuleSegment:
    """A segment by rules that `check` has passed."""

    name: str
    rules: Rule


@dataclass(frozen=True)
class SqlSegment:
    """A segment by a SELECT that a user wrote; `guarded` has yet to look at it."""

    name: str
    sql: str


Segment = RuleSegment | SqlSegment


def condition(rule: Rule, columns: Mapping[str, Column], as_of: AsOf, dialect: str = "duckdb") -> exp.Expr:
    """The rule as the condition of a WHERE over `profiles`, to be written with `.sql(dialect=dialect)`.

    The rule must have passed `check`. Not for use inside a larger NOT: where the answer is not yes it may be NULL.
    Raises ValueError for an unknown dialect.
    """
    if dialect not in DIALECTS:
        raise ValueError(f"no dialect of ours: {dialect}")
    return _answer(rule, _Asking(columns, as_of, dialect), yes=True)


def members_query(
    segments: Sequence[Segment],
    columns: Mapping[str, Column],
    key: str,
    select: Sequence[str],
    as_of: AsOf,
    *,
    dialect: str = "duckdb",
) -> str:
    """The SELECT of `key` and the columns `select` of all profiles in at least one segment, each profile once.

    It reads `profiles`, and for each SQL segment the table that `member_tables` names, with the one column `key`.
    """
    names = list(dict.fromkeys([key, *select]))
    tables = iter(member_tables(segments))
    belongs = [
        condition(segment.rules, columns, as_of, dialect)
        if isinstance(segment, RuleSegment)
        else _is_listed(key, next(tables))
        for segment in segments
    ]
    where = exp.or_(*belongs, copy=False) if belongs else exp.false()
    return _select(names, TABLE).where(where, copy=False).sql(dialect=dialect)


def member_tables(segments: Sequence[Segment]) -> dict[str, SqlSegment]:
    """The tables that `members_query` expects, each with the keys its SQL segment selects."""
    written = [segment for segment in segments if isinstance(segment, SqlSegment)]
    return {f"sql_members_{place}": segment for place, segment in enumerate(written)}


@dataclass(frozen=True)
class _Asking:
    """What all conditions of one query have in common."""

    columns: Mapping[str, Column]
    as_of: AsOf
    dialect: str


def _answer(rule: Rule, asking: _Asking, *, yes: bool) -> exp.Expr:
    """SQL that is true exactly where the answer to `rule` is `yes`."""
    if isinstance(rule, Condition):
        return _condition(rule, asking, yes=yes)
    inner_yes = yes != (rule.join is Join.NONE)
    answers = [_answer(inner, asking, yes=inner_yes) for inner in rule.rules]
    return (exp.and_ if (rule.join is Join.ALL) == inner_yes else exp.or_)(*answers, copy=False)


def _condition(rule: Condition, asking: _Asking, *, yes: bool) -> exp.Expr:
    operator = OPERATORS[rule.operator]
    target = Target(asking.columns[rule.field], asking.as_of, asking.dialect, rule.ignore_case)
    question = operator.build(target, rule.value)
    if yes != operator.negative:
        return question
    known = question if operator.of_empty else exp.Coalesce(this=question, expressions=[exp.false()])
    return exp.Not(this=known)


def _is_listed(key: str, table: str) -> exp.Expr:
    return exp.In(this=exp.column(key, table=TABLE, quoted=True), query=exp.Subquery(this=_select([key], table)))


def _select(names: Sequence[str], table: str) -> exp.Select:
    columns = [exp.column(name, table=table, quoted=True) for name in names]
    return exp.select(*columns, copy=False).from_(exp.table_(table, quoted=True))
