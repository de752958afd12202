"""The path of a profile, on one page: the only module that knows all the rooms.

    source row ─► member ─► contact or invalid ─► change ─► batch on disk ─► import, followed ─► receipt ─► ledger

`plan_export` walks the first half and sends nothing; `run_export` is that half, then freezes and delivers. A run that was
cut is taken up by calling `run_export` again with the same journal: before the freeze it starts over with the same
`as_of`; after it the frozen plan is delivered, whatever the source says by then.
"""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traginer import brevo, contacts, segments
from traginer.delivery import advance, changes, freeze, holders, room
from traginer.delivery.books import Counts
from traginer.delivery.changes import ChangeSet, Guards, Hold
from traginer.delivery.deliver import Delivery, Pace
from traginer.delivery.journal import BatchState, Journal, PlanJournal
from traginer.destination import BrevoList, Known
from traginer.duck import MEMORY_BYTES, Duck, ident, literal, open_duck
from traginer.durable import replacing
from traginer.errors import TraginerError
from traginer.profiles.errors import SourceChanged
from traginer.profiles.source import Source
from traginer.values import AsOf, Column

LEFT_OUT = "left-out.parquet"
REJECTIONS = "rejections.parquet"
LIMITS = freeze.Limits(brevo.BODY_LIMIT, brevo.REMOVE_MAX)


@dataclass(frozen=True)
class ExportSpec:
    """What to carry where. `known` is what Brevo said last of the account: an unchanged run asks it nothing.

    `account` is the one the connection has opened so far ("" before its first run). With `approved_digest` no other plan
    than that one is carried out. `contact_limit` is how many contacts the account may have in all.
    """

    segments: Sequence[segments.Segment]
    mapping: contacts.Mapping
    list_id: int
    ledger: Path
    holders: Path
    remove_leavers: bool = True
    guards: Guards = field(default_factory=Guards)
    known: Known | None = None
    account: str = ""
    approved_digest: str | None = None
    contact_limit: int | None = None
    limits: freeze.Limits = LIMITS
    memory_bytes: int = MEMORY_BYTES

    @property
    def envelope(self) -> freeze.Envelope:
        """What stands around the rows of an import into the list."""
        return freeze.Envelope(*brevo.import_envelope(self.list_id))


@dataclass(frozen=True)
class Plan:
    """What a run would do: its change set, what it leaves out and why, and whether a guard holds it back.

    `imports` are about the rows of each import it would send, `removals` the number of its removals.
    """

    profiles: int
    contacts: contacts.Contacts
    changes: ChangeSet
    hold: Hold | None
    digest: str
    imports: Sequence[int]
    removals: int
    known: Known
    invalid_by_reason: Mapping[str, int]
    warnings_by_reason: Mapping[str, int]

    @property
    def figures(self) -> dict[str, Any]:
        """What the journal keeps of it for the books."""
        built, changed = self.contacts, self.changes
        return {
            "members": built.members,
            "wanted": built.wanted,
            "invalid": built.invalid,
            "warnings": built.warnings,
            "added": changed.added,
            "changed": changed.changed,
            "left": changed.left,
            "unchanged": changed.unchanged,
            "not_removed": changed.left - changed.leaving,
            "invalid_by_reason": dict(self.invalid_by_reason),
            "warnings_by_reason": dict(self.warnings_by_reason),
        }


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `error` is what stopped it; what was confirmed before is in the ledger all the same.

    `digest` is that of a plan that was not carried out: `hold` says why, or it is not the approved one.
    """

    counts: Counts
    rejections_by_reason: Mapping[str, int]
    warnings_by_reason: Mapping[str, int]
    seconds: Mapping[str, float]
    known: Known | None = None
    hold: Hold | None = None
    digest: str = ""
    error: TraginerError | None = None
    unmatched_report_rows: int = 0
    sent_again: int = 0


@dataclass
class Stages:
    """Seconds per stage, and a word to those who watch when one begins."""

    journal: PlanJournal
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        self.journal.progress(name)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 3)


def run_export(
    spec: ExportSpec, source: Source, target: BrevoList, journal: Journal, as_of: AsOf, pace: Pace
) -> Outcome:
    """Make the list hold what the segments say. Raises TraginerError only where nothing has been frozen yet."""
    stage = Stages(journal)
    known = None
    with room.required(journal.spool), open_duck(journal.spool / "duck", memory_bytes=spec.memory_bytes) as duck:
        if journal.figures() is None:
            plan = plan_export(duck, spec, source, target, journal, as_of, stage)
            known = plan.known
            if plan.digest != (spec.approved_digest or ""):
                return _not_carried_out(plan, stage)
            with stage("freeze"):
                _frozen(duck, spec, plan, journal)
        with stage("deliver"):
            error = _delivered(duck, spec, target, journal, pace, look_first=known is None)
        with stage("advance"):
            done = advance.advance(duck, journal, spec.ledger, spec.holders)
            rejected = _keep_rejections(duck, journal.spool)
    return _outcome(journal, done, rejected, stage, error, known)


@contextmanager
def planning(
    spec: ExportSpec, source: Source, target: BrevoList, journal: PlanJournal, as_of: AsOf
) -> Iterator[tuple[Plan, Duck]]:
    """What `run_export` would do now, by the same code, and the session with its tables. Sends nothing."""
    with room.required(journal.spool), open_duck(journal.spool / "duck", memory_bytes=spec.memory_bytes) as duck:
        yield plan_export(duck, spec, source, target, journal, as_of, Stages(journal), look_first=True), duck


def plan_export(
    duck: Duck,
    spec: ExportSpec,
    source: Source,
    target: BrevoList,
    journal: PlanJournal,
    as_of: AsOf,
    stage: Stages,
    *,
    look_first: bool = False,
) -> Plan:
    """Who is a member, which contact each gives, and how that differs from the ledger.

    The account is asked before anything is sent, and not at all where nothing changes (unless `look_first`): contacts
    built on what Brevo said last time are built anew where it says something else today.
    """
    stamp = source.stamp()
    with stage("profiles"):
        source.open(duck)
        columns = source.columns(duck)
        profiles = source.check(duck)
    with stage("segments"):
        contacts.check_mapping(spec.mapping, columns, None)
        _load_members(duck, spec, source, columns, as_of)
    remembered = None if look_first else _still_enough(spec, columns)
    known = remembered or target.inspect(spec.account)
    with _unchanged(source, stamp):
        built, changed = _compared(duck, spec, source, columns, known, journal, as_of, stage)
        if remembered and not changed.is_empty:
            fresh = target.inspect(spec.account)
            if fresh.attributes != known.attributes:
                built, changed = _compared(duck, spec, source, columns, fresh, journal, as_of, stage)
            known = fresh
    hold = changes.hold(changed, spec.guards, room=_room(spec, target, changed))
    digest = changes.digest(duck) if hold or spec.approved_digest else ""
    return Plan(
        profiles=profiles,
        contacts=built,
        changes=changed,
        hold=hold,
        digest=digest,
        imports=freeze.foreseen_imports(changed, spec.envelope, spec.limits),
        removals=-(-changed.leaving // spec.limits.removals),
        known=known,
        invalid_by_reason=_by_reason(duck, "invalid"),
        warnings_by_reason=_by_reason(duck, "warnings"),
    )


@contextmanager
def _unchanged(source: Source, stamp: object) -> Iterator[None]:
    """Raises SourceChanged where the source is another one by the end: whatever else went wrong may come of that."""
    try:
        yield
    except TraginerError:
        if source.stamp() == stamp:
            raise
    if source.stamp() != stamp:
        raise SourceChanged(source=source.name)


def _still_enough(spec: ExportSpec, columns: Mapping[str, Column]) -> Known | None:
    """What Brevo said last, unless the mapping needs more: an attribute may have been made since."""
    try:
        contacts.check_mapping(spec.mapping, columns, spec.known.attributes if spec.known else None)
    except TraginerError:
        return None
    return spec.known


def _room(spec: ExportSpec, target: BrevoList, changed: ChangeSet) -> int | None:
    """How many more contacts the account may have; None where nobody has said, or nobody is added."""
    if spec.contact_limit is None or not changed.added:
        return None
    return max(spec.contact_limit - target.contacts(), 0)


def _load_members(duck: Duck, spec: ExportSpec, source: Source, columns: Mapping[str, Column], as_of: AsOf) -> None:
    for table, written in segments.member_tables(spec.segments).items():
        take_selected(duck, source, written, as_of, table)
    fields = contacts.fields(spec.mapping)
    load_members(duck, source, segments.members_query(spec.segments, columns, source.key, fields, as_of), fields)


def take_selected(
    duck: Duck,
    source: Source,
    segment: segments.SqlSegment,
    as_of: AsOf,
    table: str,
    bounds: segments.Bounds | None = None,
) -> None:
    """The keys that a user's SELECT gives, as `table` of the session. Raises the errors of the source and the SELECT."""
    safe = segments.guarded(segment.sql, source.key, as_of=as_of)
    with (
        source.apart() as (apart, files),
        segments.run_locked(apart.connection, safe, files=files, timezone=as_of.timezone, bounds=bounds) as keys,
    ):
        duck.take(keys, table)


def load_members(duck: Duck, source: Source, query: str, fields: Sequence[str]) -> None:
    """The table `members`, of which contacts are built: the key and the `fields` of the rows of `query`, which has both."""
    chosen = ", ".join([f"{ident(source.key)} AS {ident(contacts.KEY)}", *map(ident, fields)])
    source.load(duck, f"SELECT {chosen} FROM ({query})", "members")


def _compared(
    duck: Duck,
    spec: ExportSpec,
    source: Source,
    columns: Mapping[str, Column],
    known: Known,
    journal: PlanJournal,
    as_of: AsOf,
    stage: Stages,
) -> tuple[contacts.Contacts, ChangeSet]:
    with stage("contacts"), source.reading():
        contacts.check_mapping(spec.mapping, columns, known.attributes)
        built = contacts.build(duck, spec.mapping, known.attributes, as_of_timezone=as_of.timezone)
    with stage("compare"):
        changed = changes.compare(duck, journal, remove_leavers=spec.remove_leavers)
        holders.open_holders(duck, journal)
        spared = contacts.leave_out_held(duck, built, "holders", among="outgoing")
        if spared != built:
            changed = changes.compare(duck, journal, remove_leavers=spec.remove_leavers)
        return spared, changed


def _frozen(duck: Duck, spec: ExportSpec, plan: Plan, journal: Journal) -> None:
    batches = freeze.freeze(duck, journal.spool, plan.changes, spec.envelope, spec.limits)
    with replacing(journal.spool / LEFT_OUT) as part:
        duck.run(f"COPY ({_LEFT_OUT}) TO {literal(part)} (FORMAT parquet)")
    journal.frozen(batches, plan.figures)
    contacts.forget(duck)


def _delivered(
    duck: Duck, spec: ExportSpec, target: BrevoList, journal: Journal, pace: Pace, *, look_first: bool
) -> TraginerError | None:
    """`look_first` asks whose account it is: the key may be another one since the plan was frozen."""
    try:
        if look_first and any(batch.state is not BatchState.SETTLED for batch in journal.batches()):
            target.inspect(spec.account)
        Delivery(duck, journal, target, spec.envelope, pace).run()
    except TraginerError as error:
        return error
    return None


def _keep_rejections(duck: Duck, spool: Path) -> dict[str, int]:
    """Write who was left out and why, for those who look back, and count what Brevo rejected."""
    rejected = f"SELECT key, 'rejected' AS kind, reason, NULL AS field, NULL AS winner FROM ({advance.refused(spool)}) WHERE reason <> 'still-on-list'"
    counts = dict(duck.rows(f"SELECT reason, count(*) FROM ({rejected}) GROUP BY reason ORDER BY reason"))
    with replacing(spool / REJECTIONS) as part:
        if counts:
            left_out = literal(spool / LEFT_OUT)
            duck.run(
                f"COPY (SELECT * FROM read_parquet({left_out}) UNION ALL {rejected}) TO {literal(part)} (FORMAT parquet)"
            )
        else:
            shutil.copyfile(spool / LEFT_OUT, part)
    return counts


def _by_reason(duck: Duck, table: str) -> dict[str, int]:
    return dict(duck.rows(f"SELECT reason, count(*) FROM {table} GROUP BY reason ORDER BY reason"))


def _not_carried_out(plan: Plan, stage: Stages) -> Outcome:
    counts = Counts(**{**_planned(plan.figures), "still_on_list": plan.changes.left})
    return Outcome(
        counts, plan.invalid_by_reason, plan.warnings_by_reason, stage.seconds, plan.known, plan.hold, plan.digest
    )


def _planned(figures: Mapping[str, Any]) -> dict[str, int]:
    names = ("members", "wanted", "invalid", "warnings", "added", "changed", "left", "unchanged")
    return {name: figures[name] for name in names}


def _outcome(
    journal: Journal,
    done: advance.Delivered,
    rejected: Mapping[str, int],
    stage: Stages,
    error: TraginerError | None,
    known: Known | None,
) -> Outcome:
    figures = journal.figures() or {}
    counts = Counts(
        **_planned(figures),
        sent=done.sent,
        confirmed=done.confirmed,
        rejected=done.rejected,
        in_doubt=done.in_doubt,
        removed=done.removed,
        still_on_list=done.still_listed + figures["not_removed"],
    )
    try:
        counts.balance()
    except TraginerError as unbalanced:
        error = error or unbalanced
    batches = journal.batches()
    return Outcome(
        counts,
        {**figures["invalid_by_reason"], **rejected},
        figures["warnings_by_reason"],
        stage.seconds,
        known,
        error=error,
        unmatched_report_rows=sum(batch.unmatched for batch in batches),
        sent_again=sum(max(batch.tries - 1, 0) for batch in batches),
    )


_LEFT_OUT = """
SELECT key, 'invalid' AS kind, reason, field, winner FROM invalid
UNION ALL SELECT key, 'warning', reason, field, NULL FROM warnings"""
