"""What is configured: sources, connections and their consent, segments, exports."""

from django.db import models


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
