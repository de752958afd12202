"""`traginer key rotate|new`."""

import click

from traginer.cli import asking, door
from traginer.cli.groups import Group
from traginer.cli.showing import number
from traginer.control import vault, vault_rotation
from traginer.i18n import N_, gettext, ngettext


@click.group(cls=Group, help=gettext(N_("The key that secrets of this installation are encrypted with.")))
def command() -> None:
    pass


@command.command(help=gettext(N_("Print a new key for TRAGINER_KEY. Changes nothing.")))
def new() -> None:
    click.echo(vault.new_key())


@command.command(
    help=gettext(
        N_(
            "Encrypt every secret with a new key. Where the key is a file, it is replaced; with TRAGINER_KEY=NEW,OLD in every process, "
            "OLD can be taken out afterwards. People have to log in again."
        )
    )
)
@asking.yes
@door.as_json
def rotate(yes: bool, as_json: bool) -> None:
    actor = door.start()

    asking.require_sure(gettext(N_("Encrypt every secret with a new key? People have to log in again.")), yes=yes)
    done = vault_rotation.rotate(actor)
    if as_json:
        door.print_json({"secrets": done.secrets, "former_keys_stay": done.former_stay})
        return
    text = ngettext(
        "{secrets} secret is encrypted with the new key.",
        "{secrets} secrets are encrypted with the new key.",
        done.secrets,
    )
    door.console.print(text.format(secrets=number(done.secrets)))
    if done.former_stay:
        door.console.print(gettext(N_("Now take the old keys out of TRAGINER_KEY.")))
