"""Members and a mapping in, one clean contact per address out, and for everyone else the reason why not."""

from traginer.contacts.building import Contacts, build, forget, leave_out_held
from traginer.contacts.checking import check_mapping, faults
from traginer.contacts.mapping import (
    KEY,
    AttributeMapping,
    AttributeType,
    ConsentColumn,
    Kind,
    Mapping,
    attribute_type,
    fields,
)
from traginer.contacts.reasons import PHONE_WARNING, REASONS, WINNER_RULE, Reason

__all__ = [
    "KEY",
    "PHONE_WARNING",
    "REASONS",
    "WINNER_RULE",
    "AttributeMapping",
    "AttributeType",
    "ConsentColumn",
    "Contacts",
    "Kind",
    "Mapping",
    "Reason",
    "attribute_type",
    "build",
    "check_mapping",
    "faults",
    "fields",
    "forget",
    "leave_out_held",
]
