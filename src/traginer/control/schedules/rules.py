"""When something runs by itself: at times of the day, by a cron expression, or never; and the moments that follow from it.

On the day that clocks go forward, a time that does not exist is the first minute after the gap; on the day that they go back,
a time that comes twice is its first coming (`cronsim`, as Debian's cron).
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby, islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from traginer.control.schedules_errors import (
    CronInvalid,
    DayUnknown,
    KindUnknown,
    ScheduleInvalid,
    TimeInvalid,
    TimesMissing,
    ZoneUnknown,
)
from traginer.errors import Phrase
from traginer.i18n import N_

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CRON_FIELDS = 5
FIELDS_MISCOUNTED = N_("it has more fields, or fewer")
FIELD_BAD = {
    "Bad minute": N_("its minute cannot be read"),
    "Bad hour": N_("its hour cannot be read"),
    "Bad day-of-month": N_("its day of the month cannot be read, or no month has it"),
    "Bad month": N_("its month cannot be read"),
    "Bad day-of-week": N_("its day of the week cannot be read"),
}
"""What cronsim says is wrong, in our words."""
UNREADABLE = N_("it cannot be read")
NO_SUCH_DATE = N_("the date that it names never comes")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Rule:
    """The moments at which any of `crons` matches the wall clock of `timezone`; never where there are none."""

    crons: tuple[str, ...] = ()
    timezone: str = "UTC"

    def after(self, moment: datetime) -> Iterator[datetime]:
        """The moments later than `moment`, the next first, each once, in UTC."""
        local = moment.astimezone(ZoneInfo(self.timezone))
        found = merge(*(self._matches(cron, local) for cron in self.crons))
        return (each for each, _ in groupby(each for each in found if each > moment))

    def next(self, moment: datetime) -> datetime | None:
        """The first moment later than `moment`; None for never."""
        return next(self.after(moment), None)

    def latest(self, since: datetime, until: datetime) -> datetime | None:
        """The last moment later than `since` and not later than `until`, if there is one."""
        passed = deque(takewhile(lambda each: each <= until, self.after(since)), maxlen=1)
        return passed[0] if passed else None

    def _matches(self, cron: str, local: datetime) -> Iterator[datetime]:
        return (match.astimezone(UTC) for match in CronSim(cron, local))


NEVER = Rule()


def read(written: Mapping[str, Any]) -> Rule:
    """The rule that `written` says: {"kind": "times", "times", "days", "timezone"}, {"kind": "cron", "cron", "timezone"},
    or {"kind": "off"} or "none". Raises ScheduleInvalid.
    """
    kind = written.get("kind", "off")
    if kind in {"off", "none"}:
        return NEVER
    if kind == "cron":
        return Rule((_cron(str(written.get("cron", ""))),), _zone(written))
    if kind == "times":
        return Rule(_crons(written.get("times", ()), written.get("days", ())), _zone(written))
    raise KindUnknown(kind=kind)


def next_times(written: Mapping[str, Any], moment: datetime, count: int = 5) -> list[datetime]:
    """The next moments of a rule after `moment`, on the clock of its time zone. Raises ScheduleInvalid."""
    rule = read(written)
    return [each.astimezone(ZoneInfo(rule.timezone)) for each in islice(rule.after(moment), count)]


def checked(written: Mapping[str, Any]) -> dict[str, Any]:
    """The rule in its one spelling: times as 06:00, days in the order of the week. Raises ScheduleInvalid."""
    read(written)
    kind = written.get("kind", "off")
    if kind == "times":
        times = sorted({_hours_and_minutes(time) for time in written["times"]})
        days = [day for day in DAYS if day in {str(each).lower()[:3] for each in written.get("days", ())}]
        return {
            "kind": "times",
            "times": [f"{hour:02}:{minute:02}" for hour, minute in times],
            "days": [] if len(days) == len(DAYS) else days,
            "timezone": written.get("timezone", "UTC"),
        }
    if kind == "cron":
        return {"kind": "cron", "cron": " ".join(written["cron"].split()), "timezone": written.get("timezone", "UTC")}
    return {"kind": kind}


def is_valid(written: Mapping[str, Any]) -> bool:
    """Whether `read` can make sense of it."""
    try:
        read(written)
    except ScheduleInvalid:
        return False
    return True


def _crons(times: Sequence[str], days: Sequence[str]) -> tuple[str, ...]:
    if not times:
        raise TimesMissing
    named = ",".join(_day(day) for day in days) or "*"
    return tuple(f"{minute} {hour} * * {named}" for hour, minute in map(_hours_and_minutes, times))


def _hours_and_minutes(time: str) -> tuple[int, int]:
    found = _TIME.fullmatch(str(time).strip())
    if found is None:
        raise TimeInvalid(time=time)
    return int(found[1]), int(found[2])


def _day(day: str) -> str:
    short = str(day).lower()[:3]
    if short not in DAYS:
        raise DayUnknown(day=day)
    return short.upper()


def _cron(expression: str) -> str:
    """The expression, if it will ever match; seconds, which cronsim knows, are no part of a schedule."""
    fields = expression.split()
    if len(fields) != CRON_FIELDS:
        raise CronInvalid(cron=expression, why=Phrase(FIELDS_MISCOUNTED))
    try:
        next(CronSim(expression, datetime.now(UTC)))
    except CronSimError as error:
        raise CronInvalid(cron=expression, why=Phrase(FIELD_BAD.get(str(error), UNREADABLE))) from None
    except StopIteration:
        raise CronInvalid(cron=expression, why=Phrase(NO_SUCH_DATE)) from None
    return expression


def _zone(written: Mapping[str, Any]) -> str:
    name = str(written.get("timezone", "UTC"))
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ZoneUnknown(timezone=name) from None
    return name
