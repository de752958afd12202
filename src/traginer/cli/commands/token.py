"""`traginer token …`: secrets with which programs act for an account."""

from datetime import datetime, timedelta
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from traginer.cli import door
from traginer.cli.groups import Group
from traginer.control import tokens
from traginer.control.rights import SCOPES
from traginer.i18n import N_, gettext

STATES = {"valid": N_("valid"), "expired": N_("expired"), "revoked": N_("revoked")}


@click.group(
    cls=Group,
    help=gettext(N_("Secrets with which programs act for an account. Name the account: traginer --as EMAIL token …")),
)
def command() -> None:
    pass


@command.command(help=gettext(N_("Make a token named NAME, and print it: it cannot be shown again.")))
@click.argument("name", metavar=gettext(N_("NAME")))
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help=gettext(N_("What the token may do; may be given several times.")),
)
@click.option("--days", default=90, show_default=True, help=gettext(N_("For how many days it is valid.")))
@door.as_json
def create(name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    actor = door.start()

    token, secret = tokens.create(actor, name, scopes, timedelta(days=days), at=door.now())
    if as_json:
        door.print_json({**_as_dict(token, door.now()), "secret": secret})
        return
    click.echo(secret)
    text = gettext(N_("It cannot be shown again, and expires on {day}. Revoke it with traginer token revoke {number}."))
    door.aside.print(text.format(day=_day(token.expires_at), number=token.pk))


@command.command("list", help=gettext(N_("Show the tokens of the account; an administrator sees those of all.")))
@door.as_json
def list_(as_json: bool) -> None:
    actor = door.start()

    rows = [_as_dict(token, door.now()) for token in tokens.every(actor)]
    if as_json:
        door.print_json(rows)
        return
    if not rows:
        door.console.print(gettext(N_("There are no tokens.")))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    titles = (N_("Token"), N_("Name"), N_("Account"), N_("Scopes"), N_("Expires"), N_("Last used"), N_("State"))
    for title in titles:
        table.add_column(gettext(title))
    for row in rows:
        used, until = (
            _day(datetime.fromisoformat(row[key])) if row[key] else "" for key in ("last_used_at", "expires_at")
        )
        state = STATES[row["state"]]
        table.add_row(
            str(row["token"]),
            f"[bold]{escape(row['name'])}[/]",
            escape(row["owner"]),
            " ".join(row["scopes"]),
            until,
            used,
            gettext(state),
        )
    door.console.print(table)


@command.command(help=gettext(N_("Make the token with this NUMBER worthless at once.")))
@click.argument("number", type=int, metavar=gettext(N_("NUMBER")))
def revoke(number: int) -> None:
    actor = door.start()

    token = tokens.revoke(actor, number, at=door.now())
    door.console.print(gettext(N_("The token {name} is revoked.")).format(name=f"[bold]{escape(token.name)}[/]"))


def _day(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d")


def _as_dict(token: Any, now: datetime) -> dict[str, Any]:
    moments = ("created_at", "expires_at", "last_used_at")
    shown = {name: value.isoformat(timespec="seconds") if (value := getattr(token, name)) else None for name in moments}
    return {
        "token": token.pk,
        "name": token.name,
        "owner": token.owner.email,
        "scopes": token.scopes,
        **shown,
        "state": tokens.state(token, now),
    }
