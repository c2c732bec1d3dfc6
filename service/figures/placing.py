"""Puts a posed body where it belongs: what rests, rests; what reaches, reaches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import asin, degrees

from service.figures.limbs import Kind, aimed, flattened, limb_of
from service.figures.shapes import SIDES, Body, Place, Pose
from service.figures.skeleton import Figure, Limb, pose
from service.figures.vectors import UP, Frame, Vector, across, add, between, cross, dot, length, subtract, unit

ENDS: dict[str, Kind] = {"foot": "leg", "toes": "leg", "heel": "leg", "hand": "arm"}
FLAT = ("foot", "hand")
MIDDLE = ("pelvis", "belly", "back", "shoulders", "head", "back-of-head", "tailbone")
GRIP = 0.075


@dataclass(frozen=True)
class Surface:
    """A plane that a body can rest on: a point of it, and the direction away from it."""

    at: Vector
    normal: Vector

    def gap(self, point: Vector) -> float:
        """How far above the surface a point is."""
        return dot(subtract(point, self.at), self.normal)


FLOOR = Surface((0.0, 0.0, 0.0), UP)


@dataclass(frozen=True)
class Placed:
    """A figure in its place, and where each resting or reaching part is."""

    figure: Figure
    pose: Pose
    touching: Mapping[str, Vector] = field(default_factory=dict)
    reached: Mapping[str, Vector] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What is asked of one moment: joint angles, and places that are already known."""

    pose: Pose
    angles: dict[str, float]
    touching: Mapping[str, Vector] = field(default_factory=dict)
    reached: Mapping[str, Vector] = field(default_factory=dict)
    root: Vector | None = None
    lying: Frame | None = None


def split(part: str) -> tuple[str, str]:
    """`right-hand` is the hand of the right side; a part of the middle counts as right."""
    for side in SIDES:
        if part.startswith(f"{side}-"):
            return side, part.removeprefix(f"{side}-")
    return "right", part


def balls(figure: Figure, part: str) -> list[tuple[Vector, float]]:
    """The balls with which a part touches: their middles and radii."""
    side, name = split(part)
    return [
        (figure.spot(segment, side, along, forward, outward), radius)
        for segment, row in figure.body.contacts[name].items()
        for along, forward, outward, radius in row
    ]


def lowest(figure: Figure, part: str, surface: Surface) -> tuple[Vector, float]:
    """Where a part is over a surface, at the height of what of it is nearest; and its distance."""
    found = balls(figure, part)
    gap = min(surface.gap(at) - radius for at, radius in found)
    middle = between(found[0][0], found[-1][0], 0.5)
    return add(middle, surface.normal, gap - surface.gap(middle)), gap


def place(body: Body, wish: Wish, surfaces: Mapping[str, Surface]) -> Placed:
    """The body as wished: the first part that rests places it, the others are brought to where they rest or reach."""
    figure = pose(body, wish.angles, wish.root or (0.0, 0.0, 0.0), wish.lying)
    rests = list(wish.pose.rests.items())
    figure = replace(figure, flat_toes=frozenset(split(part)[0] for part, _ in rests if split(part)[1] in ("toes", "foot")))
    if wish.root is None and rests:
        figure = _anchored(figure, rests[0][0], surfaces[rests[0][1]], wish)
        if wish.pose.settle:
            figure = _settled(figure, wish, surfaces)
    touching, reached = {}, {}
    for part, name in rests:
        if split(part)[1] in ENDS:
            place_of = wish.touching.get(part) if (part, name) != rests[0] or wish.root else None
            figure = _brought(figure, part, surfaces[name], place_of)
        touching[part] = lowest(figure, part, surfaces[name])[0]
    for part, goal in sorted(wish.pose.reach.items(), key=lambda item: item[0].endswith("hand")):
        target = wish.reached.get(part) or target_of(figure, part, goal)
        side, name = split(part)
        figure = aimed(figure, ENDS[name], side, grips(name), target, None)
        reached[part] = target
    return Placed(figure, wish.pose, touching, reached)


def _anchored(figure: Figure, part: str, surface: Surface, wish: Wish) -> Figure:
    """The whole body moved so that this part touches, at a known place or at x = 0."""
    side, name = split(part)
    if name in FLAT:
        figure = flattened(figure, ENDS[name], side, surface.normal)
    spot, gap = lowest(figure, part, surface)
    known = wish.touching.get(part)
    if known is not None:
        move = subtract(known, spot)
    else:
        move = (surface.normal[0] * -gap, surface.normal[1] * -gap, surface.normal[2] * -gap)
        move = (move[0] if abs(surface.normal[0]) > 0.5 else -spot[0], move[1], move[2])
    return _moved(figure, add(figure.spine[0][0], move), figure.spine[0][1])


def _moved(figure: Figure, root: Vector, pelvis: Frame) -> Figure:
    return replace(pose(figure.body, figure.angles, root, pelvis), flat_toes=figure.flat_toes)


def _settled(figure: Figure, wish: Wish, surfaces: Mapping[str, Surface]) -> Figure:
    """The whole body tipped about the part that places it, until another one touches."""
    first, name = next(iter(wish.pose.rests.items()))
    part = wish.pose.settle or first
    surface = surfaces[wish.pose.rests.get(part, name)]
    for _ in range(6):
        here = lowest(figure, first, surfaces[name])[0]
        there, gap = lowest(figure, part, surface)
        arm = subtract(there, here)
        axis = unit(cross(surface.normal, across(arm, surface.normal)))
        angle = degrees(asin(max(-0.5, min(0.5, gap / length(arm)))))
        turned = _moved(figure, figure.spine[0][0], figure.spine[0][1].rotated(axis, angle))
        figure = _anchored(turned, first, surfaces[name], replace(wish, touching={first: here}))
    return figure


def _brought(figure: Figure, part: str, surface: Surface, known: Vector | None) -> Figure:
    """The limb bent so that its end touches: where it did before, or straight below where it is."""
    side, name = split(part)
    kind, normal = ENDS[name], surface.normal
    flat = normal if name in FLAT else None
    if flat:
        figure = flattened(figure, kind, side, normal)
    along, forward, outward, radius = figure.body.contacts[name]["hand" if name == "hand" else "foot"][0]

    def touching(limb: Limb) -> Vector:
        return add(limb.tip.point(limb.end, forward, outward, -along), normal, -radius)

    spot = touching(limb_of(figure, kind, side))
    target = known or add(spot, normal, -surface.gap(spot))
    return aimed(figure, kind, side, touching, target, flat)


def target_of(figure: Figure, part: str, goal: Place) -> Vector:
    """Where a part is to go: a point, or the skin of another part on the side the limb comes from."""
    if not isinstance(goal, str):
        return goal
    side, name = split(part)
    limb = limb_of(figure, ENDS[name], side)
    middle, radius = min(balls(figure, goal), key=lambda ball: length(subtract(ball[0], limb.top)))
    return add(middle, unit(subtract(limb.top, middle)), radius)


def grips(name: str) -> Callable[[Limb], Vector]:
    """What of a limb comes to its target: the palm, the sole below the ankle, the ball of the foot, the heel."""
    forward, along = {"hand": (0.0, GRIP), "foot": (0.0, 0.075), "toes": (0.125, 0.047), "heel": (-0.042, 0.038)}[name]
    return lambda limb: limb.tip.point(limb.end, forward, 0.0, -along)
