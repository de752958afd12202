"""A run in words: its status, why it is so, whose turn it is, and what to do next, in the language now spoken.

Doors show what stands here and nothing else, so that web, API and command line say the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from traginer import estimates
from traginer.contacts.reasons import REASONS
from traginer.control import speeds, traffic
from traginer.control.models import OPEN, Cancellation, Connection, Export, Run, RunStatus
from traginer.control.runs import Progress, how_far, is_interrupted, waits_for
from traginer.errors import TraginerError, Turn, every_error
from traginer.estimates import Cost, Speed
from traginer.i18n import N_, gettext, ngettext
from traginer.pipeline import Plan

STATUSES = {
    RunStatus.QUEUED: N_("Queued"),
    RunStatus.PROCESSING: N_("Processing"),
    RunStatus.SUCCESSFUL: N_("Successful"),
    RunStatus.COMPLETED_WITH_WARNINGS: N_("Completed with warnings"),
    RunStatus.SKIPPED: N_("Skipped"),
    RunStatus.FAILURE: N_("Failure"),
    RunStatus.CANCELED: N_("Canceled"),
    RunStatus.HELD: N_("Held"),
}
KINDS = {
    "source": N_("source"),
    "connection": N_("connection"),
    "segment": N_("segment"),
    "export": N_("export"),
    "notice": N_("notice"),
    "system": N_("system"),
}
HOLDS = {
    "list-would-be-empty": N_("The run would take all contacts off the list: {listed}. Nothing was sent."),
    "list-would-shrink": N_(
        "The run would take {leaving} of {listed} contacts off the list, more than the guard allows. Nothing was sent."
    ),
    "too-many-removals": N_(
        "The run would take more contacts off the list than the guard allows at once: {leaving}. Nothing was sent."
    ),
    "too-few-contacts": N_("The segments give fewer contacts than the guard allows: {wanted}. Nothing was sent."),
    "account-would-be-full": N_(
        "With all who are added, the account could exceed the contacts of its contract, by {over}. Whoever is a contact "
        "there already takes no room. Nothing was sent."
    ),
    "too-many-contacts": N_("The segments give more contacts than the guard allows: {wanted}. Nothing was sent."),
}
GIVEN_UP = N_(
    "An administrator gave the interrupted run up. Whom it may have reached is in doubt: the next run sends them again, "
    "or takes them off the list."
)
HELD_ADVICE = N_(
    "Look at the segments. Then traginer approve {run} lets exactly this plan go on, and traginer discard {run} ends it."
)


@dataclass(frozen=True)
class Why:
    """The reason of a status: a stable code, a sentence, whose turn it is, and what to do next ("" where nothing)."""

    code: str
    sentence: str
    advice: str = ""
    turn: str = ""


@dataclass(frozen=True)
class LeftOut:
    """How many profiles were left out for one reason, or how many values for a warning."""

    reason: str
    count: int
    sentence: str
    advice: str


@dataclass(frozen=True)
class RunView:
    """Everything about a run that a door shows. No value of a profile is in it."""

    run: int
    export: str
    status: str
    status_text: str
    why: Why
    counts: Mapping[str, int]
    rejections: list[LeftOut]
    warnings: list[LeftOut]
    requests: int
    bytes: int
    seconds: Mapping[str, float]
    as_of: datetime
    queued_at: datetime
    finished_at: datetime | None
    requested_by: str
    export_user: str
    progress: Progress | None = None
    sent_again: int = 0
    requests_by_endpoint: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For machines; `seconds` has the total and each stage."""
        return {
            "run": self.run,
            "export": self.export,
            "status": self.status,
            "reason": self.why.code,
            "message": " ".join(filter(None, (self.why.sentence, self.why.advice))),
            "turn": self.why.turn,
            "counts": dict(self.counts),
            "rejections_by_reason": {item.reason: item.count for item in self.rejections},
            "warnings_by_reason": {item.reason: item.count for item in self.warnings},
            "requests": self.requests,
            "requests_by_endpoint": dict(self.requests_by_endpoint),
            "bytes": self.bytes,
            "seconds": {"total": round(sum(self.seconds.values()), 3), **self.seconds},
            "sent_again": self.sent_again,
            "as_of": self.as_of.isoformat(),
            "requested_by": self.requested_by,
            "export_user": self.export_user,
            "progress": _progress(self.progress) if self.progress else None,
        }


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "stage": progress.stage,
        "done": progress.done,
        "total": progress.total,
        "requests": progress.requests,
        "bytes": progress.bytes,
        "seconds_left": None if progress.seconds_left is None else round(progress.seconds_left),
        "waits_for": progress.waits_for.pk if progress.waits_for else None,
    }


def described(run: Run) -> RunView:
    """The run, as doors show it."""
    results = run.results
    return RunView(
        run=run.pk,
        export=run.export.name,
        status=run.status,
        status_text=gettext(STATUSES[RunStatus(run.status)]),
        why=_why(run),
        counts=run.counts,
        rejections=list(_left_out(results.get("rejections_by_reason", {}))),
        warnings=list(_left_out(results.get("warnings_by_reason", {}))),
        requests=results.get("requests", 0),
        bytes=results.get("bytes", 0),
        seconds=results.get("seconds", {}),
        as_of=run.as_of,
        queued_at=run.queued_at,
        finished_at=run.finished_at,
        requested_by=run.requested_by,
        export_user=run.export_user,
        progress=how_far(run, datetime.now(UTC)) if run.status in OPEN else None,
        sent_again=results.get("sent_again", 0),
        requests_by_endpoint=results.get("requests_by_endpoint", {}),
    )


def reason_sentence(code: str) -> str:
    """What a reason means, for lists of rejections; the code itself where it is not ours."""
    reason = REASONS.get(code)
    return gettext(reason.sentence) if reason else code


def _left_out(by_reason: Mapping[str, int]) -> Iterator[LeftOut]:
    for code, count in sorted(by_reason.items(), key=lambda item: (-item[1], item[0])):
        reason = REASONS.get(code)
        yield LeftOut(code, count, reason_sentence(code), gettext(reason.next_step) if reason else "")


def _why(run: Run) -> Why:
    if run.status == RunStatus.HELD:
        facts = {"listed": run.hold.listed, "leaving": run.hold.leaving, "over": run.hold.over}
        facts["wanted"] = run.counts.get("wanted", 0)
        text = gettext(HOLDS[run.hold.reason]).format(**facts)
        return Why(run.hold.reason, text, gettext(HELD_ADVICE).format(run=run.pk), Turn.OPERATOR.value)
    if run.status == RunStatus.QUEUED:
        return _queued(run)
    if run.status == RunStatus.PROCESSING:
        return _under_way(run)
    if run.error:
        return _error(run)
    return _done(run.counts)


def _queued(run: Run) -> Why:
    before = waits_for(run)
    if before is None:
        return Why("waiting-for-worker", gettext(N_("The run begins as soon as a worker is free.")))
    text = gettext(N_('The run begins after run {run} of the export "{export}": Brevo takes one import at a time.'))
    return Why("waiting-for-run", text.format(run=before.pk, export=before.export.name))


def _under_way(run: Run) -> Why:
    if not is_interrupted(run):
        canceled = Cancellation.objects.filter(run=run).first()
        if canceled is None:
            return Why("under-way", gettext(N_("The run is under way.")))
        text = gettext(N_("{person} canceled the run: it ends as soon as no import is on its way."))
        return Why("canceling", text.format(person=canceled.by))
    sentence = gettext(N_("The run was interrupted: nobody works on it."))
    advice = gettext(N_("A worker, or the next traginer run, takes it up where it stopped."))
    if not run.error:
        return Why("interrupted", sentence, advice, Turn.OPERATOR.value)
    cause = _error(run)
    return Why("interrupted", f"{sentence} {cause.sentence}", f"{cause.advice} {advice}".strip(), cause.turn)


def _error(run: Run) -> Why:
    if run.error == "discarded":
        return Why("discarded", gettext(N_("An administrator ended the held run. Nothing was sent.")))
    if run.error == "given-up":
        return Why("given-up", gettext(GIVEN_UP))
    known: dict[str, type[TraginerError]] = {error.code: error for error in every_error()}
    kind = known.get(run.error)
    if kind is None or not kind.placeholders() <= run.error_facts.keys():
        return Why(run.error, run.error)
    error = kind.from_facts(run.error_facts)
    return Why(error.code, error.sentence, error.advice, error.turn.value)


def _done(counts: Mapping[str, int]) -> Why:
    invalid, rejected, warnings = (counts.get(name, 0) for name in ("invalid", "rejected", "warnings"))
    parts = []
    if invalid:
        text = ngettext(
            "{n} profile has no usable address of its own", "{n} profiles have no usable address of their own", invalid
        )
        parts.append(text.format(n=invalid))
    if rejected:
        parts.append(ngettext("Brevo rejected {n} contact", "Brevo rejected {n} contacts", rejected).format(n=rejected))
    if warnings:
        text = ngettext("{n} value was left out of a contact", "{n} values were left out of contacts", warnings)
        parts.append(text.format(n=warnings))
    changed = counts.get("sent", 0) or counts.get("removed", 0)
    done = (
        gettext(N_("The list holds what the segments say."))
        if changed
        else gettext(N_("Nothing has changed; nothing was sent."))
    )
    if not parts:
        return Why("done" if changed else "nothing-changed", done)
    advice = gettext(N_("traginer rejections shows which and why."))
    return Why(
        "profiles-left-out" if invalid or rejected else "values-left-out",
        f"{done} {'; '.join(parts)}.",
        advice,
        Turn.SOURCE.value,
    )


@dataclass(frozen=True)
class PlanView:
    """What a run would do, as doors show it.

    `cost` is what it would ask of Brevo at `speed`; `at_least` is the same if Brevo's own work took no time.
    """

    export: str
    profiles: int
    figures: Mapping[str, Any]
    invalid: list[LeftOut]
    warnings: list[LeftOut]
    hold: Why | None
    list_name: str
    subscribers: int
    account: str
    imports: int
    removals: int
    cost: Cost
    at_least: Cost
    speed: Speed

    @property
    def cost_text(self) -> str:
        """Requests and duration in a sentence."""
        if not self.cost.requests:
            return gettext(N_("Nothing to send: a run would not ask Brevo anything."))
        text = gettext(N_("{imports} and {removals}, {requests} in all")).format(
            imports=ngettext("{n} import", "{n} imports", self.imports).format(n=self.imports),
            removals=ngettext("{n} removal", "{n} removals", self.removals).format(n=self.removals),
            requests=ngettext("{n} request", "{n} requests", self.cost.requests).format(n=self.cost.requests),
        )
        lasting = {"duration": lasting_text(self.cost.seconds)}
        if not self.imports:
            return f"{text}; {gettext(N_('about {duration}')).format(**lasting)}"
        if self.speed.imports:
            return f"{text}; {gettext(N_('about {duration} at the speed of Brevo so far')).format(**lasting)}"
        return f"{text}; {gettext(N_('about {duration} at an assumed speed of Brevo')).format(**lasting)}"

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        names = ("members", "wanted", "invalid", "added", "changed", "unchanged", "left", "warnings")
        return {
            "export": self.export,
            "profiles": self.profiles,
            "counts": {name: self.figures[name] for name in names}
            | {"to_remove": self.figures["left"] - self.figures["not_removed"]},
            "rejections_by_reason": {item.reason: item.count for item in self.invalid},
            "warnings_by_reason": {item.reason: item.count for item in self.warnings},
            "held": self.hold.code if self.hold else None,
            "list": {"name": self.list_name, "subscribers": self.subscribers},
            "account": self.account,
            "requests": {"imports": self.imports, "removals": self.removals, "total": self.cost.requests},
            "seconds": round(self.cost.seconds, 1),
            "seconds_at_least": round(self.at_least.seconds, 1),
            "speed": {
                "rows_per_second": round(self.speed.rows_per_second, 1),
                "queue_seconds": round(self.speed.queue_seconds, 1),
                "learned_from_imports": self.speed.imports,
            },
        }


def planned(export: Export, plan: Plan) -> PlanView:
    """The plan of `export`, as doors show it, with what it would cost on the connection's account."""
    speed = speeds.of(export.connection)
    hold = None
    if plan.hold:
        facts = {"listed": plan.hold.listed, "leaving": plan.hold.leaving, "over": plan.hold.over}
        facts["wanted"] = plan.contacts.wanted
        text = gettext(HOLDS[plan.hold.reason]).format(**facts)
        hold = Why(plan.hold.reason, text, gettext(N_("A run of it would be held until an administrator approves it.")))
    return PlanView(
        export=export.name,
        profiles=plan.profiles,
        figures=plan.figures,
        invalid=list(_left_out(plan.invalid_by_reason)),
        warnings=list(_left_out(plan.warnings_by_reason)),
        hold=hold,
        list_name=plan.known.list_name,
        subscribers=plan.known.subscribers,
        account=plan.known.company,
        imports=len(plan.imports),
        removals=plan.removals,
        cost=_cost(plan, speed, export.connection),
        at_least=_cost(plan, estimates.NO_TIME, export.connection),
        speed=speed,
    )


def lasting_text(seconds: float) -> str:
    """A duration for people: seconds below a minute and a half, then minutes, then hours and minutes."""
    minutes = round(seconds / 60)
    if seconds < 90:
        n = max(round(seconds), 1)
        return ngettext("{n} second", "{n} seconds", n).format(n=n)
    if minutes < 90:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    return gettext(N_("{hours} h {minutes:02} min")).format(hours=minutes // 60, minutes=minutes % 60)


def _cost(plan: Plan, speed: Speed, connection: Connection) -> Cost:
    account = estimates.Account(connection.tier, connection.share, polling=traffic.polling(connection))
    return estimates.estimate(plan.imports, plan.removals, speed, account)
