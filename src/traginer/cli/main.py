"""`traginer`: finds the command, speaks the person's language, and turns errors into sentences and exit codes."""

import gettext as stdlib_gettext
import importlib
import json
import logging
import os
import sys
from collections.abc import Sequence

import click

from traginer import __version__
from traginer.errors import TraginerError
from traginer.i18n import LOCALE_DIR, N_, gettext, language_of_terminal, speak

OK, FAILED, USAGE, WITH_WARNINGS, HELD = 0, 1, 2, 3, 4
INTERRUPTED = 130

COMMANDS = {
    "demo": N_("One whole export of sample profiles to a local Brevo, explained."),
    "sandbox": N_("Run a local Brevo."),
    "apply": N_("Create or update sources, connections, segments and exports from a YAML file."),
    "dump": N_("Print the same objects as YAML, without secrets."),
    "plan": N_("Show what a run would do. Sends nothing."),
    "run": N_("Run an export now, to the end."),
    "runs": N_("Show past runs."),
    "rejections": N_("Show which profiles a run left out, and why."),
    "approve": N_("Let a held run go on with exactly its plan."),
    "discard": N_("End a held run without carrying it out, or give up an interrupted one."),
    "doctor": N_("Say what is wrong here, in words."),
}


class Commands(click.Group):
    """The commands by name, each in `traginer.cli.commands.<name>`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"traginer.cli.commands.{name}").command
        if not isinstance(command, click.Command):
            raise TypeError(name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section(gettext(N_("Commands"))):
            formatter.write_dl([(name, gettext(text)) for name, text in COMMANDS.items()])


def _program() -> click.Group:
    text = gettext(
        N_(
            "Traginer carries segments of customer profiles to Brevo contact lists: only the difference, followed to the end."
        )
    )
    return click.version_option(__version__, prog_name="traginer")(Commands(name="traginer", help=text))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command of `arguments` (by default the process's) and exit with its code."""
    _speak(language_of_terminal())
    logging.basicConfig(level=os.environ.get("TRAGINER_LOG", "CRITICAL").upper(), stream=sys.stderr)
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _program().main(arguments, prog_name="traginer", standalone_mode=False)
    except TraginerError as error:
        sys.exit(_failed(error, as_json="--json" in arguments))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(gettext(N_("Interrupted. What was under way is taken up by the next traginer run.")), err=True)
        sys.exit(INTERRUPTED)
    sys.exit(code if isinstance(code, int) else OK)


def _speak(language: str) -> None:
    """Speak `language`, click included: it asks the C library's way, by domain and environment."""
    speak(language)
    os.environ["LANGUAGE"] = language
    stdlib_gettext.bindtextdomain("django", LOCALE_DIR)
    stdlib_gettext.textdomain("django")


def _failed(error: TraginerError, *, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps({"error": as_dict(error)}, ensure_ascii=False))
    show_error(error)
    return FAILED


def show_error(error: TraginerError) -> None:
    """Tell a person, on standard error."""
    click.secho(error.sentence, fg="red", bold=True, err=True)
    click.echo(f"{error.advice} ({error.code})", err=True)


def as_dict(error: TraginerError) -> dict[str, str]:
    """An error for machines."""
    return {"code": error.code, "turn": error.turn.value, "what": error.sentence, "next": error.advice}
