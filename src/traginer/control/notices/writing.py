"""Write notices down: who hears of a change, and the facts that its text will be made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from traginer.control.models import Connection, Export, Hold, Notice, NoticeTarget, Removal, Run
from traginer.control.notices.events import Event


def tell_of_export(run: Run, event: Event, change: str, at: datetime) -> None:
    """Tell those who hear of the export what its run has come to."""
    _write(_of_export(run.export), event, change, _facts_of(run), at)


def tell_of_connection(
    connection: Connection | None, event: Event, change: str, facts: Mapping[str, Any], at: datetime
) -> None:
    """Tell those who hear of any export over the connection; without one, those who hear of all."""
    among = Q(export=None)
    if connection is not None:
        among |= Q(export__attached_to=connection, export__removed_at=None)
    named = {"connection": connection.name} if connection else {}
    _write(NoticeTarget.objects.filter(among), event, change, {**named, **facts}, at)


def tell_of_shrinking(run: Run, at: datetime) -> None:
    """Tell those whom a loss of this size concerns, where the run left its list smaller than it was.

    A list that is emptied because somebody removes the export shrinks as it was told to.
    """
    before, after = _sizes(run.counts)
    if after >= before or Removal.objects.filter(export=run.export).exists():
        return
    percent = round(100 * (before - after) / before, 1)
    concerned = _of_export(run.export).filter(shrink_percent__lte=percent)
    facts = {**_facts_of(run), "before": before, "after": after, "percent": percent}
    _write(concerned, Event.SHRINKING, f"shrinking:run-{run.pk}", facts, at)


def write(target: NoticeTarget, event: Event, change: str, facts: Mapping[str, Any], at: datetime) -> Notice:
    """One notice to one target, due at once."""
    return Notice.objects.create(target=target, event=event, change=change, facts=dict(facts), at=at, due_at=at)


def _of_export(export: Export) -> "QuerySet[NoticeTarget]":
    return NoticeTarget.objects.filter(Q(export=None) | Q(export=export))


def _write(
    targets: "QuerySet[NoticeTarget]", event: Event, change: str, facts: Mapping[str, Any], at: datetime
) -> None:
    wanting = [target for target in targets.order_by("pk") if not target.events or event in target.events]
    # Somebody named for all exports and again for this one hears of it once.
    once = {(target.kind, target.shown): target for target in wanting}
    rows = [
        Notice(target=target, event=event, change=change, facts=dict(facts), at=at, due_at=at)
        for target in once.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _facts_of(run: Run) -> dict[str, Any]:
    hold = Hold.objects.filter(run=run).first() if run.finished_at is None else None
    held = {"reason": hold.reason, "listed": hold.listed, "leaving": hold.leaving, "over": hold.over} if hold else None
    return {
        "export": run.export.name,
        "connection": run.connection.name,
        "run": run.pk,
        "status": run.status,
        "error": run.error,
        "error_facts": run.error_facts,
        "counts": run.counts,
        "hold": held,
    }


def _sizes(counts: Mapping[str, int]) -> tuple[int, int]:
    """What the list held because of the export before the run, and after it, by its books."""
    known = ("unchanged", "changed", "left", "confirmed", "removed")
    unchanged, changed, left, confirmed, removed = (counts.get(name, 0) for name in known)
    before = unchanged + changed + left
    return before, before - removed + max(confirmed - changed, 0)
