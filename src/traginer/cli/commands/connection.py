"""`traginer connection ...`."""

from dataclasses import asdict
from typing import Any

import click
from rich.markup import escape

from traginer.cli import asking, door
from traginer.cli.groups import Group
from traginer.cli.main import FAILED, OK, as_dict
from traginer.cli.showing import number
from traginer.cli.tables import show_table
from traginer.control import connections, connections_account, consent, consent_versions
from traginer.control.connections import ConnectionView
from traginer.control.connections_account import Account, Health
from traginer.i18n import N_, gettext, language_of_terminal, ngettext

USABLE_BY = {
    "administrators": N_("Administrators"),
    "contributors": N_("Administrators and contributors"),
}
NAME = click.argument("name", metavar=gettext(N_("CONNECTION")))


@click.group(
    cls=Group, help=gettext(N_("Connections to Brevo accounts: who may use them, what lies behind them, and consent."))
)
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show the connections that you may use.")))
@click.option("--search", default="", help=gettext(N_("Only those whose name or type holds this.")))
@door.as_json
def list_(search: str, as_json: bool) -> None:
    found = connections.every(door.start(), search)
    if as_json:
        door.print_json([_view(one) for one in found])
        return
    if not found:
        door.console.print(gettext(N_("There is no connection that you may use. Ask an administrator to share one.")))
        return
    titles = (N_("Display name"), N_("Type"), N_("Account"), N_("Who can use it"), N_("Export user"), N_("Key"))
    show_table(titles, [_row(one) for one in found])


@command.command(
    help=gettext(
        N_(
            "Look at the account behind CONNECTION. Shows its plan, room for contacts, attributes and lists. "
            "Exit codes: 0 it answers, 1 it cannot be reached."
        )
    )
)
@NAME
@door.as_json
def check(name: str, as_json: bool) -> int:
    actor = door.start()

    health = connections_account.check(actor, connections.get(actor, name), door.now())
    if as_json:
        door.print_json(_health(health))
    elif health.account:
        _show_account(health.sentence, health.account)
    elif health.problem:
        door.console.print(f"[red]✗[/] {escape(health.sentence)}")
        door.console.print(f"  {escape(health.problem.advice)} [dim]({health.problem.code})[/]")
    return OK if health.account else FAILED


@command.command(help=gettext(N_("Show the lists of an account. Each with its number and its size.")))
@NAME
@click.option("--search", default="", help=gettext(N_("Only those whose name or number holds this.")))
@click.option("--create", metavar=gettext(N_("LIST")), help=gettext(N_("Create a list of this name first.")))
@door.as_json
def lists(name: str, search: str, create: str | None, as_json: bool) -> None:
    actor = door.start()

    connection = connections.get(actor, name)
    if create:
        made = connections_account.create_list(actor, connection, create)
        door.aside.print(gettext(N_("Created list {list_id}.")).format(list_id=made.list_id))
    found = connections_account.lists(actor, connection, search)
    if as_json:
        door.print_json([asdict(one) for one in found])
        return
    rows = [(str(one.list_id), escape(one.name), number(one.contacts)) for one in found]
    show_table((N_("List"), N_("Name"), N_("Contacts")), rows, right=(0, 2))


@command.command(help=gettext(N_("Remove CONNECTION and its key. Its exports have to be removed or detached first.")))
@NAME
@asking.yes
@door.as_json
def remove(name: str, yes: bool, as_json: bool) -> None:
    actor = door.start()

    connection = connections.get(actor, name)
    asking.require_sure(gettext(N_('Remove the connection "{name}"?')).format(name=name), yes=yes)
    connections.remove(actor, connection, door.now())
    _done(as_json, {"removed": name}, gettext(N_("Removed.")))


@command.command(
    help=gettext(
        N_("Choose who can use CONNECTION. Administrators only, contributors too, or people by their e-mail addresses.")
    )
)
@NAME
@click.argument("who", nargs=-1, required=True, metavar=f"administrators|contributors|{gettext(N_('EMAIL'))}...")
@door.as_json
def share(name: str, who: tuple[str, ...], as_json: bool) -> None:
    actor = door.start()

    shared = connections.share_with(actor, connections.get(actor, name), connections.usable_by(who))
    view = connections.described(actor, shared)
    _done(as_json, _view(view), gettext(N_("Who can use it: {who}.")).format(who=_who(view)))


@command.command(
    help=gettext(
        N_("Agree to Data privacy and compliance. Shows the text, then asks for your agreement for CONNECTION.")
    )
)
@NAME
@asking.yes
@door.as_json
def agree(name: str, yes: bool, as_json: bool) -> None:
    actor = door.start()

    connection, text = connections.get(actor, name), consent_versions.newest()
    if not as_json:
        door.console.print(text.texts[language_of_terminal()], markup=False)
    asking.require_sure(gettext(N_("Agree to this text?")), yes=yes)
    agreed = consent.agree(actor, connection, text.name, door.now())
    _done(as_json, consent.evidence(agreed), gettext(N_("Agreed by {person}.")).format(person=agreed.agreed_by))


@command.command(
    "withdraw-consent",
    help=gettext(N_("Take the agreement back. Nothing more is sent over CONNECTION until somebody agrees anew.")),
)
@NAME
@click.option("--reason", default="", help=gettext(N_("Why, for those who read the audit.")))
@asking.yes
@door.as_json
def withdraw_consent(name: str, reason: str, yes: bool, as_json: bool) -> None:
    actor = door.start()

    connection = connections.get(actor, name)
    asking.require_sure(gettext(N_('Stop everything that is sent over "{name}"?')).format(name=name), yes=yes)
    consent.withdraw(actor, connection, door.now(), reason)
    _done(as_json, {"withdrawn": name}, gettext(N_("Withdrawn. Runs under way stop at their next safe point.")))


@command.command(
    "take-over", help=gettext(N_("Become the export user of CONNECTION. Its runs answer to you from now on."))
)
@NAME
@door.as_json
def take_over(name: str, as_json: bool) -> None:
    actor = door.start()

    connection = connections.get(actor, name)
    password = "" if actor.user_id is None else click.prompt(gettext(N_("Password")), hide_input=True, err=True)
    user = connections.become_export_user(actor, connection, password, door.now())
    _done(as_json, {"export_user": user.name}, gettext(N_("Export user: {name}.")).format(name=user.name))


def _done(as_json: bool, shown: object, said: str) -> None:
    if as_json:
        door.print_json(shown)
    else:
        door.console.print(said, markup=False)


def _view(view: ConnectionView) -> dict[str, Any]:
    setup = asdict(view.setup) if view.setup else {}
    times = {name: value.isoformat() for name, value in setup.items() if hasattr(value, "isoformat")}
    return {"name": view.name, "type": view.type, **setup, **times}


def _row(view: ConnectionView) -> tuple[str, ...]:
    setup = view.setup
    if setup is None:
        return escape(view.name), view.type, "", "", "", ""
    key = f"…{setup.key_tail}" if setup.key_tail else "-"
    return escape(view.name), view.type, escape(setup.company or "-"), _who(view), escape(setup.export_user or "-"), key


def _who(view: ConnectionView) -> str:
    usable_by = view.setup.usable_by if view.setup else "administrators"
    return gettext(USABLE_BY[usable_by]) if isinstance(usable_by, str) else ", ".join(usable_by)


def _health(health: Health) -> dict[str, Any]:
    account = health.account
    shown: dict[str, Any] = {"connection": health.connection, "is_good": account is not None}
    if account is None:
        return {**shown, "problem": as_dict(health.problem) if health.problem else None}
    return {
        **shown,
        "account": account.company,
        "plans": [{"name": plan.name, "type": plan.type, "sends_left": plan.credits} for plan in account.plans],
        "contact_limit": account.contact_limit,
        "contacts": account.contacts,
        "contacts_left": account.contacts_left,
        "attributes": {name: attribute.kind.value for name, attribute in account.attributes.items()},
        "lists": [asdict(one) for one in account.lists],
    }


def _show_account(sentence: str, account: Account) -> None:
    door.console.print(f"[green]✓[/] {escape(sentence)}")
    plans = ", ".join(plan.name or plan.type for plan in account.plans) or "-"
    door.console.print(f"  {gettext(N_('Plan: {plans}')).format(plans=escape(plans))}")
    door.console.print(f"  {_room(account)}")
    names = ", ".join(account.attributes)
    door.console.print(f"  {gettext(N_('Attributes: {names}')).format(names=escape(names))}")
    rows = [(str(one.list_id), escape(one.name), number(one.contacts)) for one in account.lists]
    show_table((N_("List"), N_("Name"), N_("Contacts")), rows, right=(0, 2))


def _room(account: Account) -> str:
    contacts = number(account.contacts)
    if account.contacts_left is None:
        text = ngettext(
            "{contacts} contact. What the contract allows is not known: enter it as contact_limit.",
            "{contacts} contacts. What the contract allows is not known: enter it as contact_limit.",
            account.contacts,
        )
        return text.format(contacts=contacts)
    text = ngettext(
        "{contacts} contact, room for {left} more.", "{contacts} contacts, room for {left} more.", account.contacts
    )
    return text.format(contacts=contacts, left=number(account.contacts_left))
