"""Stored answers under today's pack: what they say now, what is different, and which answers are no longer read."""

from pathlib import Path

from hypothesis import given, settings

from rules import Pack, evaluate, reevaluate
from rules.answers import read_answers, readable
from tests.planting import changed_pack
from tests.strategies import PACK, Given, anybody

WEAK: Given = {"tests.trunk-hold.seconds": 38, "tests.trunk-hold.stopped-by": "done"}


@settings(max_examples=20)
@given(anybody)
def test_under_the_same_pack_nothing_differs(person: Given) -> None:
    said = reevaluate(PACK, person, evaluate(PACK, person))
    difference = said["difference"]
    assert said["guidance"] == evaluate(PACK, person)
    assert difference["versions"]["before"] == difference["versions"]["after"]
    assert difference["findings"] == {"added": [], "removed": [], "moved": []}
    assert (difference["plan"]["added"], difference["plan"]["removed"], difference["left_aside"]) == ([], [], [])


def test_another_pack_says_what_is_different(pack: Pack, safe: Given, tmp_path: Path) -> None:
    lower = ("{test: trunk-hold, measure: seconds, below: 60, unit: s}", "{test: trunk-hold, measure: seconds, below: 30, unit: s}")
    today = changed_pack(tmp_path, "evidence/back.yaml", lower)
    earlier = evaluate(pack, safe | WEAK)
    difference = reevaluate(today, safe | WEAK, earlier)["difference"]
    assert "lumbar-extensors.weak.midline" in difference["findings"]["removed"]
    assert difference["versions"]["before"] == earlier["versions"]
    assert difference["versions"]["after"]["digest"] == today.digest
    assert difference["plan"]["status_before"] == difference["plan"]["status_after"] == "issued"
    then, now = ({one["exercise"] for one in evaluate(each, safe | WEAK)["plan"]["prescriptions"]} for each in (pack, today))
    assert (set(difference["plan"]["added"]), set(difference["plan"]["removed"])) == (now - then, then - now)


def test_an_answer_that_is_no_longer_read_is_named_and_undecided(pack: Pack, safe: Given) -> None:
    stored = safe | WEAK | {"back.retired": "yes", "tests.plank.seconds": 100_000}
    said = reevaluate(pack, stored, evaluate(pack, safe | WEAK))
    assert said["difference"]["left_aside"] == ["back.retired", "tests.plank.seconds"]
    assert said["guidance"] == evaluate(pack, safe | WEAK)


def test_a_safety_answer_that_is_no_longer_read_withholds_the_plan(pack: Pack, safe: Given) -> None:
    said = reevaluate(pack, safe | {"safety.pain-level": 99}, evaluate(pack, safe))
    assert said["difference"]["plan"]["status_after"] == "safety-unanswered"
    assert said["difference"]["plan"]["added"] == []


def test_what_an_unread_answer_had_led_to_is_left_aside_too(pack: Pack) -> None:
    kept, left_aside = readable(pack, {"safety.pregnancy": "maybe", "safety.pregnancy-warning": "no", "safety.pain-level": 2})
    assert kept == {"safety.pain-level": 2}
    assert left_aside == ("safety.pregnancy", "safety.pregnancy-warning")
    assert read_answers(pack, kept).given == {"safety.pain-level"}
