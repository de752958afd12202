"""What an export carries, as the data plane takes it: source, segments, data matching and guards.

An export that is being removed carries nobody: its last run takes off the list whom it put there, by the same path.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from traginer import contacts
from traginer import segments as room
from traginer.contacts.errors import ColumnUnknown
from traginer.control import naming, segments, sources
from traginer.control.configuration_errors import ConsentFieldUnfit, ConsentValuesMissing
from traginer.control.errors import SegmentsOfSeveralSources
from traginer.control.models import Export, ExportedSegment, Removal, Segment, Source
from traginer.control.spec import ProfileConsentSpec
from traginer.delivery.changes import NO_GUARDS, Guards
from traginer.duck import Duck
from traginer.profiles.source import Source as ProfileSource
from traginer.values import Column, ColumnType

NOBODYS = contacts.Mapping("email")
CARRIED_COLUMNS = {name: Column(name, ColumnType.TEXT, "VARCHAR") for name in ("key", "email")}


def segments_of(export: Export) -> list[Segment]:
    """The segments of the export, in the order the person gave."""
    chosen = ExportedSegment.objects.filter(export=export).select_related("segment__source")
    return [item.segment for item in chosen]


def source_of(export: Export) -> Source:
    """The one source of the export's segments. Raises SegmentsOfSeveralSources."""
    return one_source(export.name, segments_of(export))


def one_source(export: str, chosen: Sequence[Segment]) -> Source:
    """The one source of the segments `chosen` for the export of that name. Raises SegmentsOfSeveralSources."""
    found = {segment.source_id: segment.source for segment in chosen}
    if len(found) != 1:
        names = ", ".join(sorted(source.name for source in found.values()))
        raise SegmentsOfSeveralSources(export=export, sources=names)
    return next(iter(found.values()))


def is_emptying(export: Export) -> bool:
    """Whether the export's next run is its last, which takes off the list whom it put there."""
    return Removal.objects.filter(export=export, contacts="remove").exists()


def opened_source(export: Export) -> ProfileSource:
    """Where the profiles of a run come from. Raises SegmentsOfSeveralSources."""
    return Nobody() if is_emptying(export) else sources.opened(source_of(export))


def opened_segments(export: Export) -> list[room.Segment]:
    """The segments whose members a run carries."""
    return [] if is_emptying(export) else [segments.opened(segment) for segment in segments_of(export)]


def mapping_of(export: Export) -> contacts.Mapping:
    """The data matching."""
    if is_emptying(export):
        return NOBODYS
    consent = (
        contacts.ConsentColumn(export.consent_field, tuple(export.consent_values)) if export.consent_field else None
    )
    return replace(mapping(export.email, export.attributes), consent=consent)


def guards_of(export: Export) -> Guards:
    """When a run waits for a person. Whoever removes an export with its contacts has been asked already."""
    return NO_GUARDS if is_emptying(export) else Guards(**export.guards)


def takes_leavers_off(export: Export) -> bool:
    """Whether who left the segments leaves the list too."""
    return is_emptying(export) or export.leavers == "remove"


def require_mapping(export: Export, attributes: Mapping[str, contacts.AttributeType]) -> None:
    """Raises what is wrong with the data matching, seen against the source's columns and the account's attributes."""
    contacts.check_mapping(mapping(export.email, export.attributes), sources.columns_of(source_of(export)), attributes)


def mapping(email: str, attributes: Mapping[str, Mapping[str, str]]) -> contacts.Mapping:
    """The data matching that `attributes` write, by attribute."""
    return contacts.Mapping(email, tuple(contacts.AttributeMapping(name, **item) for name, item in attributes.items()))


def check_consent(consent: ProfileConsentSpec | None, columns: Mapping[str, Column]) -> None:
    """Raises ColumnUnknown, ConsentFieldUnfit or ConsentValuesMissing unless the column can say who agreed."""
    if consent is None:
        return
    column = columns.get(consent.field)
    if column is None:
        near = get_close_matches(consent.field, columns, n=3) or list(columns)[:3]
        raise ColumnUnknown(column=consent.field, closest=naming.listed(near))
    fitting = {ColumnType.TEXT} if consent.values else {ColumnType.TEXT, ColumnType.BOOLEAN}
    if column.type not in fitting:
        raise ConsentFieldUnfit(column=column.name, native=column.native)
    if column.type is ColumnType.TEXT and not consent.values:
        raise ConsentValuesMissing(column=column.name)


class Nobody:
    """A source without profiles: implements `profiles.source.Source`."""

    name = "nobody"
    key = "key"

    def open(self, duck: Duck) -> None:
        duck.run("CREATE OR REPLACE TEMP VIEW profiles AS SELECT ''::VARCHAR AS key, ''::VARCHAR AS email WHERE false")

    def stamp(self) -> object:
        return None

    def columns(self, duck: Duck) -> dict[str, Column]:  # noqa: ARG002 - the protocol's
        return dict(CARRIED_COLUMNS)

    def check(self, duck: Duck) -> int:  # noqa: ARG002 - the protocol's
        return 0

    def load(self, duck: Duck, query: str, table: str) -> None:
        duck.run(f"CREATE OR REPLACE TABLE {table} AS {query}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        yield

    def apart(self) -> AbstractContextManager[tuple[Duck, Sequence[Path]]]:
        raise NotImplementedError("a SELECT asks nobody")
