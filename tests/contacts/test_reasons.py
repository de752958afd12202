"""The table of reasons, what `build` can give, and the guide say the same."""

import re
from pathlib import Path

import pytest

from traginer.contacts import PHONE_WARNING, REASONS, WINNER_RULE
from traginer.contacts.reasons import By, Effect

DOCS = Path(__file__).parents[2] / "src" / "traginer" / "guide" / "en" / "contacts.md"
SOURCES = Path(__file__).parents[2] / "src" / "traginer" / "contacts"


def documented():
    """The rows of the tables of reasons in the documentation: code to (by, effect, turn)."""
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (us|brevo) \| (refusal|warning) \| (\w+) \|", DOCS.read_text("utf-8"), re.MULTILINE
    )
    return {code: row for code, *row in rows}


def test_the_documentation_and_the_table_of_reasons_are_equal():
    assert documented() == {code: [reason.by, reason.effect, reason.turn] for code, reason in REASONS.items()}


@pytest.mark.parametrize("text", [WINNER_RULE, PHONE_WARNING])
def test_the_documentation_quotes_what_screens_say(text):
    assert text in " ".join(DOCS.read_text("utf-8").replace("\n> ", "\n").split())


def test_each_reason_is_given_by_the_code_or_by_brevo():
    code = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.py") if path.name != "reasons.py")
    given = (
        set(re.findall(r"""["']((?:email|phone|contact|number|date|text|option|no)-[a-z-]+)["']""", code))
        & REASONS.keys()
    )
    assert given == {reason.code for reason in REASONS.values() if reason.by is By.US}


def test_brevo_refuses_contacts_and_never_values():
    assert {reason.effect for reason in REASONS.values() if reason.by is By.BREVO} == {Effect.REFUSAL}
    assert all(reason.code.startswith("brevo-") == (reason.by is By.BREVO) for reason in REASONS.values())


def test_a_reason_names_no_value_of_a_profile():
    assert all("{" not in reason.sentence + reason.next_step for reason in REASONS.values())
    assert all(reason.sentence.endswith(".") and reason.next_step.endswith(".") for reason in REASONS.values())
