"""Exports: as rows of their list, whole, and what may become of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, WithJsonSchema, field_validator

from traginer.api.bodies import Asked, Shown
from traginer.api.schemas.problems import Problem
from traginer.api.schemas.runs import Run
from traginer.api.schemas.schedules import times_are_texts
from traginer.control.exports import ExportRow as Row
from traginer.control.spec import ExportSpec, Name
from traginer.control.wording import LeftOut, PlanView

Configuration = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "x-configuration": "ExportBody"})]
Deed = Literal["edit", "plan", "run", "schedule", "detach", "remove"]
DEEDS: tuple[Deed, ...] = ("edit", "plan", "run", "schedule", "detach", "remove")


class ExportBody(ExportSpec):
    """Which segments go to which list, over which connection, with which data matching.

    Without a connection the export is detached: it keeps its configuration and does not run. Disabled, it keeps its
    connection too.
    """

    _times_are_texts = field_validator("schedule", mode="before")(times_are_texts)


class ExportRow(Shown):
    """An export in the list: `run` is the id of its last run, `refreshed_at` when that ended, `permissions` what you may do."""

    id: int
    name: str
    type: str
    connection: str | None
    state: Literal["active", "disabled", "detached", "being-removed"]
    run: int | None
    status: str | None
    refreshed_at: datetime | None
    schedule: dict[str, Any]
    updated_at: datetime
    permissions: list[Deed]
    list: int

    @classmethod
    def of(cls, number: int, row: Row, **more: Any) -> Self:
        """Of an export as the service lists it."""
        return cls(
            id=number,
            name=row.name,
            type=row.type,
            connection=row.connection or None,
            state=row.state,
            run=row.run,
            status=row.status or None,
            refreshed_at=row.refreshed_at,
            schedule=row.schedule,
            updated_at=row.updated_at,
            permissions=[deed for deed in DEEDS if getattr(row.permissions, deed)],
            list=row.list_id,
            **more,
        )


class Export(ExportRow):
    """An export; `configuration` as PUT and the configuration file take it."""

    configuration: Configuration


class Copy(Asked):
    """The name of a copy."""

    name: Name


class Attachment(Asked):
    """The connection, by name, that an export is to run over."""

    connection: Name


class Reason(Asked):
    """Why, for those who look back."""

    reason: str = Field(default="", max_length=2000)


class ExportFaults(Shown):
    """All that is wrong with the data matching of an export that has not been saved."""

    is_good: bool
    problems: list[Problem]


class ExportRemoval(Shown):
    """What became of a removal: the export is gone, or it will be once `run` has taken its contacts off the list."""

    is_gone: bool
    run: Run | None


class PlanCounts(Shown):
    """The books of a plan; `to_remove` are taken off the list."""

    members: int
    wanted: int
    invalid: int
    added: int
    changed: int
    unchanged: int
    left: int
    warnings: int
    to_remove: int


class PlanHold(Shown):
    """Why a run of the plan would be held."""

    reason: str
    message: str


class PlanRequests(Shown):
    """How many requests a run would make."""

    imports: int
    removals: int
    total: int


class PlanList(Shown):
    """The list in Brevo, as it is now."""

    name: str
    subscribers: int


class Plan(Shown):
    """What a run would do now. `seconds` is estimated, `seconds_at_least` if Brevo's own work took no time."""

    export: str
    profiles: int
    counts: PlanCounts
    rejections_by_reason: dict[str, int]
    warnings_by_reason: dict[str, int]
    held: PlanHold | None
    account: str
    requests: PlanRequests
    seconds: float
    seconds_at_least: float
    message: str
    list: PlanList

    @classmethod
    def of(cls, view: PlanView) -> Self:
        """Of a plan as doors show it."""
        shown = view.as_dict()
        return cls(
            export=view.export,
            profiles=view.profiles,
            counts=PlanCounts(**shown["counts"]),
            rejections_by_reason=_by_reason(view.invalid),
            warnings_by_reason=_by_reason(view.warnings),
            held=PlanHold(reason=view.hold.code, message=view.hold.sentence) if view.hold else None,
            account=view.account,
            requests=PlanRequests(**shown["requests"]),
            seconds=shown["seconds"],
            seconds_at_least=shown["seconds_at_least"],
            message=view.cost_text,
            list=PlanList(name=view.list_name, subscribers=view.subscribers),
        )


def _by_reason(found: "list[LeftOut]") -> Mapping[str, int]:
    return {item.reason: item.count for item in found}
