"""A run as it goes, on its page: server-sent events whose content is the part of the page that changes.

They take the same few places as those of the API, so that the server keeps threads for everything else; a page that gets none
asks again and again instead.
"""

import hashlib
from collections.abc import Callable, Iterator

from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from traginer.api import events
from traginer.api.events import REAL, Means, Said
from traginer.i18n import speaking
from traginer.web.door import Facts

Look = Callable[[], Facts]
"""What the template of the part says now; `is_open` among it."""


def stream(look: Look, language: str, means: Means = REAL) -> StreamingHttpResponse:
    """The events from now on. Raises ServerBusy."""
    told = events.Events(events.PLACES.take(), parts(look, language, means))
    response = StreamingHttpResponse(told, content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def parts(look: Look, language: str, means: Means = REAL) -> Iterator[str]:
    """The text of the stream: `progress` whenever the part reads otherwise, `end` where the page is to be loaded anew."""

    def said() -> Said:
        is_open, html = _looked(look, language)
        if not is_open:
            return Said("end", "event: end\ndata: \n\n", is_last=True)
        return Said(hashlib.sha256(html.encode()).hexdigest(), _event("progress", html), is_last=False)

    return events.followed(said, "", means)


def _looked(look: Look, language: str) -> tuple[bool, str]:
    """The stream is read after its view has ended, and with it the language that it spoke."""
    with speaking(language), translation.override(language):
        facts = look()
        return facts["is_open"], render_to_string("parts/run_progress.html", facts)


def _event(name: str, content: str) -> str:
    lines = "".join(f"data: {line}\n" for line in content.splitlines())
    return f"event: {name}\n{lines}\n"
