"""The tables of the control plane. A state that somebody caused is a row with its author; a status follows from rows.

Nothing here holds an address, a phone or another value of a profile, and no API key in clear.
"""

from django.db import models
from django.db.models import Q


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


class Source(models.Model):
    """Where profiles live. `options` holds what only some types have (a table, types of CSV columns)."""

    name = models.CharField(max_length=200, unique=True)
    type = models.CharField(max_length=20)
    path = models.TextField()
    key = models.CharField(max_length=200)
    options = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Connection(models.Model):
    """A Brevo account: its key (encrypted; `key_tail` are the last four characters) and who may use it.

    `account` and `known_attributes` are what Brevo said last: which account the key opens, and its attributes.
    `holders` is the file that says who holds which telephone number there because of us.
    """

    name = models.CharField(max_length=200, unique=True)
    type = models.CharField(max_length=20, default="brevo")
    base_url = models.URLField(max_length=500)
    tier = models.CharField(max_length=20, default="general")
    share = models.FloatField(default=0.8)
    encrypted_key = models.TextField(blank=True)
    key_tail = models.CharField(max_length=4, blank=True)
    usable_by = models.JSONField(default=list)
    account = models.CharField(max_length=100, blank=True)
    known_attributes = models.JSONField(null=True)
    holders = models.CharField(max_length=200, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """Who agreed to Data privacy and compliance for a connection, when, and to exactly which text."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="consents")
    agreed_by = models.CharField(max_length=254)
    recorded_by = models.CharField(max_length=254)
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()


class Segment(models.Model):
    """A named set of profiles: `rules`, or `sql` for a SELECT."""

    name = models.CharField(max_length=200, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="segments")
    rules = models.JSONField(null=True)
    sql = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """Which segments go to which list, over which connection, with which mapping."""

    name = models.CharField(max_length=200, unique=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="exports")
    list_id = models.PositiveBigIntegerField()
    segments = models.ManyToManyField(Segment, through="ExportedSegment", related_name="exports")
    email = models.CharField(max_length=200)
    attributes = models.JSONField(default=dict)
    leavers = models.CharField(max_length=10, default="remove")
    schedule = models.JSONField(default=dict)
    timezone = models.CharField(max_length=64, default="UTC")
    guards = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class ExportedSegment(models.Model):
    """A segment of an export, in the order the person gave."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE)
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("export", "segment"), name="segment_once_per_export"),)


class Ledger(models.Model):
    """The file that says what one list holds because of one export; a list the export filled before keeps its own."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="ledgers")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    list_id = models.PositiveBigIntegerField()
    file = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("export", "connection", "list_id"), name="one_ledger_per_export_and_list"),
        )


class Run(models.Model):
    """One execution of an export. Its worker writes to it only while `token` is the one it was given.

    `figures` is what the frozen plan promised, and `frozen_token` the token of the worker that froze it; `counts` the books at the end; `error` the code of what stopped it.
    """

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="runs")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    list_id = models.PositiveBigIntegerField()
    status = models.CharField(max_length=30, choices=RunStatus, default=RunStatus.QUEUED)
    requested_by = models.CharField(max_length=254)
    as_of = models.DateTimeField()
    timezone = models.CharField(max_length=64)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    token = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
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
        )
        indexes = (models.Index(fields=("export", "-id"), name="runs_of_an_export"),)


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
    """A guard stopped a run: why, and the size of what it would have taken off."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="hold")
    reason = models.CharField(max_length=40)
    listed = models.PositiveBigIntegerField()
    leaving = models.PositiveBigIntegerField()
    at = models.DateTimeField()


class Approval(models.Model):
    """Who let a held run go on, for exactly the plan whose digest the run holds."""

    hold = models.OneToOneField(Hold, on_delete=models.CASCADE, related_name="approval")
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
