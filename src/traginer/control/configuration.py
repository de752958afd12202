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
from traginer.control import (
    audit,
    configuration_system,
    connections,
    exports,
    notifying,
    problems,
    segments,
    sources,
    yamlfile,
)
from traginer.control.errors import FileInvalid
from traginer.control.models import Connection, Export, NoticeTarget, Segment, Source
from traginer.control.rights import Actor
from traginer.control.spec import SECTIONS, FileSpec, SystemSpec
from traginer.control.yamlfile import Document, Place
from traginer.segments.errors import RulesError, SqlError

TABLES: Mapping[str, Any] = {
    "sources": Source,
    "connections": Connection,
    "segments": Segment,
    "exports": Export,
    "notices": NoticeTarget,
}
"""The model of each section."""
Invalid = Callable[[Place, str], FileInvalid]
"""The error for what stands at a place of a configuration, in words."""


@dataclass(frozen=True)
class Change:
    """A word of the file whose value differs; None where it does not stand. Of an API key, its last characters."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Applied:
    """One object and what became of it, or would: created, updated or unchanged; or unnamed, where the file does not name it."""

    kind: str
    name: str
    outcome: str
    changes: tuple[Change, ...]


class Section(NamedTuple):
    """What a section of the file is about: how one of its objects is written down, and how it is put there.

    `sealed` are the words that no dump shows, encrypted: they tell one API key from another that ends alike.
    """

    shown: Callable[[Any], Mapping[str, object]]
    put: Callable[[Any], tuple[Any, bool]]
    sealed: Callable[[Any], Mapping[str, str]] = lambda _: {}


def apply(actor: Actor, path: Path, at: datetime) -> list[Applied]:
    """Create or update what the file names; nothing is changed where any part of it is wrong."""
    document = yamlfile.read(path)
    return apply_spec(actor, _parsed(document), path.resolve().parent, at, document.invalid)


def apply_spec(actor: Actor, spec: FileSpec, base: Path, at: datetime, invalid: Invalid) -> list[Applied]:
    """The same for a configuration that was read already; relative paths of sources start at `base`.

    What is wrong with the rules or the SELECT of a segment is raised as `invalid` has it.
    """
    sections = _sections(actor, base, at)
    with audit.atomic(), sources.read_once():
        applied = [
            _put(invalid, (name, n), item, sections[name])
            for name in SECTIONS
            for n, item in enumerate(getattr(spec, name))
        ]
        return [*applied, _set(actor, spec.system, at)] if spec.system else applied


def diff(actor: Actor, path: Path, at: datetime, *, whole: bool = False) -> list[Applied]:
    """What `apply` would create and update, by applying it and undoing that. Raises as `apply` does.

    With `whole` the file is meant to name everything: what it does not name is among the answers, and it takes the right
    to read the whole configuration.
    """
    document = yamlfile.read(path)
    return diff_spec(actor, _parsed(document), path.resolve().parent, at, document.invalid, whole=whole)


def diff_spec(
    actor: Actor, spec: FileSpec, base: Path, at: datetime, invalid: Invalid, *, whole: bool = False
) -> list[Applied]:
    """The same for a configuration that was read already. Raises as `apply_spec` does."""
    if whole:
        actor.require("configuration:read")
    with audit.atomic():
        found = apply_spec(actor, spec, base, at, invalid)
        transaction.set_rollback(True)
    changed = [item for item in found if item.outcome != "unchanged"]
    return [*changed, *_unnamed(spec)] if whole else changed


def dump(actor: Actor) -> str:
    """All objects as YAML that `apply` takes, without secrets."""
    actor.require("configuration:read")
    everything = {
        "sources": [sources.dump(source) for source in Source.objects.order_by("name")],
        "connections": [connections.dump(connection) for connection in Connection.objects.order_by("name")],
        "segments": [segments.dump(segment) for segment in Segment.objects.order_by("name").select_related("source")],
        "exports": [exports.dump(export) for export in Export.objects.order_by("name").select_related("attached_to")],
        "notices": [
            notifying.dump(target) for target in NoticeTarget.objects.order_by("name").select_related("export")
        ],
    }
    filled = {section: items for section, items in everything.items() if items}
    return as_yaml(yamlfile.escaped({**filled, "system": configuration_system.dump()}))


def as_yaml(value: object) -> str:
    """A value as a file would hold it."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file, for editors that check and complete it."""
    file = FileSpec.model_json_schema(by_alias=True)
    file["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    file["title"] = "Traginer"
    file["$defs"] |= room.rules_schema()["$defs"]
    words = file["$defs"]["SegmentSpec"]["properties"]
    words["rules"] = {"$ref": "#/$defs/rule", "description": words["rules"]["description"]}
    return file


def _sections(actor: Actor, base: Path, at: datetime) -> dict[str, Section]:
    """One for each of SECTIONS."""
    return {
        "sources": Section(sources.dump, lambda item: sources.put(actor, item, base)),
        "connections": Section(
            _with_key, lambda item: connections.put(actor, item, at), lambda one: {"api_key": one.encrypted_key}
        ),
        "segments": Section(segments.dump, lambda item: segments.put(actor, item)),
        "exports": Section(exports.dump, lambda item: exports.put(actor, item, at)),
        "notices": Section(notifying.shown, lambda item: notifying.put(actor, item, at), notifying.sealed_of),
    }


def _parsed(document: Document) -> FileSpec:
    try:
        return FileSpec.model_validate(document.values)
    except ValidationError as error:
        place, why = problems.first(error.errors(include_url=False))
        raise document.invalid(place, why) from None


def _put(invalid: Invalid, place: tuple[str, int], item: Any, section: Section) -> Applied:
    found = TABLES[place[0]].objects.filter(name=item.name).first()
    before, former = (section.shown(found), section.sealed(found)) if found else ({}, {})
    try:
        thing, is_new = section.put(item)
    except (RulesError, SqlError) as error:
        raise invalid((*place, *_within(error)), str(error)) from None
    thing.refresh_from_db()
    now = section.sealed(thing)
    renewed = {word for word in {*former, *now} if former.get(word, "") != now.get(word, "")}
    changes = _changes(before, section.shown(thing), renewed)
    outcome = "created" if is_new else "updated" if changes else "unchanged"
    return Applied(_kind(place[0]), item.name, outcome, changes)


def _set(actor: Actor, spec: SystemSpec, at: datetime) -> Applied:
    before = configuration_system.dump()
    configuration_system.put(actor, spec, at)
    changes = _changes(before, configuration_system.dump(), set())
    return Applied("system", "schedule", "updated" if changes else "unchanged", changes)


def _unnamed(spec: FileSpec) -> list[Applied]:
    """What there is and the file does not name."""
    named = {section: {item.name for item in getattr(spec, section)} for section in SECTIONS}
    return [
        Applied(_kind(section), name, "unnamed", ())
        for section in SECTIONS
        for name in TABLES[section].objects.order_by("name").values_list("name", flat=True)
        if name not in named[section]
    ]


def _kind(section: str) -> str:
    return section.removesuffix("s")


def _changes(before: Mapping[str, object], after: Mapping[str, object], renewed: set[str]) -> tuple[Change, ...]:
    """`renewed` are words that have changed even where they look the same."""
    names = dict.fromkeys([*before, *after])
    found = [Change(name, before.get(name), after.get(name)) for name in names]
    return tuple(one for one in found if one.before != one.after or one.field in renewed)


def _with_key(connection: Connection) -> dict[str, object]:
    """All that can change of a connection; of the key, which no dump shows, the last characters."""
    return {**connections.dump(connection), "api_key": f"…{connection.key_tail}" if connection.key_tail else None}


def _within(error: RulesError | SqlError) -> Place:
    """Where in a segment of the file the error is."""
    return ("rules", *error.path) if isinstance(error, RulesError) else ("sql",)
