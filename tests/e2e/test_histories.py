"""The whole path over HTTP, through random histories of profiles and random rejects by Brevo: ledger = list after every run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.delivery.far_side import MemoryJournal
from traginer import brevo, contacts, pipeline, segments
from traginer.delivery.changes import Guards
from traginer.delivery.deliver import Pace
from traginer.destination import BrevoList, Known
from traginer.profiles.files import FileSource
from traginer.sandbox import Sandbox, Switches
from traginer.values import AsOf

LIST = 7
# Shrinking an example of some seconds takes minutes and makes it little clearer.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
KEYS = st.integers(1, 12)
ADDRESSES = st.sampled_from([f"p{n}@example.org" for n in range(10)] + ["P1@Example.org ", "broken", "", None])
PROFILE = st.fixed_dictionaries(
    {
        "email": ADDRESSES,
        "name": st.sampled_from(["Ada", "Núria", 'O"Brien', "", None, "Coll·lell, d'Ors;"]),
        "phone": st.sampled_from(["612345678", "+34 612 345 678", "612345679", "no", None]),
        "active": st.sampled_from([True, True, True, False, None]),
    }
)
RUN = st.tuples(st.dictionaries(KEYS, PROFILE, min_size=1, max_size=12), st.sampled_from([0.0, 0.0, 0.3, 1.0]))
SCHEMA = pa.schema(
    [("id", pa.int64()), ("email", pa.string()), ("name", pa.string()), ("phone", pa.string()), ("active", pa.bool_())]
)


@dataclass
class World:
    """One export into a sandbox, through the real client, with a journal in memory."""

    folder: Path
    sandbox: Sandbox
    target: BrevoList
    ledger_file: Path | None = None
    holders_file: Path | None = None
    known: Known | None = None
    runs: int = 0
    outcomes: list[pipeline.Outcome] = field(default_factory=list)

    def run(self, profiles: dict[int, dict[str, Any]]) -> pipeline.Outcome:
        self.runs += 1
        rows = [{"id": key, **profile} for key, profile in profiles.items()]
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), self.folder / "profiles.parquet")
        journal = MemoryJournal(self.folder / f"run-{self.runs}", self.ledger_file, self.holders_file)
        rules = segments.parse_rules({"all": [{"field": "active", "is": True}]})
        phone = contacts.AttributeMapping("SMS", "phone", default_region="ES")
        spec = pipeline.ExportSpec(
            segments=[segments.RuleSegment("Active", rules)],
            mapping=contacts.Mapping("email", (contacts.AttributeMapping("FIRSTNAME", "name"), phone)),
            list_id=LIST,
            ledger=self.folder / f"ledger-{self.runs}.parquet",
            holders=self.folder / f"holders-{self.runs}.parquet",
            guards=Guards(max_shrink_percent=100),
            known=self.known,
            approved_digest=None,
        )
        source = FileSource("Customers", "parquet", str(self.folder / "profiles.parquet"), "id")
        as_of = AsOf(datetime(2026, 11, 1, tzinfo=UTC), "Europe/Madrid")
        outcome = pipeline.run_export(spec, source, self.target, journal, as_of, Pace(lambda _: None, lambda: 0.0))
        self.ledger_file, self.holders_file, self.known = journal.ledger_file, journal.holders_file, outcome.known
        return outcome

    def ledger(self) -> dict[str, str | None]:
        if self.ledger_file is None:
            return {}
        table = pq.read_table(self.ledger_file)
        return dict(zip(table["email"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))


@contextmanager
def new_world() -> Iterator[World]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(switches=Switches(tier="unlimited")) as sandbox,
        brevo.open_brevo(sandbox.api_key, sandbox.base_url, tier="unlimited") as client,
    ):
        yield World(Path(folder), sandbox, BrevoList(client, "Account", "local", LIST))


def usable(profiles: dict[int, dict[str, Any]]) -> set[str]:
    """The addresses that should be on the list, said as plainly as possible."""
    active = (profile["email"] for profile in profiles.values() if profile["active"] is True)
    return {email.strip().lower() for email in active if email and "@" in email}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None, phases=NO_SHRINKING
)
@given(st.lists(RUN, min_size=1, max_size=4))
def test_the_ledger_is_the_list_after_every_run(history: list[tuple[dict[int, dict[str, Any]], float]]) -> None:
    with new_world() as world:
        for profiles, reject_probability in history:
            world.sandbox.switches.reject_probability = reject_probability
            outcome = world.run(profiles)
            if outcome.hold is not None:
                assert usable(profiles) == set()
                continue
            assert outcome.error is None
            outcome.counts.balance()
            listed = world.sandbox.emails_on(LIST)
            assert set(world.ledger()) == listed
            assert listed <= usable(profiles)
            if reject_probability == 0:
                assert listed == usable(profiles)
                assert outcome.counts.rejected == 0
        found = world.sandbox.invariants()
        assert (found.blocks_lifted, found.contacts_deleted, found.overlapping_imports) == (0, 0, 0)
