"""A person at a terminal looks on while a run works: the stage, a bar, and what it waits for."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from traginer.cli.door import aside
from traginer.i18n import N_, gettext

STAGES = {
    "profiles": N_("Reading the profiles"),
    "segments": N_("Finding the members"),
    "contacts": N_("Cleaning addresses and phones"),
    "compare": N_("Comparing with the ledger"),
    "freeze": N_("Writing the batches to the spool"),
    "deliver": N_("Sending to Brevo"),
    "follow": N_("Waiting for Brevo to finish the import"),
    "advance": N_("Advancing the ledger"),
}
SHORTEST_SHOWN_WAIT_SECONDS = 2.0


class TerminalWatch:
    """Draws on standard error, and only where that is a terminal."""

    def __init__(self) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.progress = Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal)
        self.bar = self.progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def stage(self, name: str, done: int, total: int) -> None:
        """Implements Watch."""
        text = gettext(STAGES.get(name, name))
        if total:
            self.progress.update(self.bar, description=text, completed=done, total=total)
        else:
            self.progress.update(self.bar, description=text)

    def waiting(self, seconds: float, why: str) -> None:  # noqa: ARG002 - the reason is the account's limits in each case
        """Implements Watch."""
        if seconds >= SHORTEST_SHOWN_WAIT_SECONDS:
            text = gettext(N_("Waiting {seconds:.0f} s for the limits of the Brevo account")).format(seconds=seconds)
            self.progress.update(self.bar, description=text)
