"""The floor under a person, and the soft shadow of what is near it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from service.figures.camera import Camera
from service.figures.outlines import Disc, tube
from service.figures.props import outermost
from service.figures.shapes import SIDES
from service.figures.skeleton import Figure
from service.figures.vectors import Vector, dot

NEAR = 0.5  # metres; what is higher throws no shadow that we would see
WIDE = 0.35


@dataclass(frozen=True)
class Ground:
    """An ellipse of floor: its middle and half axes. The shadow is drawn as seen from above, and `squash` lays it down."""

    floor: tuple[int, int, int, int]
    shadow: str
    squash: str


def ground(figures: Sequence[Figure], view: Camera, card: tuple[int, int]) -> Ground:
    """The floor under a whole movement, and the shadow of its first and its last moment."""
    flat = hypot(view.up[0], view.up[1])
    ends = figures[:1] if len(figures) == 1 else (figures[0], figures[-1])
    shadow = "".join(_shadow(figure, view) for figure in ends)
    return Ground(_floor(figures, view, card, flat), shadow, f"matrix(1 0 0 {flat:.3f} 0 {view.shift[1]:.0f})")


def _floor(figures: Sequence[Figure], view: Camera, card: tuple[int, int], flat: float) -> tuple[int, int, int, int]:
    spots = [view.spot((x, y, 0.0)) for figure in figures for x, y, _ in outermost(figure)]
    lefts, rights = min(x for x, _ in spots), max(x for x, _ in spots)
    tops, bottoms = min(y for _, y in spots), max(y for _, y in spots)
    middle, height = (lefts + rights) / 2, (tops + bottoms) / 2
    across = min(middle - 12, card[0] - 12 - middle, (rights - lefts) / 2 + WIDE * view.scale)
    return (
        round(middle),
        round(height),
        round(across),
        round(min(card[1] - 10 - height, (bottoms - tops) / 2 + WIDE * view.scale * max(flat, 0.3))),
    )


def _shadow(figure: Figure, view: Camera) -> str:
    rows: list[tuple[Vector, Vector, float, float]] = [
        (figure.spine[0][0], figure.spine[5][0], 0.14, 0.13),
        (figure.skull[0], figure.skull[0], 0.09, 0.09),
    ]
    for side in SIDES:
        leg, arm, toe = figure.legs[side], figure.arms[side], figure.spot("toes", side, 0.0, 0.05, 0.0)
        rows += [(leg.top, leg.middle, 0.09, 0.06), (leg.middle, leg.end, 0.06, 0.045), (leg.end, toe, 0.05, 0.04)]
        rows += [(arm.top, arm.middle, 0.05, 0.04), (arm.middle, arm.end, 0.04, 0.035)]
    return "".join(
        tube([_flat(one, first, view), _flat(two, second, view)]) for one, two, first, second in rows if max(one[2], two[2]) < NEAR
    )


def _flat(at: Vector, radius: float, view: Camera) -> Disc:
    """A disc on the floor, seen from straight above; it falls a little to the right."""
    return (dot(at, view.right) * view.scale + view.shift[0] + 5, -dot(at, view.level) * view.scale, radius * view.scale)
