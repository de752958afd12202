import ast
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from traginer.sandbox import Sandbox, Switches, read_switch
from traginer.sandbox.faults import BODIES, KINDS, Fault

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "src" / "traginer" / "guide" / "en" / "sandbox.md"


def _table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of the documentation."""
    text = DOCS.read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "`tab`" if value == "\t" else f"`{value}`"


def _row(spec: object) -> list[str]:
    choices = ", ".join(_shown(choice) for choice in spec.metadata["choices"])
    kind = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}[type(spec.default)]
    unknown = str(spec.metadata["unknown"] or "")
    return [f"`{spec.name}`", _shown(spec.default), choices or kind, spec.metadata["says"], unknown]


def test_the_documentation_lists_exactly_the_switches_there_are() -> None:
    assert _table("Switches") == [_row(spec) for spec in fields(Switches)]


def test_the_documentation_lists_exactly_the_fields_a_fault_has() -> None:
    assert [line[0] for line in _table("Faults")] == [f"`{spec.name}`" for spec in fields(Fault)]
    text = DOCS.read_text()
    assert all(f"`{word}`" in text for word in (*KINDS, *BODIES))


def test_every_open_question_about_brevo_has_a_switch_or_a_word_in_the_documentation() -> None:
    answered = {spec.metadata["unknown"] for spec in fields(Switches)} - {0}
    assert answered == set(range(1, 14))
    numbers = [int(line[0]) for line in _table("What is not known about Brevo")]
    assert numbers == list(range(1, 14))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tier", "free"),
        ("tier", 5),
        ("contact_limit", "5"),
        ("contact_limit", -1),
        ("contact_limit", True),
        ("rows_per_second", float("inf")),
        ("report_header", 1),
        ("too_large_status", 404),
        ("no_such_switch", 1),
    ],
)
def test_a_switch_takes_only_what_makes_sense(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"[Ss]witch"):
        setattr(Switches(), name, value)


def test_several_switches_are_set_all_or_none() -> None:
    switches = Switches()
    with pytest.raises(ValueError, match="tier"):
        switches.patch({"contact_limit": 5, "tier": "free"})
    assert switches == Switches()
    switches.patch({"contact_limit": 5, "tier": "advanced"})
    assert (switches.contact_limit, switches.tier) == (5, "advanced")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tier=advanced", {"tier": "advanced"}),
        ("contact_limit=100", {"contact_limit": 100}),
        ("rows_per_second=2.5", {"rows_per_second": 2.5}),
        ("csv_quotes=off", {"csv_quotes": False}),
    ],
)
def test_a_switch_is_read_from_a_command_line_in_its_own_type(text: str, value: dict[str, object]) -> None:
    assert read_switch(text) == value
    Switches().patch(value)


def test_a_switch_that_there_is_not_is_refused_on_the_command_line() -> None:
    with pytest.raises(ValueError, match="color"):
        read_switch("color=red")


def test_two_sandboxes_share_no_switches() -> None:
    switches = Switches()
    with Sandbox(switches=switches, tier="advanced") as one, Sandbox(switches=switches) as two:
        assert (one.switches.tier, two.switches.tier, switches.tier) == ("advanced", "general", "general")


def test_the_sandbox_imports_nothing_of_ours_and_no_library() -> None:
    folder = ROOT / "src" / "traginer" / "sandbox"
    imported = {
        name
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [each.name for each in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")]
        )
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    foreign = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("traginer.sandbox")} == set()
