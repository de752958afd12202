"""What a run would do, by the code that does it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traginer import home, pipeline
from traginer.control import consent, exports, traffic
from traginer.control.journal import PlanJournal
from traginer.control.models import Export, Run
from traginer.control.rights import Actor
from traginer.control.runs.carrying import as_of, spec_of
from traginer.control.runs.means import Means
from traginer.destination import BrevoList
from traginer.duck import Duck


def plan(actor: Actor, export: Export, means: Means) -> pipeline.Plan:
    """What a run would do now. Sends nothing, and leaves nothing behind."""
    with planning(actor, export, means) as (made, _, _):
        return made


@contextmanager
def planning(actor: Actor, export: Export, means: Means) -> Iterator[tuple[pipeline.Plan, Duck, BrevoList]]:
    """A plan, with the session that made it and the list it is for, both for reading."""
    actor.require("export:plan", on=export.connection)
    consent.require(export.connection)
    draft = Run(
        export=export, connection=export.connection, list_id=export.list_id, as_of=means.now(), timezone=export.timezone
    )
    source = exports.opened_source(export)
    with (
        tempfile.TemporaryDirectory(dir=home.home()) as folder,
        traffic.opened(export.connection, export.list_id, means.watch, read_only=True) as target,
    ):
        journal = PlanJournal(export, Path(folder), means.watch)
        with pipeline.planning(spec_of(draft), source, target, journal, as_of(draft)) as (made, duck):
            yield made, duck, target
