"""The few values that travel between rooms: a column of a source, and the one moment a run looks at."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class ColumnType(StrEnum):
    """What a column's values are, as far as rules and mappings care."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    """A moment. Columns without a zone are read as moments in the run's time zone."""
    OTHER = "other"
    """Lists, structs, blobs: they can be carried by no rule and no mapping."""


@dataclass(frozen=True)
class Column:
    """A column of a source: `name` as the source spells it, and `native`, the source's own type name, for screens.

    `zoned` is true for moments that carry their offset; the others mean the run's time zone.
    """

    name: str
    type: ColumnType
    native: str
    zoned: bool = False


@dataclass(frozen=True)
class AsOf:
    """The one moment a run looks at, and the zone in which its days begin.

    Read once per run and kept with it, so that a resumed or repeated run selects the same people.
    """

    instant: datetime
    timezone: str

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("as_of needs an offset")
        ZoneInfo(self.timezone)

    @property
    def local(self) -> datetime:
        """The moment on the wall clock of `timezone`."""
        return self.instant.astimezone(ZoneInfo(self.timezone))
