"""What the tests of the queue share: an export, its runs, and somebody who does something in the middle of one."""

from collections.abc import Callable

from tests.world import ADA, CONFIGURATION, MEANS, World
from traginer.control import (
    exports,
    worker,
)
from traginer.control.journal import Unwatched
from traginer.control.models import Export, Run
from traginer.control.runs import Means

TWIN = """\
exports:
  - {name: Twin, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders]}
"""
SHARED = CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors")


def newsletter() -> Export:
    return exports.get(ADA, "Newsletter")


def work() -> int:
    """Work until nothing is left to claim; how many runs that were."""
    count = 0
    while worker.work_once(MEANS):
        count += 1
    return count


def cut_run(world: World) -> Run:
    """An interrupted run that a worker may take up at once."""
    world.cut_run()
    Run.objects.update(try_again_at=None)
    return world.last_run()


class At(Unwatched):
    """Somebody who does something once a run has come to a stage, or to more than `done` rows of it."""

    def __init__(self, stage: str, deed: Callable[[], object], done: int = -1) -> None:
        self.awaited, self.deed, self.least = stage, deed, done
        self.happened = False

    def stage(self, name: str, done: int, total: int) -> None:
        if name == self.awaited and done > self.least and not self.happened:
            self.happened = True
            self.deed()

    def means(self) -> Means:
        return Means(self, MEANS.now, MEANS.pace)
