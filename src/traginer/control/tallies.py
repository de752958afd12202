"""Totals over all runs that ever ended: history is forgotten after a while, and a counter must not go back."""

from django.db.models import F

from traginer.control.models import Run, Tally

CONTACTS = ("sent", "confirmed", "rejected", "invalid", "removed")
TRAFFIC = ("requests", "bytes")


def count(run: Run) -> None:
    """Add what the run came to. To be called once for each, in the transaction that writes down its end; not for a hold."""
    ended = Run.objects.get(pk=run.pk)
    if ended.finished_at is None:
        return
    added = {name: ended.counts.get(name, 0) for name in CONTACTS} | {name: getattr(ended, name) for name in TRAFFIC}
    Tally.objects.get_or_create(export_id=ended.export_id)
    Tally.objects.filter(export=ended.export_id).update(**{name: F(name) + n for name, n in added.items()})
