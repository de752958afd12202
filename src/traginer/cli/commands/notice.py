"""`traginer notice …`: who hears of changes, and how."""

import sys
from dataclasses import asdict

import click
from rich.markup import escape
from rich.table import Table

from traginer.cli import asking, door
from traginer.cli.groups import Group
from traginer.control import exports, notifying
from traginer.control.notices import EVENTS
from traginer.control.notifying import KINDS, TargetView, Wish
from traginer.i18n import LANGUAGES, N_, gettext

STATES = {"due": N_("on its way"), "sent": N_("delivered"), "failed": N_("not delivered")}
COLOURS = {"due": "cyan", "sent": "green", "failed": "red"}
FROM_STANDARD_INPUT = "-"

target_number = click.argument("number", type=int, metavar=gettext(N_("NUMBER")))


@click.group(
    cls=Group, help=gettext(N_("Who is told when an export fails, is held or works again, by e-mail or otherwise."))
)
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show where notices go, and how the last one fared.")))
@door.as_json
def list_(as_json: bool) -> None:
    found = notifying.every(door.start())
    if as_json:
        door.print_json([asdict(target) for target in found])
    elif not found:
        door.console.print(gettext(N_("No notices go anywhere.")))
    else:
        door.console.print(_table(found))


@command.command(
    help=gettext(
        N_(
            "Send notices to ADDRESS from now on. That is an e-mail address, a URL (webhook), or a URL of apprise (service); - reads it "
            "from standard input. The secret of a webhook is printed: it cannot be shown again."
        )
    )
)
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("address", metavar=gettext(N_("ADDRESS")))
@click.option("--name", default="", help=gettext(N_("What the configuration file calls it.")))
@click.option("--export", "export", default=None, help=gettext(N_("Only those of this export.")))
@click.option(
    "--on",
    "events",
    multiple=True,
    type=click.Choice([event.value for event in EVENTS]),
    help=gettext(N_("Only this kind of notice; may be given several times.")),
)
@click.option(
    "--shrink",
    "shrink_percent",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0, 100, min_open=True),
    help=gettext(N_("Tell of a list that shrank by at least this much, in percent.")),
)
@click.option(
    "--language", default=None, type=click.Choice(LANGUAGES), help=gettext(N_("The language of whoever reads there."))
)
@door.as_json
def add(
    kind: str,
    address: str,
    name: str,
    export: str | None,
    events: tuple[str, ...],
    shrink_percent: float,
    language: str | None,
    as_json: bool,
) -> None:
    actor = door.start()

    where = sys.stdin.readline().strip() if address == FROM_STANDARD_INPUT else address
    about = exports.get(actor, export) if export else None
    wish = Wish(kind, where, about, [*dict.fromkeys(events)], shrink_percent, language or "", name)
    target, secret = notifying.add(actor, wish, door.now())
    if as_json:
        door.print_json(
            {"number": target.pk, "name": target.name, "kind": kind, "shown": target.shown, "secret": secret or None}
        )
        return
    if secret:
        click.echo(secret)
        door.aside.print(gettext(N_("It cannot be shown again. Notices are signed with it.")))
    text = gettext(N_("Notices go to {target}. Try it with traginer notice test {number}."))
    door.aside.print(text.format(target=f"[bold]{escape(target.shown)}[/]", number=target.pk))


@command.command(help=gettext(N_("Send no more notices to the target with this NUMBER.")))
@target_number
@asking.yes
def remove(number: int, yes: bool) -> None:
    actor = door.start()

    target = notifying.get(actor, number)
    question = gettext(N_("Send no more notices to {target}?")).format(target=target.shown)
    asking.require_sure(question, yes=yes)
    notifying.remove(actor, target)
    door.console.print(gettext(N_("No more notices go to {target}.")).format(target=escape(target.shown)))


@command.command(help=gettext(N_("Send a test notice to the target with this NUMBER, now.")))
@target_number
def test(number: int) -> None:
    actor = door.start()

    target = notifying.get(actor, number)
    notifying.test(actor, target, door.now())
    door.console.print(gettext(N_("{target} took it.")).format(target=escape(target.shown)))


def _table(found: list[TargetView]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in (N_("Number"), N_("Name"), N_("Kind"), N_("Address"), N_("Export"), N_("Notices"), N_("Last")):
        table.add_column(gettext(title))
    for target in found:
        last = f"[{COLOURS[target.state]}]{gettext(STATES[target.state])}[/]" if target.state else ""
        why = f" ({escape(target.problem)})" if target.problem else ""
        table.add_row(
            str(target.number),
            escape(target.name),
            gettext(KINDS[target.kind]),
            f"[bold]{escape(target.shown)}[/]",
            escape(target.export or gettext(N_("all"))),
            " ".join(target.events) or gettext(N_("all")),
            last + why,
        )
    return table
