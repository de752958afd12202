"""Segments as drawings: how one grew and shrank, and two of them as circles that overlap as much as they do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from traginer.control.segments import Overlap
from traginer.control.snapshots import Taken

WIDTH, HEIGHT = 640, 160
LEFT, TOP, FOOT = 4, 18, 6
CIRCLES_WIDTH, CIRCLES_HEIGHT = 360, 180
LARGEST_RADIUS = 82
STEPS = 40
"""Of the bisection for the distance: far below a pixel."""


@dataclass(frozen=True)
class Point:
    """A snapshot in the drawing, and what it says."""

    x: float
    y: float
    at: datetime
    members: int


@dataclass(frozen=True)
class Line:
    """A line from left to right by time; `most` is what its highest place stands for, `area` what lies under it."""

    points: list[Point]
    path: str
    area: str
    most: int
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


@dataclass(frozen=True)
class Circles:
    """Two circles; their areas and what they share are as the numbers of members."""

    x1: float
    r1: float
    x2: float
    r2: float
    y: float = CIRCLES_HEIGHT / 2
    width: int = CIRCLES_WIDTH
    height: int = CIRCLES_HEIGHT


def line(past: Sequence[Taken]) -> Line | None:
    """The drawing of snapshots, the newest first, as `snapshots.trend` gives them; None of fewer than two."""
    if len(past) < 2:
        return None
    taken = list(reversed(past))
    most = max(1, *(one.members for one in taken))
    begin, span = taken[0].at, max((taken[-1].at - taken[0].at).total_seconds(), 1)
    room, wide = HEIGHT - FOOT - TOP, WIDTH - 2 * LEFT
    points = [
        Point(
            round(LEFT + wide * (one.at - begin).total_seconds() / span, 1),
            round(HEIGHT - FOOT - room * one.members / most, 1),
            one.at,
            one.members,
        )
        for one in taken
    ]
    path = " ".join(f"{point.x},{point.y}" for point in points)
    base = HEIGHT - FOOT
    return Line(points, path, f"{points[0].x},{base} {path} {points[-1].x},{base}", most)


def circles(overlap: Overlap) -> Circles | None:
    """The drawing of two segments; None where both are empty."""
    largest = max(overlap.first, overlap.second)
    if not largest:
        return None
    r1, r2 = (LARGEST_RADIUS * math.sqrt(members / largest) for members in (overlap.first, overlap.second))
    distance = _distance(r1, r2, math.pi * LARGEST_RADIUS**2 * overlap.both / largest)
    left, right = min(-r1, distance - r2), max(r1, distance + r2)
    x1 = CIRCLES_WIDTH / 2 - (left + right) / 2
    return Circles(round(x1, 1), round(r1, 1), round(x1 + distance, 1), round(r2, 1))


def _distance(r1: float, r2: float, shared: float) -> float:
    """How far apart two circles stand that share this much area."""
    near, far = abs(r1 - r2), r1 + r2
    for _ in range(STEPS):
        middle = (near + far) / 2
        near, far = (middle, far) if _shared(r1, r2, middle) > shared else (near, middle)
    return far


def _shared(r1: float, r2: float, distance: float) -> float:
    """The area that two circles share: two sectors without the kite between them."""
    if distance >= r1 + r2 or not min(r1, r2):
        return 0.0
    if distance <= abs(r1 - r2):
        return math.pi * min(r1, r2) ** 2
    half1 = math.acos((distance**2 + r1**2 - r2**2) / (2 * distance * r1))
    half2 = math.acos((distance**2 + r2**2 - r1**2) / (2 * distance * r2))
    return r1**2 * (half1 - math.sin(2 * half1) / 2) + r2**2 * (half2 - math.sin(2 * half2) / 2)
