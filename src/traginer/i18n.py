"""The language a person reads: one catalogue for every door, chosen per call and never per process.

English is the source text. Translations live in `locale/<language>/LC_MESSAGES/django.po`; Django reads the same files,
so a sentence of an error is translated once for the command line, the API and the pages.
"""

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "ca")
LOCALE_DIR = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return message


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("django", LOCALE_DIR, languages=[language], fallback=language == "en")


def gettext(message: str) -> str:
    """`message` in the language now spoken."""
    return _catalogue(_language.get()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """`singular` or `plural`, by the rules of the language now spoken."""
    return _catalogue(_language.get()).ngettext(singular, plural, n)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` (one of LANGUAGES) inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def speak(language: str) -> None:
    """Speak `language` from here on, in this context: for a door that serves one person, such as the command line."""
    _language.set(language)


def language_of_terminal() -> str:
    """The person's language by TRAGINER_LANGUAGE or the POSIX locale variables; English where none is ours."""
    for name in ("TRAGINER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            language = value[:2].lower()
            return language if language in LANGUAGES else "en"
    return "en"
