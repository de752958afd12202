"""What no service has put into words: a full disk, a database that went away, and the rest, of which nothing personal is shown."""

import traceback

import click
from django.db import DatabaseError, InterfaceError, OperationalError

from traginer.control.errors import ControlError
from traginer.control.runs_errors import DatabaseUnavailable
from traginer.delivery import room
from traginer.errors import TraginerError
from traginer.home import place
from traginer.i18n import N_

AWAY = (OperationalError, InterfaceError, DatabaseError)
"""By these exactly: their kinds, such as IntegrityError, are faults of ours."""


class CommandStopped(ControlError):
    code = "command-stopped"
    what = N_("Something unexpected stopped the command: {kind}.")
    next_step = N_("Try again; if it stays so, report it with the lines above and the output of traginer doctor.")


def told(error: Exception) -> TraginerError:
    """The error for people. Of one that nobody expected the terminal gets its kind and where it happened.

    Its own words may quote values of profiles, or a key.
    """
    if room.is_full(error):
        return room.full(error, place())
    if type(error) in AWAY:
        return DatabaseUnavailable(why=(str(error).splitlines() or [type(error).__name__])[0])
    click.echo("".join(traceback.format_tb(error.__traceback__)), err=True, nl=False)
    return CommandStopped(kind=type(error).__name__)
