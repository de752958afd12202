"""Totals that only grow, whatever becomes of the history they were counted in."""

from django.db import models

from traginer.control.models.configuration import Export


class Tally(models.Model):
    """What the ended runs of an export have come to in all: contacts as the books count them, and traffic with Brevo."""

    export = models.OneToOneField(Export, primary_key=True, on_delete=models.CASCADE, related_name="tally")
    sent = models.PositiveBigIntegerField(default=0)
    confirmed = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    invalid = models.PositiveBigIntegerField(default=0)
    removed = models.PositiveBigIntegerField(default=0)
    requests = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
