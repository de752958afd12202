"""One export in a folder: what is wanted, the ledger, and a delivery from one to the other."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from tests.delivery.far_side import Cut, FarSide, MemoryJournal, Scissors
from traginer.delivery import advance, changes, freeze
from traginer.delivery.advance import Delivered
from traginer.delivery.changes import ChangeSet
from traginer.delivery.deliver import Delivery, Pace
from traginer.delivery.holders import REFUSED_FOR
from traginer.duck import Duck, open_duck
from traginer.errors import TraginerError

ENVELOPE = freeze.Envelope(b'{"listIds":[7],"jsonBody":[', b"]}")
SCHEMA = pa.schema(
    [("place", pa.int64())]
    + [(name, pa.string()) for name in ("key", "email", *REFUSED_FOR, "row")]
    + [("fingerprint", pa.uuid())]
)


def fingerprint(email: str, name: str) -> UUID:
    """Of the contact with this address and name."""
    return UUID(bytes=hashlib.md5(f"{email} {name}".encode(), usedforsecurity=False).digest())


def put_contacts(duck: Duck, wanted: Mapping[str, str]) -> None:
    """The session's table `contacts`: address -> first name. The key is the address backwards."""
    rows = [
        {
            "place": place,
            "key": email[::-1],
            "email": email,
            "row": f'{{"email":"{email}","attributes":{{"FIRSTNAME":"{name}"}}}}',
            "fingerprint": fingerprint(email, name).bytes,
        }
        for place, (email, name) in enumerate(wanted.items())
    ]
    duck.connection.register("given", pa.Table.from_pylist(rows, schema=SCHEMA))
    duck.run("CREATE OR REPLACE TABLE contacts AS SELECT * FROM given")


@dataclass
class World:
    """`run` delivers what is wanted; runs are numbered, and each has a spool of its own."""

    folder: Path
    far_side: FarSide = field(default_factory=FarSide)
    ledger_file: Path | None = None
    claimed: list[Path] = field(default_factory=list)
    body_bytes: int = 400
    remove_leavers: bool = True
    runs: int = 0
    journal: MemoryJournal = field(init=False)
    changes: ChangeSet = field(init=False)
    error: TraginerError | None = None
    clock: float = 0.0

    def run(self, wanted: Mapping[str, str], *, cut_at: int = 0) -> Delivered:
        """One run to its end, taken up again where it was cut at step `cut_at`."""
        self.runs += 1
        spool = self.folder / f"run-{self.runs}"
        self.journal = MemoryJournal(spool, self.ledger_file, claimed=self.claimed, scissors=Scissors(cut_at))
        self.far_side.scissors = self.journal.scissors
        try:
            delivered = self._carry_on(wanted)
        except Cut:
            delivered = self._carry_on(wanted)
        self.ledger_file = self.journal.ledger_file
        return delivered

    def ledger(self) -> dict[str, UUID | None]:
        """Address -> fingerprint, as the ledger has it."""
        if self.ledger_file is None:
            return {}
        table = pq.read_table(self.ledger_file)
        return dict(zip(table["email"].to_pylist(), table["fingerprint"].to_pylist(), strict=True))

    def ledger_rows(self) -> list[tuple[object, ...]]:
        """The rows of the ledger, twice where they stand twice."""
        rows = pq.read_table(self.ledger_file).to_pylist()
        return sorted((row["key"], row["email"], str(row["fingerprint"])) for row in rows)

    def advance_again(self) -> Delivered:
        """What a run does that was cut after its ledger was kept and before it ended."""
        ledger, holders = (self.folder / f"{name}-again.parquet" for name in ("ledger", "holders"))
        with open_duck(self.folder / "duck") as duck:
            done = advance.advance(duck, self.journal, ledger, holders)
        self.ledger_file = self.journal.ledger_file
        return done

    def _carry_on(self, wanted: Mapping[str, str]) -> Delivered:
        with open_duck(self.folder / "duck") as duck:
            if self.journal.figures() is None:
                put_contacts(duck, wanted)
                self.changes = changes.compare(duck, self.journal, remove_leavers=self.remove_leavers)
                limits = freeze.Limits(self.body_bytes, 3)
                self.journal.frozen(freeze.freeze(duck, self.journal.spool, self.changes, ENVELOPE, limits), {})
            delivery = Delivery(duck, self.journal, self.far_side, ENVELOPE, Pace(self._pause, lambda: self.clock))
            try:
                delivery.run()
                self.error = None
            except TraginerError as error:
                self.error = error
            ledger, holders = (self.folder / f"{name}-{self.runs}.parquet" for name in ("ledger", "holders"))
            return advance.advance(duck, self.journal, ledger, holders)

    def _pause(self, seconds: float) -> None:
        self.clock += seconds
