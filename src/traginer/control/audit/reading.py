"""Reading the audit, for administrators: entries, JSON lines, and whether the chain is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from traginer.control.audit.chain import Broken, Noted, Whole, canonical, checked, content
from traginer.control.models import AuditEntry

if TYPE_CHECKING:
    from traginer.control.rights import Actor

CHUNK = 2000


@dataclass(frozen=True)
class Filters:
    """Which entries: all that are so. `since` is included, `until` is not; empty texts and None ask for nothing."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    action: str = ""
    kind: str = ""
    name: str = ""
    result: str = ""


EVERYTHING = Filters()


def entries(
    actor: "Actor", filters: Filters = EVERYTHING, limit: int = 100, before: int | None = None
) -> list[AuditEntry]:
    """The newest entries first; `before` is the sequence from which to go further back."""
    actor.require("audit:read")
    chosen = _chosen(filters).order_by("-sequence")
    if before is not None:
        chosen = chosen.filter(sequence__lt=before)
    return list(chosen[:limit])


def lines(actor: "Actor", filters: Filters = EVERYTHING) -> Iterator[str]:
    """The entries, oldest first, each as the canonical JSON that was hashed, with its hash."""
    actor.require("audit:read")
    return (canonical(as_dict(entry)) for entry in _chosen(filters).order_by("sequence").iterator(CHUNK))


def verify(actor: "Actor", noted: Noted | None = None) -> Whole | Broken:
    """Whether the chain is whole, and still holds the end that was `noted` elsewhere."""
    actor.require("audit:read")
    return checked(AuditEntry.objects.order_by("sequence").iterator(CHUNK), noted)


def as_dict(entry: AuditEntry) -> dict[str, Any]:
    """An entry for machines."""
    return {**content(entry), "hash": entry.hash}


def _chosen(filters: Filters) -> QuerySet[AuditEntry]:
    wanted = {
        "at__gte": filters.since,
        "at__lt": filters.until,
        "actor": filters.actor,
        "action": filters.action,
        "kind": filters.kind,
        "name": filters.name,
        "result": filters.result,
    }
    return AuditEntry.objects.filter(**{field: value for field, value in wanted.items() if value})
