"""What pydantic finds wrong with a file, in our words and in the person's language. No API key, wherever it was put."""

import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from traginer.control.spec import Spec
from traginer.i18n import N_, gettext

_SPECS = tuple(Spec.__subclasses__())
_SECRET = {"api_key", "secret", "address"}
_SECRET_LOOK = re.compile(r"x(keys|smtps)ib-")
_WORDS = sorted({field.alias or name for spec in _SPECS for name, field in spec.model_fields.items()})
# What pydantic puts into the path of a value that may be of several forms: no word of the file.
_FORM = re.compile("|".join([r".*\[.*", *(spec.__name__ for spec in _SPECS)]))


def first(found: Sequence[ErrorDetails]) -> tuple[list[str | int], str]:
    """Where the first thing is that is wrong, and one sentence on it.

    An unknown word comes before a missing one, which it mostly is. Of a value with several forms the nearest is meant.
    """
    found = sorted(found, key=lambda error: error["type"] != "extra_forbidden")
    place = _place(found[0])
    same = [error for error in found if _place(error)[: len(place)] == place]
    nearest = max(same, key=lambda error: len(_place(error)))
    return _place(nearest), _why(nearest)


def _place(error: ErrorDetails) -> list[str | int]:
    return [part for part in error["loc"] if not (isinstance(part, str) and _FORM.fullmatch(part))]


def _why(error: ErrorDetails) -> str:
    name = next((part for part in reversed(_place(error)) if isinstance(part, str)), "")
    if not name and error["type"] != "value_error":
        text = N_(
            "The file holds the sections sources, connections, segments, exports, notices and system, not {value}."
        )
        return gettext(text).format(value=_shown(error["input"]))
    say = _SENTENCES.get(error["type"], _plain(N_('"{name}" is not valid here: {value}.')))
    return say(_masked(name), error)


def did_you_mean(word: str, known: list[str]) -> str:
    """A blank and a guess, or nothing."""
    close = difflib.get_close_matches(word, known, n=1)
    return " " + gettext(N_('Did you mean "{word}"?')).format(word=close[0]) if close else ""


def _plain(text: str) -> Callable[[str, ErrorDetails], str]:
    def say(name: str, error: ErrorDetails) -> str:
        return gettext(text).format(
            name=name, value="***" if name in _SECRET else _shown(error["input"]), **error.get("ctx", {})
        )

    return say


def _unknown(name: str, _: ErrorDetails) -> str:
    return gettext(N_('"{name}" is not known here.')).format(name=name) + did_you_mean(name, _WORDS)


def _own(_: str, error: ErrorDetails) -> str:
    return f"{error['ctx']['error']}."


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return gettext(N_("names and values"))
    if isinstance(value, list):
        return gettext(N_("a list"))
    text = _masked(repr(value))
    return text if len(text) <= 60 else text[:57] + "..."


def _masked(text: str) -> str:
    return "***" if _SECRET_LOOK.search(text) else text


_SENTENCES: dict[str, Callable[[str, ErrorDetails], str]] = {
    "missing": lambda name, _: gettext(N_('"{name}" is missing.')).format(name=name),
    "extra_forbidden": _unknown,
    "value_error": _own,
    "literal_error": _plain(N_('"{name}" is one of {expected}, not {value}.')),
    "string_type": _plain(N_('"{name}" is a text, not {value}.')),
    "int_type": _plain(N_('"{name}" is a whole number, not {value}.')),
    "int_from_float": _plain(N_('"{name}" is a whole number, not {value}.')),
    "int_parsing": _plain(N_('"{name}" is a whole number, not {value}.')),
    "float_parsing": _plain(N_('"{name}" is a number, not {value}.')),
    "greater_than": _plain(N_('"{name}" is greater than {gt:g}, not {value}.')),
    "greater_than_equal": _plain(N_('"{name}" is at least {ge:g}, not {value}.')),
    "less_than_equal": _plain(N_('"{name}" is at most {le:g}, not {value}.')),
    "list_type": _plain(N_('"{name}" is a list, not {value}.')),
    "dict_type": _plain(N_('"{name}" holds names and values, not {value}.')),
    "model_type": _plain(N_('"{name}" holds names and values, not {value}.')),
    "too_short": _plain(N_('"{name}" is empty.')),
    "string_too_short": _plain(N_('"{name}" is empty.')),
    "string_too_long": _plain(N_('"{name}" is longer than {max_length} characters.')),
}
