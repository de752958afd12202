"""The audit: who did, tried or saw what. Entries are chained by their hashes and can only be added.

Services note what they did in the transaction that did it: `changed` for configuration, `note` for other deeds, `seen` for
personal values that somebody got to see. `atomic` is the transaction to use where rights are asked about inside it.
"""

from traginer.control.audit.chain import BEGINNING, Broken, Noted, Whole
from traginer.control.audit.noting import Target, atomic, changed, denied, note, seen
from traginer.control.audit.reading import Filters, as_dict, entries, lines, verify

__all__ = [
    "BEGINNING",
    "Broken",
    "Filters",
    "Noted",
    "Target",
    "Whole",
    "as_dict",
    "atomic",
    "changed",
    "denied",
    "entries",
    "lines",
    "note",
    "seen",
    "verify",
]
