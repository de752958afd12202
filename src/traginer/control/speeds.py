"""How fast Brevo has worked for a connection so far: learned from the imports of its latest runs."""

from traginer import estimates
from traginer.control.models import Batch, Connection
from traginer.delivery.journal import BatchKind
from traginer.estimates import PastImport, Speed

LATEST = 50


def of(connection: Connection) -> Speed:
    """The speed of the account's latest imports; the documented assumption before the first."""
    kept = Batch.objects.filter(run__connection=connection, kind=BatchKind.IMPORT, seconds__isnull=False)
    latest = kept.order_by("-pk").values_list("rows", "seconds", "refusals")[:LATEST]
    return estimates.learned([PastImport(rows, seconds or 0.0, len(refusals)) for rows, seconds, refusals in latest])
