"""What is wrong here, in words: each part of the installation looked at, with the reason and what to do.

`installation` looks at what Traginer stands on, `belongings` at what is configured, `unfinished` at what waits for somebody.
"""

from datetime import UTC, datetime
from functools import partial

from traginer.control.doctor import belongings, unfinished
from traginer.control.doctor.findings import Finding, Level, tried
from traginer.control.doctor.installation import BY_THE_CLOCK, LOOKED_AT
from traginer.control.rights import Actor
from traginer.i18n import gettext

__all__ = ["Finding", "Level", "examine"]


def examine(actor: Actor, now: datetime | None = None) -> list[Finding]:
    """Look at everything. It asks Brevo some requests for each connection and export, and reads every source through."""
    actor.require("system:examine")
    at = now or datetime.now(UTC)
    found = [tried(gettext(about), look) for about, look in LOOKED_AT.items()]
    found += [tried(gettext(about), partial(look, at)) for about, look in BY_THE_CLOCK.items()]
    return [*found, *belongings.look(actor, at), *unfinished.look(at)]
