"""`python -m tests.errors_page --write`: docs/errors.md and docs/errors.ca.md, made from the errors themselves."""

import importlib
import importlib.util
import pkgutil
import sys
from pathlib import Path

import traginer
from traginer import control
from traginer.errors import TURNS, TraginerError, every_error
from traginer.i18n import gettext, speaking

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
    for module in pkgutil.iter_modules(traginer.__path__):
        name = f"traginer.{module.name}.errors"
        if module.ispkg and module.name not in {"sandbox", "brevo"} and importlib.util.find_spec(name):
            importlib.import_module(name)
    importlib.import_module("traginer.destination")
    return every_error()


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
