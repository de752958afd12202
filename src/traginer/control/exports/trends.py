"""How exports have fared lately: how many contacts their lists held after each of the latest runs, for a glance at many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from traginer.control.models import Run, RunStatus
from traginer.control.rights import Actor

LATEST = 12
LISTED = ("unchanged", "confirmed", "still_on_list")
"""What of the books is on the list when a run has ended."""
WORKED = (RunStatus.SUCCESSFUL, RunStatus.COMPLETED_WITH_WARNINGS)


@dataclass(frozen=True)
class Point:
    """A run that worked, and how many contacts the list held because of the export after it."""

    run: int
    listed: int


def trends(actor: Actor, names: Iterable[str]) -> dict[str, list[Point]]:
    """The latest runs of each export that worked, the oldest first: one query, however many exports."""
    actor.require("export:read")
    rank = Window(RowNumber(), partition_by=[F("export")], order_by=F("pk").desc())
    worked = Run.objects.filter(status__in=WORKED, export__name__in=list(names), export__removed_at=None)
    latest = worked.annotate(rank=rank).filter(rank__lte=LATEST)
    found: dict[str, list[Point]] = {}
    books = [f"counts__{name}" for name in LISTED]
    for name, run, *counts in latest.order_by("pk").values_list("export__name", "pk", *books):
        found.setdefault(name, []).append(Point(run, sum(count or 0 for count in counts)))
    return found


def listed(counts: Mapping[str, int]) -> int:
    """How many contacts the list held because of the export when the run with these books had ended."""
    return sum(counts.get(name, 0) for name in LISTED)
