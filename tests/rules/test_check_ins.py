"""The weekly check-in: each criterion at its boundary, and how the plan moves."""

from pathlib import Path

import pytest

from rules import AnswersRefused, NoPlan, Pack, PastCheckIn, check_in
from rules.answers import NOT_SURE
from rules.content import DECISIONS, Decision
from tests.checking_in import EASY, GOLDEN, Case, Weeks, exercises
from tests.planting import changed_pack
from tests.strategies import Given

STOP: Decision = "stop-and-see-a-clinician"
CONTENT = "follow-up.yaml"


@pytest.fixture
def weeks(pack: Pack, safe: Given) -> Weeks:
    """Somebody whose plan has ladders, with a pain of 3 at the start."""
    return Weeks(pack, safe | {"safety.pain-level": 3, "about-you.minutes": 30})


@pytest.mark.parametrize("case", GOLDEN.cases, ids=[case.says for case in GOLDEN.cases])
def test_a_check_in_leads_where_its_criteria_say(weeks: Weeks, case: Case) -> None:
    said = weeks.tell_all(*(EASY | dict(told) for told in case.weeks))
    assert (said["decision"], tuple(one["rule"] for one in said["because"])) == (case.decision, case.because)


def test_every_criterion_of_the_pack_is_seen_above(pack: Pack) -> None:
    assert {name for case in GOLDEN.cases for name in case.because} == {rule.id for rule in pack.follow_up.check_in.rules}
    assert {case.decision for case in GOLDEN.cases} == set(DECISIONS)


def test_each_decision_on_complete_answers_is_said_in_its_own_words(pack: Pack, weeks: Weeks) -> None:
    says = pack.follow_up.check_in.says
    words = {"harder": says.harder, "hold": says.hold, "easier": says.easier, STOP: says.stop}
    seen = set()
    for case in GOLDEN.cases:
        said = Weeks(pack, weeks.answers).tell_all(*(EASY | dict(told) for told in case.weeks))
        if not said["undecided"]:
            assert said["advice"] == words[said["decision"]], case.says
            seen.add(said["decision"])
    assert seen == set(DECISIONS)


def test_more_than_2_above_the_start_makes_it_easier_and_2_does_not(pack: Pack, safe: Given) -> None:
    for pain_after, decision in ((3, "hold"), (4, "easier")):
        said = Weeks(pack, safe | {"safety.pain-level": 1}).tell(EASY | {"pain_after": pain_after})
        assert said["decision"] == decision
        assert [one["rule"] for one in said["because"]] == (["CI05"] if decision == "easier" else [])


def test_pain_above_the_start_is_not_easy(pack: Pack, safe: Given) -> None:
    somebody = Weeks(pack, safe | {"safety.pain-level": 1})
    assert somebody.tell_all(EASY | {"pain_after": 1}, EASY | {"pain_after": 1})["decision"] == "harder"
    somebody = Weeks(pack, safe | {"safety.pain-level": 1})
    assert somebody.tell_all(EASY | {"pain_after": 1}, EASY | {"pain_after": 2})["decision"] == "hold"


@pytest.mark.parametrize(("days", "decision"), [(0, "hold"), (4, "hold"), (5, "harder"), (30, "harder")])
def test_two_check_ins_of_one_week_are_one_week(weeks: Weeks, days: int, decision: Decision) -> None:
    weeks.tell(EASY, day=7)
    assert weeks.tell(EASY, day=7 + days)["decision"] == decision


@pytest.mark.parametrize("left_out", EASY)
@pytest.mark.parametrize("open_", [{}, NOT_SURE])
def test_what_is_left_open_is_never_taken_for_easy(weeks: Weeks, left_out: str, open_: object) -> None:
    told = {key: answer for key, answer in EASY.items() if key != left_out} | ({left_out: open_} if open_ else {})
    said = weeks.tell_all(told, EASY, told)
    assert (said["decision"], said["because"], said["undecided"]) == ("hold", [], [left_out])
    assert "open" in said["advice"]


def test_the_criterion_is_quoted_with_its_sources(weeks: Weeks, pack: Pack) -> None:
    [because] = weeks.tell(EASY | {"effort": 9})["because"]
    rule = next(one for one in pack.follow_up.check_in.rules if one.id == "CI06")
    assert because == {"rule": "CI06", "text": rule.because, "sources": list(rule.sources)}


def test_harder_moves_a_few_exercises_up_their_ladder(weeks: Weeks, pack: Pack) -> None:
    said = weeks.tell_all(EASY, EASY)
    assert len(said["steps"]) == pack.follow_up.check_in.harder_at_once
    [climbed] = [one for one in said["steps"] if one["exercise"] == "bridge"]
    assert (climbed["to"], climbed["way"]) == ("bridge-march", None)
    assert ("bridge" in exercises(said), "bridge-march" in exercises(said)) == (False, True)


def test_easier_moves_everything_down(weeks: Weeks) -> None:
    said = weeks.tell_all(EASY, EASY, EASY | {"effort": 9})
    assert {one["exercise"] for one in said["steps"]} == set(exercises_before(weeks))
    assert "bridge" in exercises(said)


def exercises_before(weeks: Weeks) -> tuple[str, ...]:
    """What the plan held before the last check-in."""
    return weeks.earlier[-2].exercises


def test_no_step_leads_to_what_is_in_the_plan_already(weeks: Weeks) -> None:
    weeks.earlier = [PastCheckIn(0, EASY, "hold", ("cat-camel", "bird-dog"))]
    said = weeks.tell(EASY)
    assert (said["decision"], exercises(said)) == ("harder", ["cat-camel", "bird-dog"])


def test_no_step_takes_more_minutes_than_there_are(pack: Pack, safe: Given) -> None:
    short, long = (Weeks(pack, safe | {"safety.pain-level": 3, "about-you.minutes": minutes}) for minutes in (19, 30))
    ladders = [[one["to"] for one in weeks.tell_all(EASY, EASY)["steps"]] for weeks in (short, long)]
    assert ("bridge-march" in ladders[0], "bridge-march" in ladders[1]) == (False, True)


@pytest.mark.parametrize("bar", [{"safety.unwell-today": "no"}, {"safety.long-term-condition": "cleared"}])
def test_a_ladder_ends_where_the_next_step_is_barred(pack: Pack, safe: Given, bar: Given) -> None:
    somebody = Weeks(pack, safe | {"safety.pain-level": 3, "about-you.minutes": 30} | bar)
    climbed = {one["to"] for _ in range(6) for one in somebody.tell(EASY)["steps"]}
    assert ("bridge-march" in climbed) is (bar == {"safety.unwell-today": "no"})


def test_nothing_gets_harder_while_a_criterion_against_it_is_open(safe: Given, tmp_path: Path) -> None:
    careless = changed_pack(tmp_path, CONTENT, ("          - {item: check-in.signs, is: none}\n", ""))
    told = {key: answer for key, answer in EASY.items() if key != "signs"}
    assert Weeks(careless, safe | {"safety.pain-level": 3}).tell_all(told, told)["decision"] == "hold"


def test_other_ways_of_doing_the_same_take_turns(weeks: Weeks) -> None:
    steps = [[one["exercise"] for one in weeks.tell(EASY)["steps"] if one["way"]] for _ in range(8)]
    assert len({tuple(one) for one in steps if one}) > 1


def test_holding_keeps_every_exercise(weeks: Weeks) -> None:
    said = weeks.tell(EASY)
    assert (exercises(said), said["steps"], said["plan"]["status"]) == (weeks.plan, [], "issued")


def test_a_plan_that_stops_is_withheld_and_not_taken_up_again(weeks: Weeks) -> None:
    said = weeks.tell(EASY | {"signs": "some"})
    assert (said["plan"]["status"], said["plan"]["reason"], exercises(said)) == ("withheld", said["advice"], [])
    assert "emergency number" in said["advice"]
    with pytest.raises(NoPlan):
        weeks.tell(EASY)


@pytest.mark.parametrize("change", [{"safety.saddle-numbness": "yes"}, {"safety.fever": "yes"}, {"safety.pain-level": NOT_SURE}])
def test_without_a_plan_there_is_nothing_to_check_in_on(pack: Pack, safe: Given, change: Given) -> None:
    with pytest.raises(NoPlan):
        check_in(pack, safe | change, Weeks(pack, safe).plan, EASY)
    with pytest.raises(NoPlan):
        check_in(pack, safe, [], EASY)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"done": "half"}, "no-such-option"),
        ({"done": ["all"]}, "no-such-option"),
        ({"pain_after": "3"}, "not-a-number"),
        ({"pain_after": True}, "not-a-number"),
        ({"pain_after": 3.5}, "not-a-number"),
        ({"effort": 11}, "out-of-limits"),
        ({"effort": None}, "not-a-number"),
        ({"pain-after": 3}, "unknown-item"),
    ],
)
def test_what_cannot_be_read_is_refused(weeks: Weeks, told: Given, code: str) -> None:
    with pytest.raises(AnswersRefused) as refused:
        weeks.tell(told)
    assert ([one.code for one in refused.value.problems], refused.value.within) == ([code], ())


def test_an_earlier_answer_that_is_no_longer_read_is_undecided(weeks: Weeks) -> None:
    plan = tuple(weeks.plan)
    weeks.earlier = [PastCheckIn(0, EASY | {"effort": "light"}, "hold", plan)]
    assert weeks.tell(EASY)["decision"] == "hold"
    weeks.earlier = [PastCheckIn(0, EASY | {"mood": "good"}, "hold", plan)]
    assert weeks.tell(EASY)["decision"] == "harder"


def test_an_exercise_that_the_pack_no_longer_has_is_left_out(weeks: Weeks) -> None:
    weeks.earlier = [PastCheckIn(0, EASY, "hold", (*weeks.plan, "retired"))]
    assert exercises(weeks.tell(EASY | {"effort": 6})) == weeks.plan


def test_the_examples_can_be_read(weeks: Weeks, pack: Pack) -> None:
    for example in pack.follow_up.check_in.examples:
        assert weeks.tell(dict(example.told))["decision"]
        weeks.earlier.clear()
