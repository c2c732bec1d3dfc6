"""Things a person lies, sits, leans or pulls on: their surfaces, and how they look."""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians, sin

from service.figures.camera import Camera
from service.figures.inking import Ink
from service.figures.outlines import tube
from service.figures.placing import FLOOR, Surface, balls
from service.figures.shapes import SIDES, Block, Body, Chair, Cord, Place, Point, Prop, Rail, Wall, Weight
from service.figures.skeleton import Figure
from service.figures.vectors import Vector, add, between, cross, dot

WALLS: dict[str, tuple[Vector, Vector]] = {
    "front": ((1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)),
    "back": ((-1.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
    "left": ((0.0, 1.0, 0.0), (0.0, -1.0, 0.0)),
    "right": ((0.0, -1.0, 0.0), (0.0, 1.0, 0.0)),
}
SEAT = (0.42, 0.42)
CORDS = {"stick": "wood-dark", "strap": "strap", "band": "strap", "tape-measure": "tape"}
LONGER = 1.14  # a stick goes on beyond the places it touches
FACES = ((0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))


def surfaces(body: Body, props: Mapping[str, Prop]) -> dict[str, Surface]:
    """What can be rested on in a picture."""
    found = {"floor": FLOOR}
    for name, prop in props.items():
        match prop:
            case Block():
                size = prop.size or body.things[prop.kind].size
                top = 0.0 if prop.kind == "mat" else prop.base + size[2]
                found[name] = Surface((0.0, 0.0, top), FLOOR.normal)
            case Chair():
                found[name] = Surface((0.0, 0.0, prop.height), FLOOR.normal)
            case Wall():
                out, normal = WALLS[prop.side]
                found[name] = Surface((out[0] * prop.at, out[1] * prop.at, 0.0), normal)
    return found


def fixed(body: Body, props: Mapping[str, Prop], figures: Sequence[Figure], camera: Camera) -> list[Ink]:
    """Everything that stays where it is."""
    inks: list[Ink] = []
    for name, prop in props.items():
        match prop:
            case Block():
                inks += _block(body, name, prop, figures, camera)
            case Chair():
                inks += _chair(name, prop, camera)
            case Wall():
                inks += _wall(name, prop, camera)
            case Rail():
                inks += _rail(name, prop, camera)
    return inks


def moving(props: Mapping[str, Prop], figure: Figure, camera: Camera) -> list[Ink]:
    """Everything that the body takes along."""
    inks: list[Ink] = []
    for name, prop in props.items():
        match prop:
            case Cord():
                points = [_at(figure, goal) for goal in prop.through]
                width = 0.012 if prop.kind == "stick" else 0.009
                if prop.kind == "stick":
                    points = [between(points[-1], points[0], LONGER), *points[1:-1], between(points[0], points[-1], LONGER)]
                path = tube([(*camera.spot(point), width * camera.scale) for point in points])
                inks.append(Ink((-4.0 if prop.behind else 6.0, 0.0), name, path, CORDS[prop.kind]))
            case Weight():
                middle = _at(figure, prop.held)
                ends = [camera.spot(add(middle, figure.arms["right"].tip.forward, way)) for way in (-0.09, 0.09)]
                path = tube([(*ends[0], 0.05 * camera.scale)]) + tube([(*ends[1], 0.05 * camera.scale)])
                inks.append(Ink((3.5, 0.0), name, path + tube([(*spot, 0.018 * camera.scale) for spot in ends]), "line"))
    return inks


def _at(figure: Figure, goal: Place) -> Vector:
    if not isinstance(goal, str):
        return goal
    if goal.endswith("-hand"):
        side = goal.removesuffix("-hand")
        return figure.spot("hand", side, 0.075, 0.0, 0.0)
    found = balls(figure, goal)
    return between(found[0][0], found[-1][0], 0.5)


def _block(body: Body, name: str, block: Block, figures: Sequence[Figure], camera: Camera) -> Iterable[Ink]:
    thing = body.things[block.kind]
    x, y = block.at
    if block.kind == "mat" and block.size is None:
        foot, size = _under(figures, thing.size[2])
        return _faces(name, _box(foot, size), camera, thing.colour, -6.0)
    size = block.size or thing.size
    if block.under:
        middle = _at(figures[0], block.under)
        x, y = middle[0] + x, middle[1] + y
    low = -size[2] if block.kind == "mat" else block.base
    faces = _box((x, y, low), size, block.turn)
    rank = 8.0 if block.in_front else 0.5 if block.between_legs else -5.0
    return _faces(name, faces, camera, thing.colour, rank)


def _under(figures: Sequence[Figure], thick: float) -> tuple[Vector, Point]:
    """Where a mat lies and how large it is, so that it has room for everything low."""
    low = [point for figure in figures for point in outermost(figure) if point[2] < 0.3]
    (left, right), (near, far) = ((min(axis), max(axis)) for axis in list(zip(*low, strict=True))[:2])
    return ((left + right) / 2, (near + far) / 2, -thick), (right - left + 0.3, max(0.62, far - near + 0.2), thick)


def outermost(figure: Figure) -> list[Vector]:
    """Points about the body, to measure how much room it takes."""
    points = [figure.skull[0], add(figure.skull[0], figure.skull[1].up, 0.1)]
    for side in SIDES:
        points += [figure.legs[side].middle, figure.legs[side].end, figure.spot("toes", side, 0.0, 0.06, 0.0)]
        points += [figure.arms[side].top, figure.arms[side].middle, figure.spot("hand", side, 0.15, 0.0, 0.0)]
    return [*points, *(at for at, _ in figure.spine)]


def _box(foot: Vector, size: Point, turn: float = 0.0) -> list[Vector]:
    """Eight corners: four below, four above."""
    c, s = cos(radians(turn)), sin(radians(turn))
    corners = []
    for z in (foot[2], foot[2] + size[2]):
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            dx, dy = a * size[0] / 2, b * size[1] / 2
            corners.append((foot[0] + dx * c - dy * s, foot[1] + dx * s + dy * c, z))
    return corners


def _faces(name: str, corners: list[Vector], camera: Camera, colour: str, rank: float) -> list[Ink]:
    """The faces of a box that we see: the top light, the sides darker."""
    middle = between(corners[0], corners[6], 0.5)
    inks = []
    for number, face in enumerate(FACES):
        a, b, c = (corners[index] for index in face[:3])
        normal = cross(_minus(b, a), _minus(c, b))
        if dot(normal, _minus(a, middle)) < 0:
            normal = (-normal[0], -normal[1], -normal[2])
        if camera.towards(normal) > 1e-9:
            lit = colour if number < 2 else f"{colour}-dark"
            inks.append(Ink((rank, -camera.depth(middle)), f"{name}-{number}", _polygon([corners[index] for index in face], camera), lit))
    return inks


def _minus(a: Vector, b: Vector) -> Vector:
    return add(a, b, -1.0)


def _polygon(points: Iterable[Vector], camera: Camera) -> str:
    return "M" + "L".join(f"{round(x)} {round(y)}" for x, y in (camera.spot(point) for point in points)) + "z"


def _chair(name: str, chair: Chair, camera: Camera) -> list[Ink]:
    c, s = cos(radians(chair.faces)), sin(radians(chair.faces))

    def at(forward: float, left: float) -> tuple[float, float]:
        return (chair.at[0] + forward * c - left * s, chair.at[1] + forward * s + left * c)

    seat = _box((*at(0, 0), chair.height - 0.04), (*SEAT, 0.04), chair.faces)
    back = _box((*at(-0.2, 0), chair.height + 0.18), (0.03, 0.42, 0.26), chair.faces)
    posts = [_box((*at(-0.2, y), chair.height), (0.03, 0.03, 0.2), chair.faces) for y in (-0.19, 0.19)]
    legs = [_box((*at(x, y), 0.0), (0.035, 0.035, chair.height - 0.04), chair.faces) for x in (-0.19, 0.19) for y in (-0.19, 0.19)]
    facing_away = camera.towards((-c, -s, 0.0)) > 0.5
    inks: list[Ink] = []
    for number, corners in enumerate([*legs, seat, *posts, back]):
        rank = 7.0 if facing_away and number > 4 else -5.0
        inks += _faces(f"{name}-{number}", corners, camera, "wood", rank + number / 100 if number > 3 else rank)
    return inks


def _wall(name: str, wall: Wall, camera: Camera) -> list[Ink]:
    out, _ = WALLS[wall.side]
    thick = 0.08
    size = (thick, 1.3, wall.height) if abs(out[0]) > 0.5 else (1.6, thick, wall.height)
    middle = (out[0] * (wall.at + thick / 2), out[1] * (wall.at + thick / 2), 0.0)
    if wall.kind == "wall":
        return _faces(name, _box(middle, size), camera, "wall", -7.0)
    posts = [0.0, 0.95]
    inks: list[Ink] = []
    for number, post in enumerate(posts):
        foot = (middle[0], middle[1] + post, 0.0) if abs(out[0]) > 0.5 else (middle[0] + post, middle[1], 0.0)
        inks += _faces(f"{name}-{number}", _box(foot, (0.1, 0.1, wall.height)), camera, "wood", -7.0)
    return inks


def _rail(name: str, rail: Rail, camera: Camera) -> list[Ink]:
    half = rail.length / 2
    along = (1.0, 0.0) if rail.along == "x" else (0.0, 1.0)
    ends = [(rail.at[0] + along[0] * way, rail.at[1] + along[1] * way) for way in (-half, half)]
    posts = [_box((*end, 0.0), (0.04, 0.04, rail.height)) for end in ends]
    size = (rail.length + 0.1, 0.05, 0.05) if rail.along == "x" else (0.05, rail.length + 0.1, 0.05)
    bar = _box((*rail.at, rail.height), size)
    inks: list[Ink] = []
    for number, corners in enumerate([*posts, bar]):
        inks += _faces(f"{name}-{number}", corners, camera, "wood", -5.0 + number / 100)
    return inks
