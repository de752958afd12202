"""The table and the JSON."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench.peers.inside.door import Told
from bench.peers.scenarios import Found

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Summary:
    """What all were given. `wanted` addresses; `leavers` of them wanted no more; the limit is DuckDB and a socket alone."""

    profiles: int
    rows_with_address: int
    json_bytes: int
    wanted: int
    leavers: int
    limit_seconds: float
    repeat: int


NAMES = {"traginer": "Traginer", "drt": "drt", "dlt": "dlt", "singer": "Singer SDK", "brevo_python": "brevo-python"}


def table(summary: Summary, found: dict[str, Found]) -> str:
    """A Markdown table with a column for each peer, and a line on what was measured."""
    given = (
        f"{summary.profiles:,} profiles, {summary.rows_with_address:,} with something in the e-mail field,"
        f" {summary.wanted:,} usable addresses; {summary.leavers:,} of them leave. First send: the median of"
        f" {summary.repeat}. DuckDB making the same bodies and posting them, with nothing around it, takes"
        f" {summary.limit_seconds:.2f} s."
    )
    heads = (f"{NAMES[name]} {each.version}" for name, each in found.items())
    lines = [given, "", f"| | {' | '.join(heads)} |", "|---" * (len(found) + 1) + "|"]
    for label, tell in ROWS.items():
        lines.append(f"| {label} | " + " | ".join(tell(each, summary) for each in found.values()) + " |")
    return "\n".join(lines)


def write(path: Path, text: str, summary: Summary, found: dict[str, Found]) -> None:
    """Put the table between the marks of the page (a page without marks ends with it), and the figures beside it as JSON."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    before, _, rest = page.partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2] or chr(10)}", encoding="utf-8")
    figures = {"given": asdict(summary), "found": {name: asdict(each) for name, each in found.items()}}
    path.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _seconds(value: float) -> str:
    return f"{value:.1f} s"


def _number(value: int) -> str:
    return f"{value:,}"


def _first_send(each: Found, _summary: Summary) -> str:
    spread = f"{min(each.client_seconds):.1f}–{max(each.client_seconds):.1f}"
    return f"{_seconds(median(each.client_seconds))} ({spread})"


def _refused(each: Found, _summary: Summary) -> str:
    kinds = ", ".join(f"{kind} {number:,}" for kind, number in sorted(each.life.first.refused.items()))
    return f"{sum(each.life.first.refused.values()):,}" + (f" ({kinds})" if kinds else "")


def _told(told: Told) -> str:
    rest = "no word of others" if told.refused is None else f"{told.refused:,} left out"
    return f"{told.sent:,} sent; {rest}"


def _by_column(each: Found, _summary: Summary) -> str:
    return _number(each.refused.rows_again) if each.has_cursor else "–"


def _unknown(each: Found, _summary: Summary) -> str:
    if not each.unknown.rows:
        return f"nothing sent; “{each.unknown.told.says}”"
    return f"lost on {each.unknown.listed.without_value:,} contacts; “{each.unknown.told.says}”"


def _refused_good(each: Found, _summary: Summary) -> str:
    return f"{each.refused.listed.missing - each.life.listed.missing:,} refused; says: {_told(each.refused.told)}"


def _refused_again(each: Found, _summary: Summary) -> str:
    missing = each.refused.listed_again.missing - each.life.listed.missing
    return f"{each.refused.rows_again:,} rows sent; {missing:,} still missing"


ROWS: dict[str, Callable[[Found, Summary], str]] = {
    "First send, client's side (sink)": _first_send,
    "Peak memory, all its processes": lambda each, _: f"{each.peak_mb:.0f} MB",
    "First send to the sandbox, until the process ends": lambda each, _: _seconds(each.life.seconds),
    "… until the list is complete": lambda each, _: _seconds(each.life.complete_seconds),
    "Requests": lambda each, _: _number(each.life.first.requests),
    "Sent": lambda each, _: f"{each.life.first.sent_bytes / 1e6:.1f} MB",
    "Most imports under way at once": lambda each, _: _number(each.life.first.imports_at_once),
    "Contacts on the list": lambda each, _: _number(each.life.listed.contacts),
    "Usable addresses missing": lambda each, _: _number(each.life.listed.missing),
    "Rows refused in Brevo's reports": _refused,
    "What it says of the run": lambda each, _: _told(each.life.told),
    "Telephone numbers on the list": lambda each, _: _number(each.life.listed.numbers),
    "… that are not the person's": lambda each, _: _number(each.life.listed.wrong_numbers),
    "Nothing changed: rows sent": lambda each, _: _number(each.life.again.rows),
    "… by the column `updated_at`": _by_column,
    "Nothing changed: time": lambda each, _: _seconds(each.life.again_seconds),
    "Leavers still on the list": lambda each, summary: f"{each.life.leavers_on_list:,} of {summary.leavers:,}",
    "Attribute the account lacks": _unknown,
    "Brevo refuses 1 % of the good rows": _refused_good,
    "… the run after that": _refused_again,
    "`kill -9` in the middle, run again: rows sent twice": lambda each, _: _number(
        each.cut.rows - each.life.first.rows
    ),
    "… contacts lost": lambda each, _: _number(each.cut.listed.missing - each.life.listed.missing),
}
