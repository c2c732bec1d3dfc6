"""The movement from the first pose to the last, moment by moment."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from math import ceil

from service.figures.placing import Placed, Surface, Wish, place
from service.figures.shapes import SIDES, Body, Picture, Pose
from service.figures.vectors import Frame, Vector, across, between, cross, unit

FINE = 20.0  # degrees a joint may move from one moment to the next
MOST = 5  # steps; each costs half a kilobyte


def key_poses(body: Body, poses: Mapping[str, Pose], picture: Picture) -> list[Pose]:
    """The poses of a picture in order, each with everything it builds on."""
    found: list[Pose] = []
    for written in (picture.start, picture.through, picture.end):
        if written is not None:
            found.append(_built(body, poses, written, found[-1] if found else None))
    return found


def _built(body: Body, poses: Mapping[str, Pose], written: Pose, before: Pose | None) -> Pose:
    base = _built(body, poses, poses[written.based_on], None) if written.based_on else before
    if base is None:
        base = Pose()
    rests = {part: name for part, name in base.rests.items() if part not in written.lifts}
    reach = {part: goal for part, goal in base.reach.items() if part not in written.lifts and part not in written.rests}
    return written.model_copy(
        update={
            "angles": {**base.angles, **both_sides(body, written.angles)},
            "rests": {**{part: name for part, name in rests.items() if part not in written.reach}, **written.rests},
            "reach": {**reach, **written.reach},
            "settle": written.settle or (base.settle if base.settle not in written.lifts else None),
        }
    )


def both_sides(body: Body, angles: Mapping[str, float]) -> dict[str, float]:
    """Angles joint by joint: `hip` is written for right and left; what names a side counts more."""
    spread = {
        f"{side}-{name}": angle for name, angle in angles.items() if name in body.joints and body.joints[name].sided for side in SIDES
    }
    return spread | {name: angle for name, angle in angles.items() if name not in body.joints or not body.joints[name].sided}


def keys(body: Body, poses: list[Pose], surfaces: Mapping[str, Surface]) -> list[Placed]:
    """The key poses in their place. What rested before and still does stays where it was, unless it slides."""
    placed: list[Placed] = []
    for pose in poses:
        stays = {}
        if placed:
            before = placed[-1]
            stays = {
                part: at
                for part, at in before.touching.items()
                if pose.rests.get(part) == before.pose.rests[part] and part not in pose.slides
            }
        placed.append(place(body, Wish(pose, dict(pose.angles), stays), surfaces))
    return placed


def frames(body: Body, placed: list[Placed], surfaces: Mapping[str, Surface]) -> list[Placed]:
    """The key poses and the moments between them; slow at both ends."""
    moments = [placed[0]]
    counts = [_steps(one, two) for one, two in pairwise(placed)]
    while sum(counts) > MOST:
        counts[counts.index(max(counts))] -= 1
    for (one, two), count in zip(pairwise(placed), counts, strict=True):
        moments += [_moment(body, one, two, _eased(step / count), surfaces) for step in range(1, count)]
        moments.append(two)
    return moments


def _steps(one: Placed, two: Placed) -> int:
    """As many steps as the joint that moves farthest needs, so that outlines, which move straight from step to step, keep their size."""
    names = {*one.figure.angles, *two.figure.angles}
    farthest = max(abs(two.figure.angles.get(name, 0.0) - one.figure.angles.get(name, 0.0)) for name in names if not name.endswith("-turn"))
    return max(2, ceil(farthest / FINE))


def _eased(share: float) -> float:
    return share * share * (3 - 2 * share)


def _moment(body: Body, one: Placed, two: Placed, share: float, surfaces: Mapping[str, Surface]) -> Placed:
    angles = mixed_angles(one.figure.angles, two.figure.angles, share)
    rests = {part: name for part, name in one.pose.rests.items() if two.pose.rests.get(part) == name}
    touching = {part: between(one.touching[part], two.touching[part], share) for part in rests}
    reach = {part: goal for part, goal in one.pose.reach.items() if part in two.pose.reach}
    same = {part for part, goal in reach.items() if two.pose.reach[part] == goal and isinstance(goal, str)}
    reached = {part: between(one.reached[part], two.reached[part], share) for part in reach if part not in same}
    anchor = next(iter(one.pose.rests), None)
    held = anchor is not None and anchor in rests and anchor == next(iter(two.pose.rests), None)
    wish = Wish(one.pose.model_copy(update={"rests": rests, "reach": reach}), angles, touching, reached)
    if held and not (one.pose.settle or two.pose.settle):
        return place(body, wish, surfaces)
    if held and one.pose.settle == two.pose.settle:
        return place(body, replace(wish, lying=_mixed(one, two, share)), surfaces)
    root = between(one.figure.spine[0][0], two.figure.spine[0][0], share)
    return place(body, replace(wish, root=root, lying=_mixed(one, two, share)), surfaces)


def mixed_angles(one: Mapping[str, float], two: Mapping[str, float], share: float) -> dict[str, float]:
    """Each joint between its two angles."""
    return {name: one.get(name, 0.0) + (two.get(name, 0.0) - one.get(name, 0.0)) * share for name in sorted({*one, *two})}


def _mixed(one: Placed, two: Placed, share: float) -> Frame:
    a, b = one.figure.spine[0][1], two.figure.spine[0][1]
    up: Vector = unit(between(a.up, b.up, share))
    forward = unit(across(between(a.forward, b.forward, share), up))
    return Frame(forward, cross(up, forward), up)
