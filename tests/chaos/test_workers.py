"""Workers and schedulers that are killed and stopped at random points: every run ends, and every list is right."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db.models import Count
from pytest_django.plugin import DjangoDbBlocker

from tests.postgres.server import running, using
from tests.world import ADA, using_database
from traginer.control import configuration, exports, leases, runs, schedules, start
from traginer.control.models import OPEN, Run, RunStatus, Slot, SlotOutcome
from traginer.delivery.books import Counts
from traginer.sandbox import Sandbox, Switches

LONG = bool(os.environ.get("TRAGINER_LONG_CHAOS"))
KILLS, STOPS = (110, 22) if LONG else (25, 5)
LEASE_SECONDS = 2.0
GONE_SECONDS = 0.5
"""What a killed process may take to be gone."""
LONGEST_WAIT_SECONDS = 15.0
"""For a run whose worker is dead: all others may be busy or asleep, and it rests after many deaths."""
MINUTE_SECONDS = 3.0
WORKERS, SCHEDULERS = 3, 2
ACCOUNTS, LISTS_EACH, PROFILES = 3, 2, 300
CONFIGURATION = """
sources:
  - {{name: Customers, type: parquet, path: profiles.parquet, key: id}}
segments:
  - name: Active
    source: Customers
    rules: {{all: [{{field: active, is: true}}]}}
connections:
{connections}
exports:
{exports}
"""
CONNECTION = """\
  - name: Account {n}
    type: brevo
    api_key: {key}
    base_url: {url}
    tier: unlimited
    consent: {{agreed_by: ada@example.org, text: "1"}}
"""
EXPORT = """\
  - name: Export {n}-{m}
    connection: Account {n}
    list: {list}
    email: email
    attributes: {{FIRSTNAME: name}}
    segments: [Active]
    guards: {{max_shrink_percent: 100}}
"""
ENDS = {RunStatus.SUCCESSFUL, RunStatus.COMPLETED_WITH_WARNINGS, RunStatus.SKIPPED, RunStatus.FAILURE}


@dataclass
class Nursery:
    """Processes to be killed: by id, what each is."""

    process: subprocess.Popen[str]
    log: Path
    living: dict[int, str] = field(default_factory=dict)

    def bear(self, kind: str) -> int:
        """A new one; `kind` is a line of nursery.py."""
        lines: tuple[IO[str] | None, IO[str] | None] = (self.process.stdin, self.process.stdout)
        assert lines[0]
        assert lines[1]
        lines[0].write(f"{kind}\n")
        lines[0].flush()
        pid = int(lines[1].readline())
        self.living[pid] = kind
        return pid

    def kill(self, pid: int) -> str:
        self.look()
        os.kill(pid, signal.SIGKILL)
        return self.living.pop(pid)

    def look(self) -> None:
        """Fail where one has ended by itself, with what all of them wrote."""
        for pid, kind in self.living.items():
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                pytest.fail(f"{kind} {pid} ended by itself:\n{self.log.read_text()}")

    def end(self) -> None:
        for pid in self.living:
            with suppress(ProcessLookupError):  # whoever ended by itself was told of where the test looked
                os.kill(pid, signal.SIGTERM)
        self.process.communicate(timeout=20)


@dataclass
class World:
    """An installation with several accounts, and profiles that change."""

    folder: Path
    sandboxes: dict[int, tuple[Sandbox, list[int]]]
    chance: random.Random
    names: dict[int, str]
    active: set[int]
    dead_since: dict[int, float] = field(default_factory=dict)
    longest_wait: float = 0.0

    @property
    def wanted(self) -> dict[str, str]:
        return {f"p{n}@example.org": self.names[n] for n in self.active}

    def change(self) -> None:
        """Some get another name, some leave, some come back."""
        for n in self.chance.sample(range(PROFILES), 60):
            self.names[n] = f"Name {self.chance.randrange(10**6)}"
        for n in self.chance.sample(range(PROFILES), 60):
            self.active ^= {n}
        rows = [
            {"id": n, "email": f"p{n}@example.org", "name": name, "active": n in self.active}
            for n, name in self.names.items()
        ]
        part = self.folder / "profiles.part"
        pq.write_table(pa.Table.from_pylist(rows), part)
        part.rename(self.folder / "profiles.parquet")

    def apply(self) -> None:
        connections = "".join(
            CONNECTION.format(n=n, key=box.api_key, url=box.base_url) for n, (box, _) in self.sandboxes.items()
        )
        written = "".join(
            EXPORT.format(n=n, m=m, list=number)
            for n, (_, lists) in self.sandboxes.items()
            for m, number in enumerate(lists)
        )
        file = self.folder / "traginer.yml"
        file.write_text(CONFIGURATION.format(connections=connections, exports=written))
        configuration.apply(ADA, file, datetime.now(UTC))

    def ask_for_all(self) -> list[Run]:
        """A run of each export that begins after this call: one that began before may have read other profiles."""
        asked, waiting = [], list(exports.every(ADA))
        while waiting:
            self.look()
            for export in list(waiting):
                run = runs.request(ADA, export)
                if run.status != RunStatus.SKIPPED:
                    asked.append(run)
                    waiting.remove(export)
            time.sleep(0.2)
        return asked

    def look(self) -> None:
        """Whom a run waits for: how long a dead worker has kept one."""
        for run in Run.objects.filter(status=RunStatus.PROCESSING).exclude(owner=""):
            pid = int(run.owner.split("/")[1])
            if pid in self.dead_since:
                waited = time.monotonic() - self.dead_since[pid]
                self.longest_wait = max(self.longest_wait, waited)
                assert waited < GONE_SECONDS or not leases.may_live(run.owner), "the dead hold a lease"

    def wait(self, asked: list[Run]) -> None:
        deadline = time.monotonic() + 60
        while Run.objects.filter(pk__in=[run.pk for run in asked], status__in=OPEN).exists():
            self.look()
            assert time.monotonic() < deadline, list(Run.objects.filter(status__in=OPEN).values())
            time.sleep(0.05)

    def check_lists(self) -> None:
        """list = wanted = ledger, for each export."""
        for n, (box, lists) in self.sandboxes.items():
            for m, number in enumerate(lists):
                listed = {email: row["FIRSTNAME"] for email, row in box.contacts_on(number).items()}
                assert listed == self.wanted, (n, m)
                ledger = exports.ledger_of(exports.get(ADA, f"Export {n}-{m}"))
                table = pq.read_table(ledger)
                assert set(table["email"].to_pylist()) == set(self.wanted)
                assert table["fingerprint"].null_count == 0


@pytest.fixture(params=["sqlite", "postgres"])
def world(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    environment = {"HOME": tmp_path / "home", "LEASE_SECONDS": LEASE_SECONDS, "BODY_BYTES": 4000}
    for name, value in environment.items():
        monkeypatch.setenv(f"TRAGINER_{name}", str(value))
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        if request.param == "sqlite":
            stack.enter_context(using_database(tmp_path / "home" / "traginer.sqlite3"))
        else:
            server = stack.enter_context(running())
            url = server.url(server.create())
            monkeypatch.setenv("TRAGINER_DATABASE_URL", url)
            stack.enter_context(using(url))
        switches = Switches(tier="unlimited", queue_delay_seconds=0.02)
        boxes = {n: stack.enter_context(Sandbox(switches=switches)) for n in range(ACCOUNTS)}
        # Local Brevos all say that they are one account: so no two of their lists may have the same number.
        numbers = {
            n: [box.create_list(f"List {m}") for m in range(ACCOUNTS * LISTS_EACH)][n * LISTS_EACH :][:LISTS_EACH]
            for n, box in boxes.items()
        }
        start()
        world = World(
            tmp_path,
            {n: (box, numbers[n]) for n, box in boxes.items()},
            random.Random(7),
            {n: f"Name {n}" for n in range(PROFILES)},
            set(range(0, PROFILES, 2)),
        )
        world.change()
        world.apply()
        yield world


@pytest.fixture
def nursery(world: World) -> Iterator[Nursery]:
    script = Path(__file__).with_name("nursery.py")
    path = world.folder / "nursery.log"
    with (
        path.open("w") as log,
        subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        nursery = Nursery(process, path)
        try:
            yield nursery
        finally:
            nursery.end()


@pytest.mark.slow
def test_workers_and_schedulers_that_are_killed_and_stopped_lose_and_double_nothing(
    world: World, nursery: Nursery
) -> None:
    kinds = ["worker"] * WORKERS + [f"scheduler {MINUTE_SECONDS}"] * SCHEDULERS
    for kind in kinds:
        nursery.bear(kind)
    schedules.set_system(ADA, {"kind": "cron", "cron": "* * * * *", "timezone": "UTC"}, datetime.now(UTC))
    deeds = ["kill"] * KILLS + ["stop"] * STOPS
    world.chance.shuffle(deeds)
    rounds = [deeds[n : n + 6] for n in range(0, len(deeds), 6)]
    killed: dict[str, int] = {"worker": 0, "scheduler": 0}
    at_work = 0
    for deeds_of_round in rounds:
        world.change()
        asked = world.ask_for_all()
        for deed in deeds_of_round:
            time.sleep(world.chance.uniform(0.05, 0.5))
            world.look()
            at_work += Run.objects.filter(status=RunStatus.PROCESSING).exists()
            # Mostly workers: they are the ones that do something that could be lost.
            kind = "scheduler" if world.chance.random() < 0.2 else "worker"
            chosen = [pid for pid, line in nursery.living.items() if line.startswith(kind)]
            pid = world.chance.choice(chosen)
            if deed == "stop":
                nursery.look()
                _stop(pid)
                continue
            world.dead_since[pid] = time.monotonic()
            line = nursery.kill(pid)
            killed[kind] += 1
            nursery.bear(line)
        world.wait(asked)
        nursery.look()
        world.check_lists()
    _calm(world, nursery)
    _check(world)
    print(f"\n{killed} killed, {STOPS} stopped, {at_work} of {len(deeds)} while a run was under way; ", end="")
    print(f"{Run.objects.count()} runs: {_by_status()}; {Slot.objects.count()} slots; ", end="")
    print(f"a dead worker kept a run for {world.longest_wait:.1f} s at most")
    assert sum(killed.values()) == KILLS
    assert at_work > len(deeds) / 3


@pytest.mark.slow
@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_a_process_that_ends_by_itself_is_told_with_what_was_written(nursery: Nursery) -> None:
    pid = nursery.bear("scheduler not-a-number")
    _until(lambda: "could not convert string to float" in nursery.log.read_text())
    _until(lambda: not Path(f"/proc/{pid}").exists())
    with pytest.raises(pytest.fail.Exception, match=r"(?s)ended by itself.*not-a-number"):
        nursery.look()


def _stop(pid: int) -> None:
    """Asleep for longer than its lease, and awake again."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(LEASE_SECONDS * 1.3)
    os.kill(pid, signal.SIGCONT)


def _calm(world: World, nursery: Nursery) -> None:
    """No more schedules; what is queued is worked off."""
    for pid, kind in [*nursery.living.items()]:
        if kind.startswith("scheduler"):
            nursery.kill(pid)
    world.wait(list(Run.objects.filter(status__in=OPEN)))
    world.wait(world.ask_for_all())


def _check(world: World) -> None:
    world.check_lists()
    assert not Run.objects.filter(status__in=OPEN).exists()
    found: Mapping[str, str] = dict(Run.objects.values_list("error", "status").distinct())
    assert set(Run.objects.values_list("status", flat=True)) <= ENDS, found
    # Profiles that are replaced while a run reads them are the one thing that may go wrong here.
    failed = set(Run.objects.filter(status=RunStatus.FAILURE).values_list("error", flat=True))
    assert failed <= {"source-changed", "source-unreadable"}
    assert set(Run.objects.filter(status=RunStatus.SKIPPED).values_list("error", flat=True)) <= {"export-under-way"}
    for run in Run.objects.all():
        Counts(**run.counts).balance()
    _until(lambda: _left_on_spool(world) <= {"rejections.parquet"})
    assert world.longest_wait <= LONGEST_WAIT_SECONDS
    for box, _ in world.sandboxes.values():
        invariants = box.invariants()
        assert (invariants.blocks_lifted, invariants.contacts_deleted) == (0, 0)
        assert invariants.overlapping_imports == 0
    _check_slots()


def _check_slots() -> None:
    """One run of each export a slot; no slot between two is missing, but those that a late one was fired for."""
    slots = list(Slot.objects.order_by("due_at").annotate(asked=Count("runs")))
    assert {slot.asked for slot in slots} == {ACCOUNTS * LISTS_EACH}
    for before, slot in itertools.pairwise(slots):
        gap = slot.due_at - before.due_at
        assert gap == timedelta(minutes=1) or (gap > timedelta(minutes=1) and slot.outcome == SlotOutcome.LATE), slot.pk


def _by_status() -> dict[str, int]:
    return dict(Run.objects.order_by().values_list("status").annotate(Count("pk")))


@pytest.mark.slow
def test_a_worker_that_wakes_after_its_run_was_taken_over_writes_nothing(world: World, nursery: Nursery) -> None:
    box, lists = world.sandboxes[0]
    box.switches.queue_delay_seconds = 3 * LEASE_SECONDS
    sleeper = nursery.bear("worker")
    run = runs.request(ADA, exports.get(ADA, "Export 0-0"))
    _until(lambda: Run.objects.get(pk=run.pk).stage == "follow")
    os.kill(sleeper, signal.SIGSTOP)
    box.switches.queue_delay_seconds = 0.0
    nursery.bear("worker")
    _until(lambda: Run.objects.get(pk=run.pk).status not in OPEN)
    _until(lambda: _left_on_spool(world) == {"rejections.parquet"})
    done = Run.objects.values().get(pk=run.pk)
    assert done["status"] == RunStatus.SUCCESSFUL
    requests, files = len(box.requests()), _files(world)
    os.kill(sleeper, signal.SIGCONT)
    log = world.folder / "nursery.log"
    _until(lambda: f"run {run.pk} was taken over" in log.read_text())
    assert Run.objects.values().get(pk=run.pk) == done
    assert (len(box.requests()), _files(world)) == (requests, files)
    assert set(box.emails_on(lists[0])) == set(world.wanted)


def _left_on_spool(world: World) -> set[str]:
    return {path.name for path in (world.folder / "home" / "spool").glob("run-*/*/*")}


def _files(world: World) -> dict[str, tuple[int, int]]:
    """Every file of ledgers and spool, with its size and when it was written."""
    found = [path for part in ("ledgers", "spool") for path in (world.folder / "home" / part).rglob("*")]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found if path.is_file()}


def _until(happened: object) -> None:
    deadline = time.monotonic() + 30
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)
