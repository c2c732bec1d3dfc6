"""What is amiss in a picture once it is posed: strained joints, things that do not touch, bodies in the floor."""

from collections.abc import Iterator, Mapping

from service.figures.composing import movement
from service.figures.placing import ENDS, FLOOR, MIDDLE, Placed, Surface, grips, lowest, split
from service.figures.props import surfaces
from service.figures.shapes import SIDES, Body, Picture, Pose

NEAR = 0.02  # metres
MARKS = ("foot", "tailbone", "back-of-head", "belly")  # places to reach for; what is round them is looked at by itself
SLACK = 1.0  # degrees
BENT = (
    "hip",
    "hip-out",
    "hip-turn",
    "knee",
    "ankle",
    "ankle-side",
    "ankle-turn",
    "shoulder",
    "shoulder-out",
    "shoulder-turn",
    "elbow",
    "forearm",
    "wrist",
)


def amiss(body: Body, poses: Mapping[str, Pose], picture: Picture) -> Iterator[str]:
    """Every complaint about a picture, each once."""
    rested = surfaces(body, picture.props)
    told: set[str] = set()
    for moment in movement(body, poses, picture):
        for complaint, detail in (*_strained(body, moment), *_apart(moment, rested), *_sunk(body, moment), *_short(moment)):
            if complaint not in told:
                told.add(complaint)
                yield f"{complaint} {detail}"


def _strained(body: Body, moment: Placed) -> Iterator[tuple[str, str]]:
    for name in BENT:
        joint = body.joints[name]
        for side in SIDES:
            angle = moment.figure.angles.get(f"{side}-{name}", 0.0)
            if not joint.low - SLACK <= angle <= joint.high + SLACK:
                yield f"{side}-{name}", f"bends to {angle:.0f} degrees"


def _apart(moment: Placed, rested: Mapping[str, Surface]) -> Iterator[tuple[str, str]]:
    for part, name in moment.pose.rests.items():
        gap = lowest(moment.figure, part, rested[name])[1]
        if abs(gap) > NEAR:
            yield f"{part} is off the {name}", f"by {gap * 100:.0f} cm"


def _sunk(body: Body, moment: Placed) -> Iterator[tuple[str, str]]:
    for name in body.contacts:
        for part in [name] if name in MIDDLE else [f"{side}-{name}" for side in SIDES]:
            gap = lowest(moment.figure, part, FLOOR)[1]
            if gap < -NEAR and name not in MARKS:
                yield f"{part} is below the floor", f"by {-gap * 100:.0f} cm"


def _short(moment: Placed) -> Iterator[tuple[str, str]]:
    for part, goal in moment.reached.items():
        side, name = split(part)
        limb = moment.figure.legs[side] if ENDS[name] == "leg" else moment.figure.arms[side]
        at = grips(name)(limb)
        gap = sum((a - b) ** 2 for a, b in zip(at, goal, strict=True)) ** 0.5
        if gap > NEAR:
            yield f"{part} does not reach", f"by {gap * 100:.0f} cm"
