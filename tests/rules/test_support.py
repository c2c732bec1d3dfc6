"""The support tier: shown from four signs on, never from what is open, and only ever making things gentler."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given

from rules import Guidance, Pack, evaluate
from rules.answers import NOT_SURE, Value, read_answers
from rules.support import support
from rules.triage import triage
from rules.weighing.weigh import BANDS, weigh
from tests.small import added, pack_of, rule, told
from tests.strategies import PACK, Given, anybody, patients

SORE: Given = {"safety.pain-level": 3}
# One answer for each sign.
SIGNS: dict[str, Given] = {
    "leg": {"safety.legs": "some", "safety.leg-pain-below-knee": "checked", "safety.walking-leg-pain": "no"},
    "elsewhere": {"about-you.widespread-pain": "yes"},
    "daily-life": {"safety.daily-life": "hard"},
    "fear": {"support.fear": "often"},
    "worry": {"support.worry": "often"},
    "outlook": {"support.outlook": "little-hope"},
    "joy": {"support.joy": "much-less"},
    "trouble": {"support.trouble": 10},
    "work": {"support.work": "doubtful"},
    "sleep": {"support.sleep": 7},
}
FOUR: Given = SIGNS["fear"] | SIGNS["worry"] | SIGNS["joy"] | SIGNS["sleep"]
WEAK_BACK: Given = {"tests.trunk-hold.seconds": 10, "tests.trunk-hold.stopped-by": "done"}
ACTIVE: Given = {"about-you.activity": "150-plus"}
WITHOUT_SCALES = replace(PACK, weighing=PACK.weighing.model_copy(update={"scales": ()}))


def answered(*signs: str) -> Given:
    """The answers that give these signs."""
    given_: Given = dict(SORE)
    for sign in signs:
        given_ |= SIGNS[sign]
    return given_


def tier(said: Guidance) -> str | None:
    """The words of the tier, if it is shown."""
    return said["support"]["text"] if said["support"] else None


def levels(said: Guidance) -> set[int]:
    """The levels of the exercises in the plan."""
    return {one["level"] for one in said["plan"]["prescriptions"]}


def test_every_sign_can_be_given_by_itself(pack: Pack, safe: Given) -> None:
    assert SIGNS.keys() == {sign.id for sign in pack.support.signs}
    for sign in SIGNS:
        [held] = support(pack, read_answers(pack, safe | answered(sign)).values).signs
        assert held.id == sign


def test_any_four_signs_show_the_tier_and_any_three_do_not(pack: Pack, safe: Given) -> None:
    for count, shown in ((3, None), (4, pack.support.text)):
        for signs in combinations(SIGNS, count):
            assert tier(evaluate(pack, safe | answered(*signs))) == shown, signs


def test_the_tier_names_its_signs_and_their_sources(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | SORE | FOUR)["support"]
    assert said is not None
    assert [one["id"] for one in said["because"]] == ["fear", "worry", "joy", "sleep"]
    assert all(set(one["sources"]) <= pack.sources.keys() for one in (*said["because"], *said["signposts"]))


def test_three_signs_are_not_held_against_anybody_but_low_mood_still_gets_its_word(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | answered("joy", "trouble", "elsewhere"))["support"]
    assert said is not None
    assert (said["text"], said["because"]) == (None, [])
    assert [one["id"] for one in said["signposts"]] == ["low-mood"]
    assert "crisis line" in said["signposts"][0]["text"]


def test_who_gives_no_sign_is_told_nothing(pack: Pack, safe: Given) -> None:
    assert evaluate(pack, safe)["support"] is None
    assert evaluate(pack, safe | answered("trouble"))["support"] is None


@pytest.mark.parametrize("left_open", ["fear", "worry", "joy", "sleep"])
def test_an_open_answer_is_no_sign(pack: Pack, safe: Given, left_open: str) -> None:
    unsure = safe | SORE | FOUR | {f"support.{left_open}": NOT_SURE}
    silent = {item: answer for item, answer in unsure.items() if item != f"support.{left_open}"}
    assert tier(evaluate(pack, unsure)) is None
    assert tier(evaluate(pack, silent)) is None


def test_what_is_urgent_leaves_no_room_for_support(pack: Pack, safe: Given) -> None:
    for urgent in ({"safety.fever": "yes"}, {"safety.saddle-numbness": "yes"}):
        said = evaluate(pack, safe | SORE | FOUR | urgent)
        assert said["triage"]["urgency"] in ("emergency", "same-day")
        assert said["support"] is None


def test_who_should_see_a_clinician_first_is_still_supported(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | FOUR | {"safety.pain-level": 8})
    assert (said["triage"]["urgency"], said["plan"]["status"], tier(said)) == ("clinician-first", "withheld", pack.support.text)


def test_the_questions_are_only_for_those_who_are_sore(pack: Pack) -> None:
    asked = {item for item in pack.items if item.startswith("support.")}
    for pain, given_ in ((0, set[str]()), (1, asked), (NOT_SURE, set[str]())):
        raw: Given = dict.fromkeys(asked, NOT_SURE) | {"safety.pain-level": pain}
        assert read_answers(pack, raw, draft=True).given & asked == given_


def test_the_tier_makes_every_weight_count_seven_tenths_and_says_so(pack: Pack, safe: Given) -> None:
    small = pack_of(pack, rule(0, 1.0, against=-0.5), scales=pack.weighing.scales)
    many: dict[str, Value] = dict(read_answers(pack, safe | SORE | FOUR).values)
    few = {item: answer for item, answer in many.items() if item != "support.sleep"}
    assert [added(small, told(answer) | many) for answer in ("yes", "no")] == [700, -350]
    assert [added(small, told(answer) | few) for answer in ("yes", "no")] == [1000, -500]
    assert pack.support.counts_less in evaluate(pack, safe | SORE | FOUR)["limits"]


def test_the_tier_and_widespread_pain_are_not_multiplied(pack: Pack, safe: Given) -> None:
    small = pack_of(pack, rule(0, 1.0), scales=pack.weighing.scales)
    values = read_answers(pack, safe | SORE | FOUR | SIGNS["elsewhere"]).values
    assert added(small, told("yes") | dict(values)) == 700


def test_the_tier_asks_for_gentle_exercises_for_the_whole_body(pack: Pack, safe: Given) -> None:
    three = {item: answer for item, answer in FOUR.items() if item != "support.sleep"}
    assert max(levels(evaluate(pack, safe | SORE | ACTIVE | WEAK_BACK | three))) > 1
    gentle = evaluate(pack, safe | SORE | ACTIVE | WEAK_BACK | FOUR)
    assert levels(gentle) == {1}
    assert "walking" in {one["exercise"] for one in gentle["plan"]["prescriptions"]}


def test_hard_days_keep_the_plan_at_the_first_level(pack: Pack, safe: Given) -> None:
    reached = {life: max(levels(evaluate(pack, safe | ACTIVE | {"safety.daily-life": life}))) for life in ("managing", "hard")}
    assert reached == {"managing": 3, "hard": 1}


@pytest.mark.parametrize(("confidence", "one_set"), [(4, True), (5, False), (NOT_SURE, False)])
def test_who_is_not_sure_of_exercising_gets_one_set_of_each(pack: Pack, safe: Given, confidence: object, one_set: bool) -> None:
    said = evaluate(pack, safe | SORE | WEAK_BACK | {"support.confidence": confidence})
    assert (max(one["sets"] for one in said["plan"]["prescriptions"]) == 1) is one_set


@given(patients)
def test_the_tier_never_raises_a_band(person: Given) -> None:
    values = dict(triage(PACK, read_answers(PACK, person | SORE | FOUR)).values)
    assert support(PACK, values).tier
    for one, free in zip(weigh(PACK, values), weigh(WITHOUT_SCALES, values), strict=True):
        assert BANDS.index(one.band) <= BANDS.index(free.band), one.target


@given(anybody)
def test_the_tier_counts_its_signs_as_its_scale_does(person: Given) -> None:
    said = evaluate(PACK, person)
    urgent = said["triage"]["urgency"] in ("emergency", "same-day")
    assert (tier(said) is not None) is (PACK.support.counts_less in said["limits"])
    assert not (urgent and said["support"])
