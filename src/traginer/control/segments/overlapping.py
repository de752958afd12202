"""Two segments of one source, one over the other: how many profiles are in both, and in each alone."""

from dataclasses import dataclass

from traginer.control import sources
from traginer.control.errors import ControlError
from traginer.control.models import Segment
from traginer.control.rights import Actor
from traginer.control.segments import asking
from traginer.control.segments.configuring import opened
from traginer.errors import Turn
from traginer.i18n import N_
from traginer.values import AsOf


class SegmentsNotBeside(ControlError):
    code = "segments-not-beside"
    turn = Turn.SEGMENT
    what = N_('The segments "{first}" and "{second}" are about the profiles of different sources.')
    next_step = N_("Compare segments of one source.")


@dataclass(frozen=True)
class Overlap:
    """Members: of the first segment, of the second, and of both; of `profiles` in all."""

    profiles: int
    first: int
    second: int
    both: int

    @property
    def first_only(self) -> int:
        """Members of the first segment alone."""
        return self.first - self.both

    @property
    def second_only(self) -> int:
        """Members of the second segment alone."""
        return self.second - self.both

    @property
    def either(self) -> int:
        """Members of one of them, or of both: whom an export that carries both would carry."""
        return self.first + self.second - self.both


def beside(actor: Actor, segment: Segment) -> list[Segment]:
    """The other segments of the same source, by name: those that it can be laid over."""
    actor.require("segment:read")
    return list(Segment.objects.filter(source=segment.source_id).exclude(pk=segment.pk).order_by("name"))


def overlap(actor: Actor, first: Segment, second: Segment, as_of: AsOf) -> Overlap:
    """How two segments lie over each other at `as_of`, in one pass over the profiles.

    Raises SegmentsNotBeside for those of two sources, and the errors of the source, the rules and the SELECTs.
    """
    actor.require("segment:read")
    if first.source_id != second.source_id:
        raise SegmentsNotBeside(first=first.name, second=second.name)
    found = sources.opened(first.source)
    with sources.looked_at(found) as (duck, columns):
        one = asking.belongs(duck, found, opened(first), columns, as_of, "listed_first")
        two = asking.belongs(duck, found, opened(second), columns, as_of, "listed_second")
        with found.reading():
            rows = duck.rows(
                f"""SELECT count(*), count(*) FILTER (WHERE {one}), count(*) FILTER (WHERE {two}),
                           count(*) FILTER (WHERE ({one}) AND ({two})) FROM profiles"""
            )
    return Overlap(*rows[0])
