"""Run all: every export with an active schedule, as the system refresh does."""

from dataclasses import dataclass

from traginer.control import exports, runs
from traginer.control.models import Export, Run
from traginer.control.rights import Actor
from traginer.errors import TraginerError


@dataclass(frozen=True)
class Asked:
    """What came of asking for one export: a run, Queued or Skipped, or why it cannot run."""

    export: Export
    run: Run | None = None
    refusal: TraginerError | None = None


def run_all(actor: Actor) -> list[Asked]:
    """Ask for a run of each export with an active schedule that the actor may run; one that cannot keeps no other from it."""
    ready = exports.scheduled(actor)
    return [_asked(actor, export) for export in ready if actor.may("export:run", on=export.connection)]


def _asked(actor: Actor, export: Export) -> Asked:
    try:
        return Asked(export, run=runs.request(actor, export))
    except TraginerError as refusal:
        return Asked(export, refusal=refusal)
