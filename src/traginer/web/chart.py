"""Runs as drawings: how an export has fared, run by run, and what one run changed. Beside each stand its numbers as a table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from traginer.control import wording
from traginer.control.exports import Point
from traginer.control.exports.trends import listed as listed_of
from traginer.control.wording import RunView
from traginer.i18n import N_
from traginer.web.tags import number

WIDTH, HEIGHT, FOOT, TOP = 320, 120, 4, 14
WIDEST_BAR = 28
ENDED = ("successful", "completed_with_warnings")
TREND_WIDTH, TREND_HEIGHT, TREND_EDGE = 72, 20, 3
STRIP_WIDTH, LEAST_PIECE = 640, 3
PIECES = (
    ("unchanged", N_("unchanged")),
    ("added", N_("added")),
    ("changed", N_("changed")),
    ("left", N_("left")),
)


@dataclass(frozen=True)
class Bar:
    """A run in the drawing: where its bar stands, in the units of the drawing, and what it says."""

    run: int
    at: datetime
    x: float
    y: float
    width: float
    height: float
    says: str


@dataclass(frozen=True)
class Picture:
    """Bars from left to right, the newest last. `title` is a text marked by N_, `most` says what the highest stands for.

    `kind` is "bad" where a high bar is no good news, else "".
    """

    title: str
    kind: str
    bars: list[Bar]
    most: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT

    @property
    def latest(self) -> str:
        """What the newest says."""
        return self.bars[-1].says


@dataclass(frozen=True)
class Trend:
    """A line of a few points without an axis; `says` are their numbers, the oldest first."""

    path: str
    last_x: float
    last_y: float
    latest: int
    says: str
    width: int = TREND_WIDTH
    height: int = TREND_HEIGHT


@dataclass(frozen=True)
class Piece:
    """A part of the strip: a key of PIECES, its name marked by N_, how many, and where it lies."""

    kind: str
    name: str
    count: int
    x: float
    width: float


def listed(view: RunView) -> int:
    """How many contacts the list held because of the export when the run had ended."""
    return listed_of(view.counts)


def left_out(view: RunView) -> int:
    """How many profiles were not sent, or were rejected."""
    return view.counts.get("invalid", 0) + view.counts.get("rejected", 0)


def lasted(view: RunView) -> float:
    """For how many seconds the run worked."""
    return sum(view.seconds.values())


def of(past: Sequence[RunView]) -> list[Picture]:
    """The drawings of runs, the newest first, as history gives them; none where fewer than two have worked."""
    worked = [view for view in reversed(past) if view.status in ENDED]
    if len(worked) < 2:
        return []
    return [
        _picture(N_("On the list"), "", worked, listed, number),
        _picture(N_("Duration"), "", worked, lasted, wording.lasting_text),
        _picture(N_("Left out"), "bad", worked, left_out, number),
    ]


def trend(points: Sequence[Point]) -> Trend | None:
    """The line of an export's latest runs, the oldest first; None where none has worked."""
    if not points:
        return None
    sizes = [point.listed for point in points]
    least, most = min(sizes), max(sizes)
    room, wide = TREND_HEIGHT - 2 * TREND_EDGE, TREND_WIDTH - 2 * TREND_EDGE
    step = wide / max(len(sizes) - 1, 1)
    places = [
        (TREND_EDGE + n * step, TREND_HEIGHT - TREND_EDGE - room * _share(size - least, most - least))
        for n, size in enumerate(sizes)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return Trend(path, round(x, 1), round(y, 1), sizes[-1], ", ".join(map(number, sizes)))


def strip(counts: Mapping[str, int]) -> list[Piece]:
    """What a run changed, as one strip; nothing where there was nobody. What is there at all is wide enough to be seen."""
    found = [(kind, name, counts.get(kind, 0)) for kind, name in PIECES]
    whole = sum(count for _, _, count in found)
    if not whole:
        return []
    widths = [max(STRIP_WIDTH * count / whole, LEAST_PIECE) if count else 0 for _, _, count in found]
    scale = STRIP_WIDTH / sum(widths)
    pieces, x = [], 0.0
    for (kind, name, count), width in zip(found, widths, strict=True):
        pieces.append(Piece(kind, name, count, round(x, 1), round(width * scale, 1)))
        x += width * scale
    return pieces


def _picture(
    title: str,
    kind: str,
    worked: Sequence[RunView],
    value: Callable[[RunView], float],
    words: Callable[..., str],
) -> Picture:
    most = max(map(value, worked))
    bars = list(_bars(worked, [value(view) for view in worked], most, words))
    return Picture(title, kind, bars, words(most))


def _bars(worked: Sequence[RunView], values: Sequence[float], most: float, words: Callable[..., str]) -> Iterator[Bar]:
    step, base = WIDTH / len(worked), HEIGHT - FOOT
    width = min(step * 0.72, WIDEST_BAR)
    for n, (view, value) in enumerate(zip(worked, values, strict=True)):
        high = (base - TOP) * _share(value, most)
        x = n * step + (step - width) / 2
        at = view.finished_at or view.queued_at
        yield Bar(view.run, at, _two(x), _two(base - high), _two(width), _two(high), words(value))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _two(value: float) -> float:
    return round(value, 2)
