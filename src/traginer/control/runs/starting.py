"""Begin a run, or take one up: by the worker that has claimed it, or by a person who waits for it at a terminal."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from traginer.control import connections, exports, leases, results
from traginer.control.errors import RunUnderWay
from traginer.control.models import OPEN, Connection, Export, Run, RunStatus
from traginer.control.rights import Actor
from traginer.control.runs.asking import queue
from traginer.control.runs.carrying import carry_on
from traginer.control.runs.means import Means


def run_now(actor: Actor, export: Export, means: Means) -> tuple[Run, list[Run]]:
    """Run an export to its end, in this process. The second value are interrupted runs of the account that were finished first.

    A run of the export that waits for a worker is the one that is run. Raises RunUnderWay, and what `exports.require_runnable`
    raises; whatever happens later is in the run's status and error.
    """
    actor.require("export:run", on=export.connection)
    connection = exports.require_runnable(export)
    resumed = [carry_on(run, means) for run in interrupted(connection)]
    return carry_on(_begun(actor, export, means), means), resumed


def begin(run: Run, means: Means) -> None:
    """Make a queued run ours, over its connection as the last run left it. Raises RunUnderWay where that, or its account, is busy.

    The moment it looks at is now, unless it was begun before (then it was held, and is approved).
    """
    at = means.now()
    moment = {} if run.started_at else {"as_of": at, "started_at": at}
    try:
        with transaction.atomic():
            queued = Run.objects.filter(pk=run.pk, status=RunStatus.QUEUED, token=run.token)
            begun = queued.update(
                status=RunStatus.PROCESSING,
                token=run.token + 1,
                owner=leases.owner(),
                lease_until=leases.renewed(),
                account=connections.account_of(run.connection_id),
                export_user=connections.export_user_of(run.connection),
                **moment,
            )
    except IntegrityError:
        raise refused(run) from None
    if not begun:
        raise refused(run)
    run.refresh_from_db()


def interrupted(connection: Connection) -> list[Run]:
    """The interrupted runs that keep the connection or its account busy, now ours. Raises RunUnderWay where one is alive.

    There are two at most: a run that began before its account was known may stand beside one of another connection.
    """
    found = list(_in_the_way(connection).select_related("export", "connection").order_by("pk"))
    if not found:
        ended = Run.objects.filter(connection=connection).exclude(status__in=OPEN)
        if last := ended.order_by("-lease_until").first():
            results.tidy(last)  # it may have been cut between its end and this
        return []
    for run in found:
        if leases.is_alive(run):
            raise refused(run)
    for run in found:
        if not leases.take(run, **results.NO_ERROR):
            raise refused(run)
    return found


def refused(run: Run) -> RunUnderWay:
    """Why the run cannot begin: it names the run in the way, which may be itself, in other hands."""
    same_export = Run.objects.filter(export=run.export, status__in=OPEN)
    found = (_in_the_way(run.connection) | same_export).order_by("-status", "pk").first()
    other = found or run
    return RunUnderWay(run=other.pk, export=other.export.name, connection=other.connection.name)


def _in_the_way(connection: Connection) -> QuerySet[Run]:
    """The runs under way over the connection, or over another one to the same account."""
    same = Q(connection=connection)
    if account := connections.account_of(connection.pk):
        same |= Q(account=account)
    return Run.objects.filter(same, status=RunStatus.PROCESSING)


def _begun(actor: Actor, export: Export, means: Means) -> Run:
    """The run of the export, ours and under way. What cannot begin at once is not left in the queue."""
    with transaction.atomic():
        waiting = Run.objects.filter(export=export, status=RunStatus.QUEUED).first()
        run = waiting or queue(Run(), export, actor.name, means.now())
        begin(run, means)
    return run
