"""What the last runs of an export did not send of a profile, and what Brevo rejected of it."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from traginer.control import results
from traginer.control.models import Export, Run
from traginer.duck import Duck, literal

RUNS = 5
"""How many runs back."""


@dataclass(frozen=True)
class LeftOut:
    """A line about the profile in what a run left out: `kind` is invalid, rejected or warning, `winner` who has the address."""

    run: int
    at: datetime | None
    kind: str
    reason: str
    field: str
    winner: str


def of_profile(duck: Duck, export: Export, key: str) -> list[LeftOut]:
    """What the last RUNS ended runs of the export say of the profile, the newest first."""
    ended = Run.objects.filter(export=export, finished_at__isnull=False).order_by("-pk")[:RUNS]
    return [found for run in ended for found in _of_run(duck, run, key)]


def _of_run(duck: Duck, run: Run, key: str) -> list[LeftOut]:
    file = results.rejections_file(run)
    if file is None:
        return []
    asked = (
        f"SELECT kind, reason, field, winner FROM read_parquet({literal(file)}) WHERE key = $1 ORDER BY kind, reason"
    )
    try:
        rows = duck.rows(asked, [key])
    except duckdb.Error:  # removed a moment ago, with the rest of what an old run left
        return []
    return [
        LeftOut(run.pk, run.finished_at, kind, reason, field or "", winner or "")
        for kind, reason, field, winner in rows
    ]
