"""The texts of Data privacy and compliance, by version and language.

Version N stands in `N.en.md` and `N.ca.md`, here and in the folder `consent` of TRAGINER_HOME, which an operator may fill:
a file there takes the place of ours with the same number, and a higher number is a new version, which asks everybody again.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from traginer import home
from traginer.control.configuration_errors import ConsentTextIncomplete
from traginer.control.errors import ConsentTextUnknown
from traginer.i18n import LANGUAGES

OURS = Path(__file__).parent / "consent_texts"


@dataclass(frozen=True)
class Version:
    """A version of the text, by language, as Markdown. `sha256` stands for it: of its English and Catalan text together."""

    name: str
    texts: dict[str, str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256("".join(self.texts[language] for language in LANGUAGES).encode()).hexdigest()


def present() -> str:
    """The name of the newest version. Raises ConsentTextIncomplete where one of its languages is missing."""
    return newest().name


def text(name: str, language: str) -> str:
    """The text of the version of this name, as Markdown. Raises ConsentTextUnknown, ConsentTextIncomplete."""
    return version(name).texts[language]


def newest() -> Version:
    """The newest version. Raises ConsentTextIncomplete where one of its languages is missing."""
    files = _files()
    return _read(max(files, key=int), files)


def version(name: str) -> Version:
    """The version of this name. Raises ConsentTextUnknown, ConsentTextIncomplete."""
    files = _files()
    if name not in files:
        raise ConsentTextUnknown(version=name, present=max(files, key=int))
    return _read(name, files)


def operators() -> Path:
    """The folder for the operator's own texts; it need not be there."""
    return home.place() / "consent"


def _read(name: str, files: dict[str, dict[str, Path]]) -> Version:
    for language in LANGUAGES:
        if language not in files[name]:
            raise ConsentTextIncomplete(version=name, path=operators() / f"{name}.{language}.md")
    return Version(name, {language: path.read_text(encoding="utf-8") for language, path in files[name].items()})


def _files() -> dict[str, dict[str, Path]]:
    """The file of each language of each version, the operator's before ours; versions without leading zeros."""
    found: dict[str, dict[str, Path]] = {}
    for path in [*OURS.glob("*.md"), *sorted(operators().glob("*.md"))]:
        number, _, language = path.stem.partition(".")
        if number.isascii() and number.isdigit() and language in LANGUAGES:
            found.setdefault(str(int(number)), {})[language] = path
    return found
