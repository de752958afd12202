"""What the API keeps of requests that may come twice."""

from django.db import models

from traginer.control.models.accounts import User


class KeptAnswer(models.Model):
    """What a request with an idempotency key was answered; `status` None while nobody has answered it yet.

    `fingerprint` is the sha256 of the request. It says nothing that the run or the refresh it asked for does not say.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "key"), name="idempotency_key_once_per_owner"),)
        indexes = (models.Index(fields=("at",), name="kept_answers_by_time"),)
