"""Runs: what they did, how far they are, and whom they left out."""

from datetime import datetime
from typing import Any, Literal, Self

from traginer.api.bodies import Shown
from traginer.api.schemas.problems import Problem
from traginer.control import wording
from traginer.control.refresh import Asked
from traginer.control.rejections import Rejection as Row
from traginer.control.runs import Concerned as Found

Status = Literal[
    "queued", "processing", "successful", "completed_with_warnings", "skipped", "failure", "canceled", "held"
]


class RunProgress(Shown):
    """How far a run is: `done` of `total` rows are confirmed (0 of 0: not known yet); `waits_for` is the run before it."""

    stage: str
    done: int
    total: int
    requests: int
    bytes: int
    seconds_left: int | None
    waits_for: int | None


class Run(Shown):
    """A run: `reason` says why the status is so, `turn` whose turn it is, `progress` how far it is until it ends.

    `counts` are the books: members = wanted + invalid, wanted = added + changed + unchanged,
    sent = confirmed + rejected + in_doubt, left = removed + still_on_list.
    """

    id: int
    export: str
    export_id: int
    status: Status
    status_text: str
    reason: str
    message: str
    turn: str
    counts: dict[str, int]
    rejections_by_reason: dict[str, int]
    warnings_by_reason: dict[str, int]
    requests: int
    requests_by_endpoint: dict[str, int]
    bytes: int
    seconds: dict[str, float]
    sent_again: int
    requested_by: str
    as_of: datetime
    queued_at: datetime
    finished_at: datetime | None
    progress: RunProgress | None

    @classmethod
    def of(cls, run: Any) -> Self:
        """Of a run as the service gives it."""
        view = wording.described(run)
        more = {
            "id": view.run,
            "export_id": run.export_id,
            "status_text": view.status_text,
            "requested_by": view.requested_by,
            "queued_at": view.queued_at,
            "finished_at": view.finished_at,
        }
        return cls.model_validate({**view.as_dict(), **more})


class Refreshed(Shown):
    """What came of asking for one export: a run, or why it cannot run."""

    export: str
    run: Run | None
    problem: Problem | None

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Of what the service answered."""
        return cls(
            export=asked.export.name,
            run=Run.of(asked.run) if asked.run else None,
            problem=Problem.of(asked.refusal) if asked.refusal else None,
        )


class Refresh(Shown):
    """What came of Run all, export by export."""

    exports: list[Refreshed]


class Person(Shown):
    """A profile by its key, and the address on the list; both masked for a token without the scope read."""

    key: str
    email: str


class Concerned(Shown):
    """How many there are, and the first of them by their keys."""

    total: int
    first: list[Person]


class HeldPlan(Shown):
    """Whom a held run concerns. `has_moved`: its plan would be another one today, so that approving it would be refused."""

    has_moved: bool
    is_masked: bool
    left: Concerned
    added: Concerned
    changed: Concerned

    @classmethod
    def of(cls, found: Found) -> Self:
        """Of what the service found."""
        by_change = {
            change: Concerned(total=found.totals[change], first=[Person(key=one.key, email=one.email) for one in first])
            for change, first in found.first.items()
        }
        return cls(has_moved=found.has_moved, is_masked=found.is_masked, **by_change)


class Rejection(Shown):
    """A profile, by its key, that was left out or sent incompletely. `winner` is the profile that has the address instead."""

    key: str
    kind: Literal["invalid", "rejected", "warning"]
    reason: str
    message: str
    field: str | None
    winner: str | None

    @classmethod
    def of(cls, row: Row) -> Self:
        """Of a rejection as the service gives it."""
        return cls(**row.as_dict(), message=row.sentence)


class Rejections(Shown):
    """A page of rejections, and how many there are in all."""

    total: int
    items: list[Rejection]
    next: str | None
