"""What was done, by whom: a chain that can only grow."""

from django.db import models


class Result(models.TextChoices):
    """How it ended."""

    DONE = "done"
    DENIED = "denied"
    FAILED = "failed"


class AuditEntry(models.Model):
    """One deed; `control.audit` says how `hash` is made of the rest. The database refuses to change or delete a row.

    `before` and `after` are canonical JSON as text, so that no database rewrites a number that was hashed.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    role = models.CharField(max_length=20)
    door = models.CharField(max_length=10)
    address = models.CharField(max_length=64, blank=True)
    via = models.CharField(max_length=254, blank=True)
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=254, blank=True)
    before = models.TextField(default="null")
    after = models.TextField(default="null")
    result = models.CharField(max_length=10, choices=Result)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("sequence",)
        indexes = (models.Index(fields=("at",), name="audit_by_time"),)
