"""One profile: its values, the segments it is in and why not in others, and what each export makes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from traginer.control import audit, masking, segments, sources
from traginer.control.models import Export, Segment, Source
from traginer.control.profiles import exported, kin, references, searching
from traginer.control.profiles.asking import Look
from traginer.control.profiles.explaining import Explanation
from traginer.control.profiles.exported import Carried
from traginer.control.rights import Actor
from traginer.duck import ident
from traginer.errors import TraginerError
from traginer.values import ColumnType


@dataclass(frozen=True)
class Value:
    """A value of the profile as text, "" where it has none; `native` is the source's own name of the type."""

    name: str
    type: ColumnType
    native: str
    value: str


@dataclass(frozen=True)
class Belonging:
    """A segment, in the zone in which its days begin, and why the profile is in it or not; or what kept that from being found out."""

    segment: Segment
    zone: str
    explanation: Explanation | None
    trouble: TraginerError | None = None

    @property
    def belongs(self) -> bool:
        """Whether the profile is known to be in it."""
        return self.explanation is not None and self.explanation.belongs


@dataclass(frozen=True)
class Profile:
    """A profile as of `at`. Values are masked where `is_masked`; then nobody learns either who has its address instead."""

    source: str
    reference: str
    key: str
    name: str
    email: str
    at: datetime
    is_masked: bool
    values: tuple[Value, ...]
    belongings: tuple[Belonging, ...]
    exports: tuple[Carried, ...]


def look(actor: Actor, source: Source, reference: str, at: datetime) -> Profile:
    """The profile that `reference` stands for. That real values were seen is in the audit.

    Raises ProfileUnknown and the errors of the source; what is wrong with a segment or an export stands there.
    """
    actor.require("profile:search")
    found, is_clear = sources.opened(source), actor.may("profile:read")
    with sources.looked_at(found) as (duck, columns):
        with found.reading():
            references.take_one(duck, found.key, reference, source.name)
        looked = Look(duck, found, columns, at, is_clear)
        profile = _named(looked, source, reference)
        belongings = tuple(_belongings(looked, source))
        carrying = exported.of_source(source.pk)
        kin.take(looked, carrying)
        key = str(duck.value(f"SELECT {ident(found.key)}::VARCHAR FROM one"))
        carried = exported.of_profile(looked, key, carrying)
    if is_clear:
        audit.seen(actor, "profile:read", references.target(reference), 1)
    told = tuple(_told(one, is_clear=is_clear, with_past=actor.may("rejection:read")) for one in carried)
    return replace(profile, belongings=belongings, exports=told)


def _named(looked: Look, source: Source, reference: str) -> Profile:
    who = searching.who(source, looked.columns)
    [(key, name, email)] = looked.duck.rows(f"SELECT {ident(who.key)}::VARCHAR, {who.name}, {who.email} FROM one")
    kind = looked.columns[who.key].type
    return Profile(
        source=source.name,
        reference=reference,
        key=masking.seen(key, kind, is_clear=looked.is_clear),
        name=_text(name, is_clear=looked.is_clear),
        email=_text(email, is_clear=looked.is_clear),
        at=looked.at,
        is_masked=not looked.is_clear,
        values=tuple(_values(looked)),
        belongings=(),
        exports=(),
    )


def _values(looked: Look) -> Iterator[Value]:
    """What rules and exports can use, in the order of the source."""
    shown = [column for column in looked.columns.values() if column.type is not ColumnType.OTHER]
    [row] = looked.duck.rows(f"SELECT {', '.join(f'{ident(column.name)}::VARCHAR' for column in shown)} FROM one")
    for column, value in zip(shown, row, strict=True):
        seen = masking.seen(value, column.type, is_clear=looked.is_clear) if value else ""
        yield Value(column.name, column.type, column.native, seen)


def _belongings(looked: Look, source: Source) -> Iterator[Belonging]:
    zones = _zones(source)
    for segment in Segment.objects.filter(source=source).order_by("name"):
        zone = zones.get(segment.pk) or zones[None]
        try:
            yield Belonging(segment, zone, looked.explained(segment, zone))
        except TraginerError as trouble:
            yield Belonging(segment, zone, None, trouble)


def _zones(source: Source) -> Mapping[int | None, str]:
    """The zone of each segment that an export carries, as `segments.zone_of` says it, and under None that of all others."""
    carrying = Export.objects.filter(segments__source=source).order_by("-name")
    return {None: segments.zone_of(), **dict(carrying.values_list("segments", "timezone"))}


def _told(carried: Carried, *, is_clear: bool, with_past: bool) -> Carried:
    """What the one who asks may know of it."""
    told = carried if with_past else replace(carried, left_out=())
    if is_clear:
        return told
    masked = [replace(row, email=_text(row.email, is_clear=False), key="") for row in told.listed]
    return replace(told, winner="", contact=None, listed=tuple(masked))


def _text(value: str, *, is_clear: bool) -> str:
    return masking.seen(value, ColumnType.TEXT, is_clear=is_clear) if value else ""
