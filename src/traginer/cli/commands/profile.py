"""`traginer profile KEY`."""

from collections.abc import Iterator

import click
from rich.markup import escape

from traginer.cli import door
from traginer.cli.tables import show_table
from traginer.control import profiles
from traginer.control.profiles import Carried, Profile
from traginer.control.profiles.exported import NEXT, WANTED
from traginer.control.wording import reason_sentence
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Show the profile with this KEY or e-mail address. With its values, the segments it is in, and for each export whether it is sent, and why not."
        )
    )
)
@click.argument("key", metavar=gettext(N_("KEY")))
@click.option("--source", default="", help=gettext(N_("The source to look in. Needed where there are several.")))
@door.as_json
def command(key: str, source: str, as_json: bool) -> None:
    actor = door.start()

    if not source and len(profiles.places(actor)) > 1:
        names = ", ".join(place.name for place in profiles.places(actor))
        raise click.UsageError(
            gettext(N_("there are several sources: name one with --source ({names})")).format(names=names)
        )
    place = profiles.place(actor, source or next((one.name for one in profiles.places(actor)), ""))
    found = profiles.look(actor, place, profiles.find(actor, place, key), door.now())
    if as_json:
        door.print_json(_as_dict(found))
    else:
        _show(found)


def _show(found: Profile) -> None:
    door.console.print(f"[bold]{escape(found.name or found.key)}[/]  [dim]{escape(found.source)}[/]\n")
    show_table((N_("Field"), N_("Value")), [(escape(one.name), escape(one.value)) for one in found.values])
    door.console.print()
    rows = [(escape(one.segment.name), _in_words(one.belongs, known=one.trouble is None)) for one in found.belongings]
    show_table((N_("Segment"), N_("Is it in it?")), rows)
    for one in found.belongings:
        if one.explanation and not one.belongs:
            for answer in one.explanation.answers[1:] or one.explanation.answers:
                if not answer.holds:
                    door.console.print(
                        f"  [dim]{escape(one.segment.name)}: {escape(answer.sentence)} ({escape(answer.value)})[/]"
                    )
    door.console.print()
    titles = (N_("Export"), N_("Status"), N_("Why not"), N_("On lists, by our books"), N_("A run now"))
    show_table(titles, list(_exports(found)))


def _exports(found: Profile) -> Iterator[tuple[str, str, str, str, str]]:
    for one in found.exports:
        why = reason_sentence(one.reason) if one.reason else one.trouble.sentence if one.trouble else ""
        lists = ", ".join(str(row.list_id) if row.is_confirmed else f"{row.list_id} (?)" for row in one.listed)
        yield escape(one.export.name), gettext(WANTED[one.wanted]), escape(why), lists, gettext(NEXT[one.next])


def _in_words(belongs: bool, *, known: bool) -> str:
    if not known:
        return gettext(N_("not known"))
    return gettext(N_("yes")) if belongs else gettext(N_("no"))


def _as_dict(found: Profile) -> dict[str, object]:
    return {
        "id": found.reference,
        "source": found.source,
        "key": found.key,
        "as_of": found.at.isoformat(),
        "values": {one.name: one.value or None for one in found.values},
        "segments": [
            {
                "segment": one.segment.name,
                "belongs": one.explanation.belongs if one.explanation else None,
                "answers": [
                    {"rule": answer.sentence, "holds": answer.holds, "value": answer.value or None}
                    for answer in (one.explanation.answers if one.explanation else ())
                ],
            }
            for one in found.belongings
        ],
        "exports": [_export(one) for one in found.exports],
    }


def _export(one: Carried) -> dict[str, object]:
    return {
        "export": one.export.name,
        "segments": list(one.through),
        "wanted": one.wanted.value,
        "reason": one.reason or None,
        "winner": one.winner or None,
        "next": one.next.value,
        "lists": [
            {"list": row.list_id, "email": row.email, "confirmed": row.is_confirmed, "run": row.run}
            for row in one.listed
        ],
        "left_out": [{"run": line.run, "kind": line.kind, "reason": line.reason} for line in one.left_out],
    }
