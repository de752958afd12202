"""Sources, their columns, and what those may be for."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import WithJsonSchema

from traginer.api.bodies import Shown
from traginer.api.schemas.problems import Problem
from traginer.control import sources
from traginer.control.previews import ColumnPreview, Suggestion
from traginer.control.sources import Checked, Described
from traginer.i18n import gettext
from traginer.values import ColumnType

Configuration = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "x-configuration": "SourceSpec"})]


class Source(Shown):
    """A source of profiles; `configuration` as PUT and the configuration file take it."""

    id: int
    name: str
    type: str
    updated_at: datetime
    configuration: Configuration

    @classmethod
    def of(cls, source: Any) -> Self:
        """Of a source as the service gives it."""
        return cls(
            id=source.pk,
            name=source.name,
            type=source.type,
            updated_at=source.updated_at,
            configuration=sources.dump(source),
        )


class Column(Shown):
    """A column: its type for rules and mappings, and `native`, the source's own."""

    name: str
    type: ColumnType
    native: str


class SourceCheck(Shown):
    """What reading a source through has found."""

    profiles: int
    columns: list[Column]

    @classmethod
    def of(cls, found: Checked) -> Self:
        """Of what the service found."""
        columns = [Column(name=one.name, type=one.type, native=one.native) for one in found.columns.values()]
        return cls(profiles=found.profiles, columns=columns)


class ColumnSamples(Column):
    """A column and some of its values, masked for those who may not see profiles."""

    samples: list[str]

    @classmethod
    def of(cls, preview: ColumnPreview) -> Self:
        """Of a column as the service gives it."""
        return cls(name=preview.name, type=preview.type, native=preview.native, samples=list(preview.samples))


class MatchSuggestion(Shown):
    """What a column may be for: `attribute` is null for the address, `region` the column of a phone's country."""

    field: str
    attribute: str | None
    column: str
    region: str | None

    @classmethod
    def of(cls, suggestion: Suggestion) -> Self:
        """Of a suggestion of the service."""
        return cls(
            field=gettext(suggestion.label),
            attribute=suggestion.attribute or None,
            column=suggestion.column,
            region=suggestion.region or None,
        )


class ColumnFilled(ColumnSamples):
    """A column: on how many profiles it is `filled`, and about how many `different` values it has; null where no rule can use it."""

    filled: int | None
    different: int | None


class SourceDescription(Shown):
    """What stands in a source. `problem` is what keeps a run from using it."""

    profiles: int
    files: int
    bytes: int
    written_at: datetime
    columns: list[ColumnFilled]
    problem: Problem | None

    @classmethod
    def of(cls, found: Described) -> Self:
        """Of what the service found."""
        columns = [
            ColumnFilled(
                name=one.name,
                type=one.type,
                native=one.native,
                samples=list(one.samples),
                filled=one.filled,
                different=one.different,
            )
            for one in found.columns
        ]
        return cls(
            profiles=found.profiles,
            files=found.files,
            bytes=found.bytes,
            written_at=found.written_at,
            columns=columns,
            problem=Problem.of(found.trouble) if found.trouble else None,
        )
