"""Take the snapshots of a scheduled run: of each of its segments, once for each slot, whichever run comes to it first."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from traginer.control import exports, segments
from traginer.control.models import Run, SegmentSnapshot
from traginer.control.snapshots import membership
from traginer.duck import Duck, open_duck
from traginer.errors import TraginerError
from traginer.profiles.errors import SourceChanged
from traginer.values import AsOf

log = logging.getLogger("traginer.snapshots")

TRIES = 3


def take(run: Run, as_of: AsOf) -> None:
    """Keep how large each segment of the run is at `as_of`, unless a person asked for the run, or it delivers a frozen plan.

    A snapshot that fails is left out and logged: it is no reason to carry nobody.
    """
    if run.slot is None or run.figures is not None:
        return
    with _left_out_where_it_fails("every segment"):
        chosen = [] if exports.is_emptying(run.export) else exports.segments_of(run.export)
        rows = [SegmentSnapshot(segment=segment, slot=run.slot, at=as_of.instant) for segment in chosen]
        if wanted := [row for row in rows if _is_wanted(row)]:
            _take_all(wanted, run, as_of)


def _take_all(wanted: Sequence[SegmentSnapshot], run: Run, as_of: AsOf) -> None:
    """In one session: the segments of an export have one source."""
    source = exports.opened_source(run.export)
    stamp = source.stamp()
    with (
        tempfile.TemporaryDirectory() as spill,
        open_duck(Path(spill), memory_bytes=settings.MEMORY_BYTES) as duck,
    ):
        source.open(duck)
        columns = source.columns(duck)
        source.check(duck)
        for row in wanted:
            with _left_out_where_it_fails(f"segment {row.segment_id}"):
                membership.load(duck, source, columns, segments.opened(row.segment), as_of)
                if source.stamp() != stamp:
                    raise SourceChanged(source=source.name)
                _keep(duck, row, f"segment-{row.segment_id}-run-{run.pk}-{run.token}")


def _keep(duck: Duck, row: SegmentSnapshot, name: str) -> None:
    """Write the snapshot down. Where another slot's was faster, this one is compared with that."""
    for _ in range(TRIES):
        if not _is_wanted(row):
            return
        newest = SegmentSnapshot.objects.filter(segment=row.segment).exclude(file="").first()
        change = membership.compared(duck, newest.file if newest else "")
        file = membership.keep(duck, name)
        row.members, row.joined, row.left, row.file = change.members, change.joined, change.left, file.name
        if _is_saved(row, newest):
            return
        file.unlink()


def _is_wanted(row: SegmentSnapshot) -> bool:
    """Whether nobody has been there yet: neither for this slot, nor later than this moment."""
    taken = SegmentSnapshot.objects.filter(segment=row.segment)
    return not taken.filter(Q(slot=row.slot) | Q(at__gte=row.at)).exists()


def _is_saved(row: SegmentSnapshot, newest: SegmentSnapshot | None) -> bool:
    """Let `row` be the newest, if `newest` still is; the file of that one is not needed any more."""
    try:
        with transaction.atomic():
            if newest is not None:
                SegmentSnapshot.objects.filter(pk=newest.pk).update(file="")
            row.save()
    except IntegrityError:
        return False
    if newest is not None:
        (membership.folder() / newest.file).unlink(missing_ok=True)
    return True


@contextmanager
def _left_out_where_it_fails(what: str) -> Iterator[None]:
    """The log gets the kind of what went wrong: its words may quote values of profiles."""
    try:
        yield
    except Exception as error:
        kind = error.code if isinstance(error, TraginerError) else type(error).__name__
        log.warning("snapshot of %s left out: %s", what, kind)
