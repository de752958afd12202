"""`traginer dump`."""

import click

from traginer.cli import door
from traginer.control import configuration
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Print the whole configuration as YAML that traginer apply takes. What is secret is left out: API keys, and the "
            "addresses and secrets of webhooks."
        )
    )
)
def command() -> None:
    actor = door.start()

    click.echo(configuration.dump(actor), nl=False)
