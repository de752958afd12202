"""Sources: where profiles live."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traginer.control import naming
from traginer.control.accounts import Actor
from traginer.control.models import Source
from traginer.control.spec import SourceSpec
from traginer.duck import Duck, open_duck
from traginer.i18n import N_
from traginer.profiles.files import FileSource
from traginer.values import Column, ColumnType

KIND = N_("source")


def get(actor: Actor, name: str) -> Source:
    """The source named `name`. Raises NotFound."""
    actor.require("configuration:read")
    return naming.by_name(Source, KIND, name)


def put(actor: Actor, spec: SourceSpec, base: Path) -> tuple[Source, bool]:
    """Create or update a source; relative paths start at `base`. The second value says whether it is new."""
    actor.require("configuration:write")
    path = str(base / spec.path)
    values = {"type": spec.type, "path": path, "key": spec.key, "options": {"table": spec.table, "types": spec.types}}
    return Source.objects.update_or_create(name=spec.name, defaults=values)


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
    with looked_at(opened(source)) as (_, columns):
        return columns
