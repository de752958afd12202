"""Commands with commands of their own."""

import click

from traginer.i18n import N_, gettext

LONGEST_SUMMARY = 200
"""In characters: click by itself cuts the first sentence of a command's help after 45."""


class Group(click.Group):
    """Shows the whole first sentence of what each of its commands says of itself."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, command.get_short_help_str(LONGEST_SUMMARY)) for name, command in commands if command]
        with formatter.section(gettext(N_("Commands"))):
            formatter.write_dl(rows)
