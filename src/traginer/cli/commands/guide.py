"""`traginer guide [PAGE]`."""

from pathlib import Path

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from traginer import guide
from traginer.cli.main import FAILED, OK
from traginer.guide import copying
from traginer.i18n import N_, gettext, language_of_terminal, ngettext


@click.command(
    help=gettext(
        N_("Read the guide: its contents, or PAGE. The pages of an installation show the same, and can search in it.")
    )
)
@click.argument("name", required=False, metavar=gettext(N_("PAGE")))
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help=gettext(N_("Write the guide to this folder as HTML files, in every language.")),
)
def command(name: str | None, folder: Path | None) -> int:
    if folder and name:
        raise click.UsageError(gettext(N_("Give a page, or --write.")))
    if name and name not in guide.NAMES:
        raise click.UsageError(gettext(N_("There is no page {name}. traginer guide lists them.")).format(name=name))
    if folder:
        return _write(folder)
    console = Console(highlight=False)
    console.print(Markdown(guide.written(name, language_of_terminal())) if name else _contents())
    return OK


def _write(folder: Path) -> int:
    try:
        count = len(copying.write(folder))
    except OSError as error:
        text = gettext(N_("The guide cannot be written to {folder}: {why}."))
        click.echo(text.format(folder=folder, why=error.strerror), err=True)
        return FAILED
    text = ngettext("{n} file written; begin with {file}.", "{n} files written; begin with {file}.", count)
    click.echo(text.format(n=count, file=folder / "index.html"))
    return OK


def _contents() -> Table:
    table = Table.grid(padding=(0, 2))
    for chapter in guide.CHAPTERS:
        table.add_row(f"[bold]{gettext(chapter.title)}[/]", "")
        for name in chapter.pages:
            table.add_row(f"  {name}", guide.page(name, language_of_terminal()).title)
    return table
