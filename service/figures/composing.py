"""A picture put together: the movement, the things about, the arrows, fitted onto the card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot

from service.figures.camera import Camera, Spot, camera
from service.figures.ground import Ground, ground
from service.figures.inking import Ink, body_layers, muscle_layers, order
from service.figures.moving import frames, key_poses, keys
from service.figures.placing import MIDDLE, Placed, balls, split
from service.figures.props import fixed, moving, outermost, surfaces
from service.figures.shapes import Arrow, Body, Picture, Pose
from service.figures.skeleton import Figure
from service.figures.vectors import Vector, add

WIDTH, HEIGHT, EDGE = 640, 480, 36
LARGEST = 268.0
NOTHING = "a0 0 "  # an eye or an ear that is turned away


@dataclass(frozen=True)
class Composed:
    """Every moment as layers back to front, each with the same names in the same order; the moving arrows; the floor."""

    moments: list[list[Ink]]
    still_from: list[Ink]
    arrows: list[list[Spot]]
    ground: Ground


def compose(body: Body, poses: Mapping[str, Pose], picture: Picture) -> Composed:
    """Everything that a picture shows."""
    steps = movement(body, poses, picture)
    figures = [step.figure for step in steps]
    view = _fitted(body, picture, figures)
    ranks = order(figures, view, picture.front, picture.behind)
    still = fixed(body, picture.props, figures, view)
    moments = []
    for figure in figures:
        inks = still + moving(picture.props, figure, view) + body_layers(figure, view, ranks)
        moments.append(inks + muscle_layers(figure, view, ranks, picture.muscles))
    shown = [index for index in range(len(moments[-1])) if any(NOTHING not in moment[index].path for moment in moments)]
    sequence = sorted(shown, key=lambda index: moments[-1][index].rank)
    arrows = [_way(arrow, figures, view) for arrow in picture.arrows]
    return Composed(
        [[moment[index] for index in sequence] for moment in moments],
        sorted(body_layers(figures[0], view, ranks), key=lambda ink: ink.rank),
        arrows,
        ground(figures, view, (WIDTH, HEIGHT)),
    )


def movement(body: Body, poses: Mapping[str, Pose], picture: Picture) -> list[Placed]:
    """The body at every moment of a picture."""
    rested = surfaces(body, picture.props)
    placed = keys(body, key_poses(body, poses, picture), rested)
    return frames(body, placed, rested)


def _fitted(body: Body, picture: Picture, figures: Sequence[Figure]) -> Camera:
    view = camera(picture.view.turn, picture.view.height)
    spots = [view.spot(point) for figure in figures for point in outermost(figure)]
    lefts, rights = min(x for x, _ in spots) - 0.1, max(x for x, _ in spots) + 0.1
    tops, bottoms = min(y for _, y in spots) - 0.1, max(y for _, y in spots) + 0.12
    for ink in fixed(body, picture.props, figures, replace(view, scale=1000.0)):
        numbers = [int(number) / 1000 for number in ink.path.strip("Mz").replace("L", " ").split()]
        lefts, rights = min(lefts, *numbers[::2]), max(rights, *numbers[::2])
        tops, bottoms = min(tops, *numbers[1::2]), max(bottoms, *numbers[1::2])
    scale = min(LARGEST, (WIDTH - 2 * EDGE) / (rights - lefts), (HEIGHT - 2 * EDGE) / (bottoms - tops))
    shift = (WIDTH / 2 - scale * (lefts + rights) / 2, HEIGHT - EDGE - scale * bottoms)
    spare = HEIGHT - 2 * EDGE - scale * (bottoms - tops)
    return replace(view, scale=scale, shift=(shift[0], shift[1] - spare * 0.35))


def _way(arrow: Arrow, figures: Sequence[Figure], view: Camera) -> list[Spot]:
    """The way of a part on the card, beside the part and not on it."""
    side, name = split(arrow.part)
    places = [balls(figure, arrow.part)[0][0] for figure in figures]
    if arrow.push is not None:
        here = places[-1]
        return [view.spot(add(here, arrow.push, share)) for share in ((-1.5, -0.4) if arrow.towards else (0.5, 1.5))]
    way = [view.spot(at) for at in places]
    if name in MIDDLE and not name.endswith("head"):
        return [way[0], way[len(way) // 2], way[-1]] if len(way) > 2 else way
    origins = [view.spot(_origin(figure, side, name)) for figure in figures]
    beside = [(x - u, y - v) for (x, y), (u, v) in zip(way, origins, strict=True)]
    sizes = [hypot(*arm) or 1.0 for arm in beside]
    out = 0.15 * view.scale
    if min(sizes) > 0.6 * max(sizes):
        return [(x + u * out / size, y + v * out / size) for (x, y), (u, v), size in zip(way, beside, sizes, strict=True)]
    # The part comes towards us or goes away: straight, beside its way, on the side where its limb is not.
    (ax, ay), (bx, by) = way[0], way[-1]
    size = hypot(bx - ax, by - ay) or 1.0
    across = ((by - ay) * out / size, (ax - bx) * out / size)
    middle = beside[len(beside) // 2]
    sign = 1.0 if middle[0] * across[0] + middle[1] * across[1] >= 0 else -1.0
    return [(x + sign * across[0], y + sign * across[1]) for x, y in (way[0], way[-1])]


def _origin(figure: Figure, side: str, name: str) -> Vector:
    """Where the limb begins that moves this part."""
    if name in MIDDLE:
        return figure.spine[2][0]
    return (figure.legs if name in ("foot", "heel", "toes", "knee", "thigh") else figure.arms)[side].top
