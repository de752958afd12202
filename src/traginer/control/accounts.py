"""Who asks: an actor, with rights. The first argument of every service."""

import getpass
import os
from dataclasses import dataclass

from traginer.control.errors import NotAllowed

ACTIONS = {
    "configuration:read": ("viewer", "contributor", "administrator"),
    "configuration:write": ("administrator",),
    "export:plan": ("contributor", "administrator"),
    "export:run": ("contributor", "administrator"),
    "run:read": ("viewer", "contributor", "administrator"),
    "run:approve": ("administrator",),
}


@dataclass(frozen=True)
class Actor:
    """A person or program that asks, by name and role (administrator, contributor, viewer)."""

    name: str
    role: str

    def require(self, action: str) -> None:
        """Raises NotAllowed unless the role may do `action`, a key of ACTIONS."""
        if self.role not in ACTIONS[action]:
            raise NotAllowed(actor=self.name, action=action)


def operator() -> Actor:
    """Whoever runs commands on this machine as the owner of TRAGINER_HOME: an administrator."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid-{os.getuid()}"
    return Actor(f"{name} (command line)", "administrator")
