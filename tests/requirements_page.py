"""`python -m tests.requirements_page --write`: docs/requirements-coverage.md, which rows of the requirements which tests answer for.

A test names its rows in the first line of its docstring: `S19: ...`, or `L6, L9: ...`; `S10-S12: ...` names three.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "requirements-coverage.md"
ROWS = [*(f"S{n}" for n in range(1, 42)), *(f"L{n}" for n in range(1, 12))]
_NAMED = re.compile(r"((?:[SL]\d+(?:\s*-\s*[SL]\d+)?(?:,\s*)?)+):")
_ONE = re.compile(r"([SL])(\d+)(?:\s*-\s*[SL](\d+))?")
HEAD = """# Which tests answer for which requirement

Made by `python -m tests.requirements_page --write`; a test fails while it is stale or a row has no test. The rows are those of the
requirements: S for the sentences of the page this product began with, L for those of its neighbours.

| Row | Tests |
|---|---|
"""


def rows_of(docstring: str) -> list[str]:
    """The rows that the first line of a docstring names."""
    found = _NAMED.match(docstring.strip())
    if not found:
        return []
    parts = _ONE.findall(found[1])
    return [f"{kind}{n}" for kind, first, last in parts for n in range(int(first), int(last or first) + 1)]


def answers() -> dict[str, list[str]]:
    """The tests by the row they answer for, as `tests/folder/file.py::name`."""
    found: dict[str, list[str]] = {row: [] for row in ROWS}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, docstring in _tests(path):
            for row in rows_of(docstring):
                found.setdefault(row, []).append(f"{path.relative_to(TESTS.parent)}::{name}")
    return found


def page() -> str:
    """The page as it should be now."""
    lines = (f"| {row} | {'<br>'.join(f'`{name}`' for name in names)} |" for row, names in answers().items())
    return HEAD + "\n".join(lines) + "\n"


def _tests(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page())
    missing = [row for row, names in answers().items() if not names]
    print("no test names " + ", ".join(missing) if missing else "every row has a test")
