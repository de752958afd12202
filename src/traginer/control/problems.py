"""What pydantic finds wrong with a file, in our words and in the person's language."""

import difflib
from collections.abc import Callable
from typing import Any

from pydantic_core import ErrorDetails

from traginer.control.spec import (
    AttributeSpec,
    ConnectionSpec,
    ConsentSpec,
    ExportSpec,
    FileSpec,
    GuardsSpec,
    ScheduleSpec,
    SegmentSpec,
    SourceSpec,
)
from traginer.i18n import N_, gettext

_SPECS = (
    FileSpec,
    SourceSpec,
    ConnectionSpec,
    ConsentSpec,
    SegmentSpec,
    ExportSpec,
    AttributeSpec,
    ScheduleSpec,
    GuardsSpec,
)
_SECRET = {"api_key"}
_WORDS = sorted({field for spec in _SPECS for field in spec.model_fields})


def why(error: ErrorDetails) -> str:
    """One sentence for one finding."""
    name = next((str(part) for part in reversed(error["loc"]) if isinstance(part, str)), "")
    say = _SENTENCES.get(error["type"], _plain(N_('"{name}" is not valid here: {value}.')))
    return say(name, error)


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
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


_SENTENCES: dict[str, Callable[[str, ErrorDetails], str]] = {
    "missing": lambda name, _: gettext(N_('"{name}" is missing.')).format(name=name),
    "extra_forbidden": _unknown,
    "value_error": _own,
    "literal_error": _plain(N_('"{name}" is one of {expected}, not {value}.')),
    "string_type": _plain(N_('"{name}" is a text, not {value}.')),
    "int_type": _plain(N_('"{name}" is a whole number, not {value}.')),
    "int_parsing": _plain(N_('"{name}" is a whole number, not {value}.')),
    "float_parsing": _plain(N_('"{name}" is a number, not {value}.')),
    "greater_than": _plain(N_('"{name}" is greater than {gt}, not {value}.')),
    "greater_than_equal": _plain(N_('"{name}" is at least {ge}, not {value}.')),
    "less_than_equal": _plain(N_('"{name}" is at most {le}, not {value}.')),
    "list_type": _plain(N_('"{name}" is a list, not {value}.')),
    "dict_type": _plain(N_('"{name}" holds names and values, not {value}.')),
    "model_type": _plain(N_('"{name}" holds names and values, not {value}.')),
    "too_short": _plain(N_('"{name}" is empty.')),
    "string_too_short": _plain(N_('"{name}" is empty.')),
    "string_too_long": _plain(N_('"{name}" is longer than {max_length} characters.')),
}
