"""Tables for a person at a terminal."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from traginer.cli.door import console
from traginer.i18n import gettext


def show_table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print `rows` under `titles`, texts marked by N_; the columns `right`, by place, are numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, title in enumerate(titles):
        table.add_column(gettext(title), justify="right" if place in right else "left", no_wrap=place in right)
    for row in rows:
        table.add_row(*row)
    console.print(table)
