"""`traginer user …`: accounts and roles."""

import sys
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from traginer import control
from traginer.cli.groups import Group

control.setup(web=True)  # what `door` would do without log-in, which alone knows who has a second factor
from traginer.cli import door  # noqa: E402
from traginer.control import accounts  # noqa: E402
from traginer.i18n import N_, gettext  # noqa: E402

ROLES = {"viewer": N_("Viewer"), "contributor": N_("Contributor"), "administrator": N_("Administrator")}

email_argument = click.argument("email", metavar=gettext(N_("EMAIL")))
from_stdin = click.option(
    "--password-stdin", is_flag=True, help=gettext(N_("Read the password from standard input, instead of asking."))
)


@click.group(
    cls=Group, help=gettext(N_("Accounts and roles. Passwords are asked for, and never given as an argument."))
)
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show who has an account.")))
@door.as_json
def list_(as_json: bool) -> None:
    actor = door.start()

    people, factors = accounts.every(actor), accounts.having_second_factor()
    rows = [_as_dict(person, has_factor=person.pk in factors) for person in people]
    if as_json:
        door.print_json(rows)
        return
    if not rows:
        door.console.print(
            gettext(N_("Nobody has an account yet. traginer user add EMAIL --role administrator makes one."))
        )
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in (N_("E-mail"), N_("Name"), N_("Role"), N_("Second factor"), N_("Last log-in"), ""):
        table.add_column(gettext(title))
    for row in rows:
        seen = row["last_login"][:16].replace("T", " ") if row["last_login"] else ""
        closed = "" if row["active"] else f"[yellow]{gettext(N_('not active'))}[/]"
        factor, role_text = gettext(N_("yes")) if row["second_factor"] else "", ROLES[row["role"]]
        table.add_row(f"[bold]{escape(row['email'])}[/]", escape(row["name"]), gettext(role_text), factor, seen, closed)
    door.console.print(table)


@command.command(help=gettext(N_("Make an account for EMAIL.")))
@email_argument
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help=gettext(N_("What the person may do.")))
@click.option("--name", default="", help=gettext(N_("The name of the person.")))
@click.option("--no-password", is_flag=True, help=gettext(N_("The person comes in by single sign-on.")))
@from_stdin
def add(email: str, role: str, name: str, no_password: bool, password_stdin: bool) -> None:
    actor = door.start()

    password = None if no_password else _password(password_stdin)
    made = accounts.add(actor, email, role, name, password)
    _say(gettext(N_("{email} has an account: {role}.")), made.email, gettext(ROLES[made.role]))


@command.command(help=gettext(N_("Give EMAIL another ROLE: viewer, contributor or administrator. Their sessions end.")))
@email_argument
@click.argument("role", metavar=gettext(N_("ROLE")))
def role(email: str, role: str) -> None:
    actor = door.start()

    changed = accounts.change_role(actor, email, role)
    _say(gettext(N_("{email} has the role {role} now.")), changed.email, gettext(ROLES[changed.role]))


@command.command(help=gettext(N_("Close the account of EMAIL: sessions and tokens are worth nothing at once.")))
@email_argument
def deactivate(email: str) -> None:
    actor = door.start()

    _say(gettext(N_("The account of {email} is not active any more.")), accounts.deactivate(actor, email).email)


@command.command(help=gettext(N_("Open the account of EMAIL again.")))
@email_argument
def activate(email: str) -> None:
    actor = door.start()

    _say(gettext(N_("The account of {email} is active.")), accounts.activate(actor, email).email)


@command.command(help=gettext(N_("Give EMAIL a new password. Their sessions end.")))
@email_argument
@from_stdin
def password(email: str, password_stdin: bool) -> None:
    actor = door.start()

    person = accounts.get(actor, email)
    changed = accounts.set_password(actor, person.email, _password(password_stdin))
    _say(gettext(N_("{email} has a new password.")), changed.email)


@command.command(
    "reset-factor", help=gettext(N_("Take the second factor off the account of EMAIL, whose owner has lost it."))
)
@email_argument
def reset_factor(email: str) -> None:
    actor = door.start()

    changed = accounts.reset_second_factor(actor, email)
    _say(
        gettext(N_("{email} comes in with the password alone, until they set up a second factor again.")), changed.email
    )


def _password(from_standard_input: bool) -> str:
    if from_standard_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(
        click.prompt(
            gettext(N_("Password")),
            hide_input=True,
            confirmation_prompt=gettext(N_("Repeat it")),
            err=True,
        )
    )


def _say(text: str, email: str, role: str = "") -> None:
    door.console.print(text.format(email=f"[bold]{escape(email)}[/]", role=role))


def _as_dict(person: Any, *, has_factor: bool) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "language": person.language,
        "active": person.is_active,
        "second_factor": has_factor,
        "last_login": person.last_login.astimezone().isoformat(timespec="seconds") if person.last_login else None,
    }
