"""`traginer doctor`."""

from dataclasses import asdict

import click
from rich.table import Table

from traginer.cli import door
from traginer.cli.main import FAILED, OK
from traginer.control import doctor
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(N_("Look at the installation, its sources, connections, exports and runs, and say what is wrong."))
)
@door.as_json
def command(as_json: bool) -> int:
    findings = doctor.examine(door.start())
    bad = [finding for finding in findings if not finding.is_good]
    if as_json:
        door.print_json([asdict(finding) for finding in findings])
        return FAILED if bad else OK
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = "[green]✓[/]" if finding.is_good else "[red]✗[/]"
        code = f" [dim]({finding.code})[/]" if finding.code else ""
        table.add_row(mark, f"[bold]{finding.about}[/]", f"{finding.sentence}{code}")
        if finding.advice:
            table.add_row("", "", f"[yellow]{finding.advice}[/]")
    door.console.print(table)
    if not bad:
        door.console.print(gettext(N_("Nothing is wrong.")))
    return FAILED if bad else OK
