"""Configuration as a file: apply it, all or nothing, and dump what is there in the same form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from pydantic import ValidationError

from traginer.control import connections, exports, problems, segments, sources, yamlfile
from traginer.control.accounts import Actor
from traginer.control.models import Connection, Export, Segment, Source
from traginer.control.spec import FileSpec
from traginer.control.yamlfile import Document, Place
from traginer.segments.errors import RulesError, SqlError


@dataclass(frozen=True)
class Applied:
    """One object of the file and what became of it: created, updated or unchanged."""

    kind: str
    name: str
    outcome: str


def apply(actor: Actor, path: Path, at: datetime) -> list[Applied]:
    """Create or update what the file names; nothing is changed where any part of it is wrong."""
    document = yamlfile.read(path)
    spec = _parsed(document)
    base = path.resolve().parent
    with transaction.atomic():
        return [
            *_put_all(document, "sources", spec.sources, lambda item: sources.put(actor, item, base), sources.dump),
            *_put_all(
                document,
                "connections",
                spec.connections,
                lambda item: connections.put(actor, item, at),
                _with_key,
            ),
            *_put_all(document, "segments", spec.segments, lambda item: segments.put(actor, item), segments.dump),
            *_put_all(document, "exports", spec.exports, lambda item: exports.put(actor, item), exports.dump),
        ]


def dump(actor: Actor) -> str:
    """All objects as YAML that `apply` takes, without secrets."""
    actor.require("configuration:read")
    everything = {
        "sources": [sources.dump(source) for source in Source.objects.order_by("name")],
        "connections": [connections.dump(connection) for connection in Connection.objects.order_by("name")],
        "segments": [segments.dump(segment) for segment in Segment.objects.order_by("name").select_related("source")],
        "exports": [exports.dump(export) for export in Export.objects.order_by("name").select_related("connection")],
    }
    filled = {section: items for section, items in everything.items() if items}
    return yaml.safe_dump(filled, sort_keys=False, allow_unicode=True, width=120)


def _parsed(document: Document) -> FileSpec:
    try:
        return FileSpec.model_validate(document.values)
    except ValidationError as error:
        place, why = problems.first(error.errors(include_url=False))
        raise document.invalid(place, why) from None


def _put_all(
    document: Document,
    section: str,
    items: list[Any],
    put: Callable[[Any], tuple[Any, bool]],
    shown: Callable[[Any], object],
) -> list[Applied]:
    return [_put_one(document, (section, n), item, put, shown) for n, item in enumerate(items)]


def _put_one(
    document: Document,
    place: tuple[str, int],
    item: Any,
    put: Callable[[Any], tuple[Any, bool]],
    shown: Callable[[Any], object],
) -> Applied:
    before = _present(place[0], item.name, shown)
    try:
        thing, is_new = put(item)
    except (RulesError, SqlError) as error:
        raise document.invalid((*place, *_within(error)), str(error)) from None
    thing.refresh_from_db()
    outcome = "created" if is_new else "unchanged" if shown(thing) == before else "updated"
    return Applied(place[0].removesuffix("s"), item.name, outcome)


def _with_key(connection: Connection) -> object:
    """All that can change of a connection, the key that no dump shows among it."""
    return connections.dump(connection), connection.encrypted_key


def _within(error: RulesError | SqlError) -> Place:
    """Where in a segment of the file the error is."""
    return ("rules", *error.path) if isinstance(error, RulesError) else ("sql",)


def _present(section: str, name: str, shown: Callable[[Any], object]) -> object:
    model: Any = {"sources": Source, "connections": Connection, "segments": Segment, "exports": Export}[section]
    found = model.objects.filter(name=name).first()
    return shown(found) if found else None
