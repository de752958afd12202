"""One look at a profile: the session that holds it as the table `one`, and what segments say of it at one moment."""

from dataclasses import dataclass, field
from datetime import datetime

from traginer import pipeline
from traginer import segments as room
from traginer.control import segments
from traginer.control.errors import ControlError
from traginer.control.models import Segment
from traginer.control.profiles import explaining
from traginer.control.profiles.explaining import Explanation
from traginer.duck import Duck
from traginer.errors import TraginerError
from traginer.i18n import N_
from traginer.profiles.source import Source
from traginer.segments import Bounds
from traginer.values import AsOf, Column

MOST_SELECTS = 10
"""Each reads the source once more, as long as its author likes it to."""
BOUNDS = Bounds(seconds=5)


class SegmentNotAsked(ControlError):
    code = "profile-segment-not-asked"
    what = N_('Whether the profile is in the segment "{segment}" was not found out: {most} SELECTs are asked at once.')
    next_step = N_("Ask on the page of the segment.")


@dataclass
class Look:
    """The session, with `profiles` and `one` in it; `at` is the moment, `is_clear` whether values may be seen."""

    duck: Duck
    source: Source
    columns: dict[str, Column]
    at: datetime
    is_clear: bool
    selects: dict[tuple[int, str], str | TraginerError] = field(default_factory=dict)

    def explained(self, segment: Segment, zone: str) -> Explanation:
        """Why the profile is in the segment, or is not. Raises the errors of its rules and its SELECT, and SegmentNotAsked."""
        as_of, asked = AsOf(self.at, zone), segments.opened(segment)
        table = self.listed(segment, asked, zone) if isinstance(asked, room.SqlSegment) else ""
        return explaining.of_one(self.duck, self.source.key, asked, self.columns, as_of, table, is_clear=self.is_clear)

    def listed(self, segment: Segment, asked: room.SqlSegment, zone: str) -> str:
        """The table with the keys that the SELECT of a segment gives; it is asked once. Raises what was wrong with it."""
        place = (segment.pk, zone)
        if place not in self.selects:
            self.selects[place] = self._taken(segment, asked, zone)
        answer = self.selects[place]
        if isinstance(answer, TraginerError):
            raise answer
        return answer

    def _taken(self, segment: Segment, asked: room.SqlSegment, zone: str) -> str | TraginerError:
        if len(self.selects) >= MOST_SELECTS:
            return SegmentNotAsked(segment=segment.name, most=MOST_SELECTS)
        table = f"listed_{len(self.selects)}"
        try:
            pipeline.take_selected(self.duck, self.source, asked, AsOf(self.at, zone), table, BOUNDS)
        except TraginerError as error:
            return error
        return table
