"""When exports run by themselves: what was decided, when each schedule is next due, and what became of each slot."""

from django.db import models

from traginer.control.models.configuration import Export


class SystemSchedule(models.Model):
    """Who decided when the system refresh runs; the newest row counts. `rule` as `schedules.rules` reads it."""

    rule = models.JSONField(default=dict)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()


class Timer(models.Model):
    """When a schedule is next due: the system refresh ("system"), or an export's own ("export-12").

    `rule` is the one that `next_run_at` follows from; None is never. Whoever moves `next_run_at` on, from the value it believes in, has the slot.
    """

    name = models.CharField(max_length=40, unique=True)
    export = models.OneToOneField(Export, null=True, on_delete=models.CASCADE, related_name="timer")
    rule = models.JSONField(default=dict)
    next_run_at = models.DateTimeField(null=True)


class SlotOutcome(models.TextChoices):
    """What became of a slot."""

    FIRED = "fired"
    LATE = "late"
    """Fired later than it was due, and for those that were passed before it."""
    MISSED = "missed"


class Slot(models.Model):
    """A moment at which a schedule was due, and what became of it. `at` is when a scheduler came to it."""

    timer = models.ForeignKey(Timer, on_delete=models.CASCADE, related_name="slots")
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=SlotOutcome)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("timer", "due_at"), name="one_fire_per_slot"),)


class Heartbeat(models.Model):
    """A sign of life of a scheduler or a worker: which process, and when it was last seen."""

    role = models.CharField(max_length=20)
    owner = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("role", "owner"), name="one_heartbeat_per_process"),)
