"""Figures for Prometheus, read from the database: every process tells the same, whichever is asked.

Labels hold names of what is configured, statuses and states: nothing of a profile or a person.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Now
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from traginer import __version__
from traginer.control import tallies
from traginer.control.models import Export, Heartbeat, Notice, NoticeState, Run, RunStatus, Tally
from traginer.control.rights import Actor
from traginer.control.worker_heartbeats import SCHEDULER, WORKER

CONTENT_TYPE = CONTENT_TYPE_LATEST
KEPT = timedelta(seconds=5)
"""How long an answer is given again: however many ask, the database is asked once in this time."""
GOOD = (RunStatus.SUCCESSFUL, RunStatus.COMPLETED_WITH_WARNINGS)
ALIVE_WITHIN = timedelta(minutes=1)

_lock = threading.Lock()
_kept: tuple[datetime, bytes] | None = None


def exposition(actor: Actor, now: datetime) -> bytes:
    """The figures in the text format of Prometheus, at most KEPT old."""
    actor.require("system:read")
    global _kept  # noqa: PLW0603 - one answer for all requests of the process
    with _lock:
        if _kept is None or not timedelta() <= now - _kept[0] < KEPT:
            registry = CollectorRegistry(auto_describe=False)
            registry.register(Figures(now))
            _kept = now, generate_latest(registry)
        return _kept[1]


@dataclass(frozen=True)
class Figures(Collector):
    """Reads the figures of one moment: a dozen queries, none of which looks at the rows of a run's history one by one."""

    now: datetime

    def collect(self) -> Iterable[Metric]:
        """Implements Collector."""
        yield _gauge("version", "The version that answers.", ["version"], [((__version__,), 1)])
        yield from self._queue()
        yield from self._history()
        yield from _totals()
        yield from self._signs_of_life()
        yield _gauge("notices", "Notices by state; those that are due too.", ["state"], _notices())

    def _queue(self) -> Iterator[Metric]:
        queued = Run.objects.filter(status=RunStatus.QUEUED).aggregate(n=Count("pk"), oldest=Min("queued_at"))
        running = Run.objects.filter(status=RunStatus.PROCESSING)
        alive = running.filter(lease_until__gte=Now()).count()
        oldest = self._age(queued["oldest"]) if queued["oldest"] else 0.0
        yield _gauge("queue_depth", "Runs that wait for a worker.", [], [((), queued["n"])])
        yield _gauge("queue_oldest_seconds", "How long the oldest of them has waited.", [], [((), oldest)])
        yield _gauge("runs_under_way", "Runs that somebody works on.", [], [((), alive)])
        expired = running.count() - alive
        yield _gauge("leases_expired", "Runs under way that nobody works on.", [], [((), expired)])

    def _history(self) -> Iterator[Metric]:
        runs: Counter[tuple[str, ...]] = Counter()
        counted = Run.objects.order_by().values_list("export__name", "status").annotate(n=Count("pk"))
        for name, status, n in counted:
            runs[name, status] += n
        yield _gauge("runs", "Runs in the history, by export and status.", ["export", "status"], runs.items())
        exports = Export.objects.annotate(at=Max("runs__finished_at", filter=Q(runs__status__in=GOOD)))
        ages = [((name,), self._age(at)) for name, at in exports.values_list("name", "at") if at]
        yield _gauge("last_success_age_seconds", "Since the last good run of each export.", ["export"], ages)

    def _signs_of_life(self) -> Iterator[Metric]:
        heard = Heartbeat.objects.filter(role=SCHEDULER).aggregate(at=Max("at"))["at"]
        silence = [((), self._age(heard))] if heard else []
        yield _gauge("scheduler_silence_seconds", "Since the last sign of life of a scheduler.", [], silence)
        workers = Heartbeat.objects.filter(role=WORKER, at__gt=self.now - ALIVE_WITHIN).count()
        yield _gauge(
            "workers_idle",
            "Workers that gave a sign of life in the last minute: a busy one gives none.",
            [],
            [((), workers)],
        )

    def _age(self, at: datetime) -> float:
        return max((self.now - at).total_seconds(), 0.0)


def _totals() -> Iterator[Metric]:
    """What all runs that ever ended came to, by export."""
    columns = (*tallies.CONTACTS, *tallies.TRAFFIC)
    sums: Counter[tuple[str, str]] = Counter()
    for name, *values in Tally.objects.values_list("export__name", *columns):
        for column, value in zip(columns, values, strict=True):
            sums[name, column] += value
    contacts = CounterMetricFamily("traginer_contacts", "Contacts by what became of them.", labels=["export", "fate"])
    requests = CounterMetricFamily("traginer_brevo_requests", "Requests of runs to Brevo.", labels=["export"])
    sent = CounterMetricFamily("traginer_brevo_sent_bytes", "Bytes of runs sent to Brevo.", labels=["export"])
    for (name, column), total in sorted(sums.items()):
        match column:
            case "requests":
                requests.add_metric([name], total)
            case "bytes":
                sent.add_metric([name], total)
            case fate:
                contacts.add_metric([name, fate], total)
    return iter((contacts, requests, sent))


def _notices() -> list[tuple[tuple[str, ...], int]]:
    counted = Notice.objects.order_by().values_list("state").annotate(n=Count("pk"))
    found = dict(counted)
    return [((state.value,), found.get(state.value, 0)) for state in NoticeState]


def _gauge(
    name: str, help_text: str, labels: Sequence[str], values: Iterable[tuple[Sequence[str], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"traginer_{name}", help_text, labels=labels)
    for of, value in values:
        family.add_metric(of, value)
    return family
