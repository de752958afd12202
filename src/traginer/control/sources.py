"""Sources: where profiles live."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from traginer.control import audit, naming
from traginer.control.configuration_errors import SourcePathNotAllowed, StillUsed
from traginer.control.models import Source
from traginer.control.rights import Actor
from traginer.control.spec import SourceSpec
from traginer.duck import Duck, open_duck
from traginer.errors import Phrase
from traginer.home import place
from traginer.i18n import N_
from traginer.profiles.files import FileSource
from traginer.values import Column, ColumnType

KIND = N_("source")
_kept: ContextVar[dict[str, dict[str, Column]] | None] = ContextVar("columns", default=None)


@dataclass(frozen=True)
class Checked:
    """What a look at a source found: the number of its profiles, and its columns."""

    profiles: int
    columns: dict[str, Column]


def get(actor: Actor, name: str) -> Source:
    """The source named `name`. Raises NotFound."""
    actor.require("source:read")
    return naming.by_name(Source, KIND, name)


def every(actor: Actor, search: str = "") -> list[Source]:
    """The sources whose name holds `search`, by name."""
    actor.require("source:read")
    return list(Source.objects.filter(name__icontains=search).order_by("name"))


def create(actor: Actor, spec: SourceSpec, base: Path) -> Source:
    """A new source; relative paths start at `base`. Raises NameTaken, SourcePathNotAllowed."""
    return _written(actor, Source(), spec, base)


def update(actor: Actor, source: Source, spec: SourceSpec, base: Path) -> Source:
    """The source as `spec` says, its name too. Raises NameTaken, SourcePathNotAllowed."""
    return _written(actor, source, spec, base)


def put(actor: Actor, spec: SourceSpec, base: Path) -> tuple[Source, bool]:
    """Create the source or update the one of that name. The second value says whether it is new."""
    known = Source.objects.filter(name=spec.name).first()
    return _written(actor, known or Source(), spec, base), known is None


def remove(actor: Actor, source: Source) -> None:
    """Remove the source; its profiles stay where they are. Raises StillUsed, naming the segments that read it."""
    actor.require("source:remove")
    with audit.atomic():
        if users := segments_of(source):
            raise StillUsed(kind=Phrase(KIND), name=source.name, users=naming.listed(users))
        audit.changed(actor, "source:remove", source, dump(source), None)
        source.delete()


def segments_of(source: Source) -> list[str]:
    """The segments that read the source, by name."""
    return list(source.segments.order_by("name").values_list("name", flat=True))


def check(actor: Actor, source: Source) -> Checked:
    """Read the source through once. Raises the errors of `profiles.errors`."""
    actor.require("source:read")
    found = opened(source)
    with looked_at(found) as (duck, columns):
        return Checked(found.check(duck), columns)


def dump(source: Source) -> dict[str, object]:
    """The source as `apply` takes it."""
    options = {name: value for name, value in source.options.items() if value}
    return {"name": source.name, "type": source.type, "path": source.path, "key": source.key, **options}


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


def allowed_folders() -> list[Path]:
    """Where sources may lie that are named from outside this machine's command line: TRAGINER_SOURCES, separated as PATH is."""
    named = os.environ.get("TRAGINER_SOURCES")
    return [Path(part).resolve() for part in named.split(os.pathsep) if part] if named else [place() / "sources"]


def _columns(source: Source) -> dict[str, Column]:
    with looked_at(opened(source)) as (_, columns):
        return columns


def _written(actor: Actor, source: Source, spec: SourceSpec, base: Path) -> Source:
    actor.require("source:write")
    before = dump(source) if source.pk else None
    source.name, source.type, source.key = spec.name, spec.type, spec.key
    source.path = _path(actor, base / spec.path)
    source.options = {"table": spec.table, "types": spec.types}
    with audit.atomic(), naming.unique(KIND, spec.name):
        source.save()
        audit.changed(actor, "source:write", source, before, dump(source))
    return source


def _path(actor: Actor, path: Path) -> str:
    """The path as it is kept. Over the web or the API, only what lies in the allowed folders: this machine holds other files."""
    if actor.door != "cli" and not any(path.resolve().is_relative_to(folder) for folder in allowed_folders()):
        raise SourcePathNotAllowed(path=path, folders=", ".join(map(str, allowed_folders())))
    return str(path)
