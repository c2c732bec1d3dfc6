"""The skeleton: segments keep their length, signs mean what README says, and right and left are mirror images."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import load_pack
from rules.content import SEEDS
from service.figures.loading import load_figures
from service.figures.moving import both_sides
from service.figures.shapes import SIDES, Body
from service.figures.skeleton import Figure, pose, swing_of, swung
from service.figures.vectors import WORLD, Vector, length, subtract

FIGURES = load_figures(SEEDS, load_pack())
assert FIGURES.body is not None
BODY: Body = FIGURES.body
NAMES = [name for name, joint in BODY.joints.items() if not joint.sided]
NAMES += [f"{side}-{name}" for name, joint in BODY.joints.items() if joint.sided for side in SIDES]


def angles() -> st.SearchStrategy[dict[str, float]]:
    """Any angles that the joints allow."""
    limits = {name: BODY.joints[name.removeprefix("right-").removeprefix("left-")] for name in NAMES}
    return st.fixed_dictionaries({}, optional={name: st.floats(joint.low, joint.high) for name, joint in limits.items()})


def apart(one: Vector, two: Vector) -> float:
    """The distance of two points."""
    return length(subtract(one, two))


def posed(**written: float) -> Figure:
    """A body with these joint angles; `right_hip` is right-hip."""
    return pose(BODY, both_sides(BODY, {name.replace("_", "-"): angle for name, angle in written.items()}))


@given(angles())
def test_no_angle_changes_the_length_of_a_segment(chosen: dict[str, float]) -> None:
    figure = pose(BODY, chosen)
    for limb, one, two in (
        *((limb, "thigh", "shank") for limb in figure.legs.values()),
        *((limb, "upper-arm", "forearm") for limb in figure.arms.values()),
    ):
        assert apart(limb.top, limb.middle) == pytest.approx(BODY.lengths[one])
        assert apart(limb.middle, limb.end) == pytest.approx(BODY.lengths[two])
    for (here, _), (there, _), size in zip(figure.spine, figure.spine[1:], [0.10, 0.08, 0.08, 0.09, 0.09, 0.09], strict=False):
        assert apart(here, there) == pytest.approx(size)


def _mirrored(chosen: dict[str, float]) -> dict[str, float]:
    swapped = {"right": "left", "left": "right"}
    found = {}
    for name, angle in chosen.items():
        side, _, joint = name.partition("-")
        if side in swapped:
            found[f"{swapped[side]}-{joint}"] = angle
        else:
            found[name] = -angle if name in ("turn", "tilt", "spin") or name.endswith(("-side", "-turn")) else angle
    return found


@given(angles())
def test_mirrored_angles_make_a_mirrored_body(chosen: dict[str, float]) -> None:
    one, two = pose(BODY, chosen), pose(BODY, _mirrored(chosen))
    for side, other in (("right", "left"), ("left", "right")):
        for segment, along in (("hand", 0.1), ("toes", 0.05), ("forearm", 0.1), ("shank", 0.2)):
            x, y, z = one.spot(segment, side, along, 0.03, 0.02)
            assert two.spot(segment, other, along, 0.03, 0.02) == pytest.approx((x, -y, z), abs=1e-9)


@given(st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(-80, 80)), st.sampled_from(SIDES))
def test_the_angles_of_a_limb_can_be_read_from_where_it_is(swing: tuple[float, float, float], side: str) -> None:
    assert swing_of(WORLD, swung(WORLD, side, *swing), side, swing) == pytest.approx(swing, abs=1e-6)


CLAIMS: list[tuple[dict[str, float], str, int, float]] = [
    ({"hip": 90}, "thigh", 0, 1),
    ({"right_hip_out": 40}, "thigh", 1, -1),
    ({"knee": 90}, "shank", 0, -1),
    ({"shoulder": 90}, "forearm", 0, 1),
    ({"shoulder_out": 90}, "forearm", 1, -1),
    ({"elbow": 90}, "hand", 0, 1),
    ({"lean": 90}, "chest", 0, 1),
    ({"lean": -90}, "chest", 0, -1),
    ({"tilt": 30}, "chest", 1, -1),
    ({"low_back": 40}, "chest", 0, 1),
    ({"low_back_side": 20}, "chest", 1, -1),
    ({"hip": 90, "right_hip_out": 40}, "shank", 1, -1),
    ({"hip": 90, "knee": 90, "right_hip_turn": 40}, "foot", 1, 1),
    ({"shoulder_out": 90, "elbow": 90, "shoulder_turn": 90}, "hand", 2, 1),
]


@pytest.mark.parametrize(("written", "segment", "axis", "sign"), CLAIMS, ids=lambda value: str(value))
def test_a_joint_moves_the_way_the_manual_says(written: dict[str, Any], segment: str, axis: int, sign: float) -> None:
    moved, still = posed(**written).spot(segment, "right", 0.1, 0.0, 0.0), posed().spot(segment, "right", 0.1, 0.0, 0.0)
    without = posed(**{name: angle for name, angle in written.items() if not name.endswith(("turn", "out"))})
    base = without.spot(segment, "right", 0.1, 0.0, 0.0) if len(written) > 1 else still
    assert (moved[axis] - base[axis]) * sign > 0.05
