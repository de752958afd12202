"""Profiles: whom a search finds, and what is known of one."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from traginer.api.bodies import Asked, Shown
from traginer.api.schemas.problems import Problem
from traginer.control import profiles
from traginer.control.profiles import Carried, Explanation, Search
from traginer.control.profiles import Profile as Found
from traginer.errors import TraginerError
from traginer.values import ColumnType


class ProfileSearch(Asked):
    """Whom to look for: a key, an e-mail address or a name, whole or its beginning, in the source of this name."""

    source: Annotated[str, Field(min_length=1, max_length=200)]
    search: Annotated[str, Field(min_length=1, max_length=200)]
    limit: Annotated[int, Field(ge=1, le=50)] = 50


class FoundProfile(Shown):
    """A profile: `id` stands for it in addresses."""

    id: str
    key: str
    name: str
    email: str


class FoundProfiles(Shown):
    """The profiles found, the surest first."""

    items: list[FoundProfile]
    has_more: bool
    is_masked: bool

    @classmethod
    def of(cls, found: Search) -> Self:
        """Of what the service found."""
        items = [FoundProfile(id=one.reference, key=one.key, name=one.name, email=one.email) for one in found.rows]
        return cls(items=items, has_more=found.has_more, is_masked=found.is_masked)


class RuleAnswer(Shown):
    """What one rule answers; `pointer` leads to it from the top of the rules (JSON pointer)."""

    pointer: str
    sentence: str
    holds: bool
    field: str | None
    value: str | None


class Membership(Shown):
    """Whether a profile is in a segment, and the answer of each rule; none for a SELECT."""

    belongs: bool
    answers: list[RuleAnswer]

    @classmethod
    def of(cls, told: Explanation) -> Self:
        """Of what the service found out."""
        answers = [
            RuleAnswer(
                pointer="".join(f"/{step}" for step in answer.path),
                sentence=answer.sentence,
                holds=answer.holds,
                field=answer.field or None,
                value=answer.value or None,
            )
            for answer in told.answers
        ]
        return cls(belongs=told.belongs, answers=answers)


class ProfileValue(Shown):
    """A value as text, null where it is empty."""

    field: str
    type: ColumnType
    value: str | None


class ProfileSegment(Shown):
    """A segment, and whether the profile is in it; `problem` is what kept that from being found out."""

    id: int
    name: str
    timezone: str
    membership: Membership | None
    problem: Problem | None


class OnList(Shown):
    """A list that the profile is on by our books; `run` is the one that said so last."""

    list: int
    connection: str
    email: str
    is_confirmed: bool
    is_present: bool
    run: int | None
    at: datetime | None


class PastLine(Shown):
    """What a run left out of the profile, or Brevo rejected."""

    run: int
    kind: Literal["invalid", "rejected", "warning"]
    reason: str
    field: str | None
    winner: str | None


class ProfileExport(Shown):
    """What an export makes of the profile: whether it is wanted, the reason why not, and what a run would do now."""

    id: int
    name: str
    segments: list[str]
    wanted: profiles.Wanted
    reason: str | None
    winner: str | None
    next: profiles.Next
    lists: list[OnList]
    left_out: list[PastLine]
    problem: Problem | None

    @classmethod
    def of(cls, one: Carried) -> Self:
        """Of an export as the service gives it."""
        return cls(
            id=one.export.pk,
            name=one.export.name,
            segments=list(one.through),
            wanted=one.wanted,
            reason=one.reason or None,
            winner=one.winner or None,
            next=one.next,
            lists=[_on_list(row) for row in one.listed],
            left_out=[_past(line) for line in one.left_out],
            problem=_problem(one.trouble),
        )


class Profile(Shown):
    """A profile as of a moment. Its values are masked for those who may not see profiles."""

    id: str
    source: str
    key: str
    name: str
    email: str
    as_of: datetime
    is_masked: bool
    values: list[ProfileValue]
    segments: list[ProfileSegment]
    exports: list[ProfileExport]

    @classmethod
    def of(cls, found: Found) -> Self:
        """Of a profile as the service gives it."""
        return cls(
            id=found.reference,
            source=found.source,
            key=found.key,
            name=found.name,
            email=found.email,
            as_of=found.at,
            is_masked=found.is_masked,
            values=[ProfileValue(field=one.name, type=one.type, value=one.value or None) for one in found.values],
            segments=[_segment(one) for one in found.belongings],
            exports=[ProfileExport.of(one) for one in found.exports],
        )


def _segment(one: Any) -> ProfileSegment:
    return ProfileSegment(
        id=one.segment.pk,
        name=one.segment.name,
        timezone=one.zone,
        membership=Membership.of(one.explanation) if one.explanation else None,
        problem=_problem(one.trouble),
    )


def _on_list(row: profiles.Listed) -> OnList:
    return OnList(
        list=row.list_id,
        connection=row.connection,
        email=row.email,
        is_confirmed=row.is_confirmed,
        is_present=row.is_present,
        run=row.run,
        at=row.at,
    )


def _past(line: profiles.LeftOut) -> PastLine:
    return PastLine.model_validate(
        {
            "run": line.run,
            "kind": line.kind,
            "reason": line.reason,
            "field": line.field or None,
            "winner": line.winner or None,
        }
    )


def _problem(trouble: TraginerError | None) -> Problem | None:
    return Problem.of(trouble) if trouble else None
