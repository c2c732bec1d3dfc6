"""The interview asks what matters, asks it once, and stops when no answer could change a band."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import NextQuestion, Pack, next_question, why_asked
from rules.answers import NOT_SURE, read_answers
from rules.content import link_id
from rules.triage import triage
from tests.rules.test_bounds import cleared, shown
from tests.strategies import PACK, Given, anybody, enabled, patients

EQUIPPED: Given = {
    "about-you.kit": [code for code in PACK.options("about-you.kit") if code != "none"],
    "about-you.positions-cannot": ["none"],
}
seldom = settings(max_examples=25)


def interviewed(person: Given, **budget: Any) -> tuple[Given, list[NextQuestion]]:
    """What a person has answered when the interview stops, and every step. Whatever they have no answer to they are not sure of."""
    answers: Given = {}
    steps = [next_question(PACK, answers, **budget)]
    while not steps[-1]["should_stop"]:
        for item in steps[-1]["items"]:
            assert item["link_id"] not in answers
            answers[item["link_id"]] = person.get(item["link_id"], NOT_SURE)
        steps.append(next_question(PACK, answers, **budget))
    return answers, steps


def seconds(answers: Given) -> int:
    """How long the answers take, by their own estimates."""
    return sum(PACK.items[item].seconds for item in answers)


@given(patients)
@seldom
def test_stopping_when_everything_is_settled_loses_nothing(person: Given) -> None:
    person = cleared(person | EQUIPPED)
    answers, steps = interviewed(person)
    if steps[-1]["stop_because"] == "settled":
        assert shown(answers) == shown(enabled(person | answers))


@given(patients)
@seldom
def test_questions_alone_are_settled_and_lose_nothing(person: Given) -> None:
    person = cleared(person | EQUIPPED)
    answers, steps = interviewed(person, self_tests=False)
    assert steps[-1]["stop_because"] in ("settled", "urgent")
    assert not any(item in PACK.test_of for item in answers)
    untried = {f"tests.{test}.stopped-by": "not-tried" for test in PACK.tests}
    questions = {item: answer for item, answer in person.items() if item not in PACK.test_of}
    if steps[-1]["stop_because"] == "settled":
        assert shown(answers | untried) == shown(enabled(questions | answers | untried))


@given(anybody)
@seldom
def test_every_step_asks_something_that_is_open_or_stops(person: Given) -> None:
    _, steps = interviewed(cleared(person))
    assert all(bool(step["items"]) is not step["should_stop"] for step in steps)
    assert all((step["stop_because"] is not None) is step["should_stop"] for step in steps)
    answered = [step["progress"]["answered"] for step in steps]
    assert answered == sorted(set(answered))
    assert all(step["progress"]["answered"] <= step["progress"]["askable"] for step in steps)


@given(anybody)
@seldom
def test_an_urgent_person_is_asked_nothing_more(person: Given) -> None:
    person = cleared(person)
    urgent = triage(PACK, read_answers(PACK, person)).urgency in ("emergency", "same-day")
    step = next_question(PACK, person)
    assert (step["stop_because"] == "urgent") is urgent


@given(patients)
@seldom
def test_safety_comes_first_and_then_what_shapes_the_plan(person: Given) -> None:
    _, steps = interviewed(cleared(person | EQUIPPED))
    codes = [{because["code"] for item in step["items"] for because in item["asked_because"]} for step in steps if step["items"]]
    order = ["safety" if "safety" in code else "plan" if "plan" in code else "value" for code in codes]
    first, second = order.count("safety"), order.count("plan")
    assert order == ["safety"] * first + ["plan"] * second + ["value"] * (len(order) - first - second)


@given(patients)
@seldom
def test_no_self_test_is_asked_that_does_not_suit_or_that_the_person_cannot_do(person: Given) -> None:
    person = cleared(person)
    answers, steps = interviewed(person)
    cannot = answers.get("about-you.positions-cannot")
    asked = {PACK.test_of[item["link_id"]].name for step in steps for item in step["items"] if item["link_id"] in PACK.test_of}
    hidden = {test.name for test in triage(PACK, read_answers(PACK, answers)).hidden}
    assert not asked & hidden
    if isinstance(cannot, list):
        assert not [name for name in asked if set(PACK.tests[name].positions) & set(cannot)]


@given(patients, st.sampled_from([60, 120, 300]))
@seldom
def test_a_budget_of_time_is_kept_once_safety_is_asked(person: Given, most: int) -> None:
    answers, steps = interviewed(cleared(person | EQUIPPED), max_seconds=most)
    asked_freely = [step for step in steps if step["items"] and step["items"][0]["asked_because"][0]["code"] != "safety"]
    if asked_freely:
        assert seconds(answers) <= most
    assert steps[-1]["stop_because"] in ("budget", "urgent", "settled", "nothing-left")


@given(patients, st.integers(10, 60))
@seldom
def test_a_budget_of_items_is_kept_once_safety_is_asked(person: Given, most: int) -> None:
    answers, steps = interviewed(cleared(person | EQUIPPED), max_items=most)
    if any(step["items"] and step["items"][0]["asked_because"][0]["code"] != "safety" for step in steps):
        assert len(answers) <= most


def test_the_first_question_is_a_safety_page(pack: Pack) -> None:
    step = next_question(pack, {})
    assert step["items"] == [{"link_id": "safety.below-waist", "asked_because": [{"code": "safety", "findings": []}]}]
    assert not step["should_stop"]
    assert step["progress"]["answered"] == 0


def test_the_answer_of_a_self_test_that_does_not_suit_is_not_counted(pack: Pack, safe: Given) -> None:
    pregnant = safe | {"safety.pregnancy": "after-20-weeks", "safety.pregnancy-warning": "no"}
    test = triage(pack, read_answers(pack, pregnant)).hidden[0]
    ended = pregnant | {link_id(test.name, "stopped-by"): "done"}
    assert next_question(pack, ended)["progress"]["answered"] == next_question(pack, pregnant)["progress"]["answered"]
    assert next_question(pack, pregnant)["progress"]["answered"] == len(pregnant)


def test_reasons_name_the_findings_an_answer_bears_on(safe: Given) -> None:
    _, steps = interviewed(cleared(safe | EQUIPPED | {"about-you.sore-regions": ["legs"]}))
    asked = {item["link_id"]: item["asked_because"] for step in steps for item in step["items"]}
    reasons = {because["code"]: because["findings"] for because in asked["tests.knee-to-wall.reach.left"]}
    assert set(reasons) == {"could-raise", "could-clear", "decides-side"}
    assert reasons["could-raise"] == ["calves.tight.left", "calves.tight.right"]


def test_marked_regions_are_asked_about_first(safe: Given) -> None:
    for region in ("shoulders", "legs"):
        _, steps = interviewed(cleared(safe | EQUIPPED | {"about-you.sore-regions": [region]}))
        first = next(item for step in steps for item in step["items"] if item["asked_because"][0]["code"] not in ("safety", "plan"))
        link_id = first["link_id"]
        assert link_id.startswith(f"{region}.") or PACK.test_of[link_id].region == region


@given(patients)
@seldom
def test_a_page_holds_questions_of_one_group_that_would_each_be_asked(person: Given) -> None:
    groups = {item.link_id: group.id for group in PACK.groups for item in group.items}
    for step in interviewed(cleared(person | EQUIPPED), together=6)[1]:
        asked = [item["link_id"] for item in step["items"]]
        assert len({groups[item] for item in asked}) <= 1
        assert len({PACK.test_of[item].name for item in asked if item in PACK.test_of}) <= 1
        assert len(asked) <= 6 or asked[0] in PACK.test_of
        assert len(asked) == 1 or not set(asked) & set(PACK.cleared.values())


@given(patients)
@seldom
def test_asking_several_at_once_settles_as_much_as_asking_one_by_one(person: Given) -> None:
    person = cleared(person | EQUIPPED)
    answers, steps = interviewed(person, self_tests=False, together=6)
    assert steps[-1]["stop_because"] in ("settled", "urgent")
    if steps[-1]["stop_because"] == "settled":
        assert shown(answers) == shown({item: answer for item, answer in enabled(person | answers).items() if item not in PACK.test_of})


def test_why_something_is_asked_is_the_same_when_it_was_answered() -> None:
    step = next_question(PACK, {}, together=6)
    asked = [item["link_id"] for item in step["items"]]
    assert why_asked(PACK, dict.fromkeys(asked, NOT_SURE), asked) == step["items"]
