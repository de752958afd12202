"""The proof of an export: what the segments want, what the ledger says, and what is really on the list, side by side."""

from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from traginer.control import exports, runs
from traginer.control.accounts import Actor
from traginer.control.models import Export
from traginer.control.runs import Means
from traginer.duck import literal


@dataclass(frozen=True)
class Proof:
    """Counts of addresses. `missing` are wanted and not listed, `stale` are listed because of us and not wanted any more."""

    wanted: int
    ledger: int
    listed: int
    missing: int
    stale: int
    others: int

    @property
    def holds(self) -> bool:
        """Whether the list holds everybody it should, and of ours nobody else, and the ledger says so."""
        return not self.missing and not self.stale and self.wanted == self.ledger


def prove(actor: Actor, export: Export, means: Means) -> Proof:
    """Evaluate the segments anew and read the whole list from Brevo (500 contacts a request). Sends nothing."""
    with runs.planning(actor, export, means) as (plan, duck, target):
        listed = pa.table({"email": pa.array(list(chain.from_iterable(target.emails())), pa.string())})
        duck.connection.register("read_back", listed)
        duck.run("CREATE TEMP TABLE listed AS SELECT DISTINCT lower(email) AS email FROM read_back")
        ledger = exports.ledger_of(export)
        known = f"SELECT email FROM read_parquet({literal(ledger)})" if ledger else "SELECT '' AS email WHERE false"
        stale = f"SELECT count(*) FROM listed SEMI JOIN ({known}) k USING (email) ANTI JOIN contacts USING (email)"
        return Proof(
            wanted=plan.contacts.wanted,
            ledger=duck.value(f"SELECT count(*) FROM ({known})"),
            listed=listed.num_rows,
            missing=duck.value("SELECT count(*) FROM contacts ANTI JOIN listed USING (email)"),
            stale=duck.value(stale),
            others=duck.value(f"SELECT count(*) FROM listed ANTI JOIN ({known}) k USING (email)"),
        )
