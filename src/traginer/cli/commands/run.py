"""`traginer run EXPORT | --all`."""

from typing import Any

import click

from traginer.cli import door
from traginer.cli.main import FAILED, OK, as_dict, show_error
from traginer.cli.showing import exit_code, show_run
from traginer.cli.watching import TerminalWatch
from traginer.control import exports, runs, wording
from traginer.control.accounts import Actor
from traginer.control.wording import RunView
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Run EXPORT now, to the end. A run that was interrupted is finished first. "
            "Exit codes: 0 done, 1 failed, 2 wrong use, 3 completed with warnings, 4 held."
        )
    )
)
@click.argument("export", required=False, metavar=f"[{gettext(N_('EXPORT'))}]")
@click.option("--all", "every", is_flag=True, help=gettext(N_("Run every export that has a schedule.")))
@door.as_json
def command(export: str | None, every: bool, as_json: bool) -> int:
    if (export is None) != every:
        raise click.UsageError(gettext(N_("Name an export, or give --all.")))
    actor = door.start()

    if every:
        return _run_all(actor, as_json=as_json)
    views = _run(actor, export or "", as_json=as_json)
    if as_json:
        door.print_json(_shown(views))
    return exit_code(views[-1])


def _run_all(actor: Actor, *, as_json: bool) -> int:
    """Run one after the other; an export that cannot run is told, and does not keep the others from it."""
    shown, refused, codes = [], [], [OK]
    for name in [export.name for export in exports.scheduled(actor)]:
        try:
            views = _run(actor, name, as_json=as_json)
        except TraginerError as error:
            show_error(error)
            refused.append({"export": name, **as_dict(error)})
        else:
            shown.append(_shown(views))
            codes.append(exit_code(views[-1]))
    if as_json:
        door.print_json({"runs": shown, "errors": refused})
    elif not shown and not refused:
        door.console.print(gettext(N_("No export has a schedule.")))
    return FAILED if refused or FAILED in codes else max(codes)


def _run(actor: Actor, export: str, *, as_json: bool) -> list[RunView]:
    """The interrupted runs that were finished first, and the run."""
    with TerminalWatch() as watch:
        run, resumed = runs.run_now(actor, exports.get(actor, export), runs.Means(watch))
    views = [wording.described(done) for done in (*resumed, run)]
    for view in () if as_json else views:
        show_run(view)
    return views


def _shown(views: list[RunView]) -> dict[str, Any]:
    return views[-1].as_dict() | {"resumed": [view.as_dict() for view in views[:-1]]}
