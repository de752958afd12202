"""Sources as they are configured: find, create, change, remove, and write down as `apply` takes them."""

import os
from pathlib import Path

from traginer.control import audit, naming
from traginer.control.configuration_errors import SourcePathNotAllowed, StillUsed
from traginer.control.models import Export, Source
from traginer.control.rights import Actor
from traginer.control.spec import SourceSpec
from traginer.errors import Phrase
from traginer.home import place
from traginer.i18n import N_

KIND = N_("source")


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


def exports_of(source: Source) -> list[str]:
    """The exports that carry profiles of the source, by name."""
    carrying = Export.objects.filter(segments__source=source).order_by("name")
    return list(carrying.values_list("name", flat=True).distinct())


def dump(source: Source) -> dict[str, object]:
    """The source as `apply` takes it."""
    options = {name: value for name, value in source.options.items() if value}
    return {"name": source.name, "type": source.type, "path": source.path, "key": source.key, **options}


def allowed_folders() -> list[Path]:
    """Where sources may lie that are named from outside this machine's command line: TRAGINER_SOURCES, separated as PATH is."""
    named = os.environ.get("TRAGINER_SOURCES")
    return [Path(part).resolve() for part in named.split(os.pathsep) if part] if named else [place() / "sources"]


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
