"""Rules in words, in the language now spoken."""

from traginer.i18n import N_, gettext
from traginer.segments.operators import OPERATORS
from traginer.segments.tree import Condition, Group, Join, Rule

JOINED = {Join.ALL: N_("and"), Join.ANY: N_("or"), Join.NONE: N_("or")}
NONE = N_("not ({rules})")
ANY_CASE = N_("{condition} (in any case)")


def sentence(rule: Rule) -> str:
    """The rules as one sentence: groups inside groups stand in brackets."""
    return _condition(rule) if isinstance(rule, Condition) else _group(rule)


def _condition(rule: Condition) -> str:
    operator = OPERATORS[rule.operator]
    said = gettext(operator.says).format(field=rule.field, value=operator.form.says(rule.value))
    return gettext(ANY_CASE).format(condition=said) if rule.ignore_case else said


def _group(group: Group) -> str:
    said = f" {gettext(JOINED[group.join])} ".join(_within(inner) for inner in group.rules)
    return gettext(NONE).format(rules=said) if group.join is Join.NONE else said


def _within(rule: Rule) -> str:
    """A rule as part of a longer sentence."""
    loose = isinstance(rule, Group) and rule.join is not Join.NONE and len(rule.rules) > 1
    return f"({sentence(rule)})" if loose else sentence(rule)
