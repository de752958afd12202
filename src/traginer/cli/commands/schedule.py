"""`traginer schedule show|set`."""

from collections.abc import Mapping
from typing import Any

import click

from traginer.cli import door
from traginer.cli.groups import Group
from traginer.cli.main import OK
from traginer.control import exports, schedules
from traginer.control.accounts import Actor
from traginer.i18n import N_, gettext

SHOWN = 5


@click.group(cls=Group, help=gettext(N_("When the system refresh and the exports run by themselves: show, set.")))
def command() -> None:
    pass


@command.command(
    help=gettext(N_("Show the schedule of the system and of each export, or of EXPORT, with the next five times."))
)
@click.argument("export", required=False, metavar=f"[{gettext(N_('EXPORT'))}]")
@door.as_json
def show(export: str | None, as_json: bool) -> int:
    actor = door.start()
    system = schedules.of_system(actor)
    if export is not None:
        return _shown(export, exports.get(actor, export).schedule, system, as_json=as_json)
    if as_json:
        door.print_json({"system": _as_dict(system, system), "exports": _of_exports(actor, system)})
        return OK
    _print(gettext(N_("System refresh")), system, system)
    for item in exports.every(actor):
        _print(item.name, item.schedule, system, briefly=schedules.follows_system(item))
    return OK


@command.command(
    "set",
    help=gettext(
        N_(
            "Set when EXPORT runs by itself, or without EXPORT the system refresh: at times of the day, by a cron expression, or not at all."
        )
    ),
)
@click.argument("export", required=False, metavar=f"[{gettext(N_('EXPORT'))}]")
@click.option("--at", "times", multiple=True, metavar="HH:MM", help=gettext(N_("A time of day; several are allowed.")))
@click.option("--days", default="", metavar="mon,fri", help=gettext(N_("Only on these days; without them daily.")))
@click.option("--cron", help=gettext(N_("Five fields, as in 0 6 * * 1-5.")))
@click.option("--timezone", default="UTC", show_default=True, help=gettext(N_("The time zone, as in Europe/Madrid.")))
@click.option("--system", is_flag=True, help=gettext(N_("Let EXPORT run with the system refresh.")))
@click.option("--off", is_flag=True, help=gettext(N_("Let it run on demand only.")))
@door.as_json
def set_(
    export: str | None,
    times: tuple[str, ...],
    days: str,
    cron: str | None,
    timezone: str,
    system: bool,
    off: bool,
    as_json: bool,
) -> int:
    if (bool(times), bool(cron), system, off).count(True) != 1 or (system and export is None):
        raise click.UsageError(gettext(N_("Give one of --at, --cron, --off or, for an export, --system.")))
    actor = door.start()
    if times:
        named = [day for day in days.replace(" ", "").split(",") if day]
        rule: dict[str, Any] = {"kind": "times", "times": list(times), "days": named, "timezone": timezone}
    else:
        rule = {"kind": "cron", "cron": cron, "timezone": timezone} if cron else _without_times(export, system=system)
    if export is None:
        kept = schedules.set_system(actor, rule, door.now())
        return _shown(gettext(N_("System refresh")), kept, kept, as_json=as_json)
    kept = schedules.set_export(actor, exports.get(actor, export), rule, door.now())
    return _shown(export, kept, schedules.of_system(actor), as_json=as_json)


def _without_times(export: str | None, *, system: bool) -> dict[str, Any]:
    if system:
        return schedules.WITH_SYSTEM
    return schedules.OFF if export is None else schedules.NONE


def _shown(name: str, rule: Mapping[str, Any], system: Mapping[str, Any], *, as_json: bool) -> int:
    if as_json:
        door.print_json(_as_dict(rule, system))
    else:
        _print(name, rule, system)
    return OK


def _of_exports(actor: Actor, system: Mapping[str, Any]) -> dict[str, Any]:
    return {item.name: _as_dict(item.schedule, system) for item in exports.every(actor)}


def _as_dict(rule: Mapping[str, Any], system: Mapping[str, Any]) -> dict[str, Any]:
    times = [moment.isoformat() for moment in _next(rule, system)]
    return {**rule, "says": schedules.describe(rule), "next": times}


def _next(rule: Mapping[str, Any], system: Mapping[str, Any]) -> list[Any]:
    followed = system if rule.get("kind", "system") == "system" else rule
    return schedules.next_times(followed, door.now(), SHOWN) if schedules.is_valid(followed) else []


def _print(name: str, rule: Mapping[str, Any], system: Mapping[str, Any], *, briefly: bool = False) -> None:
    door.console.print(f"[bold]{name}[/]  {schedules.describe(rule)}")
    for moment in () if briefly else _next(rule, system):
        day = gettext(schedules.DAY_NAMES[schedules.DAYS[moment.weekday()]])
        door.console.print(f"  {moment:%Y-%m-%d %H:%M}  {day}", style="dim")
