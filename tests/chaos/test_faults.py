"""The fault matrix: each thing that goes wrong at Brevo, at each step of a run. Afterwards: list = wanted contacts = ledger."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.delivery.far_side import MemoryJournal
from traginer import brevo, contacts, pipeline, segments
from traginer.delivery.changes import Guards
from traginer.delivery.deliver import Pace
from traginer.delivery.freeze import Limits
from traginer.delivery.journal import BatchKind
from traginer.destination import BrevoList, Known
from traginer.errors import TraginerError
from traginer.profiles.files import FileSource
from traginer.sandbox import Sandbox, Switches
from traginer.values import AsOf

LIST = 7
# The requests of a run with something to send, in order: method, path below /v3, and which of its kind.
STEPS = {
    "account": ("GET", "/account", 1),
    "list": ("GET", "/contacts/lists/7", 1),
    "attributes": ("GET", "/contacts/attributes", 1),
    "look": ("GET", "/processes", 1),
    "first import": ("POST", "/contacts/import", 1),
    "second import": ("POST", "/contacts/import", 2),
    "follow": ("GET", "/processes", 2),
    "follow again": ("GET", "/processes", 4),
    "removal": ("POST", "/contacts/lists/7/contacts/remove", 1),
    "second removal": ("POST", "/contacts/lists/7/contacts/remove", 2),
}
PASSING = {
    "500 before": {"status": 500},
    "500 after": {"status": 500, "when": "after"},
    "502 as HTML before": {"status": 502, "body": "html"},
    "502 as HTML after": {"status": 502, "body": "html", "when": "after"},
    "503 empty before": {"status": 503, "body": "empty"},
    "524 before": {"status": 524, "body": "html"},
    "524 after": {"status": 524, "body": "html", "when": "after"},
    "429 before": {"status": 429},
    "200 as HTML after": {"status": 200, "body": "html", "when": "after"},
    "cut before any answer": {"kind": "cut", "at": 0},
    "cut after it was done": {"kind": "cut", "at": 0, "when": "after"},
    "cut in the first byte": {"kind": "cut", "at": 1, "when": "after"},
    "cut in the head": {"kind": "cut", "at": 40, "when": "after"},
    "cut in the body": {"kind": "cut", "at": 330, "when": "after"},
    "slow before": {"kind": "slow", "seconds": 0.6},
    "slow after": {"kind": "slow", "seconds": 0.6, "when": "after"},
    "many 500 before": {"status": 500, "times": 20},
    "many 524 after": {"status": 524, "times": 20, "when": "after"},
}
STAYING = {
    "key switched off": {"kind": "switch-off-key"},
    "IP list armed": {"kind": "arm-ip-list"},
}
SCHEMA = pa.schema([("id", pa.int64()), ("email", pa.string()), ("name", pa.string())])


@dataclass
class World:
    """One export with small batches into a sandbox, through the real client."""

    folder: Path
    sandbox: Sandbox
    target: BrevoList
    ledger_file: Path | None = None
    holders_file: Path | None = None
    known: Known | None = None
    runs: int = 0
    journal: MemoryJournal = field(init=False)

    def run(self, people: dict[int, str]) -> pipeline.Outcome | TraginerError:
        self.runs += 1
        rows = [{"id": n, "email": f"p{n}@example.org", "name": name} for n, name in people.items()]
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), self.folder / "profiles.parquet")
        self.journal = MemoryJournal(self.folder / f"run-{self.runs}", self.ledger_file, self.holders_file)
        rules = segments.parse_rules({"all": [{"field": "id", "at_least": 0}]})
        spec = pipeline.ExportSpec(
            segments=[segments.RuleSegment("Everybody", rules)],
            mapping=contacts.Mapping("email", (contacts.AttributeMapping("FIRSTNAME", "name"),)),
            list_id=LIST,
            ledger=self.folder / f"ledger-{self.runs}.parquet",
            holders=self.folder / f"holders-{self.runs}.parquet",
            guards=Guards(max_shrink_percent=100),
            known=self.known,
            limits=Limits(700, 5),
        )
        source = FileSource("Customers", "parquet", str(self.folder / "profiles.parquet"), "id")
        as_of = AsOf(datetime(2026, 11, 1, tzinfo=UTC), "UTC")
        pace = Pace(lambda _: self.sandbox.settle(), lambda: 0.0)
        try:
            outcome = pipeline.run_export(spec, source, self.target, self.journal, as_of, pace)
        except TraginerError as error:
            return error
        self.ledger_file, self.holders_file = self.journal.ledger_file, self.journal.holders_file
        self.known = outcome.known
        return outcome

    def ledger(self) -> dict[str, str | None]:
        if self.ledger_file is None:
            return {}
        table = pq.read_table(self.ledger_file)
        return dict(zip(table["email"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))

    def listed(self) -> dict[str, Any]:
        return {email: row["FIRSTNAME"] for email, row in self.sandbox.contacts_on(LIST).items()}

    def imports(self) -> int:
        return len(self.sandbox.processes())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    timeouts = brevo.Timeouts(read=0.4, start_import=0.4)
    with (
        Sandbox(switches=Switches(tier="unlimited")) as sandbox,
        brevo.open_brevo(
            sandbox.api_key, sandbox.base_url, tier="unlimited", sleep=lambda _: None, timeouts=timeouts
        ) as client,
    ):
        world = World(tmp_path, sandbox, BrevoList(client, "Account", "local", LIST))
        outcome = world.run({n: f"Name {n}" for n in range(30)})
        assert isinstance(outcome, pipeline.Outcome)
        assert outcome.error is None
        yield world


# The world after: some are new, some have changed, some are gone; two or three imports and two removals.
LATER = {n: f"Name {n}" for n in range(8, 30)} | {n: f"New {n}" for n in range(20, 50)}
# And after that: people leave whose fate at Brevo nobody may know.
AT_LAST = {n: name for n, name in LATER.items() if n % 5}


def strike(world: World, step: str, fault: dict[str, Any]) -> None:
    method, path, nth = STEPS[step]
    world.sandbox.faults.add(method=method, path=path, nth=nth, **fault)


def all_is_well(world: World, people: dict[int, str]) -> None:
    wanted = {f"p{n}@example.org": name for n, name in people.items()}
    assert world.listed() == wanted
    assert set(world.ledger()) == set(wanted)
    assert None not in world.ledger().values()
    found = world.sandbox.invariants()
    assert (found.blocks_lifted, found.contacts_deleted, found.contacts_merged_away) == (0, 0, 0)
    assert found.most_imports_in_flight <= 1


def balanced(world: World, outcome: pipeline.Outcome | TraginerError, imports_before: int) -> None:
    """The books hold, and Brevo took no import that the run does not know of."""
    if isinstance(outcome, TraginerError):
        assert world.imports() == imports_before
        return
    outcome.counts.balance()
    batches = [batch for batch in world.journal.batches() if batch.kind is BatchKind.IMPORT]
    assert world.imports() - imports_before <= sum(batch.tries for batch in batches)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_survived(world: World, fault: str, step: str) -> None:
    strike(world, step, PASSING[fault])
    before = world.imports()
    outcome = world.run(LATER)
    balanced(world, outcome, before)
    if PASSING[fault].get("times", 1) == 1:
        assert isinstance(outcome, pipeline.Outcome)
        assert outcome.error is None
        all_is_well(world, LATER)
    world.sandbox.faults.clear()
    # A request that its sender has given up may still be on its way: what Brevo takes after a later run nobody can foresee.
    time.sleep(PASSING[fault].get("seconds", 0))
    world.sandbox.settle()
    assert isinstance(world.run(AT_LAST), pipeline.Outcome)
    all_is_well(world, AT_LAST)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", STAYING)
def test_a_refusal_that_stays_stops_the_run_and_forgets_nothing(world: World, fault: str, step: str) -> None:
    strike(world, step, STAYING[fault])
    before = world.imports()
    outcome = world.run(LATER)
    error = outcome if isinstance(outcome, TraginerError) else outcome.error
    assert error is not None
    assert error.code in {"brevo-key-off", "brevo-ip-not-allowed"}
    balanced(world, outcome, before)
    world.sandbox.faults.clear()
    world.sandbox.switch_on_key()
    world.sandbox.set_recognised_ips(None)
    world.sandbox.settle()
    assert isinstance(world.run(AT_LAST), pipeline.Outcome)
    all_is_well(world, AT_LAST)


@pytest.mark.parametrize("step", ["list", "attributes", "look", "first import", "second import", "follow", "removal"])
def test_a_list_deleted_in_mid_run_is_said_and_nothing_else_is_touched(world: World, step: str) -> None:
    strike(world, step, {"kind": "delete-list", "list_id": LIST})
    outcome = world.run(LATER)
    error = outcome if isinstance(outcome, TraginerError) else outcome.error
    assert error is not None
    assert error.code == "brevo-list-not-found"
    found = world.sandbox.invariants()
    assert (found.blocks_lifted, found.contacts_deleted, found.contacts_merged_away) == (0, 0, 0)
