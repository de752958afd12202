"""/notices/targets: who hears of changes, and how."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.schemas.notices import AddedTarget, NewTarget, Target
from traginer.api.waiting import long
from traginer.control import exports, notifying
from traginer.control.notifying import TargetView, Wish
from traginer.control.rights import Actor
from traginer.control.runs.means import now

router = Router()


@router.get("/notices/targets", response=list[Target])
def list_targets(request: HttpRequest) -> list[Target]:
    """List where notices go: the targets that you may manage."""
    return [Target.of(view) for view in notifying.every(who(request))]


@router.post("/notices/targets", response={201: AddedTarget})
def add_target(
    request: HttpRequest, new: Annotated[NewTarget, JsonBody(...)], response: HttpResponse
) -> Status[AddedTarget]:
    """Send notices to an address: when an export fails, is held, works again, and so on."""
    actor = who(request)
    about = exports.get(actor, new.export) if new.export else None
    events = [event.value for event in new.events]
    wish = Wish(new.kind, new.address, about, events, new.shrink_percent, new.language, new.name)
    target, secret = notifying.add(actor, wish, now())
    response["Location"] = f"{request.path}/{target.pk}"
    shown = Target.of(_view(actor, target.pk))
    return Status(201, AddedTarget(**shown.model_dump(), secret=secret or None))


@router.get("/notices/targets/{target}", response=Target)
def get_target(request: HttpRequest, target: Number) -> Target:
    """Show where notices go, and how the last one fared."""
    return Target.of(_view(who(request), target))


@router.delete("/notices/targets/{target}", response={204: None})
def remove_target(request: HttpRequest, target: Number) -> Status[None]:
    """Send no more notices there."""
    actor = who(request)
    notifying.remove(actor, notifying.get(actor, target))
    return Status(204, None)


@router.post("/notices/targets/{target}/test", response={204: None})
def test_target(request: HttpRequest, target: Number) -> Status[None]:
    """Send a notice that nothing has happened there, now."""
    actor = who(request)
    found = notifying.get(actor, target)
    with long():
        notifying.test(actor, found, now())
    return Status(204, None)


def _view(actor: Actor, number: int) -> TargetView:
    found = notifying.get(actor, number)
    return next(view for view in notifying.every(actor) if view.number == found.pk)
