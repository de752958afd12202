"""kill -9 at any point of a run, then run again: list = wanted contacts = ledger, and nothing is lost."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from traginer.sandbox import Sandbox, Switches

CONFIGURATION = """
sources:
  - {{name: Customers, type: parquet, path: profiles.parquet, key: id}}
connections:
  - name: Account
    type: brevo
    api_key: {key}
    base_url: {url}
    tier: unlimited
    consent: {{agreed_by: ada@example.org, text: "1"}}
segments:
  - name: Active
    source: Customers
    rules: {{all: [{{field: active, is: true}}]}}
exports:
  - name: Newsletter
    connection: Account
    list: 7
    email: email
    attributes: {{FIRSTNAME: name}}
    segments: [Active]
    guards: {{max_shrink_percent: 100}}
"""
PROFILES = 1_500
KILLS_PER_WORLD = 10
STAGES = ["profiles", "segments", "contacts", "compare", "freeze", "deliver", "follow", "advance"]


@dataclass
class World:
    """An installation, a local Brevo, and profiles that change."""

    folder: Path
    sandbox: Sandbox
    chance: random.Random
    names: dict[int, str] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)

    @property
    def wanted(self) -> dict[str, str]:
        return {f"p{n}@example.org": self.names[n] for n in self.active}

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "TRAGINER_HOME": str(self.folder / "home"), "TRAGINER_BODY_BYTES": "20000"}

    def write(self) -> None:
        rows = [
            {"id": n, "email": f"p{n}@example.org", "name": name, "active": n in self.active}
            for n, name in self.names.items()
        ]
        part = self.folder / "profiles.part"
        pq.write_table(pa.Table.from_pylist(rows), part)
        part.rename(self.folder / "profiles.parquet")

    def change(self) -> None:
        """Some get another name, some leave, some come back."""
        for n in self.chance.sample(range(PROFILES), 400):
            self.names[n] = f"Name {self.chance.randrange(10**6)}"
        for n in self.chance.sample(range(PROFILES), 500):
            self.active ^= {n}
        self.write()

    def traginer(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "traginer", *arguments]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run_to_the_end(self) -> None:
        with self.traginer("run", "Newsletter", "--json") as process:
            output, trouble = process.communicate(timeout=60)
        assert process.returncode in (0, 3), output + trouble
        assert json.loads(output)["counts"]["in_doubt"] == 0

    def stage_of_the_interrupted(self) -> str:
        """Where the kill fell; "" where no run was under way."""
        rows = self.query("SELECT stage FROM control_run WHERE status = 'processing'")
        return str(rows[0][0]) if rows else ""

    def wait_for(self, stage: str, process: subprocess.Popen[str]) -> None:
        """Return once a run has come as far as `stage`, or the process has ended."""
        later = STAGES[STAGES.index(stage) :]
        while process.poll() is None and self.stage_of_the_interrupted() not in later:
            time.sleep(0.003)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "home" / "traginer.sqlite3", timeout=10)) as database:
            return database.execute(sql).fetchall()

    def ledger(self) -> dict[str, str | None]:
        [file] = (self.folder / "home" / "ledgers" / "export-1").glob("*.parquet")
        table = pq.read_table(file)
        return dict(zip(table["email"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    switches = Switches(tier="unlimited", queue_delay_seconds=0.02)
    with Sandbox(tmp_path / "brevo", switches=switches) as sandbox:
        world = World(tmp_path, sandbox, random.Random(request.param))
        world.names = {n: f"Name {n}" for n in range(PROFILES)}
        world.active = set(range(0, PROFILES, 2))
        world.write()
        file = tmp_path / "traginer.yml"
        file.write_text(CONFIGURATION.format(key=sandbox.api_key, url=sandbox.base_url))
        with world.traginer("apply", str(file)) as applied:
            assert applied.communicate()[1] == ""
        yield world


@pytest.mark.slow
@pytest.mark.parametrize("world", [1, 2, 3], indirect=True)
def test_a_run_killed_at_any_point_is_taken_up_and_nothing_is_lost(world: World) -> None:
    stages = []
    for _ in range(KILLS_PER_WORLD):
        world.change()
        with world.traginer("run", "Newsletter", "--json") as process:
            world.wait_for(world.chance.choice(STAGES), process)
            time.sleep(world.chance.uniform(0.0, 0.15))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        stages.append(world.stage_of_the_interrupted())
        world.run_to_the_end()
        listed = {email: row["FIRSTNAME"] for email, row in world.sandbox.contacts_on(7).items()}
        assert listed == world.wanted
        ledger = world.ledger()
        assert set(ledger) == set(world.wanted)
        assert None not in ledger.values()
    assert len({stage for stage in stages if stage}) >= 3, f"the kills fell too close together: {stages}"
    found = world.sandbox.invariants()
    assert (found.blocks_lifted, found.contacts_deleted) == (0, 0), found
