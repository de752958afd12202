"""What a run would do, by the code that does it: of an export, of one that nobody has saved, and of a held run."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from traginer import home, pipeline
from traginer import segments as room
from traginer.control import consent, exports, segments, sources, traffic
from traginer.control.exports import Draft
from traginer.control.exports.matching import one_source
from traginer.control.journal import PlanJournal
from traginer.control.models import Export, Run
from traginer.control.rights import Actor
from traginer.control.runs.carrying import as_of, spec_of
from traginer.control.runs.means import Means
from traginer.destination import BrevoList
from traginer.duck import Duck
from traginer.profiles.source import Source

Planning = tuple[pipeline.Plan, Duck, BrevoList]


def plan(actor: Actor, export: Export, means: Means) -> pipeline.Plan:
    """What a run would do now. Sends nothing, and leaves nothing behind."""
    with planning(actor, export, means) as (made, _, _):
        return made


def plan_draft(actor: Actor, draft: Draft, means: Means) -> pipeline.Plan:
    """What the first run would do if the draft were saved now: against the ledger of its list, or an empty one where it has none.

    Sends nothing, and leaves nothing behind.
    """
    actor.require("export:plan", on=draft.export.connection)
    opened = [segments.opened(segment) for segment in draft.segments]
    source = sources.opened(one_source(draft.export.name, draft.segments))
    with _made(_at(draft.export, means), source, means, opened, DraftJournal) as (made, _, _):
        return made


@contextmanager
def planning(actor: Actor, export: Export, means: Means) -> Iterator[Planning]:
    """A plan, with the session that made it and the list it is for, both for reading."""
    actor.require("export:plan", on=export.connection)
    with _made(_at(export, means), exports.opened_source(export), means) as found:
        yield found


@contextmanager
def planning_held(actor: Actor, run: Run, means: Means) -> Iterator[Planning]:
    """The plan of a held run, made anew for the moment that it looks at. It is the same where its digest is that of the run."""
    actor.require("export:plan", on=run.connection)
    again = Run(
        export=run.export, connection=run.connection, list_id=run.list_id, as_of=run.as_of, timezone=run.timezone
    )
    with _made(again, exports.opened_source(run.export), means) as found:
        yield found


class DraftJournal(PlanJournal):
    """The journal of a plan of what nobody has saved: saving might bring a ledger along from another connection."""

    def ledger(self) -> Path | None:
        return exports.foreseen_ledger(self.run.export)


def _at(export: Export, means: Means) -> Run:
    """The run that would begin now."""
    return Run(
        export=export, connection=export.connection, list_id=export.list_id, as_of=means.now(), timezone=export.timezone
    )


@contextmanager
def _made(
    run: Run,
    source: Source,
    means: Means,
    drafted: Sequence[room.Segment] | None = None,
    journal: type[PlanJournal] = PlanJournal,
) -> Iterator[Planning]:
    """The plan of `run`, which is not in the queue; `drafted` are the segments of a draft."""
    consent.require(run.connection)
    spec = spec_of(run) if drafted is None else replace(spec_of(run), segments=drafted)
    with (
        tempfile.TemporaryDirectory(dir=home.home()) as folder,
        traffic.opened(run.connection, run.list_id, means.watch, read_only=True, sleep=means.sleep) as target,
    ):
        read = journal(run, Path(folder), means.watch)
        with pipeline.planning(spec, source, target, read, as_of(run)) as (made, duck):
            yield made, duck, target
