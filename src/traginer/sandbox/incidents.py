"""What no good exporter ever does, counted: lifting a block, deleting a contact, importing twice at once."""

from dataclasses import dataclass
from typing import Any

from traginer.sandbox.clock import Clock, iso
from traginer.sandbox.store import Store

KINDS = ("block-lifted", "contact-deleted", "contact-merged-away", "imports-overlapped")


@dataclass(frozen=True)
class Invariants:
    """Counts since the world began, and each case with the request that did it."""

    blocks_lifted: int
    contacts_deleted: int
    contacts_merged_away: int
    overlapping_imports: int
    most_imports_in_flight: int
    incidents: list[dict[str, Any]]


class Incidents:
    """Writes down each case, for good: a restart does not wash it off."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def note(self, kind: str, request_id: str, *, contact_id: int | None = None, process_id: int | None = None) -> None:
        """Remember one case of `kind` (one of KINDS)."""
        self._store.run(
            "INSERT INTO incident (kind, at, request_id, contact_id, process_id) VALUES (?, ?, ?, ?, ?)",
            (kind, self._clock.now(), request_id, contact_id, process_id),
        )

    def in_flight(self, imports: int) -> None:
        """Remember how many imports were unfinished at one moment, if it is the most so far."""
        if imports > int(self._store.note("most_imports_in_flight") or 0):
            self._store.remember("most_imports_in_flight", str(imports))

    def invariants(self) -> Invariants:
        """The counts, with the first thousand cases."""
        rows = self._store.rows("SELECT kind, count(*) FROM incident GROUP BY kind")
        counts: dict[str, int] = {row[0]: row[1] for row in rows}
        cases = self._store.rows("SELECT * FROM incident ORDER BY id LIMIT 1000")
        return Invariants(
            blocks_lifted=counts.get("block-lifted", 0),
            contacts_deleted=counts.get("contact-deleted", 0),
            contacts_merged_away=counts.get("contact-merged-away", 0),
            overlapping_imports=counts.get("imports-overlapped", 0),
            most_imports_in_flight=int(self._store.note("most_imports_in_flight") or 0),
            incidents=[{**dict(row), "at": iso(row["at"])} for row in cases],
        )
