"""`traginer doctor`."""

from dataclasses import asdict

import click
from rich.markup import escape
from rich.table import Table

from traginer.cli import door
from traginer.cli.main import FAILED, OK
from traginer.control import doctor
from traginer.control.doctor import Level
from traginer.i18n import N_, gettext

MARKS = {Level.OK: "[green]✓[/]", Level.ATTENTION: "[yellow]![/]", Level.WRONG: "[red]✗[/]"}


@click.command(
    help=gettext(
        N_(
            "Look at the installation, its sources, connections, exports and runs, and say what is wrong. "
            "Exit codes: 0 nothing is wrong, 1 something is."
        )
    )
)
@door.as_json
def command(as_json: bool) -> int:
    findings = doctor.examine(door.start(), door.now())
    is_wrong = any(finding.level is Level.WRONG for finding in findings)
    if as_json:
        door.print_json([{**asdict(finding), "is_good": finding.is_good} for finding in findings])
        return FAILED if is_wrong else OK
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        code = f" [dim]({finding.code})[/]" if finding.code else ""
        table.add_row(MARKS[finding.level], f"[bold]{escape(finding.about)}[/]", f"{escape(finding.sentence)}{code}")
        if finding.advice:
            table.add_row("", "", f"[yellow]{escape(finding.advice)}[/]")
    door.console.print(table)
    if not is_wrong:
        door.console.print(gettext(N_("Nothing is wrong.")))
    return FAILED if is_wrong else OK
