"""Questions to a person at the terminal, and what happens where nobody can be asked."""

import sys

import click

from traginer.i18n import N_, gettext

yes = click.option("--yes", is_flag=True, help=gettext(N_("Do not ask.")))


def require_sure(question: str, *, yes: bool) -> None:
    """Return once the person says yes to `question`, already translated. Raises Abort for a no, UsageError where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(gettext(N_("Nobody can be asked here: give --yes.")))
    click.confirm(question, abort=True, err=True)
