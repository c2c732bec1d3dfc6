"""Boxes, seen from outside: the top light, the sides darker; and soft ones, all edges round."""

from collections.abc import Iterable, Sequence
from math import cos, pi, radians, sin

from service.figures.camera import Camera, Spot
from service.figures.inking import Ink
from service.figures.shapes import Point
from service.figures.vectors import Vector, between, cross, dot, subtract

FACES = ((0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))
ROUND, AROUND = 0.05, 16  # a round corner: its radius in metres, its points


def box(foot: Vector, size: Point, turn: float = 0.0) -> list[Vector]:
    """Eight corners: four below, four above."""
    c, s = cos(radians(turn)), sin(radians(turn))
    corners = []
    for z in (foot[2], foot[2] + size[2]):
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            dx, dy = a * size[0] / 2, b * size[1] / 2
            corners.append((foot[0] + dx * c - dy * s, foot[1] + dx * s + dy * c, z))
    return corners


def faces(name: str, corners: list[Vector], camera: Camera, colour: str, rank: float) -> list[Ink]:
    """The faces of a box that we see: the top light, the sides darker."""
    middle = between(corners[0], corners[6], 0.5)
    inks = []
    for number, face in enumerate(FACES):
        a, b, c = (corners[index] for index in face[:3])
        normal = cross(subtract(b, a), subtract(c, b))
        if dot(normal, subtract(a, middle)) < 0:
            normal = (-normal[0], -normal[1], -normal[2])
        if camera.towards(normal) > 1e-9:
            lit = colour if number < 2 else f"{colour}-dark"
            inks.append(Ink((rank, -camera.depth(middle)), f"{name}-{number}", _polygon([corners[index] for index in face], camera), lit))
    return inks


def _polygon(points: Iterable[Vector], camera: Camera) -> str:
    return "M" + "L".join(f"{round(x)} {round(y)}" for x, y in (camera.spot(point) for point in points)) + "z"


def soft(name: str, corners: Sequence[Vector], camera: Camera, colour: str, rank: float) -> list[Ink]:
    """A cushion: the outline round balls in the corners of a box, and its crease."""
    low, high = corners[0][2], corners[4][2]
    middle = between(corners[0], corners[6], 0.5)
    radius = min((high - low) / 2, ROUND)
    size = radius * camera.scale
    inner = [between(corner, middle, 0.12) for corner in corners[:4]]
    spots = [camera.spot((x, y, z)) for x, y, _ in inner for z in (low + radius, high - radius)]
    turns = [2 * pi * step / AROUND for step in range(AROUND)]
    outline = hull([(round(x + size * cos(turn)), round(y + size * sin(turn))) for x, y in spots for turn in turns])
    crease = _polygon([(x, y, high - radius * 0.8) for x, y, _ in inner], camera)
    return [
        Ink((rank, -camera.depth(middle)), f"{name}-0", "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in outline) + "z", f"{colour}-dark"),
        Ink((rank, -camera.depth(middle) + 0.001), f"{name}-1", crease, colour, lined=False),
    ]


def hull(points: Sequence[Spot]) -> list[Spot]:
    """The convex outline round points."""
    ordered = sorted(set(points))
    return [*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1]]


def _chain(points: Sequence[Spot]) -> list[Spot]:
    chain: list[Spot] = []
    for x, y in points:
        while len(chain) > 1 and _turns(chain[-2], chain[-1], (x, y)) <= 0:
            chain.pop()
        chain.append((x, y))
    return chain


def _turns(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
