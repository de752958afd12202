"""The rejections of a run as a file."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.http import StreamingHttpResponse

from traginer import home
from traginer.control import api_support
from traginer.control.rights import Actor

PIECE_BYTES = 64 * 1024


def csv(actor: Actor, run: Any) -> StreamingHttpResponse:
    """All rejections of a run as CSV. What is on disk meanwhile has no name, and is gone once it is sent."""
    with tempfile.TemporaryDirectory(dir=home.home()) as folder:
        path = Path(folder) / "rejections.csv"
        api_support.write_rejections(actor, run, path)
        file = path.open("rb")
    response = StreamingHttpResponse(_pieces(file), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejections-run-{run.pk}.csv"'
    return response


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
