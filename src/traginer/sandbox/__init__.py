"""A local Brevo: the API of contacts, lists, imports, exports, processes and webhooks, with faults and a movable clock.

It imports nothing of Traginer, so that our client and this stand-in can't agree on a mistake.
"""

from traginer.sandbox.clock import Clock
from traginer.sandbox.faults import Fault
from traginer.sandbox.incidents import Invariants
from traginer.sandbox.keys import DEFAULT_API_KEY
from traginer.sandbox.requestlog import LoggedRequest
from traginer.sandbox.sandbox import Sandbox, serve
from traginer.sandbox.switches import TIERS, Switches, read_switch

__all__ = [
    "DEFAULT_API_KEY",
    "TIERS",
    "Clock",
    "Fault",
    "Invariants",
    "LoggedRequest",
    "Sandbox",
    "Switches",
    "read_switch",
    "serve",
]
