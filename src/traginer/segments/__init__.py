"""Segments: named sets of profiles, by rules or by a SELECT, as the query whose rows are the members."""

from traginer.segments.guard import GuardedSql, guarded
from traginer.segments.locked import Bounds, lock, run_locked
from traginer.segments.operators import OPERATORS, Operator
from traginer.segments.query import RuleSegment, Segment, SqlSegment, condition, member_tables, members_query
from traginer.segments.rules import check, parse_rules, problems, rules_schema, to_raw
from traginer.segments.sentence import sentence
from traginer.segments.target import DIALECTS
from traginer.segments.tree import Condition, Group, Join, Rule, Span, fields

__all__ = [
    "DIALECTS",
    "OPERATORS",
    "Bounds",
    "Condition",
    "Group",
    "GuardedSql",
    "Join",
    "Operator",
    "Rule",
    "RuleSegment",
    "Segment",
    "Span",
    "SqlSegment",
    "check",
    "condition",
    "fields",
    "guarded",
    "lock",
    "member_tables",
    "members_query",
    "parse_rules",
    "problems",
    "rules_schema",
    "run_locked",
    "sentence",
    "to_raw",
]
