"""`traginer source ...`."""

import click
from rich.markup import escape

from traginer.cli import asking, door
from traginer.cli.groups import Group
from traginer.cli.showing import number
from traginer.cli.tables import show_table
from traginer.control import sources
from traginer.i18n import N_, gettext, ngettext

NAME = click.argument("name", metavar=gettext(N_("SOURCE")))


@click.group(cls=Group, help=gettext(N_("Sources of profiles: list them, read one through, remove them.")))
def command() -> None:
    pass


@command.command("list", help=gettext(N_("Show the sources. With the segments that read them.")))
@click.option("--search", default="", help=gettext(N_("Only those whose name holds this.")))
@door.as_json
def list_(search: str, as_json: bool) -> None:
    found = [(one, sources.segments_of(one)) for one in sources.every(door.start(), search)]
    if as_json:
        door.print_json([{**sources.dump(one), "segments": names} for one, names in found])
        return
    rows = [(escape(one.name), one.type, escape(one.path), escape(one.key), escape(", ".join(n))) for one, n in found]
    show_table((N_("Source"), N_("Type"), N_("Path"), N_("Key"), N_("Segments")), rows)


@command.command(help=gettext(N_("Read SOURCE through. Counts its profiles, checks its key, and shows its columns.")))
@NAME
@door.as_json
def check(name: str, as_json: bool) -> None:
    actor = door.start()

    found = sources.check(actor, sources.get(actor, name))
    if as_json:
        columns = [{"name": one.name, "type": one.type.value, "native": one.native} for one in found.columns.values()]
        door.print_json({"source": name, "profiles": found.profiles, "columns": columns})
        return
    text = ngettext(
        "{profiles} profile, with a key of its own.", "{profiles} profiles, each with a key of its own.", found.profiles
    )
    door.console.print(text.format(profiles=number(found.profiles)))
    rows = [(escape(one.name), one.type.value, escape(one.native)) for one in found.columns.values()]
    show_table((N_("Column"), N_("Type"), N_("In the source")), rows)


@command.command(
    help=gettext(N_("Remove SOURCE. Its profiles stay where they are; the segments that read it have to go first."))
)
@NAME
@asking.yes
@door.as_json
def remove(name: str, yes: bool, as_json: bool) -> None:
    actor = door.start()

    source = sources.get(actor, name)
    asking.require_sure(gettext(N_('Remove the source "{name}"?')).format(name=name), yes=yes)
    sources.remove(actor, source)
    if as_json:
        door.print_json({"removed": name})
    else:
        door.console.print(gettext(N_("Removed.")))
