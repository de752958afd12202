"""Look back at how a segment grew and shrank, and forget what is too old."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from traginer.control.models import Segment, SegmentSnapshot
from traginer.control.rights import Actor
from traginer.control.snapshots import membership

STRAY_FOR = timedelta(hours=1)
"""How old a file without a row must be to be one that nobody is about to name."""


@dataclass(frozen=True)
class Taken:
    """A snapshot: the members at `at`, and how many joined and left since the one before; None is not known."""

    number: int
    at: datetime
    members: int
    joined: int | None
    left: int | None


def trend(actor: Actor, segment: Segment, limit: int, before: int | None = None) -> list[Taken]:
    """The newest snapshots of the segment first, those before the one numbered `before`."""
    actor.require("segment:read")
    found = SegmentSnapshot.objects.filter(segment=segment).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [Taken(one.pk, one.at, one.members, one.joined, one.left) for one in found[:limit]]


def latest(actor: Actor) -> dict[int, Taken]:
    """The newest snapshot of each segment that has one, by the number of the segment."""
    actor.require("segment:read")
    newest = SegmentSnapshot.objects.order_by().values("segment").annotate(last=Max("pk")).values("last")
    found = SegmentSnapshot.objects.filter(pk__in=newest)
    return {one.segment_id: Taken(one.pk, one.at, one.members, one.joined, one.left) for one in found}


def forget_old(at: datetime) -> None:
    """Remove snapshots older than HISTORY_DAYS, but for the newest of each segment, and files that no snapshot names."""
    old = SegmentSnapshot.objects.filter(at__lt=at - timedelta(days=settings.HISTORY_DAYS))
    old.filter(file="").delete()
    files = list(membership.folder().glob("*")) if membership.folder().is_dir() else []
    named = set(SegmentSnapshot.objects.exclude(file="").values_list("file", flat=True))
    for path in files:
        if path.name not in named and path.stat().st_mtime < (at - STRAY_FOR).timestamp():
            path.unlink(missing_ok=True)
