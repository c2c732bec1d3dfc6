"""How a posed body is seen: outlines round what they enclose, near limbs over far ones, faces towards us."""

import re
from dataclasses import replace
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.boxes import hull
from service.figures.camera import camera
from service.figures.inking import Ink, body_layers, muscle_layers, order
from service.figures.moving import both_sides
from service.figures.outlines import tube
from service.figures.shapes import Body, Muscles
from service.figures.skeleton import Figure, pose

NUMBER = re.compile(r"-?\d+")
DISCS = st.tuples(st.floats(0, 600), st.floats(0, 400), st.floats(3, 60))


def standing(body: Body, **written: float) -> Figure:
    """Somebody with these joint angles."""
    return pose(body, both_sides(body, {name.replace("_", "-"): angle for name, angle in written.items()}))


def seen(body: Body, turn: float, **written: float) -> dict[str, Ink]:
    """The layers of a body, back to front, as seen after going round it by so many degrees."""
    figure = standing(body, **written)
    view = replace(camera(turn, 8), scale=268.0)
    layers = body_layers(figure, view, order([figure], view, (), ()))
    return {ink.name: ink for ink in sorted(layers, key=lambda ink: ink.rank)}


@given(DISCS, DISCS)
def test_the_outline_of_two_balls_goes_round_the_larger_one(one: tuple[float, float, float], two: tuple[float, float, float]) -> None:
    path = tube([one, two])
    x, y = (int(number) for number in NUMBER.findall(path)[:2])
    assert hypot(x - one[0], y - one[1]) == pytest.approx(round(one[2]), abs=2)
    assert path.count("a") == 2
    assert path.endswith("z")


def test_a_limb_that_points_at_us_is_still_drawn() -> None:
    assert tube([(100.0, 100.0, 30.0), (100.0, 100.0, 20.0)]).count("a") == 2


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=3, max_size=20, unique=True))
def test_a_hull_has_every_point_inside(points: list[tuple[float, float]]) -> None:
    corners = hull(points)
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        assert all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-9 for x, y in points)


def test_from_the_right_side_the_right_limbs_are_near_and_the_left_ones_darker(body: Body) -> None:
    names = list(seen(body, 10))
    assert names.index("left-arm") < names.index("top") < names.index("right-arm")
    assert names.index("left-leg") < names.index("pelvis") < names.index("right-leg")
    assert seen(body, 10)["left-arm"].fill == "far-skin"
    assert seen(body, 10)["right-arm"].fill == "skin"


def test_from_the_left_side_it_is_the_other_way_round(body: Body) -> None:
    names = list(seen(body, 170))
    assert names.index("right-arm") < names.index("top") < names.index("left-arm")


def test_from_the_front_an_arm_ahead_is_before_the_body_and_one_at_the_back_behind_it(body: Body) -> None:
    names = list(seen(body, 90, right_shoulder=50, left_shoulder=-50))
    assert names.index("left-arm") < names.index("top") < names.index("right-arm")


def test_a_bent_hip_brings_the_thigh_before_the_belly(body: Body) -> None:
    straight, bent = list(seen(body, 10)), list(seen(body, 10, right_hip=100))
    assert straight.index("right-leg") < straight.index("top")
    assert bent.index("top") < bent.index("right-leg")


def test_eyes_are_open_to_us_and_hair_covers_the_face_from_behind(body: Body) -> None:
    front, back = list(seen(body, 90)), list(seen(body, -90))
    assert "a0 0 " not in seen(body, 90)["right-eye"].path
    assert "a0 0 " in seen(body, -90)["right-eye"].path
    assert front.index("hair") < front.index("face")
    assert back.index("face") < back.index("hair")


def test_a_muscle_on_the_far_side_of_the_body_is_faint(body: Body) -> None:
    figure = standing(body)
    faint = {}
    for turn in (90, -90):
        view = camera(turn, 8)
        layers = muscle_layers(figure, view, order([figure], view, (), ()), Muscles(worked=("right-gluteus-maximus",)))
        faint[turn] = [ink.faint for ink in layers]
    assert faint == {90: [True], -90: [False]}


def test_a_muscle_is_drawn_for_the_sides_it_names(body: Body) -> None:
    figure, view = standing(body), camera(0, 8)
    ranks = order([figure], view, (), ())
    both = muscle_layers(figure, view, ranks, Muscles(stretched=("hamstrings", "left-calves")))
    assert [ink.name for ink in both] == ["right-hamstrings", "left-hamstrings", "left-calves"]
    assert {ink.fill for ink in both} == {"stretched"}
