"""What every request passes: faults, key, limits, route; and the log, which sees them all."""

import logging
import time
from dataclasses import dataclass, replace
from threading import Event

from traginer.sandbox.endpoints.table import ROUTES
from traginer.sandbox.faults import Fault
from traginer.sandbox.inspection.table import INSPECTION_ROUTES
from traginer.sandbox.limits import bucket_of
from traginer.sandbox.messages import Answer, Request, answer, html, refused
from traginer.sandbox.refusals import Refusal, refuse
from traginer.sandbox.requestlog import LoggedRequest
from traginer.sandbox.routing import Router
from traginer.sandbox.world import World

LOG = logging.getLogger("traginer.sandbox")
CLOUDFLARE = (
    "<html>\n<head><title>{status}: {reason}</title></head>\n"
    "<body>\n<h1>Error {status}</h1>\n<p>{reason}</p>\n</body>\n</html>\n"
)


@dataclass
class Delivery:
    """An answer on its way; `cut_at` is the number of its bytes that get through, None for all."""

    answer: Answer
    cut_at: int | None = None
    route: str = ""
    bucket: str = ""
    rows: int | None = None
    fault: str = ""


class Front:
    """Turns requests into deliveries."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stopping = Event()
        self._api = Router(ROUTES)
        self._inspection = Router(INSPECTION_ROUTES)

    def deliver(self, request: Request, raw_path: str) -> Delivery:
        """The answer to a request, on /v3 or outside; requests to the API are logged."""
        if request.path[:1] != ("v3",):
            return Delivery(self._inspect(request))
        started = time.perf_counter()
        request = replace(request, path=request.path[1:])
        delivery = Delivery(answer(500, {}))
        try:
            self._deliver(request, delivery)
        finally:
            self._log(request, raw_path, delivery, time.perf_counter() - started)
        return delivery

    def _inspect(self, request: Request) -> Answer:
        try:
            self._check_origin(request)
            route, request = self._inspection.find(request)
            return route.endpoint(self.world, request)
        except Refusal as refusal:
            return refused(refusal)

    def _check_origin(self, request: Request) -> None:
        """A page of another site, open in somebody's browser, may not change the sandbox."""
        origin = request.headers.get("origin")
        if request.method != "GET" and origin and origin != self.world.url:
            raise refuse("sandbox-origin")

    def _deliver(self, request: Request, delivery: Delivery) -> None:
        faults = self.world.faults.due(request.method, "/" + "/".join(request.path))
        before = [fault for fault in faults if fault.when == "before"]
        after = [fault for fault in faults if fault.when == "after"]
        for fault in before:
            self._act(fault, delivery)
        if not any(fault.kind in ("status", "cut") for fault in before):
            delivery.answer = self._answer(request, delivery)
        for fault in after:
            self._act(fault, delivery)
        headers = {**delivery.answer.headers, "sib-request-id": request.id}
        delivery.answer = replace(delivery.answer, headers=headers)

    def _act(self, fault: Fault, delivery: Delivery) -> None:
        delivery.fault = " ".join(filter(None, (delivery.fault, f"{fault.kind} {fault.when}")))
        match fault.kind:
            case "status":
                delivery.answer = fault_answer(fault)
            case "cut":
                delivery.cut_at = fault.at
            case "slow":
                self.stopping.wait(fault.seconds)
            case "switch-off-key":
                self.world.keys.switch_off()
            case "arm-ip-list":
                self.world.keys.recognise([])
            case "delete-list":
                self.world.lists.delete(fault.list_id)

    def _answer(self, request: Request, delivery: Delivery) -> Answer:
        headers: dict[str, str] = {}
        try:
            self.world.keys.check(request.headers, request.peer)
            delivery.bucket = bucket_of(request.method, request.path)
            verdict = self.world.limits.check(delivery.bucket)
            headers = verdict.headers
            if not verdict.passes:
                return replace(self._too_many(), headers=headers)
            route, request = self._api.find(request)
            delivery.route = route.name
            given = route.endpoint(self.world, request)
            delivery.rows = given.rows
            return replace(given, headers=headers)
        except Refusal as refusal:
            return replace(refused(refusal), headers=headers)
        except Exception:
            LOG.exception("%s %s", request.method, delivery.route)
            return answer(500, {"code": "internal", "message": "A fault of the sandbox itself; see its log"})

    def _too_many(self) -> Answer:
        match self.world.switches.rate_limit_body:
            case "empty":
                return Answer(429)
            case "html":
                return cloudflare(429)
            case _:
                return answer(429, {"message": "Too many requests, please retry later"})

    def _log(self, request: Request, raw_path: str, delivery: Delivery, seconds: float) -> None:
        path, _, query = raw_path.partition("?")
        self.world.log.add(
            LoggedRequest(
                request_id=request.id,
                at=request.at,
                method=request.method,
                path=path.removeprefix("/v3"),
                query=query,
                route=delivery.route,
                status=delivery.answer.status,
                request_bytes=len(request.body),
                answer_bytes=len(delivery.answer.body),
                seconds=seconds,
                bucket=delivery.bucket,
                rows=delivery.rows,
                fault=delivery.fault,
                body=request.body or None,
            )
        )


REASONS = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad gateway",
    503: "Service unavailable",
    524: "A timeout occurred",
}


def cloudflare(status: int) -> Answer:
    """A page as Cloudflare puts before an account's answer."""
    return html(status, CLOUDFLARE.format(status=status, reason=REASONS.get(status, "Error")))


def fault_answer(fault: Fault) -> Answer:
    """What a status fault answers."""
    match fault.body:
        case "html":
            return cloudflare(fault.status)
        case "empty":
            return Answer(fault.status)
        case _:
            return answer(fault.status, {"code": "internal", "message": REASONS.get(fault.status, "Error")})
