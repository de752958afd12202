"""What each export makes of a profile: whether it is wanted on the list and why not, by the code that runs use."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from traginer import contacts, pipeline
from traginer import segments as room
from traginer.control import connections, exports, segments
from traginer.control.models import Export, Segment
from traginer.control.profiles import left_out, listed
from traginer.control.profiles.asking import Look
from traginer.control.profiles.left_out import LeftOut
from traginer.control.profiles.listed import Listed
from traginer.duck import ident
from traginer.errors import TraginerError
from traginer.i18n import N_
from traginer.values import AsOf

MOST_BUILT = 20
"""Exports whose contact is built: each takes some 0.1 s."""


class Wanted(StrEnum):
    """Whether the export wants the profile on its list."""

    WANTED = "wanted"
    NOT_A_MEMBER = "not-a-member"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Next(StrEnum):
    """What a run would do now."""

    ADD = "add"
    CHANGE = "change"
    NOTHING = "nothing"
    TAKE_OFF = "take-off"
    KEEP = "keep"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Contact:
    """The contact as it would be sent: its address, attributes by name, and its fingerprint, None where that is not known."""

    email: str
    attributes: Mapping[str, Any]
    fingerprint: str | None


@dataclass(frozen=True)
class Carried:
    """An export and the profile. `through` names the segments that it belongs to; `reason` says why it is invalid.

    `winner` is the key of the profile that is sent instead. `warnings` are (reason, field) of what is left out of the
    contact. What kept this from being found out is the `trouble`.
    """

    export: Export
    through: tuple[str, ...] = ()
    wanted: Wanted = Wanted.NOT_A_MEMBER
    reason: str = ""
    winner: str = ""
    warnings: tuple[tuple[str, str], ...] = ()
    contact: Contact | None = None
    listed: tuple[Listed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    trouble: TraginerError | None = None
    next: Next = field(default=Next.UNKNOWN)


def of_source(source_id: int) -> list[Export]:
    """The exports that carry segments of the source, by name."""
    carrying = Export.objects.filter(segments__source=source_id).select_related("attached_to")
    return list(carrying.order_by("name").distinct())


def of_profile(look: Look, key: str, carrying: Sequence[Export]) -> list[Carried]:
    """What each export makes of the profile in the session's table `one`; `profiles` holds it and its kin."""
    told, built = [], 0
    for export in carrying:
        through, trouble = _through(look, export)
        carried = Carried(export, tuple(segment.name for segment in through), trouble=trouble)
        if trouble is not None or (through and built >= MOST_BUILT):
            carried = replace(carried, wanted=Wanted.UNKNOWN)
        elif through:
            built += 1
            carried = _built(look, carried, key)
        told.append(_with_past(look, carried, key))
    return told


def _through(look: Look, export: Export) -> tuple[list[Segment], TraginerError | None]:
    """The segments of the export that the profile is in; and what kept one from being asked, where that leaves it open."""
    found, trouble = [], None
    for segment in [] if exports.is_emptying(export) else exports.segments_of(export):
        try:
            if look.explained(segment, export.timezone).belongs:
                found.append(segment)
        except TraginerError as error:
            trouble = error
    return found, trouble if not found else None


def _built(look: Look, carried: Carried, key: str) -> Carried:
    try:
        has_attributes = _build(look, carried.export)
    except TraginerError as trouble:
        return replace(carried, wanted=Wanted.UNKNOWN, trouble=trouble)
    invalid = look.duck.rows("SELECT reason, winner FROM invalid WHERE key = $1", [key])
    if invalid:
        reason, winner = invalid[0]
        return replace(carried, wanted=Wanted.INVALID, reason=reason, winner=winner or "")
    flaws = look.duck.rows("SELECT DISTINCT reason, field FROM warnings WHERE key = $1 ORDER BY ALL", [key])
    [(email, row, fingerprint)] = look.duck.rows(
        "SELECT email, row::VARCHAR, fingerprint::VARCHAR FROM contacts WHERE key = $1", [key]
    )
    attributes = json.loads(row).get("attributes", {})
    contact = Contact(email, attributes, fingerprint if has_attributes else None)
    return replace(carried, wanted=Wanted.WANTED, warnings=tuple(flaws), contact=contact)


def _build(look: Look, export: Export) -> bool:
    """Make the contacts of the profile and its kin; gives whether Brevo has told which attributes there are.

    Raises what is wrong with the data matching or a segment.
    """
    mapping, duck, source = exports.mapping_of(export), look.duck, look.source
    known = connections.known(export.attached_to) if export.attached_to else None
    if known is None:
        mapping = replace(mapping, attributes=())
    contacts.check_mapping(mapping, look.columns, known.attributes if known else None)
    fields = contacts.fields(mapping)
    pipeline.load_members(duck, source, _members(look, export, fields), fields)
    with source.reading():
        contacts.build(duck, mapping, known.attributes if known else {}, as_of_timezone=export.timezone)
    return known is not None


def _members(look: Look, export: Export, fields: Sequence[str]) -> str:
    """The query of the members among the kin; what SELECTs give is known already, and gets the names that it expects."""
    chosen = exports.segments_of(export)
    asked = [segments.opened(segment) for segment in chosen]
    by_select = [(segment, one) for segment, one in zip(chosen, asked, strict=True) if isinstance(one, room.SqlSegment)]
    for name, (segment, one) in zip(room.member_tables(asked), by_select, strict=True):
        table = look.listed(segment, one, export.timezone)
        look.duck.run(f"CREATE OR REPLACE TEMP VIEW {ident(name)} AS SELECT * FROM {ident(table)}")
    return room.members_query(asked, look.columns, look.source.key, fields, AsOf(look.at, export.timezone))


def _with_past(look: Look, carried: Carried, key: str) -> Carried:
    """With what the ledgers and past runs say; nobody asks the runs of an export that has nothing to do with the profile."""
    try:
        rows = listed.of_profile(look.duck, carried.export, key, carried.contact.email if carried.contact else "")
    except TraginerError as trouble:
        return replace(carried, trouble=carried.trouble or trouble)
    past = left_out.of_profile(look.duck, carried.export, key) if rows or carried.through else []
    return replace(carried, listed=tuple(rows), left_out=tuple(past), next=_next(carried, rows))


def _next(carried: Carried, rows: Sequence[Listed]) -> Next:
    here = [row for row in rows if row.is_present]
    if carried.wanted is Wanted.UNKNOWN:
        return Next.UNKNOWN
    if carried.contact is None:
        if not here:
            return Next.NOTHING
        return Next.KEEP if carried.winner or not exports.takes_leavers_off(carried.export) else Next.TAKE_OFF
    same = [row for row in here if row.email == carried.contact.email]
    if not same:
        return Next.ADD
    if carried.contact.fingerprint is None:
        return Next.UNKNOWN
    return Next.NOTHING if same[0].fingerprint == carried.contact.fingerprint else Next.CHANGE


NEXT = {
    Next.ADD: N_("A run now would add it to the list."),
    Next.CHANGE: N_("A run now would send it again, with what has changed."),
    Next.NOTHING: N_("A run now would send nothing about it."),
    Next.TAKE_OFF: N_("A run now would take it off the list."),
    Next.KEEP: N_("It would stay on the list."),
    Next.UNKNOWN: N_("What a run now would do with it is not known."),
}
"""What a run would do now, in words."""
WANTED = {
    Wanted.WANTED: N_("Wanted on the list"),
    Wanted.NOT_A_MEMBER: N_("In none of its segments"),
    Wanted.INVALID: N_("Not sent"),
    Wanted.UNKNOWN: N_("Not known"),
}
"""Whether an export wants it, in words."""
