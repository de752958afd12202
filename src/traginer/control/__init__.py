"""Who decides, when, and who may: rights, configuration, runs. Use cases live in services whose first argument is an actor.

Doors call `setup()` before they import services, and `start()` before they call one; they never touch the models.
"""

import os

from traginer.control import logs
from traginer.control.worker_supervised import SUPERVISED
from traginer.home import home


def setup(*, web: bool = False) -> None:
    """Load Django with our settings: those of commands, or for `web` those with log-in and pages.

    The first call of a process decides. It costs some tenths of a second; calling it again costs nothing.
    """
    logs.configure(serving=web or SUPERVISED in os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"traginer.control.{'settings' if web else 'settings_lean'}")
    import django  # noqa: PLC0415 - heavy: `traginer --help` must not pay for it

    django.setup()


def start(*, web: bool = False) -> None:
    """`setup`, the state folder made, and the database brought up to date. What the process writes is its owner's alone.

    The tables of log-in are made by the first `web` process: no other needs them.
    """
    setup(web=web)
    os.umask(0o077)
    home()
    from traginer.control.database import migrate_if_behind  # noqa: PLC0415 - needs Django set up

    migrate_if_behind()
