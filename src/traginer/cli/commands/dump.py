"""`traginer dump`."""

import click

from traginer.cli import door
from traginer.control import configuration
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_("Print sources, connections, segments and exports as YAML that apply takes. API keys are left out.")
    )
)
def command() -> None:
    actor = door.start()

    click.echo(configuration.dump(actor), nl=False)
