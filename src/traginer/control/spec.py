"""The shape of the configuration file: what `traginer apply` takes and `traginer dump` gives, in the words of the screens.

The docstrings of the words are their descriptions in the JSON Schema, which editors show.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from traginer.control.spec_base import (
    LARGEST,
    LONGEST_ADDRESS,
    MOST_THINGS,
    Count,
    Name,
    Number,
    ServerUrl,
    Spec,
    Zone,
)
from traginer.control.spec_notices import NoticeSpec
from traginer.control.spec_schedules import WEEK, CronSpec, Schedule, SystemSpec, TimesSpec
from traginer.i18n import N_, gettext
from traginer.values import ColumnType

__all__ = [
    "BREVO_URL",
    "LARGEST",
    "SECTIONS",
    "WEEK",
    "AttributeSpec",
    "ConnectionSpec",
    "ConsentSpec",
    "CronSpec",
    "ExportSpec",
    "FileSpec",
    "GuardsSpec",
    "Name",
    "NoticeSpec",
    "ProfileConsentSpec",
    "Schedule",
    "SegmentSpec",
    "SourceSpec",
    "Spec",
    "SystemSpec",
    "TimesSpec",
    "UsableBy",
    "Zone",
]

BREVO_URL = "https://api.brevo.com/v3"
# Editors see the file before its variables are filled in.
ADDRESS_OR_VARIABLE = r"^(https?://\S+|\$\{[A-Za-z_][A-Za-z0-9_]*\}\S*)$"
SECTIONS = ("sources", "connections", "segments", "exports", "notices")
"""The sections of named things, in the order in which one needs the other."""


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_field(value: Any) -> Any:
    """`FIRSTNAME: first_name` is short for `FIRSTNAME: {field: first_name}`."""
    return {"field": value} if isinstance(value, str) else value


def _addressed(value: str | list[str]) -> str | list[str]:
    """Each person once; nobody named is nobody but administrators."""
    if isinstance(value, str):
        return value
    strange = [email for email in value if "@" not in email]
    if strange:
        raise ValueError(gettext(N_("{strange} is not an e-mail address")).format(strange=strange[0]))
    return list(dict.fromkeys(email.lower() for email in value)) or "administrators"


def _dates_as_texts(value: Any) -> Any:
    """YAML reads 2026-01-31 without quotes as a date, which no database keeps in JSON."""
    if isinstance(value, dict):
        return {name: _dates_as_texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_dates_as_texts(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _once(names: list[str]) -> list[str]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(gettext(N_("{names} stands here more than once")).format(names=", ".join(twice)))
    return names


Email = Annotated[str, Field(max_length=LONGEST_ADDRESS)]
UsableBy = Annotated[
    Literal["administrators", "contributors"] | Annotated[list[Email], Field(max_length=MOST_THINGS)],
    AfterValidator(_addressed),
]
"""Who may use a connection beside administrators: nobody, all contributors, or those with these e-mail addresses."""


class SourceSpec(Spec):
    """A source of profiles."""

    name: Name
    """What it is called everywhere."""
    type: Literal["parquet", "csv", "duckdb"]
    """The kind of file."""
    path: str = Field(min_length=1)
    """Where the file is; a relative path begins at the configuration file. A pattern such as part-*.parquet is many files."""
    key: Name
    """The column that tells one profile from all others."""
    table: Name | None = None
    """The table of the database (duckdb only)."""
    types: dict[Name, Literal["text", "number", "boolean", "date", "timestamp"]] = Field(
        default_factory=dict, max_length=MOST_THINGS
    )
    """What columns of a CSV file are taken for, where that is not what it looks like."""

    def column_types(self) -> dict[str, ColumnType]:
        """`types`, as the profiles room takes them."""
        return {name: ColumnType(kind) for name, kind in self.types.items()}


class ConsentSpec(Spec):
    """Who agreed to Data privacy and compliance, and to which version of the text."""

    agreed_by: Name
    """The person, by their e-mail address."""
    text: Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int), Field(max_length=20)]
    """The version of the text that they read."""
    agreed_on: AwareDatetime | None = None
    """When, with its offset; needed to agree again after the consent was withdrawn. It is not dumped."""


class ConnectionSpec(Spec):
    """A Brevo account. `api_key` is never dumped; without it, an update keeps the key that is there."""

    name: Name
    """What it is called everywhere."""
    type: Literal["brevo"] = "brevo"
    """The kind of system."""
    api_key: str | None = Field(default=None, min_length=1, max_length=500, pattern=r"^[\x21-\x7e]+$", repr=False)
    """The API key of the account, best as a ${VARIABLE} of the environment."""
    base_url: ServerUrl = Field(
        default=BREVO_URL,
        pattern=r"^https?://\S+$",
        max_length=500,
        json_schema_extra={"pattern": ADDRESS_OR_VARIABLE},
    )
    """Where its API answers."""
    tier: Literal["general", "advanced", "extended", "unlimited"] = "general"
    """How many requests the plan with Brevo allows; unlimited is for the local Brevo."""
    share: float = Field(default=0.8, gt=0, le=1)
    """How much of the account's limits is ours; the rest is left to its other tools."""
    contact_limit: Number | None = None
    """How many contacts the contract with Brevo allows, which Brevo does not tell."""
    usable_by: UsableBy = "administrators"
    """Who may use it beside administrators: nobody, all contributors, or people by their e-mail addresses."""
    consent: ConsentSpec | None = None
    """Who agreed to Data privacy and compliance. Nothing runs without it."""


class SegmentSpec(Spec):
    """A segment: `rules` or `sql`, exactly one of them."""

    name: Name
    """What it is called everywhere."""
    source: Name
    """The source whose profiles it chooses from."""
    rules: Annotated[dict[str, Any], AfterValidator(_dates_as_texts)] | None = None
    """Who is a member: conditions on fields, joined by all, any or none."""
    sql: str | None = None
    """Who is a member, as one SELECT that gives the key."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "SegmentSpec":
        if (self.rules is None) == (self.sql is None):
            raise ValueError(gettext(N_("a segment has either rules or sql")))
        return self


class AttributeSpec(Spec):
    """A profile field for a Brevo attribute; phones may name the column of their country, and one to fall back on."""

    field: Name
    """The column of the source."""
    region: Name | None = None
    """Of telephone numbers: the column that holds the country of each, by its two letters."""
    default_region: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """Of telephone numbers: the country of those without one, by its two letters."""


class GuardsSpec(Spec):
    """When a run waits for a person: how far it may shrink what the list holds because of this export, and how many it wants."""

    max_shrink_percent: float = Field(default=30.0, ge=0, le=100)
    """The largest share of the list, in percent, that a run may take off."""
    max_removals: Count | None = None
    """How many contacts a run may take off the list."""
    min_contacts: Count | None = None
    """With fewer than these from its segments, the run waits."""
    max_contacts: Number | None = None
    """With more than these from its segments, the run waits."""


class ProfileConsentSpec(Spec):
    """The column that says who agreed to be written to; of a text column, the values that mean yes."""

    field: Name
    """The column of the source."""
    values: list[str] = Field(default_factory=list, max_length=MOST_THINGS)
    """Of a text column: the values that mean yes."""


class ExportSpec(Spec):
    """Which segments go to which list, over which connection, with which data matching.

    Without a connection the export is detached: it keeps its configuration and does not run. Disabled, it keeps its
    connection too.
    """

    name: Name
    """What it is called everywhere."""
    connection: Name | None
    """The connection that it runs over; null for none."""
    enabled: bool = True
    """Whether it runs at all."""
    purpose: str = Field(default="", max_length=2000)
    """What it is for, in words."""
    list_id: Number = Field(alias="list")
    """The number of the list in Brevo."""
    email: Name
    """The column with the e-mail addresses."""
    attributes: dict[
        Name, Annotated[AttributeSpec, BeforeValidator(_as_field, json_schema_input_type=AttributeSpec | str)]
    ] = Field(default_factory=dict, max_length=MOST_THINGS)
    """The column for each attribute of a Brevo contact."""
    segments: Annotated[list[Name], AfterValidator(_once)] = Field(min_length=1, max_length=MOST_THINGS)
    """The segments whose members go to the list, all of one source."""
    leavers: Literal["remove", "keep"] = "remove"
    """What becomes of who leaves the segments: taken off the list, or left on it."""
    consent: Annotated[
        ProfileConsentSpec | None, BeforeValidator(_as_field, json_schema_input_type=ProfileConsentSpec | str | None)
    ] = None
    """The column that says who agreed to be written to; nobody else is sent."""
    schedule: Schedule = "system"
    """When it runs by itself: system (with the system refresh), none (on demand), or a rule of its own."""
    timezone: Zone = "UTC"
    """The time zone in which its rules read dates."""
    guards: GuardsSpec = GuardsSpec()
    """When a run of it waits for a person."""


class FileSpec(Spec):
    """A whole file. Every section may be absent: what is not named stays as it is."""

    sources: list[SourceSpec] = Field(default_factory=list)
    """Where profiles live."""
    connections: list[ConnectionSpec] = Field(default_factory=list)
    """Brevo accounts."""
    segments: list[SegmentSpec] = Field(default_factory=list)
    """Named sets of profiles."""
    exports: list[ExportSpec] = Field(default_factory=list)
    """What goes where."""
    notices: list[NoticeSpec] = Field(default_factory=list)
    """Who is told when an export fails, is held or works again, and how."""
    system: SystemSpec | None = None
    """What is set once for the installation."""

    @model_validator(mode="after")
    def _names_once(self) -> "FileSpec":
        for section in SECTIONS:
            names = [item.name for item in getattr(self, section)]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(
                    gettext(N_("{section} name {names} more than once")).format(section=section, names=", ".join(twice))
                )
        return self
