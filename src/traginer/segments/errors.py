"""What can be wrong with a segment: its rules, or its SELECT. It is always the segment's turn."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Self

from traginer.errors import TraginerError, Turn
from traginer.i18n import N_

Path = tuple[str | int, ...]
SHOWN_NAMES = 30


class RulesError(TraginerError):
    """Rules that cannot be used. `path` leads from the top of the rules to the offending node."""

    turn = Turn.SEGMENT

    def __init__(self, path: Path, **facts: object) -> None:
        self.path = path
        super().__init__(where=where(path), **facts)

    def under(self, *parents: str | int) -> Self:
        """The same error, seen from `parents` further up."""
        self.path = (*parents, *self.path)
        self.facts["where"] = where(self.path)
        return self


def where(path: Path) -> str:
    """`path` as people write it: rules.all[1].any[0]."""
    return "rules" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def closest(word: str, known: Sequence[str]) -> str:
    """What `word` was probably meant to be; what is known, at most SHOWN_NAMES of it, where nothing is near."""
    near = get_close_matches(word, known, n=3)
    more = ["..."] if not near and len(known) > SHOWN_NAMES else []
    return ", ".join([*(near or known[:SHOWN_NAMES]), *more])


class RuleMalformed(RulesError):
    code = "rule-malformed"
    what = N_("{where} is {found}. A rule is a group (all, any or none) or a condition with a field and one operator.")
    next_step = N_("Write it as {{all: [...]}} or as {{field: NAME, is: VALUE}}.")


class GroupMalformed(RulesError):
    code = "rule-group-malformed"
    what = N_("{where} must be a list of one or more rules, and the only key of its group.")
    next_step = N_("List the rules below it, or take the group out.")


class OperatorCount(RulesError):
    code = "rule-operator-count"
    what = N_("{where} has {count} operators ({operators}). A condition has exactly one.")
    next_step = N_("Write one condition for each operator, and group them under all or any.")


class OperatorUnknown(RulesError):
    code = "rule-operator-unknown"
    what = N_('"{operator}" in {where} is not an operator.')
    next_step = N_("Did you mean one of these? {suggestions}")


class FieldMissing(RulesError):
    code = "rule-field-missing"
    what = N_("The condition at {where} names no field.")
    next_step = N_("Add `field:` with the name of a column of the source.")


class FieldUnknown(RulesError):
    code = "rule-field-unknown"
    what = N_('The source has no field "{field}" ({where}).')
    next_step = N_("Did you mean one of these? {suggestions}")


class OperatorUnfit(RulesError):
    code = "rule-operator-unfit"
    what = N_('"{operator}" at {where} does not apply to the field "{field}", which is {type}.')
    next_step = N_("Use one of: {operators}.")


class FieldUnfit(RulesError):
    code = "rule-field-unfit"
    what = N_('No rule can use the field "{field}" ({where}), whose type is {native}.')
    next_step = N_("Use a field of texts, numbers, yes or no, dates or moments.")


class IgnoreCaseUnfit(RulesError):
    code = "rule-ignore-case-unfit"
    what = N_("ignore_case at {where} must be true or false, and stands only beside text comparisons of a text field.")
    next_step = N_("Take ignore_case out of this condition.")


class ValueMalformed(RulesError):
    code = "rule-value-malformed"
    what = N_("{where} takes {expected}, and has {found}.")
    next_step = N_("Correct the value, for instance: {example}")


class ValueUnfit(RulesError):
    code = "rule-value-unfit"
    what = N_('{where} compares the field "{field}", which is {type}, with {found}.')
    next_step = N_("Write {expected}.")


class RangeBackwards(RulesError):
    code = "rule-range-backwards"
    what = N_("The range at {where} begins after it ends.")
    next_step = N_("Write the smaller end first.")


class RulesTooLarge(RulesError):
    code = "rules-too-large"
    what = N_("The rules hold more than {limit} {unit} (seen at {where}).")
    next_step = N_("Split the segment, or put the values into a column of the source.")


class SqlError(TraginerError):
    """A SELECT that cannot be a segment."""

    turn = Turn.SEGMENT


class SqlUnreadable(SqlError):
    code = "segment-sql-unreadable"
    what = N_("The SELECT cannot be read at line {line}, column {column}: {why}")
    next_step = N_("Correct the SELECT at that place.")


class SqlTooLarge(SqlError):
    code = "segment-sql-too-large"
    what = N_("The SELECT is too large: more than {limit} {unit}.")
    next_step = N_("Shorten it, or put part of it into a view of the source.")


class SqlTooDeep(SqlError):
    code = "segment-sql-too-deep"
    what = N_("The SELECT is nested too deeply to be read.")
    next_step = N_("Take brackets out, or name parts of it with WITH.")


class NotOneSelect(SqlError):
    code = "segment-sql-not-one-select"
    what = N_("A segment is exactly one SELECT; this is {found}.")
    next_step = N_("Keep one SELECT (WITH and UNION are welcome) and take the rest out.")


class TableRefused(SqlError):
    code = "segment-sql-table-refused"
    what = N_("The SELECT reads {table}. It may read the table profiles, and its own WITH parts, only.")
    next_step = N_("Select from profiles.")


class SyntaxRefused(SqlError):
    code = "segment-sql-syntax-refused"
    what = N_("The SELECT uses {syntax}, which a segment may not.")
    next_step = N_("Write it with what the guide lists under Segments, or prepare it in the source.")


class FunctionRefused(SqlError):
    code = "segment-sql-function-refused"
    what = N_("The SELECT calls {function}, which a segment may not.")
    next_step = N_("Use a function that the guide lists under Segments. Near: {suggestions}")


class KeyNotSelected(SqlError):
    code = "segment-sql-key-not-selected"
    what = N_("The SELECT does not give the key of the profiles, {key}.")
    next_step = N_("Select {key}; other columns are ignored.")


class SqlFailed(SqlError):
    code = "segment-sql-failed"
    what = N_("The SELECT could not be run: {why}")
    next_step = N_("Try it in the source's own tool, and correct it.")


class SqlTooSlow(SqlError):
    code = "segment-sql-too-slow"
    what = N_("The SELECT was stopped after {seconds} seconds.")
    next_step = N_("Join on the key only, select fewer rows, or prepare the answer in the source.")


class SqlTooHungry(SqlError):
    code = "segment-sql-too-hungry"
    what = N_("The SELECT needs more memory or disk than it may use.")
    next_step = N_("Join on the key only, select fewer columns, or prepare the answer in the source.")
