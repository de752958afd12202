"""What can be turned: switches, faults, the clock, the key; and everything back to the beginning."""

from collections.abc import Callable
from typing import Any

from traginer.sandbox.clock import iso
from traginer.sandbox.faults import Fault
from traginer.sandbox.messages import NO_CONTENT, Answer, Request, answer
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World

MOST_ADVANCE_SECONDS = 366 * 86_400


def _sensible[T](deed: Callable[[], T]) -> T:
    """What `deed` gives; what makes no sense to it is refused in its own words."""
    try:
        return deed()
    except (ValueError, TypeError) as reason:
        raise refuse("sandbox-invalid", reason=str(reason)) from None


def get_switches(world: World, _request: Request) -> Answer:
    """Every switch with its value."""
    return answer(200, world.switches.as_dict())


def patch_switches(world: World, request: Request) -> Answer:
    """Set some switches, all or none."""
    _sensible(lambda: world.switches.patch(request.json))
    world.attributes.forget()
    world.worker.wake()
    return get_switches(world, request)


def get_faults(world: World, _request: Request) -> Answer:
    """The armed faults."""
    return answer(200, world.faults.as_json())


def add_fault(world: World, request: Request) -> Answer:
    """Arm a fault: its fields, or `{"fault": "text as on the command line"}`."""
    body = request.json
    fault = _sensible(lambda: Fault.read(str(body["fault"])) if "fault" in body else Fault(**body))
    return answer(201, {"id": world.faults.add(fault)})


def remove_fault(world: World, request: Request) -> Answer:
    """Disarm one fault."""
    if not world.faults.remove(request.path_number("faultId", "fault-missing")):
        raise refuse("fault-missing")
    return NO_CONTENT


def clear_faults(world: World, _request: Request) -> Answer:
    """Disarm all."""
    world.faults.clear()
    return NO_CONTENT


def get_clock(world: World, _request: Request) -> Answer:
    """What time it is here."""
    clock = world.clock
    return answer(200, {"now": iso(clock.now()), "ahead_seconds": round(clock.offset, 3), "frozen": clock.is_frozen})


def move_clock(world: World, request: Request) -> Answer:
    """`{"advance": seconds}`, `{"frozen": true or false}`, or both; answered when what fell due is done."""
    body = request.json
    seconds, frozen = body.get("advance", 0), body.get("frozen")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= MOST_ADVANCE_SECONDS:
        raise refuse("sandbox-invalid", reason="advance takes seconds, from 0 to a year")
    if frozen is not None:
        world.clock.freeze() if frozen else world.clock.thaw()
    world.clock.advance(seconds)
    return get_clock(world, request)


def get_key(world: World, _request: Request) -> Answer:
    """The key, and from where it may be used."""
    return answer(200, _key(world))


def _key(world: World) -> dict[str, Any]:
    off = world.store.note("key_switched_off") is not None
    return {"api_key": world.keys.api_key, "switched_off": off, "recognised_ips": world.keys.recognised()}


def change_key(world: World, request: Request) -> Answer:
    """`switched_off`: true or false; `recognised_ips`: networks, or null for everyone."""
    body = request.json
    if "switched_off" in body:
        world.keys.switch_off() if body["switched_off"] else world.keys.switch_on()
    if "recognised_ips" in body:
        _sensible(lambda: world.keys.recognise(body["recognised_ips"]))
    return answer(200, _key(world))


def reset(world: World, _request: Request) -> Answer:
    """A fresh account; the switches stay."""
    world.reset()
    return NO_CONTENT
