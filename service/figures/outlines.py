"""Outlines on the card: rows of balls become rounded limbs, the spine becomes a trunk."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, hypot, sqrt

from service.figures.camera import Camera, Spot
from service.figures.shapes import Ball
from service.figures.skeleton import Figure
from service.figures.vectors import Frame, Vector, add, between, dot, unit

Disc = tuple[float, float, float]


def disc(camera: Camera, at: Vector, radius: float) -> Disc:
    """A ball as we see it."""
    x, y = camera.spot(at)
    return (x, y, radius * camera.scale)


def limb(figure: Figure, camera: Camera, segment: str, side: str, row: Sequence[Ball]) -> list[Disc]:
    """The balls of a segment as we see them."""
    return [disc(camera, figure.spot(segment, side, along, forward, outward), radius) for along, forward, outward, radius in row]


def tube(discs: Sequence[Disc]) -> str:
    """The outline round a row of discs, each joined to the next by straight tangents."""
    if len(discs) == 1:
        x, y, r = (round(value) for value in discs[0])
        return f"M{x - r} {y}a{r} {r} 0 1 1 {2 * r} 0a{r} {r} 0 1 1 {-2 * r} 0z"
    return "".join(_capsule(one, two) for one, two in pairwise(discs))


def _capsule(one: Disc, two: Disc) -> str:
    (x1, y1, r1), (x2, y2, r2) = one, two
    apart = hypot(x2 - x1, y2 - y1)
    ux, uy = ((x2 - x1) / apart, (y2 - y1) / apart) if apart > 0.01 else (1.0, 0.0)
    lean = max(-0.97, min(0.97, (r1 - r2) / apart)) if apart > 0.01 else (0.97 if r1 >= r2 else -0.97)
    side = sqrt(1 - lean * lean)
    ax, ay = ux * lean - uy * side, uy * lean + ux * side
    bx, by = ux * lean + uy * side, uy * lean - ux * side
    points = [(x1 + ax * r1, y1 + ay * r1), (x1 + bx * r1, y1 + by * r1), (x2 + bx * r2, y2 + by * r2), (x2 + ax * r2, y2 + ay * r2)]
    (px, py), (qx, qy), (sx, sy), (tx, ty) = [(round(x), round(y)) for x, y in points]
    big, small = round(r1), round(r2)
    wide, narrow = (1, 0) if r1 >= r2 else (0, 1)
    return (
        f"M{px} {py}a{big} {big} 0 {wide} 1{pair(qx - px, qy - py)}l{pair(sx - qx, sy - qy).strip()}"
        f"a{small} {small} 0 {narrow} 1{pair(tx - sx, ty - sy)}z"
    )


def pair(x: int, y: int) -> str:
    """Two numbers after another one, with as few characters as can be."""
    return f"{'' if x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}"


def trunk(figure: Figure, camera: Camera, low: float, high: float, wider: float = 0.0) -> str:
    """The outline of the trunk between two places on the spine."""
    rows = [row for row in figure.body.trunk if low <= row[0] <= high]
    middles = [_middle(figure, row) for row in rows]
    spots = [camera.spot(at) for at, _ in middles]
    left, right = [], []
    for index, ((_, frame), row) in enumerate(zip(middles, rows, strict=True)):
        before, after = spots[max(0, index - 1)], spots[min(len(spots) - 1, index + 1)]
        size = hypot(after[0] - before[0], after[1] - before[1]) or 1.0
        nx, ny = -(after[1] - before[1]) / size, (after[0] - before[0]) / size
        across = add((camera.right[0] * nx, camera.right[1] * nx, camera.right[2] * nx), camera.up, -ny)
        half = hypot((row[1] + wider) * dot(frame.left, across), (row[2] + wider) * dot(frame.forward, across)) * camera.scale
        x, y = spots[index]
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    return between_sides(left, right)


def _middle(figure: Figure, row: Ball) -> tuple[Vector, Frame]:
    """The middle of the trunk at a place on the spine, and which way it faces there."""
    place, _, _, forward = row
    spine = figure.spine
    if place < 0:
        return spine[0][1].point(spine[0][0], forward, 0.0, place * figure.body.lengths["pelvis"]), spine[0][1]
    low = min(floor(place), 5)
    at = between(spine[low][0], spine[low + 1][0], place - low)
    piece = max(0, min(4, floor(place - 0.5)))
    frame = _blend(spine[piece][1], spine[piece + 1][1], max(0.0, min(1.0, place - 0.5 - piece)))
    return add(at, frame.forward, forward), frame


def _blend(one: Frame, two: Frame, share: float) -> Frame:
    return Frame(*(unit(between(a, b, share)) for a, b in zip(one, two, strict=True)))


def between_sides(one: Sequence[Spot], two: Sequence[Spot]) -> str:
    """A shape between two smooth sides, its ends straight across."""
    x, y = round(one[0][0]), round(one[0][1])
    u, v = round(two[-1][0]), round(two[-1][1])
    return f"M{x} {y}{curve(one)}L{u} {v}{curve(two[::-1])}z"


def curve(points: Sequence[Spot]) -> str:
    """A smooth curve through all points, from the first on; each piece goes on in the direction of the one before."""
    rounded = [(round(x), round(y)) for x, y in points]
    last = len(points) - 1
    text = ""
    for index in range(last):
        b, c, d = points[index], points[index + 1], points[min(last, index + 2)]
        (bx, by), (cx, cy) = rounded[index], rounded[index + 1]
        handle = pair(round(c[0] - (d[0] - b[0]) / 6) - bx, round(c[1] - (d[1] - b[1]) / 6) - by)
        text += f"s{handle.strip()}{pair(cx - bx, cy - by)}"
    return text
