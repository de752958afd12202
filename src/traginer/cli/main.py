"""`traginer`: finds the command, speaks the person's language, and turns errors into sentences and exit codes."""

import gettext as stdlib_gettext
import importlib
import json
import os
import sys
from collections.abc import Sequence

import click

from traginer import __version__
from traginer.errors import TraginerError
from traginer.i18n import LOCALE_DIR, N_, gettext, language_of_terminal, speak

OK, FAILED, USAGE, WITH_WARNINGS, HELD = 0, 1, 2, 3, 4
DRIFT = 3
INTERRUPTED = 130

COMMANDS = {
    "demo": N_("One whole export of sample profiles to a local Brevo, explained."),
    "sandbox": N_("Run a local Brevo."),
    "apply": N_("Create or update the configuration from a YAML file."),
    "diff": N_("Show how such a file and the server differ."),
    "dump": N_("Print the configuration as YAML, without secrets."),
    "schema": N_("Print the JSON Schema of such files."),
    "connection": N_("Connections to Brevo accounts: list, check, share, agree, remove."),
    "source": N_("Sources of profiles: list, check, remove."),
    "segment": N_("Segments: list, count, remove."),
    "profile": N_("Show one profile: its segments, and what was sent of it."),
    "export": N_("Exports: list, duplicate, enable, disable, detach, attach, remove."),
    "plan": N_("Show what a run would do. Sends nothing."),
    "run": N_("Run an export now, to the end."),
    "runs": N_("Show past runs."),
    "rejections": N_("Show which profiles a run left out, and why."),
    "held": N_("Show whom a held run concerns. Sends nothing."),
    "approve": N_("Let a held run go on with exactly its plan."),
    "discard": N_("End a held run without carrying it out, or give up an interrupted one."),
    "cancel": N_("Cancel a run that is queued or under way."),
    "schedule": N_("When exports run by themselves: show, set."),
    "serve": N_("Serve the pages and the API, work on the queue and follow the schedules."),
    "worker": N_("One more worker on the queue."),
    "scheduler": N_("One more process that follows the schedules."),
    "ledger": N_("Check the ledgers, or make one anew from its list in Brevo."),
    "user": N_("Accounts and roles."),
    "token": N_("Secrets with which programs act for an account."),
    "audit": N_("Who did what; check that nothing was changed in it."),
    "key": N_("Change the key that secrets are encrypted with."),
    "notice": N_("Who is told when an export fails, is held or works again, and how."),
    "backup": N_("Write everything that cannot be made anew to one file, while it works."),
    "restore": N_("Make an installation anew from a backup."),
    "doctor": N_("Say what is wrong here, in words."),
    "guide": N_("Read the guide, or write it as HTML files."),
}
BEGIN = N_(
    "To begin: traginer demo shows one whole export, traginer serve opens the pages, traginer COMMAND --help explains a command, "
    "traginer guide tells the rest."
)


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
    person = click.Option(
        ["--as", "as_person"],
        metavar=gettext(N_("EMAIL")),
        envvar="TRAGINER_USER",
        help=gettext(N_("Act with the rights of this account, instead of those of the owner of TRAGINER_HOME.")),
    )
    return click.version_option(__version__, prog_name="traginer")(
        Commands(name="traginer", help=text, params=[person], epilog=gettext(BEGIN))
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command of `arguments` (by default the process's) and exit with its code."""
    _speak(language_of_terminal())
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
    except Exception as error:
        sys.exit(_failed(_told(error), as_json="--json" in arguments))
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


def _told(error: Exception) -> TraginerError:
    """The error for people: a full disk, the control plane's database included, a database that is away, or what nobody expected."""
    from traginer.cli import unexpected  # noqa: PLC0415 - heavy, and rarely needed

    return unexpected.told(error)


def show_error(error: TraginerError) -> None:
    """Tell a person, on standard error."""
    click.secho(error.sentence, fg="red", bold=True, err=True)
    click.echo(f"{error.advice} ({error.code})", err=True)


def as_dict(error: TraginerError) -> dict[str, str]:
    """An error for machines."""
    return {"code": error.code, "turn": error.turn.value, "what": error.sentence, "next": error.advice}
