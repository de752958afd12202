"""GET /processes and /processes/{processId}."""

from traginer.sandbox.endpoints import fields
from traginer.sandbox.messages import Answer, Request, answer
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World


def get_processes(world: World, request: Request) -> Answer:
    """Processes by age, the newest first unless asked otherwise."""
    rows, count = world.processes.page(**fields.page_of(request, most=50, default=10))
    return answer(200, {"count": count, "processes": [world.processes.as_json(row, world.url) for row in rows]})


def get_process(world: World, request: Request) -> Answer:
    """One process."""
    row = world.processes.find(request.path_number("processId", "process-invalid"))
    if row is None:
        raise refuse("process-invalid")
    return answer(200, world.processes.as_json(row, world.url))
