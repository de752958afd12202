"""The shape of the configuration file: what `traginer apply` takes and `traginer dump` gives, in the words of the screens."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from traginer.i18n import N_, gettext
from traginer.values import ColumnType

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
BREVO_URL = "https://api.brevo.com/v3"
# Editors see the file before its variables are filled in.
ADDRESS_OR_VARIABLE = r"^(https?://\S+|\$\{[A-Za-z_][A-Za-z0-9_]*\}\S*)$"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(gettext(N_("there is no time zone {name}")).format(name=name)) from None
    return name


def _known_cron(expression: str) -> str:
    try:
        CronSim(expression, A_DAY)
    except CronSimError:
        text = gettext(N_('"{cron}" is not a cron expression of five fields'))
        raise ValueError(text.format(cron=expression)) from None
    return " ".join(expression.split())


def _time_of_day(value: Any) -> str:
    """A time as 06:00. YAML reads 16:30 without quotes as the number of its minutes."""
    if isinstance(value, int) and 0 <= value < 24 * 60:
        return f"{value // 60:02}:{value % 60:02}"
    match = _TIME.fullmatch(str(value))
    if match is None:
        raise ValueError(
            gettext(N_('"{time}" is not a time of day: write hours and minutes, as in 06:30')).format(time=value)
        )
    return f"{int(match[1]):02}:{match[2]}"


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


def _as_field(value: Any) -> Any:
    """`FIRSTNAME: first_name` is short for `FIRSTNAME: {field: first_name}`."""
    return {"field": value} if isinstance(value, str) else value


def _addressed(value: str | list[str]) -> str | list[str]:
    """Nobody named is nobody but administrators."""
    if isinstance(value, str):
        return value
    strange = [email for email in value if "@" not in email]
    if strange:
        raise ValueError(gettext(N_("{strange} is not an e-mail address")).format(strange=strange[0]))
    return [email.lower() for email in value] or "administrators"


Name = Annotated[str, Field(min_length=1, max_length=200)]
Zone = Annotated[str, AfterValidator(_known_zone)]
UsableBy = Annotated[Literal["administrators", "contributors"] | list[str], AfterValidator(_addressed)]
"""Who may use a connection beside administrators: nobody, all contributors, or those with these e-mail addresses."""


class Spec(BaseModel):
    """A part of the file. Words that are not known are refused, so that a typing error is never a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSpec(Spec):
    """A source of profiles. `types` overrides what CSV columns are taken for."""

    name: Name
    type: Literal["parquet", "csv", "duckdb"]
    path: str
    key: Name
    table: str | None = None
    types: dict[str, Literal["text", "number", "boolean", "date", "timestamp"]] = Field(default_factory=dict)

    def column_types(self) -> dict[str, ColumnType]:
        """`types`, as the profiles room takes them."""
        return {name: ColumnType(kind) for name, kind in self.types.items()}


class ConsentSpec(Spec):
    """Who agreed to Data privacy and compliance, and to which version of the text.

    `agreed_on`, with its offset, is needed to agree again after the consent was withdrawn.
    """

    agreed_by: Name
    text: Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int)]
    agreed_on: AwareDatetime | None = None


class ConnectionSpec(Spec):
    """A Brevo account. `api_key` is never dumped; without it, an update keeps the key that is there.

    `share` is how much of the account's limits is ours; the rest is left to its other tools. `contact_limit` is how many
    contacts the contract with Brevo allows.
    """

    name: Name
    type: Literal["brevo"] = "brevo"
    api_key: str | None = Field(default=None, min_length=1, repr=False)
    base_url: str = Field(
        default=BREVO_URL, pattern=r"^https?://\S+$", json_schema_extra={"pattern": ADDRESS_OR_VARIABLE}
    )
    tier: Literal["general", "advanced", "extended", "unlimited"] = "general"
    share: float = Field(default=0.8, gt=0, le=1)
    contact_limit: int | None = Field(default=None, gt=0)
    usable_by: UsableBy = "administrators"
    consent: ConsentSpec | None = None


class SegmentSpec(Spec):
    """A segment: `rules` or `sql`, exactly one of them."""

    name: Name
    source: Name
    rules: dict[str, Any] | None = None
    sql: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "SegmentSpec":
        if (self.rules is None) == (self.sql is None):
            raise ValueError(gettext(N_("a segment has either rules or sql")))
        return self


class AttributeSpec(Spec):
    """A profile field for a Brevo attribute; phones may name the column of their country, and one to fall back on."""

    field: Name
    region: str | None = None
    default_region: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")


class CronSpec(Spec):
    """A schedule of the export's own, by a cron expression of five fields."""

    cron: Annotated[str, AfterValidator(_known_cron)]
    timezone: Zone = "UTC"


class TimesSpec(Spec):
    """A schedule of the export's own: at these times of the day, on these days of the week; on each day where none is named."""

    times: list[Annotated[str, BeforeValidator(_time_of_day)]] = Field(min_length=1)
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(default_factory=list)
    timezone: Zone = "UTC"

    @field_validator("times", mode="after")
    @classmethod
    def _in_order(cls, value: list[str]) -> list[str]:
        return sorted(set(value))

    @field_validator("days", mode="after")
    @classmethod
    def _in_week(cls, value: list[str]) -> list[str]:
        """In the order of the week; all seven are no choice."""
        days = [day for day in WEEK if day in value]
        return [] if len(days) == len(WEEK) else days


def _form_of_schedule(value: Any) -> str:
    """Which form is meant, so that an error is about that one. The answers are no words of the file."""
    if isinstance(value, TimesSpec) or (isinstance(value, dict) and "times" in value):
        return TimesSpec.__name__
    return CronSpec.__name__ if isinstance(value, CronSpec | dict) else "word[]"


Schedule = Annotated[
    Annotated[Literal["system", "none"], Tag("word[]")]
    | Annotated[CronSpec, Tag(CronSpec.__name__)]
    | Annotated[TimesSpec, Tag(TimesSpec.__name__)],
    Discriminator(_form_of_schedule),
]


class GuardsSpec(Spec):
    """When a run waits for a person: how far it may shrink what the list holds because of this export, and how many it wants."""

    max_shrink_percent: float = Field(default=30.0, ge=0, le=100)
    max_removals: int | None = Field(default=None, ge=0)
    min_contacts: int | None = Field(default=None, ge=0)
    max_contacts: int | None = Field(default=None, gt=0)


class ProfileConsentSpec(Spec):
    """The column that says who agreed to be written to; of a text column, the values that mean yes."""

    field: Name
    values: list[str] = Field(default_factory=list)


class ExportSpec(Spec):
    """Which segments go to which list, over which connection, with which data matching.

    Without a connection the export is detached: it keeps its configuration and does not run. Disabled, it keeps its
    connection too.
    """

    name: Name
    connection: Name | None
    enabled: bool = True
    purpose: str = Field(default="", max_length=2000)
    list_id: int = Field(gt=0, alias="list")
    email: Name
    attributes: dict[
        str, Annotated[AttributeSpec, BeforeValidator(_as_field, json_schema_input_type=AttributeSpec | str)]
    ] = Field(default_factory=dict)
    segments: list[Name] = Field(min_length=1)
    leavers: Literal["remove", "keep"] = "remove"
    consent: Annotated[
        ProfileConsentSpec | None, BeforeValidator(_as_field, json_schema_input_type=ProfileConsentSpec | str | None)
    ] = None
    schedule: Schedule = "system"
    timezone: Zone = "UTC"
    guards: GuardsSpec = GuardsSpec()


class FileSpec(Spec):
    """A whole file. Every section may be absent: what is not named stays as it is."""

    sources: list[SourceSpec] = Field(default_factory=list)
    connections: list[ConnectionSpec] = Field(default_factory=list)
    segments: list[SegmentSpec] = Field(default_factory=list)
    exports: list[ExportSpec] = Field(default_factory=list)

    @model_validator(mode="after")
    def _names_once(self) -> "FileSpec":
        for section in ("sources", "connections", "segments", "exports"):
            names = [item.name for item in getattr(self, section)]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(
                    gettext(N_("{section} name {names} more than once")).format(section=section, names=", ".join(twice))
                )
        return self
