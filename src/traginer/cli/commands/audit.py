"""`traginer audit …`: who did what, and whether that was changed."""

from datetime import datetime

import click
from rich.markup import escape
from rich.table import Table

from traginer.cli import door
from traginer.cli.groups import Group
from traginer.cli.main import FAILED, OK
from traginer.control import audit
from traginer.i18n import N_, gettext

COLOURS = {"done": "green", "denied": "red", "failed": "red"}
RESULTS = {"done": N_("done"), "denied": N_("denied"), "failed": N_("failed")}

since_option = click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help=gettext(N_("Only entries from this moment on.")),
)


@click.group(
    cls=Group,
    help=gettext(N_("Who did, tried or saw what. Entries are chained: none can be changed without being found out.")),
)
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show entries, the newest first.")))
@since_option
@click.option("--actor", default="", help=gettext(N_("Only entries by this account.")))
@click.option("--action", default="", help=gettext(N_("Only entries of this action, such as export:run.")))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help=gettext(N_("How many.")))
@door.as_json
def list_(since: datetime | None, actor: str, action: str, limit: int, as_json: bool) -> None:
    reader = door.start()

    found = audit.entries(reader, audit.Filters(since=_zoned(since), actor=actor, action=action), limit)
    if as_json:
        door.print_json([audit.as_dict(entry) for entry in found])
        return
    if not found:
        door.console.print(gettext(N_("There is no such entry.")))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for title in (N_("Entry"), N_("When"), N_("Who"), N_("Action"), N_("What"), N_("Result")):
        table.add_column(gettext(title))
    for entry in found:
        at = entry.at.astimezone().strftime("%Y-%m-%d %H:%M")
        result = f"[{COLOURS[entry.result]}]{gettext(RESULTS[entry.result])}[/]"
        table.add_row(
            str(entry.sequence), at, escape(entry.actor), entry.action, escape(f"{entry.kind} {entry.name}"), result
        )
    door.console.print(table)


@command.command(help=gettext(N_("Print the entries as JSON, one a line, each with the hash that anybody can check.")))
@since_option
def export(since: datetime | None) -> None:
    reader = door.start()

    for line in audit.lines(reader, audit.Filters(since=_zoned(since))):
        click.echo(line)


@command.command(
    help=gettext(
        N_(
            "Say whether any entry was changed, left out or put in. Write down the end that it prints, and give it with --end "
            "later: only then does it show that entries were cut off, or that all of it was made anew."
        )
    )
)
@click.option("--end", metavar="SEQUENCE:HASH", default=None, help=gettext(N_("The end that was written down.")))
@door.as_json
def verify(end: str | None, as_json: bool) -> int:
    reader = door.start()

    answer = audit.verify(reader, _noted(end) if end else None)
    is_whole = isinstance(answer, audit.Whole)
    if as_json:
        last = f"{answer.end.sequence}:{answer.end.hash}" if isinstance(answer, audit.Whole) else None
        broken_at = answer.sequence if isinstance(answer, audit.Broken) else None
        door.print_json({"whole": is_whole, "what": answer.sentence, "end": last, "broken_at": broken_at})
    else:
        door.console.print(f"[{'green' if is_whole else 'bold red'}]{answer.sentence}[/]")
    if isinstance(answer, audit.Whole) and not as_json:
        click.echo(gettext(N_("Its end: {end}")).format(end=f"{answer.end.sequence}:{answer.end.hash}"))
    return OK if is_whole else FAILED


def _zoned(moment: datetime | None) -> datetime | None:
    """What a person types is meant on their own clock."""
    return moment.astimezone() if moment else None


def _noted(text: str) -> audit.Noted:
    sequence, _, digest = text.partition(":")
    if not sequence.isdigit() or len(digest) != len(audit.BEGINNING):
        raise click.BadParameter(gettext(N_("An end is a number, a colon and 64 characters.")), param_hint="--end")
    return audit.Noted(int(sequence), digest)
