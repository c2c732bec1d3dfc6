"""Things a person lies, sits, leans or pulls on: their surfaces, and how they look."""

from collections.abc import Iterable, Mapping, Sequence

from service.figures.boxes import box, faces, soft
from service.figures.camera import Camera
from service.figures.furniture import WALLS, bed, chair_of, rail_of, wall_of
from service.figures.inking import Ink
from service.figures.outlines import tube
from service.figures.placing import FLOOR, Surface, balls
from service.figures.shapes import SIDES, Block, Body, Chair, Cord, Place, Point, Prop, Rail, Wall, Weight
from service.figures.skeleton import Figure
from service.figures.vectors import Vector, add, between

CORDS = {"stick": "wood-dark", "strap": "strap", "band": "strap", "tape-measure": "tape"}
SOFT = ("pillow", "cushion", "towel")
LONGER = 1.14  # a stick goes on beyond the places it touches


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
                inks += chair_of(name, prop, camera)
            case Wall():
                inks += wall_of(name, prop, camera)
            case Rail():
                inks += rail_of(name, prop, camera)
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
        return faces(name, box(foot, size), camera, thing.colour, -6.0)
    size = block.size or thing.size
    if block.under:
        middle = _at(figures[0], block.under)
        x, y = middle[0] + x, middle[1] + y
    low = -size[2] if block.kind == "mat" else block.base
    if block.kind == "bed":
        return bed(name, (x, y, 0.0), size, camera)
    rank = 8.0 if block.in_front else 0.5 if block.between_legs else -5.0
    looks = soft if block.kind in SOFT else faces
    return looks(name, box((x, y, low), size, block.turn), camera, thing.colour, rank)


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
