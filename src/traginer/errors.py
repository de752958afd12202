"""What can go wrong, as people read it: what happened, to what, whose turn it is, what to do next, and a stable code.

    TraginerError
     +- profiles/errors.py    the source: SourceMissing, SourceEmpty, KeyNotUnique ...        turn: source
     +- segments/errors.py    rules and SQL: OperatorUnknown, NotOneSelect ...               turn: segment
     +- contacts/errors.py    the mapping: ColumnUnknown, AttributeUnknown ...               turn: mapping
     +- delivery/errors.py    the run: Held, SpoolFull, BooksDoNotBalance ...                turn: operator
     +- destination.py        the account: KeyRefused, ListNotFound, ContractFull ...        turn: brevo, operator
     +- control/errors.py     configuration and rights: NotFound, ConsentMissing ...         turn: operator
     +- MemoryShort           what every room may meet                                       turn: operator

Raise with facts as keywords; the text is put together, and translated, where it is shown. A fact is never an API key, and
never an address or another value of a profile: errors reach logs, screens of viewers, and bug reports.
"""

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter
from typing import ClassVar, Self

from traginer.i18n import N_, gettext


class Turn(StrEnum):
    """Whose turn it is to act, as the requirements name them."""

    SOURCE = "source"
    SEGMENT = "segment"
    MAPPING = "mapping"
    BREVO = "brevo"
    OPERATOR = "operator"


TURNS = {
    Turn.SOURCE: N_("the data source"),
    Turn.SEGMENT: N_("the segment"),
    Turn.MAPPING: N_("the data matching"),
    Turn.BREVO: N_("Brevo"),
    Turn.OPERATOR: N_("the operator"),
}


class Phrase(str):
    """A fact that is itself a text marked by N_: English as a `str`, translated where it is formatted."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return format(gettext(str(self)), spec)


class TraginerError(Exception):
    """A failure a person can act on. Subclasses set `code`, `turn`, `what` and `next_step`; `{facts}` stand in the texts."""

    code: ClassVar[str]
    turn: ClassVar[Turn]
    what: ClassVar[str]
    next_step: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        missing = self.placeholders() - facts.keys()
        if missing:
            raise TypeError(f"{type(self).__name__} lacks {sorted(missing)}")
        self.facts = facts
        super().__init__(self.code)

    @classmethod
    def placeholders(cls) -> set[str]:
        """The names of the facts that the texts mention."""
        return {name for text in (cls.what, cls.next_step) for _, name, _, _ in Formatter().parse(text) if name}

    @classmethod
    def from_facts(cls, facts: Mapping[str, object]) -> Self:
        """The error again, for showing, from facts that were kept. Raises TypeError where one is missing."""
        error = cls.__new__(cls)
        TraginerError.__init__(error, **facts)
        return error

    @property
    def sentence(self) -> str:
        """What happened, in the language now spoken."""
        return gettext(self.what).format(**self.facts)

    @property
    def advice(self) -> str:
        """What to do next, in the language now spoken."""
        return gettext(self.next_step).format(**self.facts)

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice} ({self.code})"


class MemoryShort(TraginerError):
    code = "memory-short"
    turn = Turn.OPERATOR
    what = N_("This needs more memory than the {megabytes} MB that the engine may use. What Brevo confirmed is kept.")
    next_step = N_("Raise TRAGINER_MEMORY_MB, see that the disk of TRAGINER_HOME has room to spill to, and run again.")


def every_error(base: type[TraginerError] = TraginerError) -> list[type[TraginerError]]:
    """All concrete errors that are imported by now, by code; the documentation and translation tests walk it."""
    found = {cls for sub in base.__subclasses__() for cls in (sub, *every_error(sub)) if "code" in vars(cls)}
    return sorted(found, key=lambda cls: cls.code)
