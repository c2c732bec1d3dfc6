"""Furniture and walls: beds, chairs, doorways and rails, made of boxes."""

from math import cos, radians, sin

from service.figures.boxes import box, faces
from service.figures.camera import Camera
from service.figures.inking import Ink
from service.figures.shapes import Chair, Point, Rail, Wall
from service.figures.vectors import Vector

WALLS: dict[str, tuple[Vector, Vector]] = {
    "front": ((1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)),
    "back": ((-1.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
    "left": ((0.0, 1.0, 0.0), (0.0, -1.0, 0.0)),
    "right": ((0.0, -1.0, 0.0), (0.0, 1.0, 0.0)),
}
SEAT = (0.42, 0.42)


def bed(name: str, foot: Vector, size: Point, camera: Camera) -> list[Ink]:
    """A mattress on a wooden frame with four feet."""
    x, y, _ = foot
    long, wide, high = size
    feet = [box((x + a * (long / 2 - 0.08), y + b * (wide / 2 - 0.08), 0.0), (0.07, 0.07, high * 0.3)) for a in (-1, 1) for b in (-1, 1)]
    inks: list[Ink] = []
    for number, corners in enumerate(feet):
        inks += faces(f"{name}-foot-{number}", corners, camera, "wood", -5.0)
    inks += faces(f"{name}-frame", box((x, y, high * 0.3), (long, wide, high * 0.2)), camera, "wood", -4.9)
    return [*inks, *faces(f"{name}-mattress", box((x, y, high * 0.5), (long, wide, high * 0.5)), camera, "cloth", -4.8)]


def chair_of(name: str, chair: Chair, camera: Camera) -> list[Ink]:
    c, s = cos(radians(chair.faces)), sin(radians(chair.faces))

    def at(forward: float, left: float) -> tuple[float, float]:
        return (chair.at[0] + forward * c - left * s, chair.at[1] + forward * s + left * c)

    seat = box((*at(0, 0), chair.height - 0.04), (*SEAT, 0.04), chair.faces)
    back = box((*at(-0.2, 0), chair.height + 0.18), (0.03, 0.42, 0.26), chair.faces)
    posts = [box((*at(-0.2, y), chair.height), (0.03, 0.03, 0.2), chair.faces) for y in (-0.19, 0.19)]
    legs = [box((*at(x, y), 0.0), (0.035, 0.035, chair.height - 0.04), chair.faces) for x in (-0.19, 0.19) for y in (-0.19, 0.19)]
    facing_away = camera.towards((-c, -s, 0.0)) > 0.5
    inks: list[Ink] = []
    for number, corners in enumerate([*legs, seat, *posts, back]):
        rank = 7.0 if facing_away and number > 4 else -5.0
        inks += faces(f"{name}-{number}", corners, camera, "wood", rank + number / 100 if number > 3 else rank)
    return inks


def wall_of(name: str, wall: Wall, camera: Camera) -> list[Ink]:
    out, _ = WALLS[wall.side]
    thick = 0.08
    size = (thick, 1.3, wall.height) if abs(out[0]) > 0.5 else (1.6, thick, wall.height)
    middle = (out[0] * (wall.at + thick / 2), out[1] * (wall.at + thick / 2), 0.0)
    if wall.kind == "wall":
        return faces(name, box(middle, size), camera, "wall", -7.0)
    posts = [0.0, 0.95]
    inks: list[Ink] = []
    for number, post in enumerate(posts):
        foot = (middle[0], middle[1] + post, 0.0) if abs(out[0]) > 0.5 else (middle[0] + post, middle[1], 0.0)
        inks += faces(f"{name}-{number}", box(foot, (0.1, 0.1, wall.height)), camera, "wood", -7.0)
    return inks


def rail_of(name: str, rail: Rail, camera: Camera) -> list[Ink]:
    half = rail.length / 2
    along = (1.0, 0.0) if rail.along == "x" else (0.0, 1.0)
    ends = [(rail.at[0] + along[0] * way, rail.at[1] + along[1] * way) for way in (-half, half)]
    posts = [box((*end, 0.0), (0.04, 0.04, rail.height)) for end in ends]
    size = (rail.length + 0.1, 0.05, 0.05) if rail.along == "x" else (0.05, rail.length + 0.1, 0.05)
    bar = box((*rail.at, rail.height), size)
    inks: list[Ink] = []
    for number, corners in enumerate([*posts, bar]):
        inks += faces(f"{name}-{number}", corners, camera, "wood", -5.0 + number / 100)
    return inks
