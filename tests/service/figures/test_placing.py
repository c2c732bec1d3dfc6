"""Contacts: what rests touches its surface, stays where it was, and limbs reach as far as their bones allow."""

import pytest

from service.figures.loading import Figures
from service.figures.moving import key_poses, keys
from service.figures.placing import FLOOR, Placed, Surface, grips, lowest
from service.figures.shapes import Body, Picture, Pose
from service.figures.vectors import length, subtract

WALL = Surface((0.5, 0.0, 0.0), (-1.0, 0.0, 0.0))
SURFACES = {"floor": FLOOR, "wall": WALL, "chair": Surface((0.0, 0.0, 0.45), (0.0, 0.0, 1.0))}


def shown(figures: Figures, start: dict[str, object], end: dict[str, object] | None = None) -> list[Placed]:
    """The key poses of a picture."""
    assert figures.body is not None
    written = {"start": start} | ({"end": end} if end else {})
    picture = Picture.model_validate(written, strict=False)
    return keys(figures.body, key_poses(figures.body, figures.poses, picture), SURFACES)


def test_a_standing_person_stands_on_flat_feet_at_the_origin(figures: Figures) -> None:
    (placed,) = shown(figures, {"from": "standing"})
    for side in ("right", "left"):
        assert lowest(placed.figure, f"{side}-foot", FLOOR)[1] == pytest.approx(0, abs=0.003)
        assert placed.figure.legs[side].tip.up == pytest.approx((0, 0, 1), abs=1e-6)
    assert placed.touching["right-foot"][0] == pytest.approx(0, abs=1e-6)


def test_feet_that_still_rest_stay_where_they_were(figures: Figures) -> None:
    start, end = shown(figures, {"from": "standing"}, {"angles": {"lean": 30, "hip": 80, "knee": 70}})
    for part in ("right-foot", "left-foot"):
        assert length(subtract(start.touching[part], end.touching[part])) < 0.005


def test_what_slides_leaves_its_place_but_not_its_surface(figures: Figures) -> None:
    start, end = shown(
        figures,
        {"from": "lying-back-knees-bent", "lifts": ["right-foot"], "rests": {"right-heel": "floor"}},
        {"angles": {"right-hip": 8, "right-knee": 12}, "slides": ["right-heel"]},
    )
    assert end.touching["right-heel"][0] - start.touching["right-heel"][0] > 0.2
    assert lowest(end.figure, "right-heel", FLOOR)[1] == pytest.approx(0, abs=0.005)


def test_what_is_lifted_follows_the_angles_again(figures: Figures) -> None:
    _, end = shown(figures, {"from": "standing"}, {"angles": {"left-hip": 60, "left-knee": 80}, "lifts": ["left-foot"]})
    assert lowest(end.figure, "left-foot", FLOOR)[1] > 0.2


def test_hands_lie_flat_on_a_wall_with_the_fingers_up(figures: Figures) -> None:
    (placed,) = shown(
        figures, {"from": "standing", "angles": {"shoulder": 85, "elbow": 30}, "rests": {"right-hand": "wall", "left-hand": "wall"}}
    )
    for side in ("right", "left"):
        assert lowest(placed.figure, f"{side}-hand", WALL)[1] == pytest.approx(0, abs=0.005)
        assert placed.figure.arms[side].tip.up[2] == pytest.approx(-1, abs=0.05)


def test_a_hand_reaches_a_point_and_keeps_its_bones(figures: Figures, body: Body) -> None:
    goal = (0.35, -0.2, 1.2)
    (placed,) = shown(figures, {"from": "standing", "angles": {"right-elbow": 60}, "reach": {"right-hand": goal}})
    arm = placed.figure.arms["right"]
    assert length(subtract(grips("hand")(arm), goal)) < 0.005
    assert length(subtract(arm.end, arm.middle)) == pytest.approx(body.lengths["forearm"])


def test_a_hand_that_cannot_reach_stretches_out_towards_its_goal(figures: Figures, body: Body) -> None:
    (placed,) = shown(figures, {"from": "standing", "reach": {"right-hand": (3.0, -0.2, 1.3)}})
    arm = placed.figure.arms["right"]
    assert length(subtract(arm.end, arm.top)) == pytest.approx(body.lengths["upper-arm"] + body.lengths["forearm"], abs=0.01)
    assert arm.end[0] - arm.top[0] > 0.5


def test_settling_tips_the_body_until_the_part_touches(figures: Figures) -> None:
    (placed,) = shown(
        figures,
        {"angles": {"lean": 70, "ankle": 20}, "rests": {"right-knee": "floor", "right-shoulder": "floor"}, "settle": "right-shoulder"},
    )
    assert lowest(placed.figure, "right-shoulder", FLOOR)[1] == pytest.approx(0, abs=0.01)
    assert lowest(placed.figure, "right-knee", FLOOR)[1] == pytest.approx(0, abs=0.01)


def test_a_pose_says_only_what_differs_from_the_one_it_builds_on(figures: Figures, body: Body) -> None:
    picture = Picture(start=Pose.model_validate({"from": "standing"}), end=Pose(angles={"right-hip": 30.0}, lifts=("right-foot",)))
    start, end = key_poses(body, figures.poses, picture)
    assert end.angles == dict(start.angles) | {"right-hip": 30.0}
    assert dict(end.rests) == {"left-foot": "floor"}
