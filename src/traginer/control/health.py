"""Whether this installation can do its work: for machines that send it requests, or start it again."""

from datetime import datetime
from functools import partial

from traginer.control.doctor import installation
from traginer.control.doctor.findings import Level, Look, tried


def ready(now: datetime) -> dict[str, Level]:
    """What of the installation is ok, and what is wrong: some milliseconds, no request to Brevo, no name of anything.

    It is ready where nothing is wrong.
    """
    looks: dict[str, Look] = {
        "database": installation.database,
        "migrations": installation.migrations,
        "scheduler": partial(installation.scheduler, now),
        "home": installation.writable,
        "disk": installation.disk,
    }
    return {name: tried(name, look).level for name, look in looks.items()}
