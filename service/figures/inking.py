"""What is drawn of a body, back to front: each layer one shape of one colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from service.figures.camera import Camera
from service.figures.outlines import Disc, disc, limb, trunk, tube
from service.figures.shapes import SIDES, Muscles
from service.figures.skeleton import Figure
from service.figures.vectors import Vector, between, subtract

LEG = ("thigh", "shank")
FOOT = ("foot", "sole", "toes")
HAND = ("palm", "fingers", "thumb")
TRUNK = ("pelvis", "low-back", "upper-back", "chest", "neck")
FLEXED = 45.0
HIDDEN = -0.41
BESIDE = 0.7  # more than this we see the body rather from the side


@dataclass(frozen=True)
class Ink:
    """One shape: where it stands among the others, its outline, and how it is painted."""

    rank: tuple[float, float]
    name: str
    path: str
    fill: str
    lined: bool = True
    faint: bool = False


@dataclass(frozen=True)
class Order:
    """Which limbs lie behind the trunk, and which thighs in front of the belly; the same for every moment of a movement."""

    ranks: dict[str, tuple[float, float]]

    def far(self, unit: str) -> bool:
        """Whether a limb lies behind the trunk."""
        return self.ranks[unit][0] < 0


def order(moments: Iterable[Figure], camera: Camera, front: tuple[str, ...], behind: tuple[str, ...]) -> Order:
    """The painter's order for a movement, from all its moments."""
    figures = list(moments)
    ranks = {}
    for side in SIDES:
        for unit, base in (("leg", 1.0), ("arm", 4.0)):
            name = f"{side}-{unit}"
            level = sum(_ahead(figure, camera, side, unit) for figure in figures) / len(figures)
            depth = sum(camera.depth(_middle(figure, side, unit)) for figure in figures) / len(figures)
            flexed = unit == "leg" and max(figure.angles.get(f"{side}-hip", 0.0) for figure in figures) > FLEXED
            rank = -1.0 if level > 0.02 else (3.0 if flexed else base)
            ranks[name] = (5.0 if name in front else -2.0 if name in behind else rank, -depth)
    return Order(ranks)


def _middle(figure: Figure, side: str, unit: str) -> Vector:
    whole = figure.legs[side] if unit == "leg" else figure.arms[side]
    return between(whole.middle, between(whole.top, whole.end, 0.5), 0.6)


def _ahead(figure: Figure, camera: Camera, side: str, unit: str) -> float:
    """How far a limb is behind the trunk, seen level. From the side it counts on which side of the body it is, else where it points."""
    at, frame = figure.spine[0 if unit == "leg" else 5]
    sideways = _level(frame.left, camera) * (1.0 if side == "left" else -1.0)
    if abs(sideways) > BESIDE:
        return sideways
    return _level(subtract(_middle(figure, side, unit), at), camera)


def _level(way: Vector, camera: Camera) -> float:
    return way[0] * camera.level[0] + way[1] * camera.level[1]


def body_layers(figure: Figure, camera: Camera, ranks: Order) -> list[Ink]:
    """The whole body."""
    layers = [
        Ink((0.0, 0.0), "pelvis", trunk(figure, camera, -1, figure.body.hem[1]), "leggings"),
        Ink((1.9, 0.0), "neck", tube(limb(figure, camera, "neck", "right", figure.body.neck)), "skin"),
        Ink((2.0, 0.0), "top", trunk(figure, camera, figure.body.hem[0], 7, 0.004), "top"),
        *_head(figure, camera),
    ]
    for side in SIDES:
        layers += _leg(figure, camera, side, ranks)
        layers += _arm(figure, camera, side, ranks)
    group, depth = max(ranks.ranks["right-leg"], ranks.ranks["left-leg"])
    # The pelvis once more, without its line: it hides where the thighs begin.
    below = trunk(figure, camera, -1, figure.body.hem[1 if group > 2 else 0])
    layers.append(Ink((group, depth + 0.002), "hips", below, "leggings", lined=False))
    return layers


def _rows(figure: Figure, camera: Camera, side: str, names: Iterable[str]) -> str:
    return "".join(tube(limb(figure, camera, name, side, figure.body.limbs[name])) for name in names)


def _seat(figure: Figure, camera: Camera, side: str) -> str:
    """The buttock, from the pelvis into the thigh."""
    pelvis, thigh = (limb(figure, camera, name, side, figure.body.limbs[f"seat-{name}"]) for name in ("pelvis", "thigh"))
    return tube([*pelvis, *thigh])


def _leg(figure: Figure, camera: Camera, side: str, ranks: Order) -> list[Ink]:
    name = f"{side}-leg"
    group, depth = ranks.ranks[name]
    far = "far-" if ranks.far(name) else ""
    return [
        Ink((group, depth), f"{side}-foot", _rows(figure, camera, side, FOOT), f"{far}skin"),
        Ink((group, depth + 0.001), name, _seat(figure, camera, side) + _rows(figure, camera, side, LEG), f"{far}leggings"),
    ]


def _arm(figure: Figure, camera: Camera, side: str, ranks: Order) -> list[Ink]:
    name = f"{side}-arm"
    group, depth = ranks.ranks[name]
    far = "far-" if ranks.far(name) else ""
    layers = [
        Ink((group, depth), name, _rows(figure, camera, side, ("upper-arm", "forearm", *HAND)), f"{far}skin"),
        Ink((group, depth + 0.001), f"{side}-sleeve", tube(limb(figure, camera, "upper-arm", side, figure.body.sleeve)), f"{far}top"),
    ]
    if not far:
        inward = disc(camera, figure.spot("chest", side, 0.115, 0.0, 0.10), 0.058)
        shoulder = disc(camera, figure.arms[side].top, 0.053)
        layers.append(Ink((group, depth + 0.002), f"{side}-shoulder", tube([shoulder, inward]), "top", lined=False))
    return layers


def _head(figure: Figure, camera: Camera) -> list[Ink]:
    at, frame = figure.skull

    def row(name: str, mirror: float = 1.0) -> list[Disc]:
        return [disc(camera, frame.point(at, forward, left * mirror, up), radius) for up, forward, left, radius in figure.body.head[name]]

    facing = camera.towards(frame.forward)
    sideways = camera.towards(frame.left)
    hair = tube(row("hair")) + tube(row("bun"))
    face = tube(row("face")) + tube(row("nose"))
    layers = [Ink((2.5 if facing > -0.35 else 2.6, 0.0), "hair", hair, "hair"), Ink((2.55, 0.0), "face", face, "skin")]
    # It shrinks as the head turns its front or back to us, so that it is there in every moment of a movement.
    seen = max(0.0, min(1.0, (abs(sideways) - 0.2) / 0.25))
    (x, y, radius) = row("ear", 1.0 if sideways > 0 else -1.0)[0]
    layers.append(Ink((2.7, 0.0), "ear", tube([(x, y, radius * seen)]), "skin", lined=seen > 0))
    for side, way in (("right", -1.0), ("left", 1.0)):
        open_to = max(0.0, min(1.0, 4 * (0.9 * facing + 0.43 * way * sideways)))
        (x, y, radius) = row("eye", way)[0]
        layers.append(Ink((2.56, 0.0), f"{side}-eye", tube([(x, y, radius * open_to)]), "line", lined=False))
    return layers


def muscle_layers(figure: Figure, camera: Camera, ranks: Order, muscles: Muscles) -> list[Ink]:
    """The muscles that work or are stretched, as patches on the body."""
    layers = []
    for use, names in (("worked", muscles.worked), ("stretched", muscles.stretched)):
        for written in names:
            name = written.removeprefix("right-").removeprefix("left-")
            for side in SIDES:
                if written == name or written.startswith(side):
                    layers.append(_patch(figure, camera, ranks, name, side, use))
    return layers


def _patch(figure: Figure, camera: Camera, ranks: Order, name: str, side: str, use: str) -> Ink:
    rows = figure.body.muscles[name]
    discs = [one for segment, row in rows.items() for one in limb(figure, camera, segment, side, row)]
    on_trunk, on_leg = any(segment in TRUNK for segment in rows), "thigh" in rows or "shank" in rows
    hips = max(ranks.ranks["right-leg"], ranks.ranks["left-leg"])
    over = max((2.0, 0.5), hips)
    group, depth = ranks.ranks[f"{side}-leg"] if on_leg else over
    towards = size = 0.0
    for segment, row in rows.items():
        _, frame, _ = figure.segment(segment, side)
        sign = 1.0 if side == "left" else -1.0
        towards += sum(
            forward * camera.towards(frame.forward) + outward * sign * camera.towards(frame.left) for _, forward, outward, _ in row
        )
        size += sum(hypot(forward, outward) for _, forward, outward, _ in row)
    if on_leg and on_trunk and (group >= 0 or towards > 0):
        group, depth = max((group, depth), over)
    return Ink((group, depth + 0.003), f"{side}-{name}", tube(discs), use, faint=towards < HIDDEN * size)
