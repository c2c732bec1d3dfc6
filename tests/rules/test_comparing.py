"""A change is told with its direction, and called more than chance only beyond what the test can err."""

from typing import Any

import pytest
from hypothesis import given

from rules import Comparison, Pack, compare
from rules.content import link_id
from rules.follow_up.comparing import MeasureChange
from tests.strategies import PACK, Given, anybody, patients

# Item, before, after: just enough, and a step too little.
BOUNDARIES: list[tuple[str, float, float, float]] = [
    ("thomas.thigh-angle.left", 10, 6, 7),
    ("knee-extension.degrees.left", 20.5, 12.5, 12.6),
    ("straight-leg-raise.degrees.right", 60, 67, 66),
    ("hip-rotation.degrees.left", 20, 35, 34),
    ("knee-to-wall.reach.right", 7.7, 9.7, 9.6),
    ("side-plank.seconds.left", 20, 50, 49),
    ("single-leg-bridge.seconds.left", 20, 35, 34),
    ("chair-stand.reps", 10, 13, 12),
    ("heel-raise.reps.left", 20, 26, 25),
]
OPPOSITE = {"better": "worse", "worse": "better", "same": "same", None: None}


def done(item: str, value: float, stopped_by: str = "done") -> Given:
    """A self-test with this result."""
    return {f"tests.{item}": value, link_id(item.partition(".")[0], "stopped-by"): stopped_by}


def only(said: Comparison) -> MeasureChange:
    """The one measure that both have."""
    [measure] = said["measures"]
    return measure


@pytest.mark.parametrize(("item", "before", "enough", "too_little"), BOUNDARIES, ids=[item for item, *_ in BOUNDARIES])
def test_a_change_counts_from_the_smallest_that_means_something(
    pack: Pack, item: str, before: float, enough: float, too_little: float
) -> None:
    said = [only(compare(pack, done(item, before), done(item, value))) for value in (enough, too_little)]
    assert [(one["more_than_chance"], one["direction"]) for one in said] == [(True, "better"), (False, "better")]
    assert said[0]["change"] == round(enough - before, 6)
    assert said[0]["smallest_change"]
    assert said[0]["smallest_change"]["sources"]


def test_every_smallest_change_of_the_pack_is_seen_above(pack: Pack) -> None:
    known = {(test.name, one.code) for test in pack.tests.values() for one in test.measures if one.smallest_change}
    assert known == {tuple(item.split(".")[:2]) for item, *_ in BOUNDARIES}


def test_where_no_smallest_change_is_known_that_is_said(pack: Pack) -> None:
    said = only(compare(pack, done("trunk-hold.seconds", 38), done("trunk-hold.seconds", 80)))
    assert (said["direction"], said["more_than_chance"], said["smallest_change"]) == ("better", None, None)
    assert "42 s" in said["text"]
    assert "Nobody has measured" in said["text"]


@pytest.mark.parametrize("stopped_by", ["pain", "tired-elsewhere", "not-tried"])
def test_a_test_that_something_else_ended_is_not_compared(pack: Pack, stopped_by: str) -> None:
    item = "side-plank.seconds.left"
    for pair in ((done(item, 10, stopped_by), done(item, 60)), (done(item, 10), done(item, 60, stopped_by))):
        said = only(compare(pack, *pair))
        assert (said["direction"], said["more_than_chance"]) == (None, None)
        assert "cannot be compared" in said["text"]


def test_what_was_measured_only_once_is_not_compared(pack: Pack) -> None:
    assert compare(pack, done("plank.seconds", 20), {})["measures"] == []


def test_a_test_that_no_longer_suits_is_not_compared(pack: Pack, safe: Given) -> None:
    held = safe | done("trunk-hold.seconds", 38)
    pregnant = held | {"safety.pregnancy": "after-20-weeks", "safety.pregnancy-warning": "no"}
    assert compare(pack, held, held)["measures"]
    assert compare(pack, held, pregnant)["measures"] == []


def test_other_answers_are_listed_when_both_are_decided_and_differ(pack: Pack) -> None:
    before: Given = {"back.sweeping-ache": "no", "back.chores": ["sweeping"], "safety.pain-level": 4, "back.onset": "not-sure"}
    after: Given = {"back.sweeping-ache": "no", "back.chores": ["sweeping", "gardening"], "safety.pain-level": 2, "back.onset": "sudden"}
    options = pack.options("back.chores")
    after["back.chores"] = [code for code, option in options.items() if not option.exclusive][:2]
    before["back.chores"] = after["back.chores"][:1]  # type: ignore[index]
    said = {one["link_id"]: (one["before"], one["after"]) for one in compare(pack, before, after)["answers"]}
    assert said == {"safety.pain-level": (4, 2), "back.chores": (before["back.chores"], after["back.chores"])}


def test_findings_that_came_went_or_moved_are_told(pack: Pack, safe: Given) -> None:
    weak, less, none = (
        safe | done("trunk-hold.seconds", seconds) | more
        for seconds, more in ((20, {"back.sweeping-ache": "within-15-min"}), (50, {}), (120, {}))
    )
    name = "lumbar-extensors.weak.midline"
    assert compare(pack, weak, less)["findings"]["moved"] == [{"id": name, "before": "strong", "after": "likely"}]
    assert name in compare(pack, weak, none)["findings"]["removed"]
    assert name in compare(pack, none, weak)["findings"]["added"]


def test_answers_that_the_pack_does_not_read_are_left_aside_and_named(pack: Pack) -> None:
    odd: Given = {"back.retired": "yes", "tests.plank.seconds": -1, "safety.pregnancy-warning": "no", **done("chair-stand.reps", 10)}
    said = compare(pack, odd, done("chair-stand.reps", 13))
    assert said["left_aside"] == {"before": ["back.retired", "tests.plank.seconds", "safety.pregnancy-warning"], "after": []}
    assert only(said)["more_than_chance"] is True


def mirrored(said: Comparison) -> Any:
    """The comparison read from the other end."""
    return {
        "measures": [(one["link_id"], -one["change"], OPPOSITE[one["direction"]], one["more_than_chance"]) for one in said["measures"]],
        "answers": [(one["link_id"], one["after"], one["before"]) for one in said["answers"]],
        "findings": (
            sorted(said["findings"]["removed"]),
            sorted(said["findings"]["added"]),
            sorted((one["id"], one["after"], one["before"]) for one in said["findings"]["moved"]),
        ),
    }


def plain(said: Comparison) -> Any:
    """The comparison in the same form."""
    return {
        "measures": [(one["link_id"], one["change"], one["direction"], one["more_than_chance"]) for one in said["measures"]],
        "answers": [(one["link_id"], one["before"], one["after"]) for one in said["answers"]],
        "findings": (
            sorted(said["findings"]["added"]),
            sorted(said["findings"]["removed"]),
            sorted((one["id"], one["before"], one["after"]) for one in said["findings"]["moved"]),
        ),
    }


@given(patients, patients)
def test_backwards_it_says_the_opposite(one: Given, other: Given) -> None:
    assert plain(compare(PACK, one, other)) == mirrored(compare(PACK, other, one))


@given(anybody)
def test_nothing_has_changed_since_now(person: Given) -> None:
    said = compare(PACK, person, person)
    assert (said["answers"], said["findings"]) == ([], {"added": [], "removed": [], "moved": []})
    assert all(one["change"] == 0 and not one["more_than_chance"] for one in said["measures"])
    if said["urgency"]["after"] in ("emergency", "same-day"):
        assert said["measures"] == []
