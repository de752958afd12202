"""The shape of the configuration file: what `traginer apply` takes and `traginer dump` gives, in the words of the screens."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from traginer.i18n import N_, gettext
from traginer.values import ColumnType

BREVO_URL = "https://api.brevo.com/v3"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(gettext(N_("there is no time zone {name}")).format(name=name)) from None
    return name


Name = Annotated[str, Field(min_length=1, max_length=200)]
Zone = Annotated[str, AfterValidator(_known_zone)]


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
    """Who agreed to Data privacy and compliance, and to which version of the text."""

    agreed_by: Name
    text: str

    @field_validator("text", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class ConnectionSpec(Spec):
    """A Brevo account. `api_key` is never dumped; without it, an update keeps the key that is there.

    `share` is how much of the account's limits is ours; the rest is left to its other tools.
    """

    name: Name
    type: Literal["brevo"] = "brevo"
    api_key: str | None = Field(default=None, min_length=1, repr=False)
    base_url: str = Field(default=BREVO_URL, pattern=r"^https?://\S+$")
    tier: Literal["general", "advanced", "extended", "unlimited"] = "general"
    share: float = Field(default=0.8, gt=0, le=1)
    usable_by: Literal["administrators", "contributors"] | list[str] = "administrators"
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


class ScheduleSpec(Spec):
    """A schedule of the export's own."""

    cron: str
    timezone: Zone = "UTC"


class GuardsSpec(Spec):
    """How far one run may shrink what the list holds because of this export."""

    max_shrink_percent: float = Field(default=30.0, ge=0, le=100)


class ExportSpec(Spec):
    """Which segments go to which list, over which connection, with which data matching."""

    name: Name
    connection: Name
    list_id: int = Field(gt=0, alias="list")
    email: Name
    attributes: dict[str, AttributeSpec] = Field(default_factory=dict)
    segments: list[Name] = Field(min_length=1)
    leavers: Literal["remove", "keep"] = "remove"
    schedule: Literal["system", "none"] | ScheduleSpec = "system"
    timezone: Zone = "UTC"
    guards: GuardsSpec = GuardsSpec()

    @field_validator("attributes", mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """`FIRSTNAME: first_name` is short for `FIRSTNAME: {field: first_name}`."""
        if not isinstance(value, dict):
            return value
        return {name: {"field": field} if isinstance(field, str) else field for name, field in value.items()}


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
