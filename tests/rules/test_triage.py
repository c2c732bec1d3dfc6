"""Safety comes first: the highest urgency wins, nothing else is shown beside it, and gates take tests and exercises away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Pack, evaluate
from rules.answers import read_answers
from rules.content import URGENCIES, Is, OneOf, Urgency, link_id
from rules.triage import Triage, triage
from tests.strategies import CLEAR, PACK, Given, anybody

URGENT = ("emergency", "same-day")


def alone_urgent() -> list[tuple[str, str]]:
    """Every single answer that is urgent whatever else is said."""
    levels = [level.when for flag in PACK.safety.red_flags for level in flag.levels if level.urgency in URGENT]
    single = [(when.item, (when.is_,) if isinstance(when, Is) else when.in_) for when in levels if isinstance(when, Is | OneOf)]
    return [(item, code) for item, codes in single for code in codes]


def safety_of(pack: Pack, answers: Given) -> Triage:
    """Somebody whom all safety questions let pass, but for these answers."""
    return triage(pack, read_answers(pack, CLEAR | answers))


def gates(found: Triage) -> set[str]:
    """The gates that are set."""
    return {gate.id for gate in found.gates}


@given(anybody, st.sampled_from(alone_urgent()))
def test_one_urgent_answer_leaves_no_finding_and_no_plan_whatever_else_is_said(person: Given, answer: tuple[str, str]) -> None:
    item, code = answer
    said = evaluate(PACK, person | {item: code})
    assert said["triage"]["urgency"] in URGENT
    assert (said["findings"], said["patterns"], said["measured"]) == ([], [], [])
    assert (said["plan"]["status"], said["plan"]["prescriptions"], said["plan"]["left_out"]) == ("withheld", [], [])
    assert said["limits"] == list(PACK.label.limits)


def test_there_are_answers_that_are_urgent_by_themselves() -> None:
    assert len(alone_urgent()) >= 10


@given(anybody)
def test_the_highest_urgency_wins_and_leads_the_list(person: Given) -> None:
    found = triage(PACK, read_answers(PACK, person))
    ranks = [URGENCIES.index(one.urgency) for one in found.red_flags]
    assert ranks == sorted(ranks)
    lowest = "restricted" if found.gates else "clear"
    assert URGENCIES.index(found.urgency) == min([URGENCIES.index(lowest), *ranks])


@given(anybody)
def test_only_who_is_clear_or_restricted_and_told_all_gets_a_plan(person: Given) -> None:
    said = evaluate(PACK, person)
    open_to_plan = said["triage"]["urgency"] in ("clear", "restricted") and not said["triage"]["unanswered"]
    assert (said["plan"]["status"] == "issued") is open_to_plan
    assert open_to_plan or said["plan"]["prescriptions"] == []
    assert (said["plan"]["reason"] is None) is open_to_plan


@pytest.mark.parametrize(
    ("answers", "urgency"),
    [
        ({}, "clear"),
        ({"about-you.very-flexible": "yes"}, "restricted"),
        ({"safety.hip-replacement": "yes"}, "restricted"),
        ({"safety.not-improving": "yes"}, "clinician-first"),
        ({"safety.not-improving": "yes", "safety.fever": "yes"}, "same-day"),
        ({"safety.not-improving": "yes", "safety.fever": "yes", "safety.bladder-change": "yes"}, "emergency"),
    ],
)
def test_an_urgency_has_its_own_advice(pack: Pack, answers: Given, urgency: Urgency) -> None:
    said = evaluate(pack, CLEAR | answers)["triage"]
    assert (said["urgency"], said["advice"]) == (urgency, pack.safety.advice.for_urgency(urgency))


def test_every_flag_that_holds_is_listed_with_its_words(pack: Pack) -> None:
    said = evaluate(pack, CLEAR | {"safety.not-improving": "yes", "safety.fever": "yes"})["triage"]["red_flags"]
    assert [one["id"] for one in said] == ["RF13", "RF29"]
    texts = {flag.id: flag.text for flag in pack.safety.red_flags}
    assert all(one["text"] == texts[one["id"]] and one["sources"] for one in said)


def test_only_the_first_level_of_a_flag_that_holds_is_raised(pack: Pack) -> None:
    found = safety_of(pack, {"safety.fever": "yes", "safety.pain-level": 8})
    assert [(one.flag.id, one.urgency) for one in found.red_flags if one.flag.id == "RF13"] == [("RF13", "emergency")]


def test_whoever_is_seen_first_may_read_findings_but_gets_no_plan(pack: Pack, safe: Given) -> None:
    weak: Given = {"tests.trunk-hold.seconds": 10, "tests.trunk-hold.stopped-by": "done"}
    said = evaluate(pack, safe | weak | {"safety.not-improving": "yes"})
    assert [one["id"] for one in said["findings"]] == ["lumbar-extensors.weak.midline"]
    assert (said["plan"]["status"], said["plan"]["reason"]) == ("withheld", pack.plan.reasons.clinician_first)


def test_an_open_safety_question_is_said_and_holds_the_plan_back(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | {"safety.injury": "some"})
    assert said["triage"]["advice"] == pack.safety.advice.undecided
    assert {item for item in said["triage"]["unanswered"] if item in pack.cleared} <= {
        item for item, page in pack.cleared.items() if page == "safety.injury"
    }
    assert (said["plan"]["status"], said["plan"]["reason"]) == ("safety-unanswered", pack.plan.reasons.safety_unanswered)


def test_an_open_question_does_not_soften_what_is_urgent(pack: Pack) -> None:
    said = evaluate(pack, {"safety.bladder-change": "yes"})
    assert (said["triage"]["urgency"], said["triage"]["advice"]) == ("emergency", pack.safety.advice.emergency)


def test_nobody_who_answers_nothing_is_called_clear_to_start(pack: Pack) -> None:
    said = evaluate(pack, {})
    assert (said["plan"]["status"], said["triage"]["advice"]) == ("safety-unanswered", pack.safety.advice.undecided)


def test_a_test_that_pain_ended_sets_its_gates(pack: Pack) -> None:
    painful = {test.name: set(test.pain_sets) for test in pack.tests.values() if test.pain_sets}
    assert painful
    for name, sets in painful.items():
        assert sets <= gates(safety_of(pack, {link_id(name, "stopped-by"): "pain"})), name
        assert not sets & gates(safety_of(pack, {link_id(name, "stopped-by"): "done"})), name


def test_a_test_that_does_not_suit_is_hidden_with_all_its_answers(pack: Pack) -> None:
    hold: Given = {"tests.trunk-hold.seconds": 10, "tests.trunk-hold.stopped-by": "done"}
    found = safety_of(pack, hold | {"back.arching": "worse"})
    assert "trunk-hold" in {test.name for test in found.hidden}
    assert not set(hold) & found.values.keys()
    assert set(hold) <= safety_of(pack, hold).values.keys()


def test_a_hidden_test_sets_no_gate(pack: Pack) -> None:
    lying: Given = {"about-you.lying-flat-unwell": "yes"}
    painful: Given = {"tests.knee-extension.degrees.left": 60, "tests.knee-extension.stopped-by": "pain"}
    assert gates(safety_of(pack, painful)) == {"NO_NEURAL_STRETCH"}
    assert gates(safety_of(pack, lying | painful)) == {"NO_SUPINE"}


def test_a_test_is_never_hidden_by_its_own_answers(pack: Pack) -> None:
    doming: Given = {"tests.plank.doming": "yes", "tests.plank.seconds": 20, "tests.plank.stopped-by": "done"}
    found = safety_of(pack, doming)
    assert "NO_BRACE" in gates(found)
    assert "plank" not in {test.name for test in found.hidden}


@given(anybody)
def test_a_hidden_test_says_nothing_at_all(person: Given) -> None:
    found = triage(PACK, read_answers(PACK, person))
    hidden = {item for test in found.hidden for item, owner in PACK.test_of.items() if owner is test}
    told = evaluate(PACK, person)
    untold = evaluate(PACK, {item: answer for item, answer in person.items() if item not in hidden})
    for key in ("triage", "findings", "patterns", "measured", "plan"):
        assert told[key] == untold[key], key
