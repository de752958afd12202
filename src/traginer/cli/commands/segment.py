"""`traginer segment ...`."""

from dataclasses import asdict

import click
from rich.markup import escape

from traginer.cli import asking, door
from traginer.cli.groups import Group
from traginer.cli.showing import number
from traginer.cli.tables import show_table
from traginer.control import segments, snapshots
from traginer.control.segments import Count
from traginer.control.snapshots import Taken
from traginer.i18n import N_, gettext, ngettext
from traginer.values import AsOf

NAME = click.argument("name", metavar=gettext(N_("SEGMENT")))


@click.group(cls=Group, help=gettext(N_("Segments: list them, count their members, see how they change, remove them.")))
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show the segments. With their sources, and the exports that carry them.")))
@click.option("--search", default="", help=gettext(N_("Only those whose name holds this.")))
@door.as_json
def list_(search: str, as_json: bool) -> None:
    found = [(one, segments.exports_of(one)) for one in segments.every(door.start(), search)]
    if as_json:
        door.print_json([{**segments.dump(one), "exports": carried} for one, carried in found])
        return
    rows = [
        (
            escape(one.name),
            escape(one.source.name),
            "SQL" if one.sql else gettext(N_("rules")),
            escape(", ".join(names)),
        )
        for one, names in found
    ]
    show_table((N_("Segment"), N_("Source"), N_("Defined by"), N_("Exports")), rows)


@command.command(
    help=gettext(N_("Count the members of SEGMENT. And the profiles that each of its rules holds for by itself."))
)
@NAME
@click.option("--timezone", default="UTC", show_default=True, help=gettext(N_("The time zone in which days begin.")))
@door.as_json
def count(name: str, timezone: str, as_json: bool) -> None:
    actor = door.start()

    try:
        as_of = AsOf(door.now(), timezone)
    except (KeyError, ValueError, OSError):
        raise click.UsageError(gettext(N_("there is no time zone {name}")).format(name=timezone)) from None
    found = segments.count(actor, segments.get(actor, name), as_of)
    if as_json:
        door.print_json({**asdict(found), "segment": name, "as_of": as_of.instant.isoformat()})
    else:
        _show(name, found)


@command.command(
    help=gettext(N_("Show how SEGMENT grew and shrank. With each scheduled refresh that carried it, the newest first."))
)
@NAME
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help=gettext(N_("How many.")))
@door.as_json
def trend(name: str, limit: int, as_json: bool) -> None:
    actor = door.start()

    found = snapshots.trend(actor, segments.get(actor, name), limit)
    if as_json:
        door.print_json([_as_dict(one) for one in found])
    elif not found:
        door.console.print(gettext(N_("There are no snapshots yet. The next scheduled run makes the first.")))
    else:
        rows = [
            (
                f"{one.at.astimezone():%Y-%m-%d %H:%M}",
                number(one.members),
                _or_unknown(one.joined),
                _or_unknown(one.left),
            )
            for one in found
        ]
        show_table((N_("At"), N_("Members"), N_("Joined"), N_("Left")), rows, right=(1, 2, 3))


@command.command(help=gettext(N_("Remove SEGMENT. The exports that carry it have to be changed first.")))
@NAME
@asking.yes
@door.as_json
def remove(name: str, yes: bool, as_json: bool) -> None:
    actor = door.start()

    segment = segments.get(actor, name)
    asking.require_sure(gettext(N_('Remove the segment "{name}"?')).format(name=name), yes=yes)
    segments.remove(actor, segment)
    if as_json:
        door.print_json({"removed": name})
    else:
        door.console.print(gettext(N_("Removed.")))


def _as_dict(one: Taken) -> dict[str, object]:
    return {"at": one.at.isoformat(), "members": one.members, "joined": one.joined, "left": one.left}


def _or_unknown(count: int | None) -> str:
    return gettext(N_("not known")) if count is None else number(count)


def _show(name: str, found: Count) -> None:
    text = ngettext(
        "{segment}: {members} member of {profiles} profiles",
        "{segment}: {members} members of {profiles} profiles",
        found.members,
    )
    told = text.format(
        segment=f"[bold]{escape(name)}[/]", members=number(found.members), profiles=number(found.profiles)
    )
    door.console.print(told)
    if found.rules:
        rows = [("  " * (len(one.path) // 2) + escape(one.sentence), number(one.members)) for one in found.rules]
        show_table((N_("Rule"), N_("Profiles")), rows, right=(1,))
