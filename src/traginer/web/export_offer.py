"""What the form of an export has to offer: connections, lists and attributes of the account, segments, columns with samples."""

from dataclasses import dataclass, field
from typing import Any

from traginer.contacts.mapping import AttributeType, Kind
from traginer.control import api_support, connections, connections_account, previews, segments
from traginer.control.connections_account import ListChoice
from traginer.control.previews import ColumnPreview
from traginer.control.rights import Actor, administrators
from traginer.errors import TraginerError
from traginer.values import ColumnType
from traginer.web import mapping_form
from traginer.web.export_form import Draft


@dataclass(frozen=True)
class Offer:
    """`connections` and `segments` are numbers and names; a `..._problem` is why something is not there to choose from."""

    connections: list[tuple[int, str]]
    segments: list[tuple[int, str, str]]
    lists: list[ListChoice] = field(default_factory=list)
    attributes: list[AttributeType] = field(default_factory=list)
    account_problem: TraginerError | None = None
    columns: list[ColumnPreview] = field(default_factory=list)
    source_problem: TraginerError | None = None
    whom: str = ""

    @property
    def text_columns(self) -> list[ColumnPreview]:
        """Those that can hold an address."""
        return [column for column in self.columns if column.type is ColumnType.TEXT]

    @property
    def usable_columns(self) -> list[ColumnPreview]:
        """Those that can fill an attribute."""
        return [column for column in self.columns if column.type is not ColumnType.OTHER]


def of(actor: Actor, draft: Draft) -> Offer:
    """What there is to choose from, for this form; what cannot be reached is said, not raised."""
    found: dict[str, Any] = {"connections": _connections(actor), "segments": _segments(actor)}
    if draft.connection in {number for number, _ in found["connections"]}:
        found |= _account(actor, draft)
    if draft.segments:
        found |= _source(actor, draft)
    return Offer(**found, whom="" if found["connections"] else str(administrators()))


def filled(actor: Actor, draft: Draft) -> Draft:
    """The form with the address and the usual attributes filled in by the names of columns, where nobody has yet."""
    if draft.values.get("email") or draft.rows or not draft.segments:
        return draft
    try:
        source = api_support.segment(actor, draft.segments[0]).source
        connection = api_support.connection(actor, draft.connection) if draft.connection else None
        email, rows = mapping_form.suggested(previews.suggestions(actor, source, connection))
    except TraginerError:
        return draft
    return Draft({**draft.values, "email": email}, draft.connection, draft.segments, rows, draft.kept)


def _connections(actor: Actor) -> list[tuple[int, str]]:
    numbers = api_support.numbers(connections.KIND)
    return [(numbers[view.name], view.name) for view in connections.every(actor)]


def _segments(actor: Actor) -> list[tuple[int, str, str]]:
    return [(segment.pk, segment.name, segment.source.name) for segment in segments.every(actor)]


def _account(actor: Actor, draft: Draft) -> dict[str, Any]:
    connection = api_support.connection(actor, draft.connection or 0)
    try:
        known = connections_account.attributes(actor, connection).values()
        lists = connections_account.lists(actor, connection)
    except TraginerError as problem:
        return {"account_problem": problem}
    return {"lists": lists, "attributes": [one for one in known if one.kind is not Kind.READ_ONLY]}


def _source(actor: Actor, draft: Draft) -> dict[str, Any]:
    try:
        return {"columns": previews.columns(actor, api_support.segment(actor, draft.segments[0]).source)}
    except TraginerError as problem:
        return {"source_problem": problem}
