"""A run as it goes, as server-sent events (WHATWG HTML, 9.2): `progress` whenever something has changed, and `end`.

A stream keeps a thread of the server, so there are few of them, and each ends after a while. Whoever wants to go on asks again
with the header Last-Event-ID, as browsers do by themselves, and is not told again what they know.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import StreamingHttpResponse

from traginer.api.limits import Places
from traginer.api.schemas.runs import Run
from traginer.control import runs
from traginer.control.rights import Actor
from traginer.i18n import speaking

LONGEST_SECONDS = 60.0
LOOK_SECONDS = 1.0
SIGN_SECONDS = 5.0
"""How long a stream is silent at most: proxies cut those that are silent for long, and that the reader has gone is seen by writing."""
AGAIN_MILLISECONDS = 2000
AT_ONCE = 3

PLACES = Places(AT_ONCE, LONGEST_SECONDS + 2 * SIGN_SECONDS)
OPEN = ("queued", "processing")


@dataclass(frozen=True)
class Means:
    """A clock and a way to wait."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


REAL = Means()


def stream(actor: Actor, number: int, known: str, language: str, means: Means = REAL) -> StreamingHttpResponse:
    """The events of a run from now on; `known` is the id of the last one that was heard. Raises RunNotFound, ServerBusy."""
    runs.get(actor, number)
    response = StreamingHttpResponse(
        Events(PLACES.take(), told(actor, number, known, language, means)), content_type="text/event-stream"
    )
    response["X-Accel-Buffering"] = "no"
    return response


@dataclass(frozen=True)
class Said:
    """An event: the `state` that it tells of, which is the same as long as nobody need be told anew, and its text."""

    state: str
    text: str
    is_last: bool


def told(actor: Actor, number: int, known: str, language: str, means: Means = REAL) -> Iterator[str]:
    """The text of the stream: it ends with the run, or when its time is over."""

    def look() -> Said:
        with speaking(language):
            run = Run.of(runs.get(actor, number))
        name, event = _event(run)
        return Said(event, f"id: {event}\nevent: {name}\ndata: {run.model_dump_json()}\n\n", name == "end")

    return followed(look, known, means)


def followed(look: Callable[[], Said], known: str, means: Means) -> Iterator[str]:
    """What `look` says, whenever it is something else than `known`, until its last event or until the time of a stream is over."""
    ends, silent_since = means.now() + LONGEST_SECONDS, means.now()
    yield f"retry: {AGAIN_MILLISECONDS}\n\n"
    while True:
        said = look()
        if said.state != known:
            known, silent_since = said.state, means.now()
            yield said.text
        if said.is_last or means.now() >= ends:
            return
        if means.now() - silent_since >= SIGN_SECONDS:
            silent_since = means.now()
            yield ": still here\n\n"
        means.pause(LOOK_SECONDS)


def _event(run: Run) -> tuple[str, str]:
    """The name of the event, and an id that stays the same while nothing has changed but the estimate."""
    progress = run.progress.model_copy(update={"seconds_left": None}) if run.progress else None
    state = run.model_copy(update={"progress": progress}).model_dump_json()
    return "progress" if run.status in OPEN else "end", hashlib.sha256(state.encode()).hexdigest()[:16]


class Events:
    """The texts of a stream, whose place is free as soon as the server lets go of it."""

    def __init__(self, place: int, texts: Iterator[str]) -> None:
        self._place, self._texts = place, texts

    def __iter__(self) -> Iterator[str]:
        try:
            yield from self._texts
        finally:
            self.close()

    def close(self) -> None:
        """Called by Django where the one who listens has gone."""
        PLACES.leave(self._place)
