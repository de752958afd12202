"""`python -m tests.errors_page --write`: docs/errors.md and docs/errors.ca.md, made from the errors themselves."""

import importlib
import sys
from pathlib import Path

import traginer
from traginer import control
from traginer.errors import TURNS, TraginerError, every_error
from traginer.i18n import gettext, speaking

SOURCE = Path(traginer.__file__).parent
DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": DOCS / "errors.md", "ca": DOCS / "errors.ca.md"}
HEADINGS = {
    "en": (
        "# Errors by code",
        "Every error says what happened, to what, whose turn it is, and what to do next.",
        "Whose turn",
    ),
    "ca": ("# Errors per codi", "Cada error diu què ha passat, a què, a qui toca actuar i què cal fer.", "A qui toca"),
}


def all_errors() -> list[type[TraginerError]]:
    """Every error, of every module that defines one."""
    control.setup()
    for path in sorted(SOURCE.rglob("*.py")):
        if "    next_step = " in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(("traginer", *path.relative_to(SOURCE).with_suffix("").parts)))
    return [error for error in every_error() if error.__module__.startswith("traginer.")]


def page(language: str) -> str:
    """The page in one language."""
    title, first, turn = HEADINGS[language]
    with speaking(language):
        parts = [title, first] + [
            f"## {error.code}\n\n{gettext(error.what)}\n\n{gettext(error.next_step)}\n\n*{turn}: {gettext(TURNS[error.turn])}*"
            for error in all_errors()
        ]
    return "\n\n".join(parts).replace("{{", "{").replace("}}", "}") + "\n"


if __name__ == "__main__" and "--write" in sys.argv:
    for name, path in PAGES.items():
        path.write_text(page(name), encoding="utf-8")
