"""How segments grow and shrink, one row for each moment at which a schedule had them looked at."""

from django.db import models
from django.db.models import Q

from traginer.control.models.configuration import Segment


class SegmentSnapshot(models.Model):
    """The members of a segment at `at`, and how many `joined` and `left` since the snapshot before; None is not known.

    `file` is where the membership is kept that the next snapshot is compared with: that of the newest row, "" for all others.
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="snapshots")
    slot = models.ForeignKey("control.Slot", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    members = models.PositiveBigIntegerField()
    joined = models.PositiveBigIntegerField(null=True)
    left = models.PositiveBigIntegerField(null=True)
    file = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("segment", "slot"), name="one_snapshot_per_segment_and_slot"),
            models.UniqueConstraint(fields=("segment",), condition=~Q(file=""), name="one_membership_kept_per_segment"),
        )
