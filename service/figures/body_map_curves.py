"""Smooth curves through points: what an author writes, as an SVG path."""

from collections.abc import Iterable, Sequence
from math import hypot
from typing import NamedTuple

ROUND = 0.35


class Point(NamedTuple):
    """A point that a curve passes through; at a corner the curve may turn sharply."""

    x: float
    y: float
    corner: bool = False


class Bend(NamedTuple):
    """A piece of a curve: a cubic from `start` to `end`, with the two points that pull at it."""

    start: Point
    first: Point
    second: Point
    end: Point


def read_points(written: str) -> tuple[Point, ...]:
    """Points as an author writes them: `x,y` with blanks between; a star behind makes a corner."""
    pairs = [(one.rstrip("*").split(","), one.endswith("*")) for one in written.split()]
    return tuple(Point(float(x), float(y), corner) for (x, y), corner in pairs)


def moved(points: Iterable[Point], x: float, sign: int = 1) -> tuple[Point, ...]:
    """The points beside a midline at `x`: to its right, or with a sign of -1 to its left."""
    return tuple(Point(round(x + sign * point.x, 2), point.y, point.corner) for point in points)


def bends(points: Sequence[Point], *, closed: bool = True) -> list[Bend]:
    """The curve through the points. It bends more where they lie far apart, so that close points keep small shapes small."""
    chain = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    return [_bend(*chain[place : place + 4]) for place in range(len(chain) - 3)]


def outline_path(points: Sequence[Point], *, closed: bool = True) -> str:
    """The curve as the `d` of an SVG path, in tenths; each bend counts from where the last one ended, which takes few bytes."""
    pieces = bends(points, closed=closed)
    x, y = _tenths(pieces[0].start)
    written = [f"M{_listed([x, y])}c"]
    for piece in pieces:
        ends = [_tenths(point) for point in piece[1:]]
        written.append(_listed([length for end in ends for length in (end[0] - x, end[1] - y)]))
        x, y = ends[-1]
    return written[0] + " ".join(written[1:]) + ("z" if closed else "")


def _bend(before: Point, start: Point, end: Point, after: Point) -> Bend:
    length = _distance(start, end) * ROUND
    return Bend(start, _pull(before, start, end, length), _pull(start, end, after, -length), end)


def _pull(before: Point, at: Point, after: Point, length: float) -> Point:
    """Where the curve is drawn to from a point: along the circle through it and its neighbours, or nowhere at a corner."""
    to, on = _distance(before, at), _distance(at, after)
    if at.corner or to == 0 or on == 0:
        return at
    # The nearer neighbour says more about the direction.
    x = (at.x - before.x) * on / to + (after.x - at.x) * to / on
    y = (at.y - before.y) * on / to + (after.y - at.y) * to / on
    reach = length / hypot(x, y)
    return Point(at.x + x * reach, at.y + y * reach)


def _distance(one: Point, other: Point) -> float:
    return hypot(other.x - one.x, other.y - one.y)


def _tenths(point: Point) -> tuple[int, int]:
    return round(point.x * 10), round(point.y * 10)


def _listed(tenths: Iterable[int]) -> str:
    """Numbers as SVG reads them: a minus parts them as a blank does."""
    return " ".join(f"{one / 10:g}" for one in tenths).replace(" -", "-")
