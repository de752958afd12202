"""The page that says which test answers for which requirement."""

import pytest

from tests import requirements_page
from tests.requirements_page import ROWS


def test_every_row_of_the_requirements_has_a_test_that_names_it():
    found = requirements_page.answers()
    assert [row for row, names in found.items() if not names] == []
    assert [row for row in found if row not in ROWS] == []


def test_the_page_of_requirements_is_up_to_date():
    assert requirements_page.PAGE.read_text() == requirements_page.page(), (
        "run: python -m tests.requirements_page --write"
    )


@pytest.mark.parametrize(
    ("docstring", "rows"),
    [
        ("S19: it is said.", ["S19"]),
        ("L6, L9: so it is.", ["L6", "L9"]),
        ("S10-S12: three.", ["S10", "S11", "S12"]),
        ("Nothing: S1", []),
    ],
)
def test_a_docstring_names_rows_before_its_colon(docstring, rows):
    assert requirements_page.rows_of(docstring) == rows
