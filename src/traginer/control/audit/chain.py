"""The chain: each entry holds the hash of the one before it, so that none can be changed, left out or put in unseen.

The hash of an entry is the sha256 of its canonical JSON in UTF-8: all its fields but `hash`, names sorted, no spaces, characters
beyond ASCII as they are, `at` in UTC with microseconds. A line of the export holds just that and the hash, for anybody to check.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NamedTuple

from django.db import transaction

from traginer.control.alone import alone
from traginer.control.models import AuditEntry
from traginer.i18n import N_, gettext, ngettext

BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""


class Noted(NamedTuple):
    """The end of the chain as somebody wrote it down elsewhere: only so can a cut-off end be told."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class Whole:
    """Nothing was changed, left out or put in; `end` is worth writing down."""

    end: Noted

    @property
    def sentence(self) -> str:
        """In words."""
        entries = self.end.sequence
        text = ngettext("The audit is whole: {entries} entry.", "The audit is whole: {entries} entries.", entries)
        return text.format(entries=entries)


@dataclass(frozen=True)
class Broken:
    """The chain breaks at entry `sequence`; `why` is a text marked by N_."""

    sequence: int
    why: str

    @property
    def sentence(self) -> str:
        """In words."""
        return gettext(self.why).format(sequence=self.sequence)


MISSING = N_("The audit is broken: entry {sequence} is missing.")
REPLACED = N_("The audit is broken: what came before entry {sequence} was changed or replaced.")
CHANGED = N_("The audit is broken: entry {sequence} was changed.")
NOT_AS_NOTED = N_(
    "The audit is broken: entry {sequence} is not the one that was written down. All of it may have been made anew."
)
CUT_OFF = N_("The audit is broken: it was cut off, entry {sequence} was written down and is missing.")


def canonical(value: object) -> str:
    """The one JSON text of `value`."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)


def content(entry: AuditEntry) -> dict[str, Any]:
    """What the hash is of."""
    return {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "role": entry.role,
        "door": entry.door,
        "address": entry.address,
        "via": entry.via,
        "action": entry.action,
        "kind": entry.kind,
        "name": entry.name,
        "before": json.loads(entry.before),
        "after": json.loads(entry.after),
        "result": entry.result,
        "previous": entry.previous,
    }


def digest(entry: AuditEntry) -> str:
    """The hash that the entry must have."""
    return hashlib.sha256(canonical(content(entry)).encode()).hexdigest()


def append(entry: AuditEntry) -> AuditEntry:
    """Put `entry` at the end of the chain, in the transaction under way or one of its own."""
    with transaction.atomic():
        alone("audit")
        end = end_of_chain()
        entry.sequence, entry.previous = end.sequence + 1, end.hash
        entry.hash = digest(entry)
        entry.save(force_insert=True)
    return entry


def end_of_chain() -> Noted:
    """The last entry, or the beginning."""
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return Noted(*last) if last else Noted(0, BEGINNING)


def checked(entries: Iterable[AuditEntry], noted: Noted | None = None) -> Whole | Broken:
    """Whether `entries`, all there are in their order, are one chain, and hold what was `noted`."""
    end = Noted(0, BEGINNING)
    for entry in entries:
        if why := _broken_by(entry, end, noted):
            return Broken(end.sequence + 1 if why == MISSING else entry.sequence, why)
        end = Noted(entry.sequence, entry.hash)
    if noted and noted.sequence > end.sequence:
        return Broken(noted.sequence, CUT_OFF)
    return Whole(end)


def _broken_by(entry: AuditEntry, end: Noted, noted: Noted | None) -> str:
    """What is wrong with `entry` after `end`; nothing where it is right."""
    if entry.sequence != end.sequence + 1:
        return MISSING
    if entry.previous != end.hash:
        return REPLACED
    if not _is_as_written(entry):
        return CHANGED
    return NOT_AS_NOTED if noted and noted.sequence == entry.sequence and noted.hash != entry.hash else ""


def _is_as_written(entry: AuditEntry) -> bool:
    try:
        return entry.hash == digest(entry)
    except ValueError:  # `before` or `after` is no JSON any more
        return False
