"""`traginer demo`."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

import click

from traginer.cli.main import FAILED, OK
from traginer.i18n import N_, gettext


@click.command(
    help=gettext(
        N_(
            "Make 10,000 sample profiles, start a local Brevo, run two exports into it, change the profiles, run again, and "
            "prove that the lists hold exactly what they should. Touches nothing of this installation."
        )
    )
)
@click.option("--serve", is_flag=True, help=gettext(N_("Leave the page of the local Brevo open at the end.")))
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help=gettext(N_("Keep all files in this folder."))
)
def command(serve: bool, keep: Path | None) -> int:
    with contextlib.ExitStack() as stack:
        folder = (
            keep.resolve() if keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="traginer-demo-")))
        )
        folder.mkdir(parents=True, exist_ok=True)
        return _told(stack, folder, serve=serve)


def _told(stack: contextlib.ExitStack, folder: Path, *, serve: bool) -> int:
    os.environ["TRAGINER_HOME"] = str(folder / "home")
    from traginer.cli import door  # noqa: PLC0415 - reads TRAGINER_HOME
    from traginer.cli.watching import TerminalWatch  # noqa: PLC0415 - as above
    from traginer.demo import story  # noqa: PLC0415 - as above
    from traginer.sandbox import Sandbox  # noqa: PLC0415 - as above

    sandbox = stack.enter_context(Sandbox(folder / "brevo"))
    os.environ |= {"BREVO_API_KEY": sandbox.api_key, "BREVO_URL": sandbox.base_url}
    with story.timed(door.console):
        holds = story.Story(door.console, folder, door.start(), sandbox, TerminalWatch).tell()
    if serve:
        text = gettext(N_("The local Brevo stays open at {url}/ until you press Ctrl-C."))
        door.console.print(text.format(url=sandbox.url))
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
    return OK if holds else FAILED
