"""Notices: who wants to hear of what, in which state each thing was last seen, and what has been told or is due to be."""

from django.db import models

from traginer.control.models.configuration import Export
from traginer.control.models.runs import Run


class NoticeTarget(models.Model):
    """Where notices go: an e-mail address, a webhook, or a service of apprise; those of one export, or (None) of all.

    `events` are the kinds wanted (none: all), `shrink_percent` from which loss on "shrinking" is told. `shown` is what people
    may see of the address; the whole of it and the secret of a webhook are encrypted. `language` "" is that of the account
    with this e-mail, or English. `name` is what the configuration file calls it.
    """

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    export = models.ForeignKey(Export, null=True, on_delete=models.CASCADE, related_name="notice_targets")
    events = models.JSONField(default=list)
    shrink_percent = models.FloatField(default=10.0)
    language = models.CharField(max_length=5, blank=True)
    shown = models.CharField(max_length=254)
    encrypted_address = models.TextField()
    encrypted_secret = models.TextField(blank=True)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("name",), name="notice_target_name_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.shown}"


class NoticeState(models.TextChoices):
    """How far a notice is."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"


class Notice(models.Model):
    """One change told to one target, or to be told from `due_at` on. Whoever moves `tries` on has the next try.

    `facts` are what its text is made of: names of what is configured, codes and counts, no value of a profile.
    `problem` is why the last try did not arrive.
    """

    target = models.ForeignKey(NoticeTarget, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=30)
    change = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.DUE)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("target", "change"), name="one_notice_per_change_and_target"),)
        indexes = (
            models.Index(fields=("due_at",), condition=models.Q(state=NoticeState.DUE), name="notices_that_are_due"),
        )


class Condition(models.Model):
    """The state in which a thing was last seen: an export, a connection's key, consent or export user, the scheduler.

    Whoever moves it from the state they believe in tells of the change. `moves` counts them, and names each.
    """

    subject = models.CharField(max_length=40, primary_key=True)
    state = models.CharField(max_length=20)
    moves = models.PositiveIntegerField(default=0)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
