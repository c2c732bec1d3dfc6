"""The body is drawn well: every curve lies inside it, and no two muscles share a place."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import get_args

import pytest

from rules import Pack
from rules.content import SEEDS
from service.figures.body_map_curves import Bend, Point, bends, moved, outline_path, read_points
from service.figures.body_map_data import Body, View, load_body

Polygon = list[tuple[float, float]]
STEPS = 8


def polygon(points: Sequence[Point]) -> Polygon:
    """The closed curve as a polygon of many short sides."""
    return [at(bend, step / STEPS) for bend in bends(points) for step in range(STEPS)]


def encloses(corners: Sequence[tuple[float, float]], x: float, y: float) -> bool:
    """Whether a polygon holds a point."""
    inside = False
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


def at(bend: Bend, t: float) -> tuple[float, float]:
    """A point of a cubic."""
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    return (
        a * bend.start.x + b * bend.first.x + c * bend.second.x + d * bend.end.x,
        a * bend.start.y + b * bend.first.y + c * bend.second.y + d * bend.end.y,
    )


@pytest.fixture(scope="module")
def body(pack: Pack) -> Body:
    """The drawing as it is shipped."""
    return load_body(SEEDS, pack)


@pytest.fixture(scope="module")
def outline(body: Body) -> Polygon:
    """The whole body, around its midline."""
    half = read_points(body.outline)
    return polygon((*half, *moved(reversed(half[1:-1]), 0, -1)))


def muscles(body: Body, view: View) -> list[tuple[str, Polygon]]:
    """Every muscle that is drawn in a view."""
    assessed = [(place.muscle, curve) for place in body.regions for curve in place.seen_from(view)]
    others = [("bystander", curve) for curve in body.bystanders.seen_from(view)]
    return [(name, polygon(read_points(curve))) for name, curve in (*assessed, *others)]


@pytest.mark.parametrize("view", get_args(View))
def test_every_muscle_lies_inside_the_body(body: Body, outline: Polygon, view: View) -> None:
    for name, drawn in muscles(body, view):
        outside = [(round(x, 1), round(y, 1)) for x, y in drawn if not encloses(outline, x, y)]
        assert not outside, name


@pytest.mark.parametrize("view", get_args(View))
def test_no_two_muscles_share_a_place(body: Body, view: View) -> None:
    for (name, one), (other_name, other) in combinations(muscles(body, view), 2):
        shared = [(round(x, 1), round(y, 1)) for x, y in one if encloses(other, x, y)]
        shared += [(round(x, 1), round(y, 1)) for x, y in other if encloses(one, x, y)]
        assert not shared, (name, other_name)


@pytest.mark.parametrize("view", get_args(View))
def test_every_muscle_keeps_to_its_side_of_the_midline(body: Body, view: View) -> None:
    for name, drawn in muscles(body, view):
        assert min(x for x, _ in drawn) > 0.5, name


def test_the_person_has_the_proportions_of_a_grown_up(outline: Polygon) -> None:
    assert max(y for _, y in outline) / 64 == pytest.approx(7.5, abs=0.1)
    assert max(x for x, _ in outline) < 102


def test_a_curve_passes_through_its_points_and_turns_only_at_corners() -> None:
    square = read_points("0,0* 10,0* 10,10* 0,10*")
    assert outline_path(square) == "M0 0c0 0 10 0 10 0 0 0 0 10 0 10 0 0-10 0-10 0 0 0 0-10 0-10z"
    rounded = polygon(read_points("0,0 10,0 10,10 0,10"))
    assert {(0, 0), (10, 0), (10, 10), (0, 10)} <= set(rounded)
    assert min(x for x, _ in rounded) < 0


def test_a_mirrored_curve_has_the_same_shape() -> None:
    points = read_points("1,2 3.5,4* 6,1")
    assert moved(moved(points, 0, -1), 0, -1) == points
    assert [point.x for point in moved(points, 100, -1)] == [99, 96.5, 94]
