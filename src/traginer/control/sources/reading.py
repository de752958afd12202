"""Sources as the data plane takes them, and what they hold now."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from traginer.control.models import Source
from traginer.control.rights import Actor
from traginer.duck import Duck, open_duck
from traginer.profiles.files import FileSource
from traginer.values import Column, ColumnType

_kept: ContextVar[dict[str, dict[str, Column]] | None] = ContextVar("columns", default=None)


@dataclass(frozen=True)
class Checked:
    """What a look at a source found: the number of its profiles, and its columns."""

    profiles: int
    columns: dict[str, Column]


def check(actor: Actor, source: Source) -> Checked:
    """Read the source through once. Raises the errors of `profiles.errors`."""
    actor.require("source:read")
    found = opened(source)
    with looked_at(found) as (duck, columns):
        return Checked(found.check(duck), columns)


def opened(source: Source) -> FileSource:
    """The source as the data plane takes it."""
    types = {name: ColumnType(kind) for name, kind in source.options.get("types", {}).items()}
    return FileSource(source.name, source.type, source.path, source.key, source.options.get("table"), types)


@contextmanager
def looked_at(source: FileSource) -> Iterator[tuple[Duck, dict[str, Column]]]:
    """A short-lived session with the profiles open, and their columns."""
    with tempfile.TemporaryDirectory() as folder, open_duck(Path(folder)) as duck:
        source.open(duck)
        yield duck, source.columns(duck)


def columns_of(source: Source) -> dict[str, Column]:
    """The columns of the source now. Raises the errors of `profiles.errors`."""
    kept = _kept.get()
    if kept is None:
        return _columns(source)
    definition = repr(opened(source))
    if definition not in kept:
        kept[definition] = _columns(source)
    return kept[definition]


@contextmanager
def read_once() -> Iterator[None]:
    """Inside the block the columns of each source are read once: to read those of a large CSV file takes a while."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _columns(source: Source) -> dict[str, Column]:
    with looked_at(opened(source)) as (_, columns):
        return columns
