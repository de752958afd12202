"""What is found where something is looked at: well, worth attention, or wrong, in words, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError

from traginer.errors import TraginerError
from traginer.i18n import N_, gettext


class Level(StrEnum):
    """How bad it is: `attention` works as it is, but somebody should know."""

    OK = "ok"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. Where it is not well, `advice` says what to do, and `code` names what it is."""

    about: str
    level: Level
    sentence: str
    advice: str = ""
    code: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nobody need act."""
        return self.level is Level.OK


type Look = Callable[[], str | Finding]
"""A look at one thing; a sentence is well."""


def well(about: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(about, Level.OK, sentence)


def tried(about: str, look: Look) -> Finding:
    """What `look` finds; an error is wrong."""
    try:
        found = look()
    except TraginerError as error:
        return Finding(about, Level.WRONG, error.sentence, error.advice, error.code)
    except DatabaseError as error:
        sentence = gettext(N_("The database does not answer ({kind}).")).format(kind=type(error).__name__)
        advice = gettext(N_("See that it runs, and that TRAGINER_DATABASE_URL or TRAGINER_HOME is right."))
        return Finding(about, Level.WRONG, sentence, advice, "database-unavailable")
    return well(about, found) if isinstance(found, str) else found
