"""Configuration as a file: apply it, all or nothing, see what that would change, and dump what is there in the same form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.db import transaction
from pydantic import ValidationError

from traginer import segments as room
from traginer.control import audit, connections, exports, problems, segments, sources, yamlfile
from traginer.control.models import Connection, Export, Segment, Source
from traginer.control.rights import Actor
from traginer.control.spec import FileSpec
from traginer.control.yamlfile import Document, Place
from traginer.segments.errors import RulesError, SqlError


@dataclass(frozen=True)
class Change:
    """A word of the file whose value differs; None where it does not stand. Of an API key, its last characters."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Applied:
    """One object of the file and what became of it, or would: created, updated or unchanged."""

    kind: str
    name: str
    outcome: str
    changes: tuple[Change, ...]


class Section(NamedTuple):
    """What a section of the file is about: its table, how one of its objects is written down, and how it is put there."""

    model: Any
    shown: Callable[[Any], Mapping[str, object]]
    put: Callable[[Any], tuple[Any, bool]]


def apply(actor: Actor, path: Path, at: datetime) -> list[Applied]:
    """Create or update what the file names; nothing is changed where any part of it is wrong."""
    document = yamlfile.read(path)
    spec, sections = _parsed(document), _sections(actor, path.resolve().parent, at)
    with audit.atomic(), sources.read_once():
        return [
            _put(document, (name, n), item, section)
            for name, section in sections.items()
            for n, item in enumerate(getattr(spec, name))
        ]


def diff(actor: Actor, path: Path, at: datetime) -> list[Applied]:
    """What `apply` would create and update, by applying it and undoing that. Raises as `apply` does."""
    with audit.atomic():
        found = apply(actor, path, at)
        transaction.set_rollback(True)
    return [item for item in found if item.outcome != "unchanged"]


def dump(actor: Actor) -> str:
    """All objects as YAML that `apply` takes, without secrets."""
    actor.require("configuration:read")
    everything = {
        "sources": [sources.dump(source) for source in Source.objects.order_by("name")],
        "connections": [connections.dump(connection) for connection in Connection.objects.order_by("name")],
        "segments": [segments.dump(segment) for segment in Segment.objects.order_by("name").select_related("source")],
        "exports": [exports.dump(export) for export in Export.objects.order_by("name").select_related("attached_to")],
    }
    filled = {section: items for section, items in everything.items() if items}
    return as_yaml(filled)


def as_yaml(value: object) -> str:
    """A value as a file would hold it."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file, for editors that check and complete it."""
    file = FileSpec.model_json_schema(by_alias=True)
    file["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    file["title"] = "Traginer"
    file["$defs"] |= room.rules_schema()["$defs"]
    file["$defs"]["SegmentSpec"]["properties"]["rules"] = {"$ref": "#/$defs/rule"}
    return file


def _sections(actor: Actor, base: Path, at: datetime) -> dict[str, Section]:
    """In the order in which one needs the other."""
    return {
        "sources": Section(Source, sources.dump, lambda item: sources.put(actor, item, base)),
        "connections": Section(Connection, _with_key, lambda item: connections.put(actor, item, at)),
        "segments": Section(Segment, segments.dump, lambda item: segments.put(actor, item)),
        "exports": Section(Export, exports.dump, lambda item: exports.put(actor, item, at)),
    }


def _parsed(document: Document) -> FileSpec:
    try:
        return FileSpec.model_validate(document.values)
    except ValidationError as error:
        place, why = problems.first(error.errors(include_url=False))
        raise document.invalid(place, why) from None


def _put(document: Document, place: tuple[str, int], item: Any, section: Section) -> Applied:
    found = section.model.objects.filter(name=item.name).first()
    before, former_key = (section.shown(found), _key(found)) if found else ({}, "")
    try:
        thing, is_new = section.put(item)
    except (RulesError, SqlError) as error:
        raise document.invalid((*place, *_within(error)), str(error)) from None
    thing.refresh_from_db()
    changes = _changes(before, section.shown(thing), other_key=_key(thing) != former_key)
    outcome = "created" if is_new else "updated" if changes else "unchanged"
    return Applied(place[0].removesuffix("s"), item.name, outcome, changes)


def _changes(before: Mapping[str, object], after: Mapping[str, object], *, other_key: bool) -> tuple[Change, ...]:
    names = dict.fromkeys([*before, *after])
    found = [Change(name, before.get(name), after.get(name)) for name in names]
    return tuple(one for one in found if one.before != one.after or (one.field == "api_key" and other_key))


def _with_key(connection: Connection) -> dict[str, object]:
    """All that can change of a connection; of the key, which no dump shows, the last characters."""
    return {**connections.dump(connection), "api_key": f"…{connection.key_tail}" if connection.key_tail else None}


def _key(thing: Source | Connection | Segment | Export) -> str:
    """What tells one API key from another that ends alike."""
    return thing.encrypted_key if isinstance(thing, Connection) else ""


def _within(error: RulesError | SqlError) -> Place:
    """Where in a segment of the file the error is."""
    return ("rules", *error.path) if isinstance(error, RulesError) else ("sql",)
