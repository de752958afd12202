"""The attributes of the account: what there is, and what becomes of a value sent for one.

A value of the wrong type is not an error at Brevo: it vanishes. `DROPPED` stands for that.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from traginer.sandbox.store import Store
from traginer.sandbox.switches import Switches

CATEGORIES = ("normal", "transactional", "category", "calculated", "global")
TYPES = {
    "normal": ("text", "date", "float", "boolean", "multiple-choice", "user"),
    "transactional": ("text", "date", "float", "boolean", "id"),
    "category": ("category",),
    "calculated": (),
    "global": (),
}
OPTION_LENGTH = 200  # characters of a label: openapi, createAttribute
NAME = re.compile(r"[A-Z0-9_]{1,50}")  # our reading of examples; Brevo states no rule
NAMES_BY_LANGUAGE = {"en": ("FIRSTNAME", "LASTNAME"), "fr": ("PRENOM", "NOM"), "es": ("NOMBRE", "APELLIDOS")}


class _Dropped:
    """The fate of a value Brevo can't use."""


DROPPED = _Dropped()


@dataclass(frozen=True)
class Attribute:
    """One attribute. `options` are labels, or {value, label} pairs for a category; `value` is a calculation."""

    name: str
    category: str
    type: str | None
    options: list[Any] = field(default_factory=list)
    value: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The attribute as GET /contacts/attributes shows it."""
        shown: dict[str, Any] = {"name": self.name, "category": self.category}
        if self.category == "category":
            shown["enumeration"] = [{**option, "valueStr": str(option["value"])} for option in self.options]
        elif self.type:
            shown["type"] = self.type
        if self.type == "multiple-choice":
            shown["multiCategoryOptions"] = self.options
        if self.value is not None:
            shown["calculatedValue"] = self.value
        return shown


Reader = Callable[[Any], Any]


class Attributes:
    """The account's attributes, remembered until one changes."""

    def __init__(self, store: Store, switches: Switches) -> None:
        self._store = store
        self._switches = switches
        self._known: dict[str, Attribute] | None = None

    def all(self) -> dict[str, Attribute]:
        """Every attribute by name, in order of creation."""
        if self._known is None:
            rows = self._store.rows("SELECT * FROM attribute ORDER BY place")
            self._known = {row["name"]: _attribute(row) for row in rows}
        return self._known

    def save(self, attribute: Attribute) -> None:
        """Create or replace an attribute."""
        self._store.run(
            "INSERT INTO attribute VALUES (?, ?, ?, ?, ?, (SELECT 1 + coalesce(max(place), 0) FROM attribute)) "
            "ON CONFLICT (name) DO UPDATE SET options = excluded.options, value = excluded.value",
            (attribute.name, attribute.category, attribute.type, json.dumps(attribute.options), attribute.value),
        )
        self._known = None

    def delete(self, name: str) -> None:
        """Remove an attribute, and its values from every contact."""
        path = f'$."{name}"'
        with self._store.transaction():
            self._store.run("DELETE FROM attribute WHERE name = ?", (name,))
            self._store.run(
                "UPDATE contact SET attributes = json_remove(attributes, ?) WHERE json_type(attributes, ?) IS NOT NULL",
                (path, path),
            )
        self._known = None

    def forget(self) -> None:
        """Read the attributes anew at the next question."""
        self._known = None

    def readers(self) -> dict[str, Reader]:
        """How to read a sent value, by attribute name: the stored value, or DROPPED."""
        return {name: _reader(attribute, self._switches) for name, attribute in self.all().items()}

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values as the account shows them."""
        known = self.all()
        return {name: _number_of(known[name], value) if name in known else value for name, value in values.items()}


def _attribute(row: Mapping[str, Any] | Any) -> Attribute:
    return Attribute(row["name"], row["category"], row["type"], json.loads(row["options"]), row["value"])


def _number_of(attribute: Attribute, value: Any) -> Any:
    if attribute.category != "category":
        return value
    return next((str(option["value"]) for option in attribute.options if option["label"] == value), value)


def _reader(attribute: Attribute, switches: Switches) -> Reader:
    readers: dict[str | None, Reader] = {
        "category": _category_reader(attribute.options),
        "multiple-choice": _choices_reader(attribute.options),
        "date": _date_reader(switches.date_format),
        "float": _float_reader(decimal_comma=switches.decimal_comma),
        "boolean": _read_boolean,
        None: lambda _value: DROPPED,
    }
    return readers.get(attribute.type) or _text_reader(numbers=switches.numbers_as_text)


def storable(text: str) -> str:
    """Text without the halves of surrogate pairs that JSON can smuggle in; databases take none."""
    return text.encode("utf-8", "replace").decode()


def _text_reader(*, numbers: bool) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is str:
            return value if value.isascii() else storable(value)
        if numbers and isinstance(value, (bool, int, float)):
            return str(value).lower() if isinstance(value, bool) else str(value)
        return DROPPED

    return read


def _float_reader(*, decimal_comma: bool) -> Reader:
    def read(value: Any) -> Any:
        if isinstance(value, bool):
            return DROPPED
        if isinstance(value, str):
            try:
                value = float(value.replace(",", ".") if decimal_comma else value)
            except ValueError:
                return DROPPED
            value = int(value) if math.isfinite(value) and value == int(value) and abs(value) < 2**53 else value
        return value if isinstance(value, (int, float)) and math.isfinite(value) else DROPPED

    return read


BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _read_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return BOOLEANS.get(str(value).strip().lower(), DROPPED) if isinstance(value, (str, int)) else DROPPED


_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_LOCAL_DAY = re.compile(r"(\d{2})[/.-](\d{2})[/.-](\d{4})")


def _date_reader(date_format: str) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return DROPPED
        parts = _day_parts(value.strip(), date_format)
        try:
            return date(*parts).isoformat() if parts else DROPPED
        except ValueError:
            return DROPPED

    return read


def _day_parts(text: str, date_format: str) -> tuple[int, int, int] | None:
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
        return year, month, day
    if found := _LOCAL_DAY.fullmatch(text):
        first, second, year = map(int, found.groups())
        return (year, first, second) if date_format == "mm-dd-yyyy" else (year, second, first)
    return None


def _category_reader(options: list[Any]) -> Reader:
    pairs = [option for option in options if isinstance(option, dict)]
    labels = {str(option["value"]): option["label"] for option in pairs}
    labels |= {option["label"]: option["label"] for option in pairs}

    def read(value: Any) -> Any:
        return labels.get(str(value), DROPPED) if isinstance(value, (str, int)) else DROPPED

    return read


def _choices_reader(options: list[Any]) -> Reader:
    def read(value: Any) -> Any:
        # A comma inside a CSV cell is how the filter syntax joins options; nothing else is documented.
        wanted = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(wanted, list):
            return DROPPED
        kept = [option for option in options if option in wanted]
        return kept or DROPPED

    return read


def default_attributes(language: str) -> list[Attribute]:
    """What a new account has."""
    return [Attribute(name, "normal", "text") for name in ("EMAIL", *NAMES_BY_LANGUAGE[language], "SMS")]
