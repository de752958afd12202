"""Runs: ask for one, carry it to its end, take up what was interrupted, plan, cancel, approve what is held, and look back.

asking     a row in the queue          starting   begin it, or take one up       carrying   to its end, whatever that is
deciding   approve, discard, cancel    planning   what a run would do            looking    one, the latest, how far it is
attention  what a run heeds while it works          concerning  whom a held one concerns
"""

from traginer.control.runs.asking import request, retry
from traginer.control.runs.carrying import carry_on
from traginer.control.runs.concerning import Concerned, Person, concerned
from traginer.control.runs.deciding import approve, approve_queued, cancel, cancel_open, discard
from traginer.control.runs.looking import Progress, get, history, how_far, is_interrupted, progress, waits_for
from traginer.control.runs.means import REAL_TIME, Means
from traginer.control.runs.planning import plan, plan_draft, planning
from traginer.control.runs.starting import begin, run_now
from traginer.delivery.deliver import Pace

__all__ = [
    "REAL_TIME",
    "Concerned",
    "Means",
    "Pace",
    "Person",
    "Progress",
    "approve",
    "approve_queued",
    "begin",
    "cancel",
    "cancel_open",
    "carry_on",
    "concerned",
    "discard",
    "get",
    "history",
    "how_far",
    "is_interrupted",
    "plan",
    "plan_draft",
    "planning",
    "progress",
    "request",
    "retry",
    "run_now",
    "waits_for",
]
