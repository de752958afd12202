"""One export into a sandbox through the real client, in virtual time: only waits and calls move the sandbox's clock."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.delivery.far_side import MemoryJournal
from traginer import brevo, contacts, pipeline, segments
from traginer.brevo.limits import SHARE
from traginer.delivery.changes import Guards
from traginer.delivery.deliver import Pace
from traginer.delivery.journal import Batch, Receipt
from traginer.destination import BrevoList, Known
from traginer.errors import TraginerError
from traginer.profiles.files import FileSource
from traginer.sandbox import Sandbox, Switches
from traginer.values import AsOf

LIST = 7
AS_OF = AsOf(datetime(2026, 11, 1, tzinfo=UTC), "Europe/Madrid")
ACTIVE = segments.RuleSegment("Active", segments.parse_rules({"all": [{"field": "active", "is": True}]}))
MAPPING = contacts.Mapping("email", (contacts.AttributeMapping("FIRSTNAME", "name"),))


@dataclass
class Journal(MemoryJournal):
    """Remembers what was said of each batch."""

    receipts: dict[int, Receipt] = field(default_factory=dict)

    def settled(self, batch: Batch, receipt: Receipt) -> None:
        super().settled(batch, receipt)
        self.receipts[batch.number] = receipt


@dataclass
class World:
    """`exchanges` are the client's requests, each of which takes `call_seconds`; `journal` is that of the last run.

    `other_tool` is a client of the same account that keeps no limits and tells nobody.
    """

    folder: Path
    sandbox: Sandbox
    call_seconds: float
    mapping: contacts.Mapping = MAPPING
    limits: pipeline.freeze.Limits = pipeline.LIMITS
    exchanges: list[brevo.Exchange] = field(default_factory=list)
    ledger_file: Path | None = None
    holders_file: Path | None = None
    known: Known | None = None
    runs: int = 0
    journal: Journal = field(init=False)
    client: brevo.Brevo = field(init=False)
    other_tool: brevo.Brevo = field(init=False)

    def __post_init__(self) -> None:
        self.client = self._open(self.sandbox.switches.tier, self._note)
        self.other_tool = self._open("unlimited", None, share=1.0)

    def _open(
        self, tier: str, on_request: Callable[[brevo.Exchange], None] | None, share: float = SHARE
    ) -> brevo.Brevo:
        return brevo.open_brevo(
            self.sandbox.api_key,
            self.sandbox.base_url,
            tier=tier,
            share=share,
            sleep=self.sandbox.clock.advance,
            now=self.sandbox.clock.now,
            on_request=on_request,
            jitter=lambda: 0.0,
        )

    def _note(self, exchange: brevo.Exchange) -> None:
        self.exchanges.append(exchange)
        self.sandbox.clock.advance(self.call_seconds)

    def put(self, profiles: Sequence[dict[str, Any]], schema: pa.Schema | None = None) -> None:
        pq.write_table(pa.Table.from_pylist(list(profiles), schema=schema), self.profiles_file)

    @property
    def profiles_file(self) -> Path:
        return self.folder / "profiles.parquet"

    def run(self) -> pipeline.Outcome:
        """One run, to its end; the next one knows what it left behind."""
        source, target, journal, spec = self._means()
        pace = Pace(self.sandbox.clock.advance, self.sandbox.clock.now)
        outcome = pipeline.run_export(spec, source, target, journal, AS_OF, pace)
        self.ledger_file, self.holders_file = journal.ledger_file, journal.holders_file
        self.known = outcome.known or self.known
        self.journal = journal
        return outcome

    def run_code(self) -> str:
        """The code of the error that a run ends with, before its freeze or after it; "" for none. Its books balance."""
        try:
            outcome = self.run()
        except TraginerError as error:
            return error.code
        outcome.counts.balance()
        return outcome.error.code if outcome.error else ""

    def plan(self) -> pipeline.Plan:
        """What a run would do now."""
        source, target, journal, spec = self._means()
        with pipeline.planning(spec, source, target, journal, AS_OF) as (plan, _):
            return plan

    def ledger(self) -> dict[str, str | None]:
        """Address -> fingerprint."""
        if self.ledger_file is None:
            return {}
        table = pq.read_table(self.ledger_file)
        return dict(zip(table["email"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))

    def _means(self) -> tuple[FileSource, BrevoList, Journal, pipeline.ExportSpec]:
        self.runs += 1
        spec = pipeline.ExportSpec(
            segments=[ACTIVE],
            mapping=self.mapping,
            list_id=LIST,
            ledger=self.folder / f"ledger-{self.runs}.parquet",
            holders=self.folder / f"holders-{self.runs}.parquet",
            guards=Guards(max_shrink_percent=100),
            known=self.known,
            limits=self.limits,
        )
        source = FileSource("Customers", "parquet", str(self.profiles_file), "id")
        journal = Journal(self.folder / f"run-{self.runs}", self.ledger_file, self.holders_file)
        return source, BrevoList(self.client, "Account", "local", LIST), journal, spec


@contextmanager
def new_world(
    switches: Switches, *, call_seconds: float = 0.0, arrange: Callable[[Sandbox], object] = lambda _: None
) -> Iterator[World]:
    """A world at twenty past an hour, in whose sandbox `arrange` was done first."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(switches=switches) as sandbox:
        sandbox.clock.freeze()
        sandbox.clock.advance(3600 - sandbox.clock.now() % 3600 + 1200)
        arrange(sandbox)
        world = World(Path(folder), sandbox, call_seconds)
        with world.client, world.other_tool:
            yield world
