"""The rejections of a run as a file."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse

from traginer import home
from traginer.control import api_support
from traginer.control.rights import Actor


def csv(actor: Actor, run: Any) -> FileResponse:
    """All rejections of a run as CSV. What is on disk meanwhile has no name, and is gone once it is sent."""
    with tempfile.TemporaryDirectory(dir=home.home()) as folder:
        path = Path(folder) / "rejections.csv"
        api_support.write_rejections(actor, run, path)
        file = path.open("rb")
    name = f"rejections-run-{run.pk}.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
