"""Which column becomes which field of a contact, and what the account's fields hold.

In YAML: `email: email` and `attributes: {FIRSTNAME: first_name, SMS: {field: phone, region: country, default_region: ES}}`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an attribute holds."""

    TEXT = "text"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    CATEGORY = "category"
    """One of the options."""
    MULTIPLE_CHOICE = "multiple-choice"
    """Any of the options."""
    PHONE = "phone"
    """A telephone number that identifies the contact: no two contacts may share it."""
    READ_ONLY = "read-only"
    """Filled by Brevo: calculated, global and transactional attributes, and the contact's owner."""


KEY = "key of the profile"
"""The column of `members` that holds the profile key. Sources spell theirs as they like, and one may be called `key`."""

PHONE_ATTRIBUTES = ("SMS", "WHATSAPP", "LANDLINE_NUMBER")
"""Identifiers in Brevo, whatever type it names for them: help.brevo.com article 32331116133522."""

IDENTIFIERS = ("EMAIL", "EXT_ID")
"""Never mapped: the address has its own place, and a repeated EXT_ID merges contacts (same article)."""

_KINDS_BY_TYPE = {
    "text": Kind.TEXT,
    "float": Kind.FLOAT,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "multiple-choice": Kind.MULTIPLE_CHOICE,
}


@dataclass(frozen=True)
class AttributeType:
    """A contact attribute of the account. `options` are the labels as the account spells them, of the choice kinds only."""

    name: str
    kind: Kind
    options: tuple[str, ...] = ()


def attribute_type(name: str, category: str, type_name: str | None, options: Sequence[str] = ()) -> AttributeType:
    """An attribute as `GET /contacts/attributes` describes it; what is not known to be writable is read-only."""
    if name in PHONE_ATTRIBUTES:
        return AttributeType(name, Kind.PHONE)
    if category == "category":
        return AttributeType(name, Kind.CATEGORY, tuple(options))
    if category != "normal":
        return AttributeType(name, Kind.READ_ONLY)
    return AttributeType(name, _KINDS_BY_TYPE.get(type_name or "text", Kind.READ_ONLY), tuple(options))


@dataclass(frozen=True)
class AttributeMapping:
    """The column `field` fills `attribute`.

    For telephone numbers, `region` names a column with ISO 3166 alpha-2 codes, and `default_region` is the code that
    holds where that column is absent, empty or unknown.
    """

    attribute: str
    field: str
    region: str | None = None
    default_region: str | None = None


@dataclass(frozen=True)
class ConsentColumn:
    """The column `field` says who agreed to be written to: true, or one of `values` (blanks and case aside)."""

    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """The column `email` holds the address; `attributes` fill the rest of the contact.

    With `consent`, profiles that did not agree are left out.
    """

    email: str
    attributes: tuple[AttributeMapping, ...] = ()
    consent: ConsentColumn | None = None


def fields(mapping: Mapping) -> tuple[str, ...]:
    """The source columns that members must bring along, each once, in the order of first use."""
    names = [mapping.email, *([mapping.consent.field] if mapping.consent else [])]
    for one in mapping.attributes:
        names += [one.field, one.region] if one.region else [one.field]
    return tuple(dict.fromkeys(names))
