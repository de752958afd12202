"""`python -m tests.delivery.ledger_crash HOME`: ends a run between any two steps of the advance of its ledger.

The installation in HOME has a run that was interrupted at that stage. It is carried on again and again, each time from the
same state, by a process that dies one step later and takes with it what it had not synced. JSON lines say where it died,
which ledger the database names then, and which it names once another process has carried the run to its end.
"""

import json
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from traginer import control

control.setup()
from django.db import connection  # noqa: E402 - needs Django set up

from tests.world import ADA, now  # noqa: E402 - as above
from traginer.control import exports, runs  # noqa: E402 - as above
from traginer.control.runs.starting import interrupted  # noqa: E402 - as above
from traginer.delivery import ledger  # noqa: E402 - as above

DIED = 9
WRITES = ("BEGIN", "COMMIT", "INSERT", "UPDATE", "DELETE")


class Dying:
    """Counts the steps that touch the disk, beginning with the stage `advance`; the process dies before step number `at`.

    What was written and not synced is lost then: such files have half their bytes, and renames have not happened.
    """

    def __init__(self, at: int, ledgers: Path) -> None:
        self.at = at
        self.ledgers = ledgers
        self.steps = 0
        self.counts = False
        self.safe = {path.stat().st_ino for path in ledgers.rglob("*")}
        self.renames: list[tuple[Path, Path]] = []
        for name in ("fsync", "rename", "replace", "unlink", "chmod"):
            setattr(os, name, partial(self._wrapped, name, getattr(os, name)))

    def stage(self, name: str, done: int, total: int) -> None:
        """Implements Watch: the moment from which steps are counted."""
        if name == "advance" and not self.counts:
            self.counts = True
            connection.connection.set_trace_callback(self._statement)

    def waiting(self, seconds: float, why: str) -> None:
        """Implements Watch."""

    def _statement(self, sql: str) -> None:
        if sql.startswith(WRITES):
            self._step(" ".join(sql.replace('"', "").split()[:3]))

    def _wrapped(self, name: str, deed: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        self._step(name)
        done = deed(*arguments, **options)
        if name == "fsync":
            self._synced(os.fstat(arguments[0]))
        elif name in {"rename", "replace"}:
            self.renames.append((Path(arguments[0]), Path(arguments[1])))
        return done

    def _synced(self, what: os.stat_result) -> None:
        self.safe.add(what.st_ino)
        if stat.S_ISDIR(what.st_mode):
            self.renames = [pair for pair in self.renames if pair[1].parent.stat().st_ino != what.st_ino]

    def _step(self, name: str) -> None:
        if not self.counts:
            return
        self.steps += 1
        if self.steps == self.at:
            self._lose()
            os.write(1, json.dumps({"at": self.at, "before": name}).encode() + b"\n")
            os._exit(DIED)

    def _lose(self) -> None:
        self.counts = False
        for before, after in reversed(self.renames):
            if after.exists():
                after.rename(before)
        for path in self.ledgers.rglob("*.parquet*"):
            if path.stat().st_ino not in self.safe:
                os.truncate(path, path.stat().st_size // 2)


def main(home: Path) -> None:
    kept = home.with_name("kept")
    shutil.copytree(home, kept)
    for at in count(1):
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        died = _in_a_process(partial(_carry_on, at, home))
        _in_a_process(partial(_come_after, home))
        if died != DIED:
            return


def _carry_on(at: int, home: Path) -> None:
    watch = Dying(at, home / "ledgers")
    for run in interrupted(exports.get(ADA, "Newsletter").connection):
        runs.carry_on(run, runs.Means(watch, now))


def _come_after(home: Path) -> None:
    _look("then", home)
    _carry_on(0, home)
    _look("after", home)


def _look(when: str, home: Path) -> None:
    with closing(sqlite3.connect(home / "traginer.sqlite3")) as database:
        [(name,)] = database.execute("SELECT file FROM control_ledger").fetchall()
    folder = home / "ledgers" / "export-1"
    ledger.check(folder / name)
    rows = dict(pq.read_table(folder / name, columns=["email", "key"]).to_pydict())
    found = {"emails": sorted(rows["email"]), "files": len(list(folder.iterdir()))}
    print(json.dumps({when: found}), flush=True)


def _in_a_process(deed: Callable[[], None]) -> int:
    """How a process ends that does this and nothing else."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            deed()
        except BaseException as error:
            print(json.dumps({"failed": repr(error)}), flush=True)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
