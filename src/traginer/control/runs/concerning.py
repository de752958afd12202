"""Whom a held run concerns: who would be taken off the list, who would be added or changed."""

from dataclasses import dataclass

from traginer.control import audit, masking
from traginer.control.errors import NothingHeld
from traginer.control.models import Run, RunStatus
from traginer.control.rights import Actor
from traginer.control.runs.means import Means
from traginer.control.runs.planning import planning_held
from traginer.duck import Duck
from traginer.values import ColumnType

SHOWN = 20
CHANGES = {
    "left": "SELECT key, email FROM leavers WHERE NOT wanted_elsewhere",
    "added": "SELECT key, email FROM outgoing WHERE change = 'added'",
    "changed": "SELECT key, email FROM outgoing WHERE change = 'changed'",
}


@dataclass(frozen=True)
class Person:
    """A profile by its key, and the address on the list; masked for those who may not see profiles."""

    key: str
    email: str


@dataclass(frozen=True)
class Concerned:
    """For each of CHANGES the first by their keys, and how many there are in all.

    `has_moved`: profiles, ledger or configuration are others than when the run was held, so that approving would be refused.
    """

    first: dict[str, list[Person]]
    totals: dict[str, int]
    has_moved: bool
    is_masked: bool


def concerned(actor: Actor, run: Run, means: Means, limit: int = SHOWN) -> Concerned:
    """Whom a held run concerns, by its plan made anew. Sends nothing. That real addresses were seen is in the audit.

    Raises NothingHeld, and what a plan raises.
    """
    actor.require("export:plan", on=run.connection)
    if run.status != RunStatus.HELD:
        raise NothingHeld(run=run.pk)
    is_clear = actor.may("profile:read")
    with planning_held(actor, run, means) as (plan, duck, _):
        figures = {"left": plan.changes.leaving, "added": plan.changes.added, "changed": plan.changes.changed}
        first = {
            change: _first(duck, query, min(limit, figures[change]), is_clear=is_clear)
            for change, query in CHANGES.items()
        }
        found = Concerned(first, figures, plan.digest != run.digest, not is_clear)
    seen = sum(map(len, first.values()))
    if is_clear and seen:
        audit.seen(actor, "profile:read", run, seen)
    return found


def _first(duck: Duck, query: str, limit: int, *, is_clear: bool) -> list[Person]:
    rows = duck.rows(f"{query} ORDER BY key, email LIMIT {limit:d}")
    return [Person(*(masking.seen(value or "", ColumnType.TEXT, is_clear=is_clear) for value in row)) for row in rows]
