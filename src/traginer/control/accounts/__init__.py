"""Who comes in, and as what: people, their passwords and second factors, and the actors they become.

What needs Django's log-in machinery (sessions, allauth) is in `accounts.web`, which only the web process loads.
"""

from traginer.control.accounts.actors import acting, at_terminal, named, operator, without_rights
from traginer.control.accounts.entry import by_password, reenter
from traginer.control.accounts.people import (
    activate,
    add,
    change_language,
    change_own_password,
    change_role,
    deactivate,
    every,
    get,
    is_set_up,
    set_password,
    set_up,
)
from traginer.control.accounts.second_factor import (
    has_second_factor,
    having_second_factor,
    needs_second_factor,
    reset_second_factor,
)
from traginer.control.accounts.second_factor_setup import (
    Proposal,
    propose_second_factor,
    remove_second_factor,
    set_up_second_factor,
)
from traginer.control.rights import ACTIONS, Actor

__all__ = [
    "ACTIONS",
    "Actor",
    "Proposal",
    "acting",
    "activate",
    "add",
    "at_terminal",
    "by_password",
    "change_language",
    "change_own_password",
    "change_role",
    "deactivate",
    "every",
    "get",
    "has_second_factor",
    "having_second_factor",
    "is_set_up",
    "named",
    "needs_second_factor",
    "operator",
    "propose_second_factor",
    "reenter",
    "remove_second_factor",
    "reset_second_factor",
    "set_password",
    "set_up",
    "set_up_second_factor",
    "without_rights",
]
