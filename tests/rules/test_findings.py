"""Left and right are told apart only where something tells them apart; the strongest finding comes first."""

import pytest

from rules import Pack, evaluate
from tests.strategies import Given

STIFF_ANKLES: Given = {"tests.knee-to-wall.reach.left": 4, "tests.knee-to-wall.reach.right": 4, "tests.knee-to-wall.stopped-by": "done"}
WEAK_BACK: Given = {"tests.trunk-hold.seconds": 10, "tests.trunk-hold.stopped-by": "done"}


def bands(pack: Pack, answers: Given) -> dict[str, str]:
    """Every finding with its band, in the order shown."""
    return {one["id"]: one["band"] for one in evaluate(pack, answers)["findings"]}


@pytest.mark.parametrize(("right", "side"), [(4, "both"), (6, "both"), (6.1, "left"), (9, "left"), (20, "left")])
def test_sides_differ_only_by_more_than_the_test_can_err(pack: Pack, safe: Given, right: float, side: str) -> None:
    found = bands(pack, safe | STIFF_ANKLES | {"tests.knee-to-wall.reach.right": right})
    both_short = right < 9 and side == "left"
    assert set(found) == ({"calves.tight.left", "calves.tight.right"} if both_short else {f"calves.tight.{side}"})


def test_sides_across_a_limit_but_within_error_read_as_the_worse_one(pack: Pack, safe: Given) -> None:
    across: Given = {"tests.knee-to-wall.reach.left": 8, "tests.knee-to-wall.reach.right": 10, "tests.knee-to-wall.stopped-by": "done"}
    alike = across | {"tests.knee-to-wall.reach.right": 8}
    assert bands(pack, safe | across) == bands(pack, safe | alike) == {"calves.tight.both": "possible"}


def test_what_is_felt_on_one_side_is_found_on_that_side(pack: Pack, safe: Given) -> None:
    for side in ("left", "right", "both"):
        assert bands(pack, safe | {"glutes.side-hip-pain": side}) == {f"gluteus-medius.weak.{side}": "possible"}


def test_what_is_felt_on_one_side_does_not_outweigh_a_test_that_finds_the_sides_alike(pack: Pack, safe: Given) -> None:
    alike: Given = {"tests.side-leg-lift.reps.left": 14, "tests.side-leg-lift.reps.right": 15, "tests.side-leg-lift.stopped-by": "done"}
    assert set(bands(pack, safe | alike | {"glutes.side-hip-pain": "left"})) == {"gluteus-medius.weak.both"}


def test_a_short_bend_to_one_side_is_found_on_the_other(pack: Pack, safe: Given) -> None:
    bend: Given = {"tests.side-bend.travel.left": 10, "tests.side-bend.travel.right": 20, "tests.side-bend.stopped-by": "done"}
    assert set(bands(pack, safe | bend)) == {"quadratus-lumborum.tight.right"}


def test_a_muscle_without_sides_is_found_in_the_middle(pack: Pack, safe: Given) -> None:
    assert bands(pack, safe | WEAK_BACK) == {"lumbar-extensors.weak.midline": "likely"}


def test_the_strongest_comes_first_whatever_the_order_of_the_body(pack: Pack, safe: Given) -> None:
    arms: Given = {"tests.wall-push-up.wings": "both", "tests.wall-push-up.stopped-by": "done"}
    found = bands(pack, safe | arms | STIFF_ANKLES | WEAK_BACK | {"back.sweeping-ache": "within-15-min"})
    assert list(found) == ["lumbar-extensors.weak.midline", "calves.tight.both", "lower-trapezius-serratus.weak.both"]
    assert list(found.values()) == ["strong", "possible", "possible"]
