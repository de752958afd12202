"""`traginer ledger check|rebuild`."""

import sys
from typing import Any

import click
from rich.padding import Padding
from rich.table import Table

from traginer.cli import door
from traginer.cli.groups import Group
from traginer.cli.main import FAILED, OK, WITH_WARNINGS, as_dict
from traginer.cli.showing import number, size
from traginer.cli.watching import TerminalWatch
from traginer.control import exports, ledgers, runs
from traginer.control.ledgers import Checked, Rebuilding
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext, ngettext

COMPARED = (
    ("both", N_("in the ledger and on the list")),
    ("gone", N_("in the ledger and not on the list any more")),
    ("others", N_("on the list and not in the ledger: no run takes them off")),
)
REBUILT = (
    ("listed", N_("contacts on the list (Brevo counts {counted})")),
    ("claimed", N_("are taken into the ledger: wanted today, or in it before")),
    ("in_doubt", N_("of them are in doubt: the next run sends them again where they are wanted")),
    ("unwanted", N_("of them no segment wants any more")),
    ("others", N_("stay on the list and out of the ledger: no run takes them off")),
    ("to_add", N_("are wanted and not on the list: the next run adds them")),
    ("dropped", N_("of the {former} that can still be read in the former ledger are not on the list any more")),
)


@click.group(
    cls=Group,
    help=gettext(N_("Check the ledgers, which say what lists hold because of us, or make one anew from Brevo.")),
)
def command() -> None:
    pass


@command.command(
    help=gettext(
        N_(
            "Say whether ledgers are whole. That of EXPORT, or of every export; and how it compares with Brevo. "
            "Exit codes: 0 whole, 1 not, 3 whole but the list lacks some of it."
        )
    )
)
@click.argument("export", required=False, metavar=f"[{gettext(N_('EXPORT'))}]")
@click.option("--deep", is_flag=True, help=gettext(N_("Fetch the whole list of EXPORT from Brevo, and compare.")))
@door.as_json
def check(export: str | None, deep: bool, as_json: bool) -> int:
    if deep and export is None:
        raise click.UsageError(gettext(N_("Name an export with --deep.")))
    actor = door.start()

    with TerminalWatch() as watch:
        look, means = ledgers.compare if deep else ledgers.check, runs.Means(watch)
        chosen = [exports.get(actor, export)] if export else [e for e in exports.every(actor) if e.attached_to_id]
        found = [look(actor, one, means) for one in chosen]
    if as_json:
        shown = [_checked(one) for one in found]
        door.print_json(shown[0] if export else shown)
    for one in () if as_json else found:
        _show_checked(one)
    return max((_exit_code(one) for one in found), default=OK, key=(OK, WITH_WARNINGS, FAILED).index)


@command.command(
    help=gettext(
        N_(
            "Make the ledger of EXPORT anew from its list in Brevo. Only contacts whom the segments want today, or who were in "
            "the former ledger, are taken into it; no run takes anybody else off the list. Sends nothing."
        )
    )
)
@click.argument("export", metavar=gettext(N_("EXPORT")))
@click.option("--yes", is_flag=True, help=gettext(N_("Do not ask.")))
@door.as_json
def rebuild(export: str, yes: bool, as_json: bool) -> int:
    if not yes and not as_json and not sys.stdin.isatty():
        raise click.UsageError(gettext(N_("Nobody can be asked here: give --yes.")))
    actor = door.start()

    with TerminalWatch() as watch:
        making = ledgers.rebuilding(actor, exports.get(actor, export), runs.Means(watch))
        with making as rebuilding:
            watch.progress.stop()
            if not as_json:
                _show_rebuilding(rebuilding)
            if yes or (not as_json and click.confirm(gettext(N_("Put it in the place of the present ledger?")))):
                rebuilding.keep()
    if as_json:
        door.print_json(_rebuilt(rebuilding))
    else:
        kept, thrown_away = N_("Done. Run the export next."), N_("Nothing was changed.")
        door.console.print(gettext(kept if rebuilding.is_kept else thrown_away))
    return OK


def _exit_code(found: Checked) -> int:
    if found.trouble or found.account_trouble:
        return FAILED
    return WITH_WARNINGS if found.compared and found.compared.gone else OK


def _checked(found: Checked) -> dict[str, Any]:
    names = ("export", "list_id", "file", "bytes", "rows", "in_doubt", "is_whole", "listed", "list_name")
    compared = {name: getattr(found.compared, name) for name, _ in COMPARED} if found.compared else None
    troubles = {"trouble": found.trouble, "account_trouble": found.account_trouble}
    return {
        **{name: getattr(found, name) for name in names},
        **{name: as_dict(trouble) if trouble else None for name, trouble in troubles.items()},
        "compared": compared,
    }


def _show_checked(found: Checked) -> None:
    named = f' "{found.list_name}"' if found.list_name else ""
    where = gettext(N_("list {list_id}")).format(list_id=found.list_id)
    door.console.print(f"[bold]{found.export}[/], {where}{named}")
    if found.trouble:
        door.console.print(f"  [red]✗[/] {found.trouble.sentence} [dim]({found.trouble.code})[/]")
        text = ngettext(
            "{rows} contact of it can still be read. Make it anew with {rebuild}.",
            "{rows} contacts of it can still be read. Make it anew with {rebuild}.",
            found.rows,
        )
        again = f'traginer ledger rebuild "{found.export}"'
        door.console.print(f"    {text.format(rows=number(found.rows), rebuild=again)}")
    elif not found.file:
        door.console.print(f"  [green]✓[/] {gettext(N_('There is no ledger yet: no run has filled the list.'))}")
    else:
        text = ngettext(
            "The ledger is whole: {rows} contact, {in_doubt} in doubt ({size}).",
            "The ledger is whole: {rows} contacts, {in_doubt} of them in doubt ({size}).",
            found.rows,
        )
        told = text.format(rows=number(found.rows), in_doubt=number(found.in_doubt), size=size(found.bytes))
        door.console.print(f"  [green]✓[/] {told}")
    if found.account_trouble:
        _show_trouble(found.account_trouble)
    elif found.listed is not None:
        text = ngettext(
            "Brevo counts {listed} contact on the list.", "Brevo counts {listed} contacts on the list.", found.listed
        )
        door.console.print(f"    {text.format(listed=number(found.listed))}")
    if found.compared:
        _show_figures([(getattr(found.compared, name), gettext(text)) for name, text in COMPARED])


def _show_trouble(trouble: TraginerError) -> None:
    door.console.print(f"  [red]✗[/] {trouble.sentence} {trouble.advice} [dim]({trouble.code})[/]")


def _rebuilt(rebuilding: Rebuilding) -> dict[str, Any]:
    made = rebuilding.made
    names = (*(name for name, _ in REBUILT), "former")
    return {
        "export": rebuilding.export.name,
        "list_id": rebuilding.export.list_id,
        "kept": rebuilding.is_kept,
        "counted": rebuilding.counted,
        **{name: getattr(made, name) for name in names},
    }


def _show_rebuilding(rebuilding: Rebuilding) -> None:
    made, export = rebuilding.made, rebuilding.export
    title = gettext(N_("The ledger of {export}, made anew from list {list_id}:"))
    door.console.print(title.format(export=f"[bold]{export.name}[/]", list_id=export.list_id))
    facts = {"counted": number(rebuilding.counted), "former": number(made.former)}
    _show_figures([(getattr(made, name), gettext(text).format(**facts)) for name, text in REBUILT])


def _show_figures(rows: list[tuple[int, str]]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    for value, text in rows:
        table.add_row(f"[bold]{number(value)}[/]", text)
    door.console.print(Padding(table, (0, 0, 0, 2), expand=False))
