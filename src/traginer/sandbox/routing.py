"""The table of addresses: method, path, and the function that answers."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from traginer.sandbox.messages import Answer, Request
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World

Endpoint = Callable[[World, Request], Answer]


class Route(NamedTuple):
    """One address. Segments in braces match anything; an earlier route wins over a later one."""

    method: str
    pattern: str
    endpoint: Endpoint

    @property
    def name(self) -> str:
        """The route as logs and tests call it."""
        return f"{self.method} {self.pattern}"


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._parts = [(tuple(route.pattern.strip("/").split("/")), route) for route in self.routes]

    def find(self, request: Request) -> tuple[Route, Request]:
        """The route, and the request with its path arguments. Raises Refusal 404 or 405."""
        known_path = False
        for parts, route in self._parts:
            arguments = _match(parts, request.path)
            if arguments is None:
                continue
            known_path = True
            if route.method == request.method:
                return route, replace(request, path_args=arguments)
        raise refuse("method-not-allowed", method=request.method) if known_path else refuse("route-unknown")


def _match(parts: tuple[str, ...], path: tuple[str, ...]) -> dict[str, str] | None:
    if len(parts) != len(path):
        return None
    arguments = {}
    for part, segment in zip(parts, path, strict=True):
        if part.startswith("{"):
            arguments[part[1:-1]] = segment
        elif part != segment:
            return None
    return arguments if all(arguments.values()) else None
