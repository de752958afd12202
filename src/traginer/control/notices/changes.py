"""See what has changed, and write down who is to hear of it: one notice for each change and target, whoever sees it first.

Each thing looked at has a Condition, which is moved by compare-and-set from the state it was last seen in. The notices are
written in the same transaction. So a change is told once with any number of workers, and a restart loses none.

    export-N        normal ─► failed | held | stopped ─► normal     stopped: the connection's notice says why
    key-N           normal ─► refused ─► normal
    consent-N       normal ─► withdrawn | outdated ─► normal
    export-user-N   normal ─► lost ─► normal
    scheduler       normal ─► silent ─► normal
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from traginer.control import connections, consent
from traginer.control.configuration_errors import ConsentTextIncomplete, ConsentWithdrawn, ExportUserInactive
from traginer.control.errors import ConsentMissing, ConsentOutdated
from traginer.control.models import Condition, Connection, Run, RunStatus
from traginer.control.notices import writing
from traginer.control.notices.events import Event
from traginer.errors import TraginerError

NORMAL, FAILED, HELD, STOPPED = "normal", "failed", "held", "stopped"
STATES = {
    RunStatus.SUCCESSFUL: NORMAL,
    RunStatus.COMPLETED_WITH_WARNINGS: NORMAL,
    RunStatus.FAILURE: FAILED,
    RunStatus.HELD: HELD,
}
"""What the end of a run says of its export. A run that was skipped or canceled says nothing."""
KEY_TROUBLES = {"brevo-key-refused", "brevo-key-off", "brevo-ip-not-allowed"}
TOLD_BY_CONNECTION = KEY_TROUBLES | {"consent-withdrawn", "consent-outdated", "export-user-inactive"}
"""What stops every export of a connection: it is told once, of the connection."""


@dataclass(frozen=True)
class Move:
    """From which state a thing has moved, and a name for that change which no other has."""

    former: str
    change: str


def on_finished(run: Run) -> None:
    """See what the end of the run, or its hold, has changed. To be called in the transaction that writes it down."""
    ended = Run.objects.select_related("export", "connection").get(pk=run.pk)
    if ended.status not in STATES:
        return
    at = ended.finished_at or ended.hold.at
    with transaction.atomic():
        _see_key(ended, at)
        see_consent(ended.connection, at)
        see_export_user(ended.connection, at)
        _see_export(ended, at)
        writing.tell_of_shrinking(ended, at)


def _see_export(run: Run, at: datetime) -> None:
    state = STATES[RunStatus(run.status)]
    is_told_already = state == FAILED and run.error in TOLD_BY_CONNECTION
    move_export(run, STOPPED if is_told_already else state, at)


def move_export(run: Run, state: str, at: datetime) -> None:
    """The export of the run is in this state now."""
    subject = f"export-{run.export_id}"
    if state == STOPPED and _state(subject) == FAILED:
        return  # that it fails was told; so will be that it works again
    move = _moved(subject, state, at, run)
    if move is None or state == STOPPED or (state == NORMAL and move.former == STOPPED):
        return
    event = {FAILED: Event.FAILED, HELD: Event.HELD, NORMAL: Event.RECOVERED}[state]
    writing.tell_of_export(run, event, move.change, at)


def _see_key(run: Run, at: datetime) -> None:
    subject = f"key-{run.connection_id}"
    if run.error in KEY_TROUBLES:
        facts = {"error": run.error, "error_facts": run.error_facts, "run": run.pk}
        told(subject, "refused", Event.KEY_REFUSED, facts, run.connection, at)
    elif STATES[RunStatus(run.status)] == NORMAL and run.requests:
        told(subject, NORMAL, Event.RECOVERED, {"about": "key"}, run.connection, at)


def see_consent(connection: Connection, at: datetime) -> None:
    """See whether the consent that the connection stands on is still one."""
    subject = f"consent-{connection.pk}"
    try:
        consent.require(connection)
    except ConsentWithdrawn as error:
        told(subject, "withdrawn", Event.CONSENT_WITHDRAWN, _facts(error), connection, at)
    except (ConsentOutdated, ConsentTextIncomplete) as error:
        told(subject, "outdated", Event.CONSENT_OUTDATED, _facts(error), connection, at)
    except ConsentMissing:
        pass  # nobody ever agreed: nothing that worked has stopped
    else:
        told(subject, NORMAL, Event.RECOVERED, {"about": "consent"}, connection, at)


def see_export_user(connection: Connection, at: datetime) -> None:
    """See whether the person that the connection's runs answer to may still be that."""
    subject = f"export-user-{connection.pk}"
    try:
        connections.require_export_user(connection)
    except ExportUserInactive as error:
        told(subject, "lost", Event.EXPORT_USER_LOST, _facts(error), connection, at)
    except TraginerError:
        pass  # there never was one
    else:
        told(subject, NORMAL, Event.RECOVERED, {"about": "export-user"}, connection, at)


def told(
    subject: str, state: str, event: Event, facts: Mapping[str, Any], connection: Connection | None, at: datetime
) -> None:
    """Move the condition, and where that was news, tell those who hear of the connection, or (None) of the installation."""
    if move := _moved(subject, state, at):
        writing.tell_of_connection(connection, event, move.change, facts, at)


def _moved(subject: str, state: str, at: datetime, run: Run | None = None) -> Move | None:
    """The move to `state`; None where it is in it already, or another worker has moved it at this moment."""
    seen, _ = Condition.objects.select_related("run").get_or_create(
        subject=subject, defaults={"state": NORMAL, "at": at}
    )
    if seen.state == state and not _is_another_hold(seen, run):
        return None
    values = {"state": state, "moves": seen.moves + 1, "at": at, "run": run}
    if Condition.objects.filter(subject=subject, moves=seen.moves).update(**values) != 1:
        return None
    return Move(seen.state, f"{subject}:{seen.moves + 1}")


def _is_another_hold(seen: Condition, run: Run | None) -> bool:
    """Whether somebody has decided about the run that was held, and now another one is."""
    is_hold = seen.state == HELD and run is not None
    return is_hold and (seen.run is None or (seen.run != run and seen.run.status != RunStatus.HELD))


def _state(subject: str) -> str:
    found = Condition.objects.filter(subject=subject).values_list("state", flat=True).first()
    return found or NORMAL


def _facts(error: TraginerError) -> dict[str, Any]:
    return {"error": error.code, "error_facts": {name: str(value) for name, value in error.facts.items()}}
