"""The SQL of each case, in each dialect, is what the golden files say."""

import pytest
import sqlglot

from tests.segments.golden import Case, cases, written
from tests.segments.world import GOLDEN
from traginer.segments import DIALECTS, OPERATORS

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_sql_is_the_golden_sql(case: Case):
    assert case.expected == {dialect: case.sql(dialect) for dialect in case.dialects}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_golden_sql_can_be_read_in_its_dialect_and_means_the_same_to_it(dialect: str):
    answers = [case.expected[dialect] for case in CASES if dialect in case.expected]
    assert [sqlglot.parse_one(sql, dialect=dialect).sql(dialect=dialect) for sql in answers] == answers


def test_writing_the_files_anew_changes_nothing():
    for file in GOLDEN.glob("*.sql"):
        assert written([case for case in CASES if case.file == file]) == file.read_text()


@pytest.mark.parametrize("operator", OPERATORS)
def test_each_operator_has_a_golden_case_for_each_of_its_dialects(operator: str):
    asked = [case for case in CASES if f"{operator}:" in "\n".join(case.lines)]
    assert any(set(case.expected) == set(DIALECTS) for case in asked)
