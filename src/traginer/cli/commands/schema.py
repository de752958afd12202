"""`traginer schema`."""

import click

from traginer.cli import door
from traginer.control import configuration
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(N_("Print the JSON Schema of configuration files, for editors that check and complete them."))
)
def command() -> None:
    door.print_json(configuration.schema())
