"""The list of exports as a page shows it: some of many, by how they are, with a line of how each has fared lately."""

from collections.abc import Sequence
from dataclasses import dataclass

from traginer.control import api_support, exports, wording
from traginer.control.exports import STATES, ExportRow
from traginer.control.rights import Actor
from traginer.i18n import N_
from traginer.web import chart
from traginer.web.chart import Trend

ON_A_PAGE = 50
STATUSES: dict[str, str] = {status.value: text for status, text in wording.STATUSES.items()}
KINDS: dict[str, tuple[str, frozenset[str]]] = {
    "": (N_("All exports"), frozenset()),
    "attention": (N_("Need attention"), frozenset({"failure", "held"})),
    "warnings": (N_("With warnings"), frozenset({"completed_with_warnings"})),
    "open": (N_("Under way"), frozenset({"queued", "processing"})),
    "new": (N_("Not run yet"), frozenset({""})),
    "stopped": (N_("Not running"), frozenset()),
}
"""What one may look at: a text marked by N_, and the statuses of the last run that belong to it."""


@dataclass(frozen=True)
class Item:
    """An export in the list; `status` and `state` are texts marked by N_, `trend` None before its first run that worked."""

    number: int
    row: ExportRow
    status: str
    state: str
    trend: Trend | None


@dataclass(frozen=True)
class Kind:
    """A choice of what to look at, and how many there are."""

    name: str
    text: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Listing:
    """`items` are those from `start` on (the first is 1), of `total` of the chosen kind; `may_run_all`: some may be run."""

    items: list[Item]
    kinds: list[Kind]
    start: int
    total: int
    page: int
    may_run_all: bool

    @property
    def end(self) -> int:
        """The place of the last one shown."""
        return self.start + len(self.items) - 1

    @property
    def next(self) -> int | None:
        """The page after this one."""
        return self.page + 1 if self.end < self.total else None

    @property
    def previous(self) -> int | None:
        """The page before this one."""
        return self.page - 1 if self.page > 1 else None


def of(actor: Actor, search: str, kind: str, page: int) -> Listing:
    """A page of the exports whose name, connection or type holds `search`, of one of KINDS."""
    found = exports.listed(actor, search)
    kind = kind if kind in KINDS else ""
    chosen = [row for row in found if _is(row, kind)]
    page = max(1, min(page, -(-len(chosen) // ON_A_PAGE)))
    start = (page - 1) * ON_A_PAGE
    may_run_all = any(row.permissions.run for row in found)
    items = _items(actor, chosen[start : start + ON_A_PAGE])
    return Listing(items, _kinds(found, kind), start + 1, len(chosen), page, may_run_all)


def _items(actor: Actor, rows: Sequence[ExportRow]) -> list[Item]:
    numbers = api_support.numbers(exports.KIND)
    trends = exports.trends(actor, [row.name for row in rows])
    return [
        Item(
            numbers[row.name],
            row,
            STATUSES.get(row.status, ""),
            STATES[row.state],
            chart.trend(trends.get(row.name, [])),
        )
        for row in rows
    ]


def _is(row: ExportRow, kind: str) -> bool:
    if kind == "stopped":
        return row.state != "active"
    return not kind or row.status in KINDS[kind][1]


def _kinds(found: Sequence[ExportRow], chosen: str) -> list[Kind]:
    """Those that there are, and the chosen one."""
    counted = [
        Kind(name, text, sum(_is(row, name) for row in found), name == chosen) for name, (text, _) in KINDS.items()
    ]
    return [kind for kind in counted if kind.count or kind.is_chosen or not kind.name]
