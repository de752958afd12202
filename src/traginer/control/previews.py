"""What helps to fill in an export: the columns of a source with real values, what they may be for, and what is wrong with a mapping."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from traginer import contacts
from traginer.contacts.mapping import AttributeType, Kind
from traginer.control import audit, connections, connections_account, segments, sources
from traginer.control.connections_account import MEANS
from traginer.control.exports import matching
from traginer.control.models import Connection, Source
from traginer.control.rights import Actor
from traginer.control.runs.means import Means
from traginer.control.sources import naming
from traginer.control.spec import ExportSpec
from traginer.errors import TraginerError
from traginer.i18n import N_
from traginer.values import Column, ColumnType

FIRST_NAME_ATTRIBUTES = ("FIRSTNAME", "PRENOM", "NOMBRE", "VORNAME", "NOME", "FIRST_NAME")
LAST_NAME_ATTRIBUTES = ("LASTNAME", "NOM", "APELLIDOS", "APELLIDO", "NACHNAME", "COGNOME", "SOBRENOME", "LAST_NAME")
PHONE_ATTRIBUTES = ("SMS", "WHATSAPP")


@dataclass(frozen=True)
class ColumnPreview:
    """A column of a source and up to three different values of it, masked for those who may not see profiles."""

    name: str
    type: ColumnType
    native: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A field of the form (`label`, a text marked by N_), and what may fill it.

    `attribute` is the account's own name for it, "" for the address, which is no attribute; `region` the column of a
    phone's country, "" where there is none.
    """

    label: str
    attribute: str
    column: str
    region: str = ""


def columns(actor: Actor, source: Source) -> list[ColumnPreview]:
    """The columns of the source, in its order. That somebody saw real values is in the audit. Raises `profiles.errors`."""
    actor.require("export:read")
    is_clear = actor.may("profile:read")
    with sources.looked_at(sources.opened(source)) as (duck, found):
        looked_at, samples = sources.sampled(duck, found, is_clear=is_clear)
    if is_clear:
        audit.seen(actor, "profile:read", source, looked_at)
    return [ColumnPreview(name, column.type, column.native, samples.get(name, ())) for name, column in found.items()]


def suggestions(
    actor: Actor, source: Source, connection: Connection | None = None, means: Means = MEANS
) -> list[Suggestion]:
    """What the source's columns may be for, by their names, in the words of the account behind `connection`.

    Without a connection, as in an account in English. Raises `profiles.errors`, and what hides the account.
    """
    actor.require("source:read")
    found = sources.columns_of(source)
    known = connections_account.attributes(actor, connection, means) if connection else None
    return list(_suggested(found, known))


def faults(actor: Actor, spec: ExportSpec, means: Means = MEANS) -> list[TraginerError]:
    """All that is wrong with the data matching of an export that has not been saved, as source and account are now.

    Raises NotFound, SegmentsOfSeveralSources, `profiles.errors`, and what hides the account.
    """
    chosen = [segments.get(actor, name) for name in spec.segments]
    found = sources.columns_of(matching.one_source(spec.name, chosen))
    connection = connections.get(actor, spec.connection) if spec.connection else None
    known = connections_account.attributes(actor, connection, means) if connection else None
    attributes = {name: item.model_dump(exclude_none=True) for name, item in spec.attributes.items()}
    wrong: list[TraginerError] = [*contacts.faults(matching.mapping(spec.email, attributes), found, known)]
    try:
        matching.check_consent(spec.consent, found)
    except TraginerError as fault:
        wrong.append(fault)
    return wrong


def _suggested(found: Mapping[str, Column], known: Mapping[str, AttributeType] | None) -> Iterator[Suggestion]:
    email = naming.text_column(naming.EMAIL_COLUMNS, found)
    if email:
        yield Suggestion(N_("Email"), "", email)
    rows: tuple[tuple[str, Sequence[str], Sequence[str], Kind], ...] = (
        (N_("First name"), naming.FIRST_NAME_COLUMNS, FIRST_NAME_ATTRIBUTES, Kind.TEXT),
        (N_("Last name"), naming.LAST_NAME_COLUMNS, LAST_NAME_ATTRIBUTES, Kind.TEXT),
        (N_("Phone"), naming.PHONE_COLUMNS, PHONE_ATTRIBUTES, Kind.PHONE),
    )
    for label, names, attributes, kind in rows:
        fitting = {name for name, attribute in known.items() if attribute.kind is kind} if known else None
        attribute = attributes[0] if fitting is None else next((name for name in attributes if name in fitting), "")
        column = naming.text_column(names, found)
        if column and attribute:
            region = naming.text_column(naming.COUNTRY_COLUMNS, found) if kind is Kind.PHONE else ""
            yield Suggestion(label, attribute, column, region)
