"""`traginer restore FILE`."""

import os
from dataclasses import asdict
from pathlib import Path

import click

from traginer.cli import door
from traginer.cli.showing import number
from traginer.control import backup
from traginer.control.accounts import operator
from traginer.control.backup import Restored
from traginer.i18n import N_, gettext, ngettext


@click.command(
    help=gettext(
        N_(
            "Make an installation anew from FILE, in an empty TRAGINER_HOME. Runs that were under way are interrupted, and taken up. "
            "See that the installation it comes from does not run any more."
        )
    )
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar=gettext(N_("FILE")))
@door.as_json
def command(file: Path, as_json: bool) -> None:
    os.umask(0o077)
    restored = backup.restore(operator(), file)
    if as_json:
        door.print_json(asdict(restored))
    else:
        _show(restored)


def _show(restored: Restored) -> None:
    text = ngettext(
        "Restored as it was at {moment}: {files} file.",
        "Restored as it was at {moment}: {files} files.",
        restored.files,
    )
    door.console.print(text.format(moment=restored.made_at, files=number(restored.files)))
    if restored.runs_under_way:
        text = ngettext(
            "{runs} run was under way: a worker, or the next traginer run, takes it up.",
            "{runs} runs were under way: a worker, or the next traginer run, takes them up.",
            restored.runs_under_way,
        )
        door.console.print(text.format(runs=number(restored.runs_under_way)))
    if restored.needs_key:
        text = N_("Now put the file key of the former installation into TRAGINER_HOME, or set TRAGINER_KEY.")
        door.console.print(f"[yellow]{gettext(text)}[/]")
    text = N_(
        "What runs did after that moment is not known here: for each export that ran since, run traginer ledger rebuild EXPORT."
    )
    door.console.print(f"[yellow]{gettext(text)}[/]")
