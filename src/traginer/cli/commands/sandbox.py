"""`traginer sandbox`."""

from pathlib import Path
from typing import Any

import click

from traginer.i18n import N_, gettext
from traginer.sandbox import TIERS, Fault, Sandbox, Switches, read_switch, serve


@click.command(
    help=gettext(
        N_(
            "Run a local Brevo until it is interrupted, and print its address and API key. Point any Brevo client at it. "
            "traginer guide sandbox tells what it can be set to."
        )
    )
)
@click.option(
    "--port", default=8089, show_default=True, type=click.IntRange(0, 65535), help=gettext(N_("0 takes any free port."))
)
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help=gettext(N_("Keep its state in this folder."))
)
@click.option("--tier", type=click.Choice(TIERS), help=gettext(N_("The rate limits of this plan.")))
@click.option("--rows-per-second", type=float, help=gettext(N_("How fast imports are worked off.")))
@click.option("--queue-delay", type=float, help=gettext(N_("Seconds that an import waits before it starts.")))
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help=gettext(N_("Set a switch.")))
@click.option("--fault", "faults", multiple=True, metavar="FAULT", help=gettext(N_("Inject a fault.")))
def command(
    port: int,
    home: Path | None,
    tier: str | None,
    rows_per_second: float | None,
    queue_delay: float | None,
    settings: tuple[str, ...],
    faults: tuple[str, ...],
) -> None:
    named = {"rows_per_second": rows_per_second, "queue_delay_seconds": queue_delay}
    chosen: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    try:
        for setting in settings:
            chosen |= read_switch(setting)
        armed = [Fault.read(fault) for fault in faults]
        serve(home=home, port=port, tier=tier, switches=Switches(**chosen), faults=armed, ready=_announce)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        text = gettext(N_("The port {port} cannot be used: {why}."))
        raise click.ClickException(text.format(port=port, why=error.strerror)) from None


def _announce(sandbox: Sandbox) -> None:
    click.echo(gettext(N_("A local Brevo answers at {url}")).format(url=sandbox.base_url))
    click.echo(gettext(N_("API key   {key}")).format(key=sandbox.api_key))
    click.echo(gettext(N_("Look in   {url}/")).format(url=sandbox.url))
    click.echo(gettext(N_("Stop it with Ctrl-C.")), err=True)
