"""What is configured: sources, connections and their consent, segments, exports.

A connection or an export that was removed stays as a row without its key, for the runs and the consent that tell of it;
its name is free again. `objects` holds what is there, `everything` what was removed too.
"""

from django.db import models
from django.db.models import Q

from traginer.control.configuration_errors import ExportDetached
from traginer.control.models.accounts import User


def _administrators() -> str:
    return "administrators"


class Present[M: models.Model](models.Manager[M]):
    """The rows that have not been removed."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(removed_at__isnull=True)


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
    """A Brevo account: its key (encrypted; `key_tail` are the last four characters, entered at `key_at`) and who may use it.

    `usable_by` is "administrators", "contributors" or a list of e-mail addresses of people. `account`, `company` and
    `known_attributes` are what Brevo said last: which account the key opens, its name, and its attributes.
    `contact_limit` is how many contacts the contract with Brevo allows, which Brevo itself does not tell.
    `holders` is the file that says who holds which telephone number there because of us.
    """

    name = models.CharField(max_length=200)
    type = models.CharField(max_length=20, default="brevo")
    base_url = models.URLField(max_length=500)
    tier = models.CharField(max_length=20, default="general")
    share = models.FloatField(default=0.8)
    contact_limit = models.PositiveBigIntegerField(null=True)
    encrypted_key = models.TextField(blank=True)
    key_tail = models.CharField(max_length=4, blank=True)
    key_at = models.DateTimeField(null=True)
    usable_by = models.JSONField(default=_administrators)
    account = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=200, blank=True)
    connected_at = models.DateTimeField(null=True)
    known_attributes = models.JSONField(null=True)
    holders = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=254, blank=True)

    objects = Present["Connection"]()
    everything: models.Manager["Connection"] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=Q(removed_at__isnull=True), name="connection_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ConsentText(models.Model):
    """A text that somebody agreed to, word for word: the file it came from may be gone by the time it is asked for."""

    sha256 = models.CharField(max_length=64, unique=True)
    version = models.CharField(max_length=20)
    english = models.TextField()
    catalan = models.TextField()


class Consent(models.Model):
    """Who agreed to Data privacy and compliance for a connection, when, from which address, and to exactly which text."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="consents")
    agreed_by = models.CharField(max_length=254)
    recorded_by = models.CharField(max_length=254)
    address = models.CharField(max_length=64, blank=True)
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()


class Withdrawal(models.Model):
    """Who took a consent back. The consent stays as evidence of the time between."""

    consent = models.OneToOneField(Consent, on_delete=models.CASCADE, related_name="withdrawal")
    by = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()


class ExportUser(models.Model):
    """The person that the runs over a connection answer to, from `at` on; the newest row counts.

    `person` is None for whoever runs commands on this machine, known by name only.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="export_users")
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=254)
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
    """Which segments go to which list, over which connection, with which mapping.

    `attached_to` is None for a detached export. `consent_field` is the column that says who agreed to be written to,
    `consent_values` the texts that mean yes there (none for a boolean column).
    """

    name = models.CharField(max_length=200)
    attached_to = models.ForeignKey(Connection, null=True, on_delete=models.PROTECT, related_name="exports")
    list_id = models.PositiveBigIntegerField()
    segments = models.ManyToManyField(Segment, through="ExportedSegment", related_name="exports")
    email = models.CharField(max_length=200)
    attributes = models.JSONField(default=dict)
    leavers = models.CharField(max_length=10, default="remove")
    purpose = models.TextField(blank=True)
    consent_field = models.CharField(max_length=200, blank=True)
    consent_values = models.JSONField(default=list)
    schedule = models.JSONField(default=dict)
    timezone = models.CharField(max_length=64, default="UTC")
    guards = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True)

    objects = Present["Export"]()
    everything: models.Manager["Export"] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name",), condition=Q(removed_at__isnull=True), name="export_name_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def connection(self) -> Connection:
        """What the export runs over. Raises ExportDetached."""
        if self.attached_to is None:
            raise ExportDetached(export=self.name)
        return self.attached_to

    @property
    def connection_id(self) -> int:
        """The number of `connection`. Raises ExportDetached."""
        if self.attached_to_id is None:
            raise ExportDetached(export=self.name)
        return self.attached_to_id


class Detachment(models.Model):
    """Who took an export off its connection. The newest row is about the present state while the export is detached."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="detachments")
    connection = models.ForeignKey(Connection, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()


class Disablement(models.Model):
    """Who switched an export off. While the row is there the export does not run, on demand neither."""

    export = models.OneToOneField(Export, on_delete=models.CASCADE, related_name="disablement")
    by = models.CharField(max_length=254)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()


class Removal(models.Model):
    """Who asked for an export to be removed, and what becomes of the contacts on its list: leave, or remove.

    With `remove` a last run takes our memberships off the list; only when it has is the export gone.
    """

    export = models.OneToOneField(Export, on_delete=models.CASCADE, related_name="removal")
    contacts = models.CharField(max_length=10)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()


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
