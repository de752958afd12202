"""`python -m tests.messages` (make messages): collect the texts people see, update the Catalan catalogue, compile it."""

import re
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "src" / "traginer"
PO = SOURCE / "locale" / "ca" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict[str, Any] = {"N_": None, "gettext": None, "ngettext": (1, 2), "_": None, "pgettext": ((1, "c"), 2)}
# The sandbox speaks as Brevo does, in English, and imports nothing of ours.
# What click itself says to somebody who types something wrong, or asks for help.
CLICK_FILES = ("core.py", "decorators.py", "exceptions.py", "formatting.py", "parser.py", "types.py")
METHODS: list[tuple[str, Any]] = [
    ("sandbox/**.py", "ignore"),
    ("**.py", "python"),
    ("web/templates/**.html", "tests.messages:of_template"),
]
# What templates mark: {% translate "…" %}, with a context too, {% say "…" … %}, {% say_many "…" "…" n %}, and _("…") as an argument.
_TEXT = r'"((?:[^"\\]|\\.)*)"'
_QUOTED = r"'((?:[^'\\]|\\.)*)'"
_MARKED = re.compile(
    rf"\{{%\s*(translate|say_many|say)\s+(?:{_TEXT}|{_QUOTED})(?:\s+(?:context\s+)?{_TEXT})?|(_)\({_TEXT}\)"
)


def extracted() -> Catalog:
    """All texts marked in the source now."""
    catalog = Catalog(domain="django", fuzzy=False)
    found = extract_from_dir(SOURCE, method_map=METHODS, keywords=KEYWORDS)
    for file, line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        catalog.add(message, locations=[(file, line)], auto_comments=comments, context=context)
    for message in clicks():
        catalog.add(message)
    for message in catalog:
        message.flags.discard("python-format")
    return catalog


def of_template(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: object, options: object
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's extraction method for the templates of Django."""
    text = file.read().decode()
    for found in _MARKED.finditer(text):
        tag, double, single, second, _, argument = found.groups()
        line, message = text.count("\n", 0, found.start()) + 1, _plain(double or single or argument)
        if tag == "say_many":
            yield line, "ngettext", (message, _plain(second)), []
        elif tag == "translate" and second:
            yield line, "pgettext", (_plain(second), message), []
        else:
            yield line, "gettext", message, []


def _plain(quoted: str) -> str:
    """The text that stands between quotes, as Django reads it."""
    return re.sub(r"\\(.)", r"\1", quoted)


def clicks() -> list[str | tuple[str, ...]]:
    """The texts of click that our commands can show."""
    keywords = {"_": None, "ngettext": (1, 2)}
    found = extract_from_dir(Path(click.__file__).parent, method_map=[("**.py", "python")], keywords=keywords)
    return [message for file, _, message, *_ in found if file in CLICK_FILES]


def translated() -> Catalog:
    """The Catalan catalogue as it is committed."""
    with PO.open("rb") as file:
        return read_po(file, locale="ca", domain="django")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> int:
    """Update and compile; say what is left to translate."""
    catalog = translated() if PO.exists() else Catalog(locale="ca", domain="django", project="Traginer", fuzzy=False)
    catalog.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, no_location=True)
    MO.write_bytes(compiled(catalog))
    missing = [message for message in catalog if message.id and not message.string]
    print(f"{len(catalog)} texts, {len(missing)} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
