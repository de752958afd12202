"""`python -m tests.errors_page --write`: the page "Troubleshooting" of the guide, made from the errors themselves."""

import importlib
import sys
from pathlib import Path

import traginer
from traginer import control
from traginer.errors import TURNS, TraginerError, every_error
from traginer.i18n import gettext, speaking

SOURCE = Path(traginer.__file__).parent
PAGES = {language: SOURCE / "guide" / language / "troubleshooting.md" for language in ("en", "ca")}
HEADINGS = {
    "en": (
        "# Troubleshooting",
        (
            "Every error says what happened, to what, whose turn it is, and what to do next; and has a code. Here they are by their "
            "codes, as pages, command line and API show them; words in braces stand for what it was about."
        ),
        (
            "Where to look first: the page of the run says why it ended as it did ([Runs](runs.md#what-to-do)), and `traginer doctor` "
            "what is wrong with the installation ([Operations](operations.md#is-it-well))."
        ),
        "Whose turn",
    ),
    "ca": (
        "# Resolució de problemes",
        (
            "Cada error diu què ha passat, a què, a qui toca actuar i què cal fer; i té un codi. Aquí són pels seus codis, tal com els "
            "mostren les pàgines, la línia d'ordres i l'API; les paraules entre claus són allò de què es tractava."
        ),
        (
            "On mirar primer: la pàgina de l'execució diu per què s'ha acabat així ([Execucions](runs.md#what-to-do)), i `traginer doctor` "
            "què no va bé a la instal·lació ([Operacions](operations.md#is-it-well))."
        ),
        "A qui toca",
    ),
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
    title, first, where, turn = HEADINGS[language]
    with speaking(language):
        parts = [title, first, where] + [
            f"## {error.code}\n\n{gettext(error.what)}\n\n{gettext(error.next_step)}\n\n*{turn}: {gettext(TURNS[error.turn])}*"
            for error in all_errors()
        ]
    return "\n\n".join(parts).replace("{{", "{").replace("}}", "}") + "\n"


if __name__ == "__main__" and "--write" in sys.argv:
    for name, path in PAGES.items():
        path.write_text(page(name), encoding="utf-8")
