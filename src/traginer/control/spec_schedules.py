"""Schedules as the configuration file writes them: of an export, and of the system refresh."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, field_validator

from traginer.control.spec_base import Spec, Zone
from traginer.i18n import N_, gettext

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = datetime(2026, 1, 1, tzinfo=UTC)
CRON_FIELDS = 5
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def _known_cron(expression: str) -> str:
    """With its fields one blank apart. What never comes, such as a 30th of February, is no schedule."""
    try:
        is_one = len(expression.split()) == CRON_FIELDS and next(CronSim(expression, A_DAY), None) is not None
    except CronSimError:
        is_one = False
    if not is_one:
        text = gettext(N_('"{cron}" is not a cron expression of five fields'))
        raise ValueError(text.format(cron=expression))
    return " ".join(expression.split())


def _time_of_day(value: Any) -> str:
    """A time as 06:00. YAML reads 16:30 without quotes as the number of its minutes."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
        return f"{value // 60:02}:{value % 60:02}"
    match = _TIME.fullmatch(str(value))
    if match is None:
        raise ValueError(
            gettext(N_('"{time}" is not a time of day: write hours and minutes, as in 06:30')).format(time=value)
        )
    return f"{int(match[1]):02}:{match[2]}"


class CronSpec(Spec):
    """A schedule by a cron expression of five fields."""

    cron: Annotated[str, Field(max_length=200), AfterValidator(_known_cron)]
    """Minute, hour, day of the month, month, day of the week, as in 0 6 * * 1-5."""
    timezone: Zone = "UTC"
    """The time zone of the fields, such as Europe/Madrid."""


class TimesSpec(Spec):
    """A schedule by times of the day, on chosen days of the week; on each day where none is named."""

    times: list[Annotated[str, BeforeValidator(_time_of_day)]] = Field(min_length=1, max_length=24 * 60)
    """Hours and minutes, as in 06:30."""
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(default_factory=list)
    """Only on these days."""
    timezone: Zone = "UTC"
    """The time zone of the times, such as Europe/Madrid."""

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
"""When an export runs by itself: with the system refresh, on demand only, or by a rule of its own."""
SystemSchedule = Annotated[
    Annotated[Literal["none"], Tag("word[]")]
    | Annotated[CronSpec, Tag(CronSpec.__name__)]
    | Annotated[TimesSpec, Tag(TimesSpec.__name__)],
    Discriminator(_form_of_schedule),
]


class SystemSpec(Spec):
    """What is set once for the installation."""

    schedule: SystemSchedule
    """When the system refresh runs, and with it every export whose schedule is system; or none."""


def rule_of(schedule: CronSpec | TimesSpec | str) -> dict[str, Any]:
    """The schedule as `schedules.read` takes it."""
    match schedule:
        case CronSpec():
            return {"kind": "cron", **schedule.model_dump()}
        case TimesSpec():
            return {"kind": "times", **schedule.model_dump()}
        case word:
            return {"kind": word}


def written(rule: dict[str, Any]) -> object:
    """The rule as the file writes it: the other way round."""
    kind = rule.get("kind", "system")
    if kind in {"cron", "times"}:
        return {name: value for name, value in rule.items() if name != "kind" and value != []}
    return kind
