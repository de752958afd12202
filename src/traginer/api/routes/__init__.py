"""The operations, a module for each noun. An operation is five lines: find it through the actor, call one service, show the answer."""

from ninja import Router

from traginer.api.routes import (
    audit,
    configuration,
    connections,
    exports,
    ledgers,
    notices,
    profiles,
    runs,
    schedules,
    segments,
    sources,
    system,
    users,
)

ROUTERS: dict[str, Router] = {
    "sources": sources.router,
    "segments": segments.router,
    "profiles": profiles.router,
    "connections": connections.router,
    "exports": exports.router,
    "runs": runs.router,
    "schedules": schedules.router,
    "ledgers": ledgers.router,
    "notices": notices.router,
    "configuration": configuration.router,
    "users": users.router,
    "audit": audit.router,
    "system": system.router,
}
"""By noun, in the order of the documentation."""
