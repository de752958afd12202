"""What happened: runs, their batches, and what people decided about them."""

from django.db import models
from django.db.models import Q

from traginer.control.models.configuration import Connection, Export


class RunStatus(models.TextChoices):
    """The seven statuses of the requirements, and Held: a run that waits for a person."""

    QUEUED = "queued"
    PROCESSING = "processing"
    SUCCESSFUL = "successful"
    COMPLETED_WITH_WARNINGS = "completed_with_warnings"
    SKIPPED = "skipped"
    FAILURE = "failure"
    CANCELED = "canceled"
    HELD = "held"


OPEN = (RunStatus.QUEUED, RunStatus.PROCESSING)
"""What waits for a worker or has one; an export has at most one such run."""


class Run(models.Model):
    """One execution of an export. Its worker writes to it only while `token` is the one it was given.

    `figures` is what the frozen plan promised, and `frozen_token` the token of the worker that froze it; `counts` the books at the end; `error` the code of what stopped it,
    or of why it was skipped. `account` is whose account the connection was known to open when the run began, "" where that was not
    known. `export_user` is the person it answered to when it began. `slot` is the moment of a schedule that asked for it. `stage`, `done` of `total` rows, `requests`, `bytes` and `ends_at` (estimated) tell how far it
    is. No worker takes an interrupted run up before `try_again_at`.
    """

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="runs")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    list_id = models.PositiveBigIntegerField()
    status = models.CharField(max_length=30, choices=RunStatus, default=RunStatus.QUEUED)
    requested_by = models.CharField(max_length=254)
    export_user = models.CharField(max_length=254, blank=True)
    account = models.CharField(max_length=100, blank=True)
    as_of = models.DateTimeField()
    timezone = models.CharField(max_length=64)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    requests = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    ends_at = models.DateTimeField(null=True)
    token = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    try_again_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=200, blank=True)
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="retries")
    slot = models.ForeignKey("control.Slot", null=True, on_delete=models.SET_NULL, related_name="runs")
    digest = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(null=True)
    frozen_token = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    results = models.JSONField(default=dict)
    error = models.CharField(max_length=60, blank=True)
    error_facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("connection",), condition=Q(status=RunStatus.PROCESSING), name="one_running_run_per_connection"
            ),
            models.UniqueConstraint(
                fields=("account",),
                condition=Q(status=RunStatus.PROCESSING) & ~Q(account=""),
                name="one_running_run_per_account",
            ),
            models.UniqueConstraint(fields=("export",), condition=Q(status__in=OPEN), name="one_open_run_per_export"),
            models.UniqueConstraint(
                fields=("export", "idempotency_key"), condition=~Q(idempotency_key=""), name="idempotency_key_once"
            ),
        )
        indexes = (
            models.Index(fields=("export", "-id"), name="runs_of_an_export"),
            models.Index(fields=("id",), condition=Q(status=RunStatus.QUEUED), name="queued_runs"),
        )


class Batch(models.Model):
    """A frozen piece of a run's change set; see `delivery.journal.Batch` and `Receipt` for what the columns mean."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    rows = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    parent = models.PositiveIntegerField(null=True)
    first = models.PositiveIntegerField(default=0)
    process = models.PositiveBigIntegerField(null=True)
    tries = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unmatched = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(default=dict)
    seconds = models.FloatField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="batch_number_once_per_run"),)


class Hold(models.Model):
    """A guard stopped a run: why, the size of what it would have taken off, and how far over the account's limit it might be."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="hold")
    reason = models.CharField(max_length=40)
    listed = models.PositiveBigIntegerField()
    leaving = models.PositiveBigIntegerField()
    over = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()


class Approval(models.Model):
    """Who let a held run go on, for exactly the plan whose digest the run holds."""

    hold = models.OneToOneField(Hold, on_delete=models.CASCADE, related_name="approval")
    by = models.CharField(max_length=254)
    at = models.DateTimeField()


class Cancellation(models.Model):
    """Who asked a run to end; its worker does so at the next safe point."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="cancellation")
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
