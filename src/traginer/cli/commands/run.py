"""`traginer run EXPORT | --all`."""

import click

from traginer.cli import door
from traginer.cli.main import FAILED, OK
from traginer.cli.showing import exit_code, show_run
from traginer.cli.watching import TerminalWatch
from traginer.control import exports, runs, wording
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Run EXPORT now, to the end. A run that was interrupted is finished first. "
            "Exit codes: 0 done, 1 failed, 2 wrong use, 3 completed with warnings, 4 held."
        )
    )
)
@click.argument("export", required=False)
@click.option("--all", "every", is_flag=True, help=gettext(N_("Run every export that has a schedule.")))
@door.as_json
def command(export: str | None, every: bool, as_json: bool) -> int:
    if (export is None) != every:
        raise click.UsageError(gettext(N_("Name an export, or give --all.")))
    actor = door.start()

    chosen = exports.scheduled(actor) if every else [exports.get(actor, export or "")]
    shown, codes = [], []
    for one in chosen:
        with TerminalWatch() as watch:
            run, resumed = runs.run_now(actor, one, runs.Means(watch))
        views = [wording.described(done) for done in (*resumed, run)]
        codes.append(exit_code(views[-1]))
        shown.append(views[-1].as_dict() | {"resumed": [view.as_dict() for view in views[:-1]]})
        for view in () if as_json else views:
            show_run(view)
    if as_json:
        door.print_json({"runs": shown} if every else shown[0])
    elif not chosen:
        door.console.print(gettext(N_("No export has a schedule.")))
    return FAILED if FAILED in codes else max(codes, default=OK)
