"""Who decides, when, and who may: rights, configuration, runs. Use cases live in services whose first argument is an actor.

Doors call `setup()` before they import services, and `start()` before they call one; they never touch the models.
"""

import os

from traginer.home import home


def setup() -> None:
    """Load Django with our settings. Costs some tenths of a second; calling it again costs nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "traginer.control.settings")
    import django  # noqa: PLC0415 - heavy: `traginer --help` must not pay for it

    django.setup()


def start() -> None:
    """`setup`, the state folder made, and the database brought up to date. What the process writes is its owner's alone."""
    setup()
    os.umask(0o077)
    home()
    from traginer.control.database import migrate_if_behind  # noqa: PLC0415 - needs Django set up

    migrate_if_behind()
