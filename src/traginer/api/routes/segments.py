"""/segments: named sets of profiles."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.faults import in_body
from traginer.api.paging import DEFAULT, Cursor, Limit, Name, Page, Search, asking, by_name, cut
from traginer.api.schemas.segments import (
    Segment,
    SegmentCount,
    SegmentOverlap,
    SegmentSample,
    SegmentSnapshot,
    TimeZone,
)
from traginer.api.waiting import long
from traginer.control import api_support, segments, snapshots
from traginer.control.runs.means import now
from traginer.control.spec import SegmentSpec
from traginer.values import AsOf

router = Router()


@router.get("/segments", response=Page[Segment])
def list_segments(
    request: HttpRequest, search: Search = "", name: Name = "", limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[Segment]:
    """List the segments, by name."""
    asked = asking(request, cursor, limit, str)
    found, following = by_name(asked, segments.every(who(request), search), lambda one: one.name, name)
    return Page[Segment](items=[Segment.of(one) for one in found], next=following)


@router.post("/segments", response={201: Segment})
def create_segment(
    request: HttpRequest, spec: Annotated[SegmentSpec, JsonBody(...)], response: HttpResponse
) -> Status[Segment]:
    """Create a segment, by rules or by a SELECT, checked against the columns of its source."""
    with in_body():
        made = segments.create(who(request), spec)
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, Segment.of(made))


@router.post("/segments/count", response=SegmentCount)
def count_draft(
    request: HttpRequest, spec: Annotated[SegmentSpec, JsonBody(...)], timezone: TimeZone = "UTC"
) -> SegmentCount:
    """Count the members of a segment that has not been saved."""
    moment = AsOf(now(), timezone)
    with long(), in_body():
        return SegmentCount.of(segments.count_draft(who(request), spec, moment), moment.instant)


@router.get("/segments/{segment}", response=Segment)
def get_segment(request: HttpRequest, segment: Number) -> Segment:
    """Show a segment."""
    return Segment.of(api_support.segment(who(request), segment))


@router.put("/segments/{segment}", response=Segment)
def replace_segment(request: HttpRequest, segment: Number, spec: Annotated[SegmentSpec, JsonBody(...)]) -> Segment:
    """Change a segment: it is as the body says, its name too."""
    actor = who(request)
    with in_body():
        return Segment.of(segments.update(actor, api_support.segment(actor, segment), spec))


@router.delete("/segments/{segment}", response={204: None})
def remove_segment(request: HttpRequest, segment: Number) -> Status[None]:
    """Remove a segment that no export carries."""
    actor = who(request)
    segments.remove(actor, api_support.segment(actor, segment))
    return Status(204, None)


@router.get("/segments/{segment}/count", response=SegmentCount)
def count_segment(request: HttpRequest, segment: Number, timezone: TimeZone = "UTC") -> SegmentCount:
    """Count the members of a segment now, and the profiles that each of its rules holds for."""
    actor, moment = who(request), AsOf(now(), timezone)
    found = api_support.segment(actor, segment)
    with long():
        return SegmentCount.of(segments.count(actor, found, moment), moment.instant)


@router.get("/segments/{segment}/sample", response=SegmentSample)
def sample_segment(request: HttpRequest, segment: Number, timezone: TimeZone = "UTC") -> SegmentSample:
    """Show some members of a segment with the values that its rules ask about, masked for those who may not see profiles."""
    actor = who(request)
    found = api_support.segment(actor, segment)
    with long():
        return SegmentSample.of(segments.sample(actor, found, AsOf(now(), timezone)))


@router.get("/segments/{segment}/overlaps/{other}", response=SegmentOverlap)
def overlap_segments(
    request: HttpRequest, segment: Number, other: Number, timezone: TimeZone = "UTC"
) -> SegmentOverlap:
    """Count the profiles that are in two segments of one source at once, and in each of them."""
    actor = who(request)
    first, second = api_support.segment(actor, segment), api_support.segment(actor, other)
    with long():
        return SegmentOverlap.of(segments.overlap(actor, first, second, AsOf(now(), timezone)))


@router.get("/segments/{segment}/snapshots", response=Page[SegmentSnapshot])
def list_snapshots(
    request: HttpRequest, segment: Number, limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[SegmentSnapshot]:
    """List how many members a segment had with each scheduled refresh, how many joined and left, the newest first."""
    actor, asked = who(request), asking(request, cursor, limit, int)
    found = snapshots.trend(actor, api_support.segment(actor, segment), limit + 1, asked.after)
    page, following = cut(asked, found, lambda one: one.number)
    return Page[SegmentSnapshot](items=[SegmentSnapshot.of(one) for one in page], next=following)
