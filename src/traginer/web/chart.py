"""The history of an export as a drawing: how many contacts the list held after each run, and how many profiles were left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from traginer.control.wording import RunView

WIDTH, HEIGHT, FOOT, TOP = 640, 160, 4, 14
ENDED = ("successful", "completed_with_warnings")


@dataclass(frozen=True)
class Bar:
    """A run in the drawing: where its bars stand, in the units of the drawing, and what they say."""

    run: int
    x: float
    width: float
    y: float
    height: float
    bad_y: float
    bad_height: float
    listed: int
    left_out: int


@dataclass(frozen=True)
class Chart:
    """Bars from left to right, the newest last; `most` is what the highest stands for."""

    bars: list[Bar]
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def listed(view: RunView) -> int:
    """How many contacts the list held because of the export when the run had ended."""
    counts = view.counts
    return counts.get("unchanged", 0) + counts.get("confirmed", 0) + counts.get("still_on_list", 0)


def left_out(view: RunView) -> int:
    """How many profiles were not sent, or were rejected."""
    return view.counts.get("invalid", 0) + view.counts.get("rejected", 0)


def of(past: Sequence[RunView]) -> Chart | None:
    """The drawing of runs, the newest first, as history gives them; None where fewer than two have worked."""
    worked = [view for view in reversed(past) if view.status in ENDED]
    if len(worked) < 2:
        return None
    most = max(1, *(max(listed(view), left_out(view)) for view in worked))
    return Chart(list(_bars(worked, most)), most)


def _bars(worked: Sequence[RunView], most: int) -> Iterator[Bar]:
    step = WIDTH / len(worked)
    width = min(step * 0.36, 28)
    room = HEIGHT - FOOT - TOP
    for n, view in enumerate(worked):
        high, bad = room * listed(view) / most, room * left_out(view) / most
        x = n * step + (step - 2 * width) / 2
        base = HEIGHT - FOOT
        yield Bar(
            view.run,
            _two(x),
            _two(width),
            _two(base - high),
            _two(high),
            _two(base - bad),
            _two(bad),
            listed(view),
            left_out(view),
        )


def _two(value: float) -> float:
    return round(value, 2)
