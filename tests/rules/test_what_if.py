"""What would move a finding is found by trying: each move named is real, and no move of a single answer is missing."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import AnswersRefused, Guidance, Pack, WhatIf, evaluate, what_if
from rules.answers import NOT_SURE, read_answers
from rules.content import leaves, link_id
from rules.criteria import read_by
from rules.follow_up.what_if import Move
from tests.strategies import PACK, Given, answer_to, anybody, enabled, patients

TRUNK_HOLD = "tests.trunk-hold.seconds"
HELD: Given = {TRUNK_HOLD: 62, "tests.trunk-hold.stopped-by": "done"}
WHO = {PACK.plan.items.age, PACK.plan.items.sex}
READ = {
    item
    for rule in PACK.rules
    for one in (rule.when, rule.against_when)
    if one
    for leaf in leaves(one)
    for item in (*read_by(leaf, PACK, "left"), *read_by(leaf, PACK, "right"))
}
TRIED = sorted(item for item in READ - PACK.safety_items - WHO if PACK.items[item].type != "choices")
URGENT = ("emergency", "same-day")


def bands(said: Guidance) -> dict[str, str]:
    """The findings of guidance with their bands."""
    return {one["id"]: one["band"] for one in said["findings"]}


def on_the_same_side(finding: str, found: dict[str, str]) -> list[str]:
    """The bands of the findings that are about the same muscle, state and side."""
    target, _, side = finding.rpartition(".")
    sides = ("left", "right", "both") if side == "both" else (side, "both")
    return [band for name, band in found.items() if name in {f"{target}.{one}" for one in sides}]


def after(person: Given, move: Move) -> dict[str, str]:
    """The findings once the move is made."""
    return bands(evaluate(PACK, enabled(person | move["together_with"] | {move["link_id"]: move["answer"]})))


def moves_of(said: WhatIf, finding: str) -> dict[tuple[str, str], object]:
    """The answer that each item and band needs."""
    [found] = [one for one in (*said["findings"], *said["within_reach"]) if one["id"] == finding]
    return {(move["link_id"], move["band"]): move["answer"] for move in found["moves"]}


@settings(max_examples=20)
@given(patients)
def test_each_move_that_is_named_is_real(person: Given) -> None:
    said = what_if(PACK, person)
    now = bands(evaluate(PACK, person))
    assert {one["id"]: one["band"] for one in said["findings"]} == now
    for one in said["findings"]:
        for move in one["moves"]:
            then = after(person, move)
            assert move["band"] != one["band"]
            assert (then[move["becomes"]] if move["becomes"] else "none") == move["band"]
            assert move["becomes"] or not on_the_same_side(one["id"], then)
    for one in said["within_reach"]:
        assert not on_the_same_side(one["id"], now)
        assert one["moves"]
        assert all(after(person, move)[one["id"]] == move["band"] for move in one["moves"])


@given(patients, st.data())
def test_no_single_answer_moves_a_finding_without_being_named(person: Given, data: st.DataObject) -> None:
    given_now = read_answers(PACK, person).given
    item = data.draw(st.sampled_from(TRIED), label="item")
    answer = data.draw(answer_to(PACK.items[item]), label="answer")
    test = PACK.test_of.get(item)
    assume(answer != NOT_SURE)
    assume(test is None or person.get(link_id(test.name, "stopped-by")) not in (None, NOT_SURE, "not-tried"))
    changed = enabled(person | {item: answer})
    assume(item in changed or item in given_now)
    before, then = (evaluate(PACK, one) for one in (person, changed))
    assume(then["triage"]["urgency"] not in URGENT)
    said = what_if(PACK, person)
    for one in before["findings"]:
        strongest = next(iter(on_the_same_side(one["id"], bands(then))), "none")
        if strongest != one["band"]:
            assert (item, strongest) in moves_of(said, one["id"])
    for name, band in bands(then).items():
        if not on_the_same_side(name, bands(before)):
            assert (item, band) in moves_of(said, name)


@settings(max_examples=20)
@given(anybody)
def test_nothing_urgent_is_talked_away(person: Given) -> None:
    said = what_if(PACK, person, person)
    if evaluate(PACK, person)["triage"]["urgency"] in URGENT:
        assert (said["findings"], said["within_reach"]) == ([], [])
    assert said["change"]
    assert all(one["before"] == one["after"] for one in said["change"]["findings"])
    tried = {move["link_id"] for one in (*said["findings"], *said["within_reach"]) for move in one["moves"]}
    assert not tried & PACK.safety_items


def test_an_answer_that_would_be_urgent_is_no_move(pack: Pack, safe: Given) -> None:
    ageless = {item: answer for item, answer in safe.items() if item != pack.plan.items.age}
    thin: Given = ageless | HELD | {TRUNK_HOLD: 38, "safety.weight-loss-or-sweats": "yes"}
    assert evaluate(pack, thin | {pack.plan.items.age: "50-54"})["triage"]["urgency"] == "same-day"
    said = what_if(pack, thin)
    answers = {move["answer"] for one in (*said["findings"], *said["within_reach"]) for move in one["moves"] if move["link_id"] in WHO}
    assert said["findings"]
    assert not answers & {"50-54", "75-79", "85-plus"}


def test_of_all_answers_that_bring_a_band_the_nearest_is_told(pack: Pack, safe: Given) -> None:
    assert moves_of(what_if(pack, safe | HELD), "lumbar-extensors.weak.midline")[TRUNK_HOLD, "likely"] == 59
    moves = moves_of(what_if(pack, safe | HELD | {TRUNK_HOLD: 38}), "lumbar-extensors.weak.midline")
    assert moves[TRUNK_HOLD, "none"] == 60


def test_a_self_test_that_was_not_done_is_tried_with_its_end(pack: Pack, safe: Given) -> None:
    said = what_if(pack, safe)
    [found] = [one for one in said["within_reach"] if one["id"] == "lumbar-extensors.weak.midline"]
    [move] = [move for move in found["moves"] if move["link_id"] == TRUNK_HOLD and move["band"] == "likely"]
    assert move["together_with"] == {"tests.trunk-hold.stopped-by": "done"}


def test_a_self_test_that_does_not_suit_is_not_tried(pack: Pack, safe: Given) -> None:
    hidden: Given = {"safety.pregnancy": "after-20-weeks", "safety.pregnancy-warning": "no"}
    before, then = (what_if(pack, person) for person in (safe, safe | hidden))
    tried = [{move["link_id"] for one in said["within_reach"] for move in one["moves"]} for said in (before, then)]
    assert TRUNK_HOLD in tried[0] - tried[1]


def test_a_change_says_what_all_of_it_together_does(pack: Pack, safe: Given) -> None:
    effect = what_if(pack, safe | HELD, {TRUNK_HOLD: 38, "back.sweeping-ache": "within-15-min"})["change"]
    assert effect
    assert effect["findings"] == [{"id": "lumbar-extensors.weak.midline", "before": "none", "after": "strong"}]
    assert effect["urgency"] == {"before": "clear", "after": "clear"}


def test_a_change_to_something_urgent_leaves_no_findings_to_compare(pack: Pack, safe: Given) -> None:
    effect = what_if(pack, safe | HELD | {TRUNK_HOLD: 38}, {"safety.saddle-numbness": "yes"})["change"]
    assert effect
    assert (effect["urgency"]["after"], effect["findings"]) == ("emergency", [])


def test_answers_that_a_change_leaves_without_their_question_are_named(pack: Pack, safe: Given) -> None:
    pregnant: Given = safe | {"safety.pregnancy": "after-20-weeks", "safety.pregnancy-warning": "no"}
    effect = what_if(pack, pregnant, {"safety.pregnancy": "no"})["change"]
    assert effect
    assert effect["left_aside"] == ["safety.pregnancy-warning"]


def test_no_change_has_no_effect_to_tell(pack: Pack, safe: Given) -> None:
    assert what_if(pack, safe)["change"] is None
    effect = what_if(pack, safe, {})["change"]
    assert effect
    assert (effect["urgency"]["after"], effect["findings"], effect["left_aside"]) == ("clear", [], [])


@pytest.mark.parametrize(
    ("answers", "change", "within"),
    [
        ({"x": 1}, {}, "answers"),
        ({}, {"x": 1}, "change"),
        ({}, {TRUNK_HOLD: -1}, "change"),
        ({}, {"safety.pregnancy-warning": "AAA"}, "change"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(pack: Pack, answers: Given, change: Given, within: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        what_if(pack, answers, change)
    assert refused.value.within == (within,)
