"""What commands share: the control plane set up, the actor, and a console for people beside the output for machines.

Commands import it before any service: importing it sets Django up, which services need.
"""

import json
from datetime import UTC, datetime

import click
from rich.console import Console

from traginer import control
from traginer.i18n import N_, gettext

control.setup()
from traginer.control.accounts import Actor, at_terminal  # noqa: E402 - needs Django set up

as_json = click.option("--json", "as_json", is_flag=True, help=gettext(N_("Print one JSON object.")))
console = Console(highlight=False)
aside = Console(stderr=True, highlight=False)


def start() -> Actor:
    """The actor of this terminal, or whom `--as` names, with the database up to date. Raises UserUnknown and UserInactive."""
    control.start()
    return at_terminal(click.get_current_context().find_root().params.get("as_person"))


def now() -> datetime:
    """The time, with its offset."""
    return datetime.now(UTC)


def print_json(value: object) -> None:
    """One JSON value on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
