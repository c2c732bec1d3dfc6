"""Joint angles in, joints in space out: every segment keeps its length."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import asin, atan2, degrees
from typing import NamedTuple

from service.figures.shapes import SIDES, Body
from service.figures.vectors import WORLD, Frame, Vector, add, angle_between, dot

Angles = Mapping[str, float]
PIECES = {"low-back": 2, "upper-back": 3}


class Limb(NamedTuple):
    """A leg (hip, knee, ankle; thigh, shank, foot) or an arm (shoulder, elbow, wrist; upper arm, forearm, hand)."""

    top: Vector
    middle: Vector
    end: Vector
    upper: Frame
    lower: Frame
    tip: Frame


@dataclass(frozen=True)
class Figure:
    """A posed body. `spine`: seven places from the hip joints to the base of the neck, each with its frame."""

    body: Body
    angles: dict[str, float]
    spine: tuple[tuple[Vector, Frame], ...]
    skull: tuple[Vector, Frame]
    legs: dict[str, Limb]
    arms: dict[str, Limb]
    flat_toes: frozenset[str] = field(default=frozenset())

    def segment(self, name: str, side: str) -> tuple[Vector, Frame, float]:
        """Where a segment begins, its frame, and whether it goes up (1) or down (-1) from there."""
        trunk = {"pelvis": 0, "low-back": 1, "upper-back": 3, "chest": 4, "neck": 6}
        if name in trunk:
            at, frame = self.spine[trunk[name]]
            return at, frame, 1.0
        if name == "head":
            return *self.skull, 1.0
        limb = self.legs[side] if name in LEG else self.arms[side]
        if name in ("thigh", "upper-arm"):
            return limb.top, limb.upper, -1.0
        if name in ("shank", "forearm"):
            return limb.middle, limb.lower, -1.0
        if name == "toes":
            ball = limb.tip.point(limb.end, 0.125, 0.0, -0.047)
            return ball, _flattened(limb.tip) if side in self.flat_toes else limb.tip, -1.0
        return limb.end, limb.tip, -1.0

    def spot(self, segment: str, side: str, along: float, forward: float, outward: float) -> Vector:
        """A place on a segment: so far along it, forward, and away from the middle of the body."""
        at, frame, way = self.segment(segment, side)
        return frame.point(at, forward, outward if side == "left" else -outward, along * way)


LEG = ("thigh", "shank", "foot", "heel", "sole", "toes")


def _flattened(tip: Frame) -> Frame:
    level = (tip.forward[0], tip.forward[1], 0.0)
    size = (level[0] ** 2 + level[1] ** 2) ** 0.5
    if size < 0.05:  # a foot that points straight down: its toes bend to the sole
        return tip.leant(-80)
    forward = (level[0] / size, level[1] / size, 0.0)
    return Frame(forward, (-forward[1], forward[0], 0.0), (0.0, 0.0, 1.0))


def pose(body: Body, angles: dict[str, float], root: Vector = (0.0, 0.0, 0.0), lying: Frame | None = None) -> Figure:
    """The body with these joint angles, the middle of its hip joints at `root`. `lying`: the frame of the pelvis, if not from the angles."""

    def angle(name: str) -> float:
        return angles.get(name, 0.0)

    pelvis = lying or WORLD.turned(angle("turn")).tilted(angle("tilt")).leant(angle("lean")).turned(angle("spin"))
    at, frame = add(root, pelvis.up, body.lengths["pelvis"]), pelvis
    spine = [(root, pelvis)]
    for region, pieces in PIECES.items():
        for _ in range(pieces):
            frame = _bent(frame, angles, region, 1 / pieces)
            spine.append((at, frame))
            at = add(at, frame.up, body.lengths[region] / pieces)
    spine.append((at, frame))
    half = _bent(frame, angles, "neck", 0.55)
    top = add(at, half.up, body.lengths["neck"])
    head = _bent(half, angles, "neck", 0.45)
    skull = (add(top, head.up, body.lengths["head"]), head)
    legs = {side: leg(body, side, hip_joint(body, side, root, pelvis), pelvis, angles) for side in SIDES}
    arms = {side: arm(body, side, spine, angles) for side in SIDES}
    return Figure(body, angles, tuple(spine), skull, legs, arms)


def _bent(frame: Frame, angles: Angles, region: str, share: float) -> Frame:
    bent = frame.turned(angles.get(f"{region}-turn", 0.0) * share).tilted(angles.get(f"{region}-side", 0.0) * share)
    return bent.leant(angles.get(region, 0.0) * share)


def swung(frame: Frame, side: str, flexed: float, out: float, turned: float) -> Frame:
    """A limb's frame from the one it hangs on: brought forward, away from the middle, and turned outward."""
    sign = 1.0 if side == "right" else -1.0
    return frame.leant(-flexed).tilted(-sign * out).turned(-sign * turned)


def swing_of(frame: Frame, child: Frame, side: str, near: tuple[float, float, float]) -> tuple[float, float, float]:
    """The three angles that `swung` would need; of the two ways to write them the one nearer to `near`."""
    sign = 1.0 if side == "right" else -1.0
    out = degrees(asin(max(-1.0, min(1.0, sign * dot(child.up, frame.left)))))
    flexed = degrees(atan2(-dot(child.up, frame.forward), dot(child.up, frame.up)))
    part = frame.leant(-flexed).tilted(-sign * out)
    turned = -sign * degrees(atan2(dot(child.forward, part.left), dot(child.forward, part.forward)))
    ways = ((flexed, out, turned), (flexed + 180, 180 - out, turned + 180))
    settled = [tuple(_nearest(value, wish) for value, wish in zip(way, near, strict=True)) for way in ways]
    best = min(settled, key=lambda way: sum(abs(value - wish) for value, wish in zip(way, near, strict=True)))
    return best[0], best[1], best[2]


def _nearest(angle: float, wish: float) -> float:
    return angle - 360 * round((angle - wish) / 360)


def hip_joint(body: Body, side: str, root: Vector, pelvis: Frame) -> Vector:
    """Where the leg begins."""
    return pelvis.point(root, 0.0, body.lengths["hip-side"] * (1 if side == "left" else -1), 0.0)


def leg(body: Body, side: str, hip: Vector, pelvis: Frame, angles: Angles) -> Limb:
    """A leg from its angles."""
    upper = swung(pelvis, side, *(angles.get(f"{side}-{name}", 0.0) for name in ("hip", "hip-out", "hip-turn")))
    knee = add(hip, upper.up, -body.lengths["thigh"])
    lower = upper.leant(angles.get(f"{side}-knee", 0.0))
    ankle = add(knee, lower.up, -body.lengths["shank"])
    tip = swung(lower, side, *(angles.get(f"{side}-{name}", 0.0) for name in ("ankle", "ankle-side", "ankle-turn")))
    return Limb(hip, knee, ankle, upper, lower, tip)


def arm(body: Body, side: str, spine: list[tuple[Vector, Frame]], angles: Angles) -> Limb:
    """An arm from its angles; the shoulder rises by itself when the arm goes up."""
    at, chest = spine[6][0], spine[5][1]
    upper = swung(chest, side, *(angles.get(f"{side}-{name}", 0.0) for name in ("shoulder", "shoulder-out", "shoulder-turn")))
    shoulder = shoulder_joint(body, side, at, chest, upper, angles)
    elbow = add(shoulder, upper.up, -body.lengths["upper-arm"])
    lower = upper.leant(-angles.get(f"{side}-elbow", 0.0))
    wrist = add(elbow, lower.up, -body.lengths["forearm"])
    return Limb(shoulder, elbow, wrist, upper, lower, hand(lower, side, angles))


def hand(lower: Frame, side: str, angles: Angles) -> Frame:
    """The hand's frame: its thumb forward, its fingers down, its palm towards the body."""
    sign = 1.0 if side == "right" else -1.0
    twisted = lower.turned(sign * angles.get(f"{side}-forearm", 0.0))
    return swung(twisted, side, *(angles.get(f"{side}-{name}", 0.0) for name in ("wrist-side", "wrist", "wrist-turn")))


def shoulder_joint(body: Body, side: str, at: Vector, chest: Frame, upper: Frame, angles: Angles) -> Vector:
    """Where the arm begins: the blade lifts with the arm, and as the angles say."""
    sign = 1.0 if side == "left" else -1.0
    by_itself = min(22.0, max(0.0, (angle_between(upper.up, chest.up) - 40) * 0.2))
    girdle = chest.turned(-sign * angles.get(f"{side}-shoulder-forward", 0.0))
    girdle = girdle.tilted(sign * (angles.get(f"{side}-shoulder-lift", 0.0) + by_itself))
    base = chest.point(at, 0.0, 0.0, -body.lengths["shoulder-down"])
    return girdle.point(base, 0.0, sign * body.lengths["shoulder-side"], 0.0)
