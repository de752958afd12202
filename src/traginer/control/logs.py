"""Logs: one place decides how they look, and what may not stand in them. All that writes to `logging` comes through here.

TRAGINER_LOG holds a level (DEBUG to CRITICAL), a form (json or text), or both, with a comma between. Without a form, a
terminal gets lines for people and anything else JSON, one object a line. Without a level, commands say only what they print,
and processes that serve warn.

structlog makes the lines. It is loaded by the first one: most commands write none, and start the sooner.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

from traginer.control.redaction import redacted_value
from traginer.errors import TraginerError

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
NOTHING: Mapping[str, object] = {}

TRACEBACK = "Traceback (most recent call last):"

_EXCEPTION = re.compile(r"[\w.]+")
_known: ContextVar[Mapping[str, object]] = ContextVar("known", default=NOTHING)


def configure(*, serving: bool = False) -> None:
    """Let every logger of the process write to standard error, as TRAGINER_LOG says. Calling it again changes the former call's mind.

    `serving` is for processes that run for days.
    """
    words = os.environ.get("TRAGINER_LOG", "").replace(",", " ").upper().split()
    level = next((word for word in words if word in LEVELS), "WARNING" if serving else "CRITICAL")
    handler = _Handler(as_json="JSON" in words or ("TEXT" not in words and not sys.stderr.isatty()))
    handler.setLevel(level)
    root = logging.getLogger()
    for other in root.handlers[:]:
        # A plain one is what a library put there, which would write the same again without our care.
        if isinstance(other, _Handler) or type(other) is logging.StreamHandler:
            root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(min(handler.level, logging.WARNING))


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """What is logged inside the block tells these facts too: a run's number, an export's name, the request."""
    former = _known.set({**_known.get(), **facts})
    try:
        yield
    finally:
        _known.reset(former)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at the moment."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(sys.stderr)
        self.as_json = as_json

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Standard error stays the one."""

    def format(self, record: logging.LogRecord) -> str:
        if self.formatter is None:
            self.formatter = _formatter(as_json=self.as_json)
        return super().format(record)


def _formatter(*, as_json: bool) -> logging.Formatter:
    import structlog  # noqa: PLC0415 - a tenth of a second, for the first line only

    stdlib, processors = structlog.stdlib, structlog.processors
    renderer: Any = processors.JSONRenderer(ensure_ascii=False)
    if not as_json:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
    before: list[Any] = [
        stdlib.add_log_level,
        stdlib.add_logger_name,
        processors.TimeStamper("iso", utc=as_json),
        _with_what_is_known,
    ]
    after = [stdlib.ProcessorFormatter.remove_processors_meta, _without_words, _redacted, renderer]
    structlog.configure(
        processors=[*before, stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=stdlib.LoggerFactory(),
        wrapper_class=stdlib.BoundLogger,
    )
    return stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after)


def _with_what_is_known(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.update(_known.get())
    return event


def _without_words(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its kind and where it happened. Its words, and those of what caused it, may quote values of profiles."""
    if TRACEBACK in str(event.get("event")):
        event["event"] = _bare(str(event["event"]))
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = "\nafter\n".join(_told(one) for one in _chain(error))
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, and what it came from."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _told(error: BaseException) -> str:
    code = f" ({error.code})" if isinstance(error, TraginerError) else ""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__ + code


def _bare(text: str) -> str:
    """A traceback that somebody wrote as text, without the words of its exceptions: of those, their kind alone is kept."""
    before, found, after = text.partition(TRACEBACK)
    kept = [line if line.startswith("  ") or line == TRACEBACK else _kind(line) for line in after.splitlines()]
    return before + found + "\n".join(kept)


def _kind(line: str) -> str:
    kind, _, _ = line.partition(":")
    return kind if _EXCEPTION.fullmatch(kind) else ""


def _redacted(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # The time is ours, and has the look of a telephone number.
    return {name: value if name == "timestamp" else redacted_value(value, name) for name, value in event.items()}
