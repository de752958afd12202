"""What waits for somebody: runs that are held or interrupted, and notices that did not arrive."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from traginer.control import runs
from traginer.control.doctor.findings import Finding, Level
from traginer.control.models import Heartbeat, Notice, NoticeState, NoticeTarget, Run, RunStatus
from traginer.control.notifying.mail import VARIABLE
from traginer.control.worker_heartbeats import WORKER
from traginer.i18n import N_, gettext, ngettext

LATELY = timedelta(days=7)
SEEN_WITHIN = timedelta(minutes=2)


def look(now: datetime) -> Iterator[Finding]:
    """Held and interrupted runs, and the targets that notices did not reach."""
    for run in Run.objects.filter(status__in=(RunStatus.PROCESSING, RunStatus.HELD)).select_related("export"):
        if run.status == RunStatus.HELD:
            yield _held(run)
        elif runs.is_interrupted(run):
            yield _interrupted(run, now)
    yield from _notices(now)


def _held(run: Run) -> Finding:
    sentence = gettext(N_("Run {run} is held.")).format(run=run.pk)
    advice = gettext(N_("Approve it with traginer approve {run}, or end it with traginer discard {run}."))
    return Finding(run.export.name, Level.ATTENTION, sentence, advice.format(run=run.pk), "run-held")


def _interrupted(run: Run, now: datetime) -> Finding:
    """Where a worker is there, it takes the run up without anybody's help."""
    has_worker = Heartbeat.objects.filter(role=WORKER, at__gt=now - SEEN_WITHIN).exists()
    sentence = gettext(N_("Run {run} was interrupted.")).format(run=run.pk)
    if has_worker:
        advice, level = gettext(N_("A worker takes it up by itself.")), Level.ATTENTION
    else:
        advice, level = gettext(N_("The next traginer run takes it up where it stopped.")), Level.WRONG
    return Finding(run.export.name, level, sentence, advice, "run-interrupted")


def _notices(now: datetime) -> Iterator[Finding]:
    about = gettext(N_("Notices"))
    if NoticeTarget.objects.filter(kind="email").exists() and not os.environ.get(VARIABLE):
        sentence = gettext(N_("Notices are to go by e-mail, and {variable} is not set.")).format(variable=VARIABLE)
        advice = gettext(N_("Set it to the address of a mail server, or remove those targets."))
        yield Finding(about, Level.WRONG, sentence, advice, "mail-not-set-up")
    lost = Notice.objects.filter(state=NoticeState.FAILED, at__gt=now - LATELY)
    for target in NoticeTarget.objects.filter(pk__in=lost.values("target")).order_by("pk"):
        count = lost.filter(target=target).count()
        text = ngettext(
            "{n} notice to {target} did not arrive in the last {days} days ({why}).",
            "{n} notices to {target} did not arrive in the last {days} days ({why}).",
            count,
        )
        last = lost.filter(target=target).latest("pk")
        sentence = text.format(n=count, target=target.shown, days=LATELY.days, why=last.problem)
        advice = gettext(N_("Try it with traginer notice test {number}.")).format(number=target.pk)
        yield Finding(about, Level.ATTENTION, sentence, advice, "notices-failed")
