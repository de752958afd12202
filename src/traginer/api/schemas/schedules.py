"""Schedules: of the system refresh and of exports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag

from traginer.api.bodies import Asked, Shown
from traginer.control import schedules
from traginer.i18n import N_, gettext

SHOWN = 5


class TimesRule(Asked):
    """At these times of the day, on these days of the week; without days daily."""

    kind: Literal["times"]
    times: list[Annotated[str, Field(max_length=5)]] = Field(min_length=1, max_length=1440)
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(default_factory=list)
    timezone: str = Field(default="UTC", max_length=64)


class CronRule(Asked):
    """By a cron expression of five fields."""

    kind: Literal["cron"]
    cron: str = Field(max_length=200)
    timezone: str = Field(default="UTC", max_length=64)


class OffRule(Asked):
    """Never by itself."""

    kind: Literal["off"]


class SystemRule(Asked):
    """An export: with the system refresh."""

    kind: Literal["system"]


class NoneRule(Asked):
    """An export: only on demand."""

    kind: Literal["none"]


def times_are_texts(value: Any) -> Any:
    """A schedule of a configuration: YAML reads 16:30 as a number, so the file takes one; JSON does not."""
    times = value.get("times") if isinstance(value, dict) else None
    if isinstance(times, list) and not all(isinstance(time, str) for time in times):
        raise ValueError(gettext(N_("Times of the day must be texts such as 06:00")))
    return value


def _kind(value: Any) -> str:
    """Which rule is meant, so that an error is about that one; spelled as what is no word of a body."""
    return f"{value.get('kind') if isinstance(value, dict) else value}[]"


Times = Annotated[TimesRule, Tag("times[]")]
Cron = Annotated[CronRule, Tag("cron[]")]
SystemSchedule = Annotated[Times | Cron | Annotated[OffRule, Tag("off[]")], Discriminator(_kind)]
ExportSchedule = Annotated[
    Times | Cron | Annotated[SystemRule, Tag("system[]")] | Annotated[NoneRule, Tag("none[]")], Discriminator(_kind)
]


class Schedule(Shown):
    """A schedule: its rule, what it says in words, and the next five times, on the clock of its time zone."""

    rule: dict[str, Any]
    says: str
    next: list[datetime]

    @classmethod
    def of(cls, rule: Mapping[str, Any], system: Mapping[str, Any], at: datetime) -> Self:
        """Of a rule, or of an export's choice to follow that of the system."""
        followed = system if rule.get("kind", "system") == "system" else rule
        times = schedules.next_times(followed, at, SHOWN) if schedules.is_valid(followed) else []
        return cls(rule=dict(rule), says=schedules.describe(rule), next=times)
