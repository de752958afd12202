"""`traginer backup FILE`."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.markup import escape

from traginer.cli import door
from traginer.cli.main import OK, WITH_WARNINGS
from traginer.cli.showing import number, size
from traginer.control import backup
from traginer.control.backup import Made
from traginer.i18n import N_, gettext, ngettext


@click.command(
    help=gettext(
        N_(
            "Write database, ledgers and whatever a run under way needs to FILE.tar.zst or FILE.tar.gz, while runs go on. "
            "It holds addresses: keep it as safe as the profiles. Exit codes: 0 done, 1 failed, 3 something was missing."
        )
    )
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar=gettext(N_("FILE")))
@click.option(
    "--with-key",
    is_flag=True,
    help=gettext(N_("With the file key too: whoever has the backup can then read the API keys.")),
)
@door.as_json
def command(file: Path, with_key: bool, as_json: bool) -> int:
    made = backup.make(door.start(), file, door.now(), with_key=with_key)
    if as_json:
        door.print_json({**asdict(made), "path": str(made.path)})
    else:
        _show(made)
    return WITH_WARNINGS if made.missing else OK


def _show(made: Made) -> None:
    text = ngettext("{path}: {files} file, {size}.", "{path}: {files} files, {size}.", made.files)
    shown = {"path": f"[bold]{escape(str(made.path))}[/]", "files": number(made.files), "size": size(made.bytes)}
    door.console.print(text.format(**shown))
    if made.runs_under_way:
        text = ngettext(
            "{runs} run under way is in it as it was; after a restore it goes on from there.",
            "{runs} runs under way are in it as they were; after a restore they go on from there.",
            made.runs_under_way,
        )
        door.console.print(text.format(runs=number(made.runs_under_way)))
    if made.database != "sqlite":
        text = N_(
            "It holds the files only, not the database. Dump that with pg_dump --format=custom, and keep the workers stopped while you make both."
        )
        door.console.print(f"[yellow]{gettext(text)}[/]")
    if not made.with_key:
        text = N_(
            "The key of the installation is not in it: keep the file key of TRAGINER_HOME (or TRAGINER_KEY) apart, or enter all API keys anew."
        )
        door.console.print(f"[yellow]{gettext(text)}[/]")
    for missing in made.missing:
        text = gettext(N_("{file} is not there, though the database names it: see traginer doctor."))
        door.console.print(f"[red]{text.format(file=escape(missing))}[/]")
