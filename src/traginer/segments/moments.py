"""Days, moments and spans of time, as rules write them. What is relative is worked out here, by the run's clock.

A moment without an offset means the zone of the run. A time that the clock jumps over is read with the offset before
the jump, and one that passes twice means its first passing (PEP 495, fold=0).
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from traginer.i18n import ngettext
from traginer.segments.tree import Span
from traginer.values import AsOf

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
FIRST_WALL = FIRST.replace(tzinfo=None)
LAST_WALL = LAST.replace(tzinfo=None)


@dataclass(frozen=True)
class Unit:
    """A unit of `within_last`. Calendar units go `back` by days and keep the time of day; others count real seconds."""

    says: Callable[[int], str]
    back: Callable[[date, int], date] | None = None


def day_of(text: str) -> date | None:
    """The day that `text` writes as YYYY-MM-DD; None where it writes none."""
    return _read(date.fromisoformat, text) if ISO_DAY.fullmatch(text) else None


def moment_of(text: str) -> date | datetime | None:
    """The day or moment that `text` writes in ISO 8601; None where it writes none."""
    return _read(datetime.fromisoformat, text) if ISO_MOMENT.fullmatch(text) else day_of(text)


def seconds_of(clock_time: str) -> tuple[int, int]:
    """The second of the day at which `clock_time` begins, and the one at which it is over: "09:30" lasts a minute."""
    parts = [int(part) for part in clock_time.split(":")]
    begin = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)
    return begin, begin + (1 if len(parts) == 3 else 60)


def midnight(day: date) -> datetime:
    """The wall clock at which `day` begins."""
    return datetime.combine(day, time())


def day_after(day: date) -> datetime:
    """The wall clock at which `day` is over; the last moment there is, for the last day there is."""
    return midnight(day + timedelta(days=1)) if day < date.max else LAST_WALL


def instant(moment: datetime, zone: str) -> datetime:
    """`moment` in UTC, read in `zone` where it has no offset."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        return FIRST if moment.year == 1 else LAST


def wall(moment: datetime, zone: str) -> datetime:
    """`moment` on the wall clock of `zone`, without offset."""
    try:
        return (moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment).replace(tzinfo=None, fold=0)
    except OverflowError:
        return FIRST_WALL if moment.year == 1 else LAST_WALL


def days_back(span: Span, as_of: AsOf) -> date:
    """The day that lies `span` before the day of the run. Raises ValueError for a unit shorter than a day."""
    back = UNITS[span.unit].back
    if back is None:
        raise ValueError(f"{span.unit} are no days")
    return back(as_of.local.date(), span.count)


def moments_back(span: Span, as_of: AsOf, *, zoned: bool) -> datetime:
    """The moment that lies `span` before the run: an instant in UTC if `zoned`, a wall clock otherwise.

    A wall clock that was set back inside a span of minutes or hours may read later at its beginning than at its end;
    the span is then counted on the wall clock.
    """
    now = wall(as_of.instant, as_of.timezone)
    if UNITS[span.unit].back:
        begin = datetime.combine(days_back(span, as_of), now.time())
        return instant(begin, as_of.timezone) if zoned else begin
    length = timedelta(**{span.unit: span.count})
    begin = as_of.instant.astimezone(UTC) - length
    if zoned:
        return begin
    return wall(begin, as_of.timezone) if wall(begin, as_of.timezone) <= now else now - length


def _read[T](reader: Callable[[str], T], text: str) -> T | None:
    try:
        return reader(text)
    except ValueError:
        return None


def _by_days(length: int) -> Callable[[date, int], date]:
    def back(day: date, count: int) -> date:
        return day - timedelta(days=min(length * count, day.toordinal() - 1))

    return back


def _by_months(length: int) -> Callable[[date, int], date]:
    def back(day: date, count: int) -> date:
        year, month = divmod(day.year * 12 + day.month - 1 - length * count, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) if year >= 1 else date.min

    return back


UNITS = {
    "minutes": Unit(lambda n: ngettext("{n} minute", "{n} minutes", n).format(n=n)),
    "hours": Unit(lambda n: ngettext("{n} hour", "{n} hours", n).format(n=n)),
    "days": Unit(lambda n: ngettext("{n} day", "{n} days", n).format(n=n), _by_days(1)),
    "weeks": Unit(lambda n: ngettext("{n} week", "{n} weeks", n).format(n=n), _by_days(7)),
    "months": Unit(lambda n: ngettext("{n} month", "{n} months", n).format(n=n), _by_months(1)),
    "years": Unit(lambda n: ngettext("{n} year", "{n} years", n).format(n=n), _by_months(12)),
}
