"""The profiles that a run left out or sent incompletely, by key and reason. No value of a profile is kept but its key."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from traginer import home
from traginer.control import audit, results, runs
from traginer.control.accounts import Actor
from traginer.control.errors import FileUnwritable
from traginer.control.models import Run
from traginer.control.wording import reason_sentence
from traginer.duck import Duck, literal, open_duck
from traginer.i18n import N_, gettext

IN_ORDER = "ORDER BY kind, key, reason, field"
"""The same at each reading, so that pages neither overlap nor leave anybody out."""
KINDS = {"invalid": N_("invalid"), "rejected": N_("rejected"), "warning": N_("warning")}


@dataclass(frozen=True)
class Rejection:
    """One profile and why. `winner` is the profile that has the address instead, `field` what was left out."""

    key: str
    kind: str
    reason: str
    field: str | None
    winner: str | None

    @property
    def kind_text(self) -> str:
        """The kind, in the language now spoken."""
        return gettext(KINDS[self.kind])

    @property
    def sentence(self) -> str:
        """The reason in words, with the field or the winner it is about."""
        about = self.winner or self.field
        return reason_sentence(self.reason) + (f" ({about})" if about else "")

    def as_dict(self) -> dict[str, str | None]:
        """For machines."""
        return {"key": self.key, "kind": self.kind, "reason": self.reason, "field": self.field, "winner": self.winner}


@dataclass(frozen=True)
class Rejections:
    """Some rows, and how many there are."""

    rows: list[Rejection]
    total: int


def first(actor: Actor, run: int, limit: int | None, start: int = 0) -> Rejections:
    """The rejections of a run by kind and key from the one at `start` on, `limit` of them; all of them for None.

    That the actor saw them is in the audit. Raises NotAllowed, RunNotFound.
    """
    chosen = _chosen(actor, run)
    upto = "" if limit is None else f"LIMIT {limit:d}"
    with _opened(chosen) as duck:
        total = duck.value("SELECT count(*) FROM rejections")
        rows = duck.rows(f"SELECT key, kind, reason, field, winner FROM rejections {IN_ORDER} {upto} OFFSET {start:d}")
    if rows:
        audit.seen(actor, "rejection:read", chosen, len(rows))
    return Rejections([Rejection(*row) for row in rows], total)


def write_csv(actor: Actor, run: int, path: Path) -> int:
    """Write all rejections of a run to a CSV file of mode 0600; gives their number. That the actor got them is in the audit.

    Raises NotAllowed, RunNotFound, FileUnwritable.
    """
    chosen = _chosen(actor, run)
    with _opened(chosen) as duck:
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        except OSError as error:
            raise FileUnwritable(path=path, why=error.strerror or type(error).__name__) from None
        count = int(duck.value("SELECT count(*) FROM rejections"))
        # Noted before the file is written: whoever has the file is in the audit, also where the process ends in between.
        audit.seen(actor, "rejection:read", chosen, count)
        duck.run(f"COPY (SELECT * FROM rejections {IN_ORDER}) TO {literal(path)} (FORMAT csv, HEADER)")
    return count


def _chosen(actor: Actor, run: int) -> Run:
    actor.require("rejection:read")
    return runs.get(actor, run)


@contextmanager
def _opened(run: Run) -> Iterator[Duck]:
    file = results.rejections_file(run)
    empty = (
        "SELECT ''::VARCHAR AS key, '' AS kind, '' AS reason, ''::VARCHAR AS field, ''::VARCHAR AS winner WHERE false"
    )
    with open_duck(home.home() / "spool" / "duck") as duck:
        duck.run(f"CREATE TEMP VIEW rejections AS {f'SELECT * FROM read_parquet({literal(file)})' if file else empty}")
        yield duck
