"""Brings a hand or a foot to a place: two bones of fixed length, and the angles that this takes."""

from collections.abc import Callable, Mapping
from math import acos, atan2, degrees
from typing import Literal

from service.figures.skeleton import Figure, Limb, arm, hand, hip_joint, leg, swing_of
from service.figures.vectors import Frame, Vector, across, add, angle_between, cross, dot, length, rotated, subtract, unit

Kind = Literal["leg", "arm"]
ROUNDS = 12
CLOSE = 0.002  # metres


def limb_of(figure: Figure, kind: Kind, side: str) -> Limb:
    """The leg or arm of a side."""
    return figure.legs[side] if kind == "leg" else figure.arms[side]


def aimed(figure: Figure, kind: Kind, side: str, tip_of: Callable[[Limb], Vector], target: Vector, normal: Vector | None) -> Figure:
    """The figure with this limb bent so that `tip_of` it comes to `target`, or as near as it reaches; flat on a surface with `normal`."""
    hung = figure
    for _ in range(ROUNDS):
        limb = limb_of(hung, kind, side)
        if normal is not None:
            limb = limb._replace(tip=_laid(hung, limb, kind, side, normal))
        missing = subtract(target, tip_of(limb))
        if length(missing) < CLOSE and hung is not figure:
            break
        wanted = add(limb.end, missing)
        upper, angle = _two_bones(limb, wanted, kind)
        hung = _rehung(hung, kind, side, upper, angle, normal)
    return hung


def flattened(figure: Figure, kind: Kind, side: str, normal: Vector) -> Figure:
    """The figure with this foot or hand turned so that it lies flat on a surface."""
    limb = limb_of(figure, kind, side)
    return _rehung(figure, kind, side, limb.upper, _bend(limb, kind), normal)


def _bend(limb: Limb, kind: Kind) -> float:
    lower, upper = limb.lower, limb.upper
    tipped = degrees(atan2(dot(lower.up, upper.forward), dot(lower.up, upper.up)))
    return tipped if kind == "leg" else -tipped


def _two_bones(limb: Limb, wanted: Vector, kind: Kind) -> tuple[Frame, float]:
    """The frame of the upper bone and the bend of the middle joint; it bends in the plane in which the limb bends now."""
    one, two = length(subtract(limb.middle, limb.top)), length(subtract(limb.end, limb.middle))
    now, then = unit(subtract(limb.end, limb.top)), subtract(wanted, limb.top)
    size = max(abs(one - two) + 0.02, min(one + two - 0.0005, length(then)))
    way = unit(then)
    axis = cross(now, way)
    left = rotated(limb.upper.left, unit(axis), angle_between(now, way)) if length(axis) > 1e-6 else limb.upper.left
    left = unit(across(left, way))
    at_top = degrees(acos(max(-1.0, min(1.0, (one * one + size * size - two * two) / (2 * one * size)))))
    at_middle = 180 - degrees(acos(max(-1.0, min(1.0, (one * one + two * two - size * size) / (2 * one * two)))))
    along = rotated(way, left, -at_top if kind == "leg" else at_top)
    up = (-along[0], -along[1], -along[2])
    return Frame(cross(left, up), left, up), at_middle


def _rehung(figure: Figure, kind: Kind, side: str, upper: Frame, angle: float, normal: Vector | None) -> Figure:
    angles = dict(figure.angles)
    parent = figure.spine[0][1] if kind == "leg" else figure.spine[5][1]
    first, second = ("hip", "knee") if kind == "leg" else ("shoulder", "elbow")
    _write(angles, side, (first, f"{first}-out", f"{first}-turn"), swing_of(parent, upper, side, _read(angles, side, first)))
    angles[f"{side}-{second}"] = angle
    hung = _limb(figure, kind, side, angles)
    if normal is not None:
        tip = _laid(figure, hung, kind, side, normal)
        if kind == "leg":
            near = (0.0, 0.0, 0.0)
            _write(angles, side, ("ankle", "ankle-side", "ankle-turn"), swing_of(hung.lower, tip, side, near))
        else:
            bare = hand(hung.lower, side, {f"{side}-forearm": angles.get(f"{side}-forearm", 0.0)})
            _write(angles, side, ("wrist-side", "wrist", "wrist-turn"), swing_of(bare, tip, side, (0.0, 60.0, 0.0)))
        hung = _limb(figure, kind, side, angles)
    legs = {**figure.legs, side: hung} if kind == "leg" else figure.legs
    arms = {**figure.arms, side: hung} if kind == "arm" else figure.arms
    return Figure(figure.body, angles, figure.spine, figure.skull, legs, arms, figure.flat_toes)


def _limb(figure: Figure, kind: Kind, side: str, angles: Mapping[str, float]) -> Limb:
    root, pelvis = figure.spine[0]
    if kind == "leg":
        return leg(figure.body, side, hip_joint(figure.body, side, root, pelvis), pelvis, angles)
    return arm(figure.body, side, list(figure.spine), angles)


def _read(angles: Mapping[str, float], side: str, joint: str) -> tuple[float, float, float]:
    return (
        angles.get(f"{side}-{joint}", 0.0),
        angles.get(f"{side}-{joint}-out", 0.0),
        angles.get(f"{side}-{joint}-turn", 0.0),
    )


def _write(angles: dict[str, float], side: str, names: tuple[str, str, str], values: tuple[float, float, float]) -> None:
    angles.update({f"{side}-{name}": value for name, value in zip(names, values, strict=True)})


def _laid(figure: Figure, limb: Limb, kind: Kind, side: str, normal: Vector) -> Frame:
    """The tip's frame when it lies flat: the sole down with the toes where the shin points, or the palm down with the fingers ahead."""
    if kind == "leg":
        ahead = across(limb.lower.forward, normal)
        if length(ahead) < 0.2:
            ahead = across(limb.upper.forward, normal)
        forward = unit(ahead)
        return Frame(forward, cross(normal, forward), normal)
    towards_head = unit(subtract(figure.spine[6][0], figure.spine[0][0]))
    along = (-limb.lower.up[0], -limb.lower.up[1], -limb.lower.up[2])
    fingers = unit(across(add(along, towards_head, 0.6), normal))
    thumb = cross(normal, fingers)
    up = (-fingers[0], -fingers[1], -fingers[2])
    if side == "right":
        return Frame(thumb, (-normal[0], -normal[1], -normal[2]), up)
    return Frame((-thumb[0], -thumb[1], -thumb[2]), normal, up)
