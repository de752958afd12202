"""Notices: where they go."""

from typing import Literal, Self

from pydantic import Field

from traginer.api.bodies import Asked, Shown
from traginer.control.notices import Event
from traginer.control.notifying import TargetView

Kind = Literal["email", "webhook", "service"]


class NewTarget(Asked):
    """Where notices are to go: an e-mail address, a URL (webhook), or a URL of apprise (service).

    Without an export, notices of all; without events, every kind. `shrink_percent` is the loss of a list from which
    "shrinking" is told; an empty `language` is that of the account with the e-mail. `name` is what the configuration calls
    it; without one, what is shown of the address.
    """

    kind: Kind
    address: str = Field(min_length=1, max_length=2000)
    export: str | None = Field(default=None, min_length=1, max_length=200)
    events: list[Event] = Field(default_factory=list, max_length=20)
    shrink_percent: float = Field(default=10.0, gt=0, le=100)
    language: Literal["", "en", "ca"] = ""
    name: str = Field(default="", max_length=200)


class Target(Shown):
    """A target; of its address, what people may see. `state` and `problem` are those of the last notice to it."""

    id: int
    name: str
    kind: Kind
    address: str
    export: str | None
    events: list[Event]
    shrink_percent: float
    language: str
    added_by: str
    state: str
    problem: str

    @classmethod
    def of(cls, view: TargetView) -> Self:
        """Of a target as the service shows it."""
        return cls(
            id=view.number,
            name=view.name,
            kind=view.kind,
            address=view.shown,
            export=view.export,
            events=list(view.events),
            shrink_percent=view.shrink_percent,
            language=view.language,
            added_by=view.by,
            state=view.state,
            problem=view.problem,
        )


class AddedTarget(Target):
    """A new target. Requests to a webhook are signed with `secret`, which cannot be shown again; null for other kinds."""

    secret: str | None
