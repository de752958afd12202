"""/profiles: look one up, and see what became of it."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.schemas.profiles import FoundProfiles, Membership, Profile, ProfileSearch
from traginer.api.schemas.segments import TimeZone
from traginer.api.waiting import long
from traginer.control import api_support, profiles
from traginer.control.runs.means import now
from traginer.values import AsOf

router = Router()

Reference = Annotated[str, Path(max_length=64, description="What stands for the profile, as a search gives it.")]


@router.post("/profiles/search", response=FoundProfiles)
def search_profiles(request: HttpRequest, asked: Annotated[ProfileSearch, JsonBody(...)]) -> FoundProfiles:
    """Find profiles by key, e-mail address or name: in a body, because proxies write addresses down. Those who may not see profiles get them masked, and find nobody by a beginning."""
    actor = who(request)
    place = profiles.place(actor, asked.source)
    with long():
        return FoundProfiles.of(profiles.search(actor, place, asked.search, asked.limit))


@router.get("/profiles/{source}/{profile}", response=Profile)
def get_profile(request: HttpRequest, source: Number, profile: Reference) -> Profile:
    """Show a profile: its values, its segments and why, and what each export makes of it. That you saw it is in the audit."""
    actor = who(request)
    place = profiles.place_numbered(actor, source)
    with long():
        return Profile.of(profiles.look(actor, place, profile, now()))


@router.get("/segments/{segment}/members/{profile}", response=Membership)
def explain_membership(
    request: HttpRequest, segment: Number, profile: Reference, timezone: TimeZone = "UTC"
) -> Membership:
    """Say why a profile is in a segment, or is not: rule by rule, with its values, masked for those who may not see profiles."""
    actor = who(request)
    found = api_support.segment(actor, segment)
    with long():
        return Membership.of(profiles.explain(actor, found, profile, AsOf(now(), timezone)))
