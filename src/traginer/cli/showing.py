"""A run for a person at a terminal: how it ended, what moved, what was left out and why."""

from collections.abc import Mapping, Sequence

from rich.padding import Padding
from rich.table import Table

from traginer.cli.door import console
from traginer.cli.main import FAILED, HELD, OK, WITH_WARNINGS
from traginer.control.wording import LeftOut, PlanView, RunView
from traginer.i18n import N_, gettext, ngettext

COLOURS = {
    "successful": "green",
    "completed_with_warnings": "yellow",
    "failure": "red",
    "held": "magenta",
    "canceled": "bright_black",
    "skipped": "bright_black",
    "processing": "cyan",
    "queued": "cyan",
}
EXIT_CODES = {"successful": OK, "completed_with_warnings": WITH_WARNINGS, "held": HELD}
# The four equations of the books, so that a person can check them line by line.
BOOKS = (
    (("members", N_("members")), ("wanted", N_("wanted")), ("invalid", N_("invalid"))),
    (("wanted", N_("wanted")), ("added", N_("added")), ("changed", N_("changed")), ("unchanged", N_("unchanged"))),
    (("sent", N_("sent")), ("confirmed", N_("confirmed")), ("rejected", N_("rejected")), ("in_doubt", N_("in doubt"))),
    (("left", N_("left")), ("removed", N_("removed")), ("still_on_list", N_("still on the list"))),
)
# Where a label stands in a row of number, label, sign, number, label, sign, ...
LABEL_COLUMNS = (1, 4, 7, 10)


def exit_code(view: RunView) -> int:
    """The exit code that says how the run ended."""
    return EXIT_CODES.get(view.status, FAILED)


def number(value: int) -> str:
    """A whole number with thin groups, the same in every language."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.1f} kB"


def show_run(view: RunView, *, briefly: bool = False) -> None:
    """Print how a run ended; briefly without the reasons for leaving somebody out."""
    colour = COLOURS.get(view.status, "white")
    console.print(f"[bold {colour}]{view.status_text}[/]  {view.export}, " + gettext(N_("run {n}")).format(n=view.run))
    console.print(Padding(view.why.sentence, (0, 0, 0, 2), expand=False))
    if any(view.counts.values()):
        console.print(Padding(books(view.counts), (1, 0, 0, 2), expand=False))
    if not briefly:
        _show_left_out(gettext(N_("Not sent, or rejected")), view.rejections)
        _show_left_out(gettext(N_("Sent with something left out")), view.warnings)
    if view.requests:
        text = ngettext(
            "{requests} request to Brevo, {size} sent, {seconds:.1f} s",
            "{requests} requests to Brevo, {size} sent, {seconds:.1f} s",
            view.requests,
        )
        line = text.format(requests=number(view.requests), size=size(view.bytes), seconds=sum(view.seconds.values()))
        console.print(Padding(f"[dim]{line}[/]", (1, 0, 0, 2), expand=False))
    if view.why.advice and not briefly:
        console.print(Padding(f"[bold]{view.why.advice}[/]  [dim]({view.why.code})[/]", (1, 0, 0, 2), expand=False))


def show_plan(plan: PlanView) -> None:
    """Print what a run would do."""
    title = gettext(N_("Plan of {export}: nothing was sent.")).format(export=f"[bold]{plan.export}[/]")
    console.print(title)
    goal = ngettext(
        'Brevo account {account}, list "{name}" with {subscribers} contact',
        'Brevo account {account}, list "{name}" with {subscribers} contacts',
        plan.subscribers,
    )
    line = goal.format(account=plan.account, name=plan.list_name, subscribers=number(plan.subscribers))
    console.print(Padding(f"[dim]{line}[/]", (0, 0, 0, 2), expand=False))
    figures = plan.figures
    leaving = figures["left"] - figures["not_removed"]
    rows = (
        ("members", N_("members, of {profiles} profiles")),
        ("wanted", N_("can be sent")),
        ("invalid", N_("have no usable address of their own")),
        ("added", N_("would be added")),
        ("changed", N_("would be changed")),
        ("unchanged", N_("are on the list as they should be")),
    )
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column()
    for name, label in rows:
        table.add_row(f"[bold]{number(figures[name])}[/]", gettext(label).format(profiles=number(plan.profiles)))
    table.add_row(f"[bold]{number(leaving)}[/]", gettext(N_("would be taken off the list")))
    console.print(Padding(table, (1, 0, 0, 2), expand=False))
    _show_left_out(gettext(N_("Would not be sent")), plan.invalid)
    _show_left_out(gettext(N_("Would be sent with something left out")), plan.warnings)
    console.print(Padding(f"[dim]{plan.cost_text}[/]", (1, 0, 0, 2), expand=False))
    if plan.hold:
        console.print(Padding(f"[bold magenta]{plan.hold.sentence}[/] {plan.hold.advice}", (1, 0, 0, 2), expand=False))


def books(counts: Mapping[str, int]) -> Table:
    """The counts as the equations they must satisfy."""
    table = Table.grid(padding=(0, 1))
    for n in range(11):
        table.add_column(justify="left" if n in LABEL_COLUMNS else "right")
    for (total_name, total_label), *parts in BOOKS:
        cells = [number(counts[total_name]), f"[dim]{gettext(total_label)}[/]"]
        for n, (name, label) in enumerate(parts):
            value = counts[name]
            cells += [
                "=" if n == 0 else "+",
                f"[bold]{number(value)}[/]" if value else "0",
                f"[dim]{gettext(label)}[/]",
            ]
        table.add_row(*cells)
    return table


def _show_left_out(title: str, rows: Sequence[LeftOut]) -> None:
    if not rows:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    table.add_column(style="dim", no_wrap=True)
    for row in rows:
        table.add_row(number(row.count), row.sentence, row.reason)
    console.print(Padding(f"[bold]{title}[/]", (1, 0, 0, 2), expand=False))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
