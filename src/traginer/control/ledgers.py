"""Ledgers: whether one is whole, how it compares with the list in Brevo, and making one anew from there."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings
from django.db import connection as database

from traginer import home, pipeline
from traginer.control import audit, connections, consent, exports, leases, traffic
from traginer.control.journal import PlanJournal
from traginer.control.models import Connection, Export, Ledger, Run, RunStatus
from traginer.control.rights import Actor
from traginer.control.runs.carrying import as_of, spec_of
from traginer.control.runs.means import Means
from traginer.control.runs.starting import interrupted, refused
from traginer.delivery import ledger, rebuild
from traginer.delivery.errors import LedgerMoved
from traginer.delivery.rebuild import Compared, Rebuilt
from traginer.destination import BrevoList, Known
from traginer.duck import Duck, open_duck
from traginer.errors import TraginerError
from traginer.i18n import N_

FETCHING = N_("Fetching the list from Brevo")
LISTED = "listed.csv"


@dataclass(frozen=True)
class Checked:
    """What was found out about the ledger of the list that an export fills now. No address, and no other value.

    `file` is "" before the first run. Where `trouble` says that the file is not whole, `rows` and `in_doubt` are what can
    still be read of it. `listed` is Brevo's own counter of the list, None where `account_trouble` hides it; `compared`, the
    list itself beside the ledger, where that was asked for.
    """

    export: str
    list_id: int
    file: str
    bytes: int
    rows: int
    in_doubt: int
    trouble: TraginerError | None
    listed: int | None = None
    list_name: str = ""
    account_trouble: TraginerError | None = None
    compared: Compared | None = None

    @property
    def is_whole(self) -> bool:
        """Whether a run may use the ledger as it is."""
        return self.trouble is None


@dataclass
class Rebuilding:
    """A ledger made anew that nobody uses yet: what it holds, and `keep` to put it in the place of the present one.

    `counted` is the size of the list by Brevo's counter; `made.listed` that of the file that Brevo wrote.
    """

    actor: Actor
    export: Export
    made: Rebuilt
    counted: int
    former: str
    held: Sequence[Run]
    is_kept: bool = field(default=False, init=False)

    def keep(self) -> None:
        """Make it the export's ledger. Raises RunUnderWay where a run has begun meanwhile, LedgerMoved where one has ended."""
        export = self.export
        with audit.atomic(), _fenced(export.connection, self.held):
            if _file_of(export) != self.former:
                raise LedgerMoved(export=export.name)
            Ledger.objects.update_or_create(
                export=export,
                connection=export.connection,
                list_id=export.list_id,
                defaults={"file": self.made.path.name},
            )
            after = {
                "ledger": self.made.path.name,
                "claimed": self.made.claimed,
                "in_doubt": self.made.in_doubt,
                "others": self.made.others,
            }
            damaged = connections.forget_damaged_holders(export.connection)
            audit.note(self.actor, "ledger:rebuild", export, {"ledger": self.former}, after)
        self.is_kept = True
        for path in damaged:
            path.unlink(missing_ok=True)
        if self.former and self.former != self.made.path.name:
            (home.ledgers(export.pk) / self.former).unlink(missing_ok=True)


class _WithoutLedger(PlanJournal):
    """The journal of a plan that compares with nothing, so that no ledger need be readable."""

    def ledger(self) -> Path | None:
        return None

    def claims(self) -> Sequence[Path]:
        return ()

    def holders(self) -> Sequence[Path]:
        return ()


def check(actor: Actor, export: Export, means: Means) -> Checked:
    """Look at the ledger of the list that the export fills now, and at Brevo's counter of that list. What is wrong comes back, not up."""
    actor.require("ledger:check", on=export.connection)
    with _session() as duck, traffic.opened(export.connection, export.list_id, means.watch, read_only=True) as target:
        return _counted_by_brevo(_looked_at(duck, export), target, export)


def compare(actor: Actor, export: Export, means: Means) -> Checked:
    """`check`, and the whole list fetched from Brevo and laid beside the ledger. Takes as long as Brevo takes to write it out.

    Raises what hides the list: ConsentMissing, KeyRefused, ListNotFound ...
    """
    actor.require("ledger:check", on=export.connection)
    consent.require(export.connection)
    with (
        _folder() as folder,
        open_duck(folder / "duck", memory_bytes=settings.MEMORY_BYTES) as duck,
        traffic.opened(export.connection, export.list_id, means.watch) as target,
    ):
        known = target.inspect(export.connection.account)
        checked = replace(_looked_at(duck, export), listed=known.subscribers, list_name=known.list_name)
        _fetch(duck, target, folder, means)
        return replace(checked, compared=rebuild.compare(duck))


@contextmanager
def rebuilding(actor: Actor, export: Export, means: Means) -> Iterator[Rebuilding]:
    """A ledger made anew from the list in Brevo and today's segments; what is not kept inside the block is thrown away.

    Claims nobody who may be somebody else's, and sends nothing. An interrupted run of the connection is kept from going on
    meanwhile. Raises RunUnderWay, and whatever keeps a plan from being made.
    """
    actor.require("ledger:rebuild")
    consent.require(export.connection)
    with _held(export.connection) as held:
        former = _file_of(export)
        made, known = _rebuilt(export, former, means)
        rebuilt = Rebuilding(actor, export, made, known.subscribers, former, held)
        try:
            yield rebuilt
        finally:
            if not rebuilt.is_kept and made.path.name != former:
                made.path.unlink(missing_ok=True)


def _rebuilt(export: Export, former: str, means: Means) -> tuple[Rebuilt, Known]:
    moment = means.now()
    draft = Run(
        export=export, connection=export.connection, list_id=export.list_id, as_of=moment, timezone=export.timezone
    )
    spec, source = spec_of(draft), exports.opened_source(export)
    whose, _, _ = spec.ledger.name.partition("-run-")
    with _folder() as folder, traffic.opened(export.connection, export.list_id, means.watch) as target:
        journal = _WithoutLedger(draft, folder, means.watch)
        with pipeline.planning(spec, source, target, journal, as_of(draft)) as (plan, duck):
            _fetch(duck, target, folder, means)
            rebuild.load_former(duck, spec.ledger.with_name(former) if former else None)
            path = spec.ledger.with_name(f"{whose}-run-rebuilt-{moment:%Y%m%dT%H%M%S}.parquet")
            return rebuild.rebuild(duck, path), plan.known


def _looked_at(duck: Duck, export: Export) -> Checked:
    """The file of the ledger, and the session's table `former` with what can be read of it."""
    path, trouble = exports.ledger_of(export), None
    if path is not None:
        try:
            ledger.check(path)
        except TraginerError as error:
            trouble = error
    rebuild.load_former(duck, path)
    rows, in_doubt = duck.rows("SELECT count(*), count(*) FILTER (fingerprint IS NULL) FROM former")[0]
    size = path.stat().st_size if path and path.exists() else 0
    return Checked(export.name, export.list_id, path.name if path else "", size, rows, in_doubt, trouble)


def _counted_by_brevo(checked: Checked, target: BrevoList, export: Export) -> Checked:
    try:
        known = target.inspect(export.connection.account)
    except TraginerError as trouble:
        return replace(checked, account_trouble=trouble)
    return replace(checked, listed=known.subscribers, list_name=known.list_name)


def _fetch(duck: Duck, target: BrevoList, folder: Path, means: Means) -> None:
    """The session's table `listed`, from a file in `folder` that has everybody's address."""
    means.watch.stage(FETCHING, 0, 0)
    path = folder / LISTED
    with path.open("wb") as file:
        target.save_contacts(file, means.pace)
    rebuild.load_listed(duck, path)


@contextmanager
def _held(connection: Connection) -> Iterator[Sequence[Run]]:
    """The connection's interrupted run, ours while the block runs, so that nobody takes it up on a ledger that is about to move."""
    runs = interrupted(connection)
    with contextlib.ExitStack() as stack:
        for run in runs:
            stack.callback(leases.let_go, run)
            stack.enter_context(leases.kept_alive(run))
        yield runs


@contextmanager
def _fenced(connection: Connection, held: Sequence[Run]) -> Iterator[None]:
    """Inside a transaction: no run of the connection but the held one is under way, or begins before it ends."""
    if database.vendor == "postgresql":  # SQLite's transactions begin IMMEDIATE: nobody else writes
        with database.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Run._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    other = Run.objects.filter(connection=connection, status=RunStatus.PROCESSING).exclude(pk__in=[r.pk for r in held])
    if found := other.first():
        raise refused(found)
    with contextlib.ExitStack() as stack:
        for run in held:
            stack.enter_context(leases.fenced(run))
        yield


def _file_of(export: Export) -> str:
    path = exports.ledger_of(export)
    return path.name if path else ""


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=home.home()) as folder:
        yield Path(folder)


@contextmanager
def _session() -> Iterator[Duck]:
    with _folder() as folder, open_duck(folder, memory_bytes=settings.MEMORY_BYTES) as duck:
        yield duck
