"""A process that dies, or loses its power, between any two steps of the advance leaves a whole ledger behind."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.world import ADA, MEANS, Cut, World, addresses, now, people
from traginer.control import exports, runs
from traginer.control.journal import Unwatched
from traginer.control.runs import Means
from traginer.errors import TraginerError

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_wherever_a_process_dies_the_ledger_that_the_database_names_is_whole_and_nothing_stray_stays(
    world: World,
) -> None:
    world.run()
    world.put_profiles(people([20, 21]))
    world.forget_profile("C0003")
    before, after = addresses(range(10)), addresses([*range(3), *range(4, 10), 20, 21])
    with contextlib.suppress(TraginerError):
        runs.run_now(ADA, exports.get(ADA, "Newsletter"), Means(CutAtAdvance(), now, MEANS.pace))
    deaths = died_everywhere(world.home)
    assert not [death for death in deaths if "failed" in death]
    steps = [death["before"] for death in deaths if "before" in death]
    assert {"fsync", "replace", "rename", "unlink", "chmod"} <= {*steps}, steps
    assert any(step.startswith("COMMIT") for step in steps), steps
    then = [set(death["then"]["emails"]) for death in deaths if "then" in death]
    assert len(then) == len(steps) + 1
    assert then.count(before) > 3
    assert then.count(after) > 1
    assert then == sorted(then, key=lambda emails: emails == after)
    assert [death["after"] for death in deaths if "after" in death] == [
        {"emails": sorted(after), "files": 1} for _ in then
    ]


class CutAtAdvance(Unwatched):
    """Ends the process, so to speak, when everything has been sent and nothing of it is in the ledger."""

    def stage(self, name: str, done: int, total: int) -> None:
        if name == "advance":
            raise Cut


def died_everywhere(home: Path) -> list[dict[str, Any]]:
    """What became of the installation, for each step before which the process died."""
    command = [sys.executable, "-m", "tests.delivery.ledger_crash", str(home)]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "TRAGINER_HOME": str(home),
    }
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done
    return [json.loads(line) for line in done.stdout.splitlines()]
