"""Whoever checks in, and whatever they tell: more pain never makes a plan harder, and nothing that is barred is ever reached."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import NoPlan, check_in
from rules.answers import NOT_SURE, read_answers
from rules.content import DECISIONS, Item, link_id
from rules.criteria import compile_criterion
from rules.follow_up.check_ins import STOP, key_of
from rules.triage import triage
from tests.checking_in import EASY, Weeks, exercises
from tests.strategies import PACK, Given, patients


def answers_to(questions: Sequence[Item]) -> st.SearchStrategy[Given]:
    """Any check-in, whole or in part."""
    drawn = {key_of(one): any_answer(one) for one in questions}
    return st.fixed_dictionaries({}, optional=drawn)


def any_answer(question: Item) -> st.SearchStrategy[object]:
    if isinstance(question.options, tuple) and question.options:
        return st.sampled_from([*(option.code for option in question.options), NOT_SURE])
    return st.one_of(st.just(NOT_SURE), st.integers(int(question.min or 0), int(question.max or 0)))


ANY_WEEK = answers_to(PACK.follow_up.check_in.questions)
# Most weeks go well, so that plans get somewhere.
MOST_WEEKS = st.one_of(st.just(EASY), st.just(EASY), st.just(EASY), st.just(EASY | {"effort": 9, "pain_after": 1}), ANY_WEEK)


@given(
    patients, st.lists(MOST_WEEKS, max_size=5), ANY_WEEK, st.integers(0, 10), st.integers(0, 10), st.sampled_from(["pain_after", "effort"])
)
def test_more_pain_or_effort_never_leads_to_anything_harder(
    person: Given, before: list[Given], told: Given, one: int, other: int, key: str
) -> None:
    weeks = Weeks(PACK, person)
    try:
        for week in before:
            weeks.tell(week)
        less, more = (
            check_in(PACK, person, weeks.plan, told | {key: value}, day=99, earlier=weeks.earlier) for value in sorted((one, other))
        )
    except NoPlan:
        return
    assert DECISIONS.index(less["decision"]) <= DECISIONS.index(more["decision"])


@settings(max_examples=100)
@given(patients, st.lists(MOST_WEEKS, min_size=4, max_size=10))
def test_no_step_leads_to_anything_that_is_barred(person: Given, told: list[Given]) -> None:
    weeks = Weeks(PACK, person)
    read = read_answers(PACK, person)
    safety = triage(PACK, read)
    kit, cannot = (read.values.get(item) for item in (PACK.plan.items.kit, PACK.plan.items.positions))
    presumed = {one.id for one in PACK.plan.kit if one.presumed}
    for week in told:
        try:
            said = weeks.tell(week)
        except NoPlan:
            return
        before = weeks.earlier[-2].exercises if len(weeks.earlier) > 1 else tuple(weeks.plan)
        for step in said["steps"]:
            links = PACK.exercises[step["exercise"]]
            assert step["exercise"] in before
            assert step["to"] is None or step["to"] in (links.harder if said["decision"] == "harder" else links.easier)
        for name in exercises(said):
            exercise = PACK.exercises[name]
            assert not {gate.id for gate in safety.gates} & set(exercise.gates)
            assert set(exercise.kit) <= (set(kit) if isinstance(kit, tuple) else presumed)
            assert not set(exercise.positions) & set(cannot if isinstance(cannot, tuple) else ())
            assert exercise.only_when is None or compile_criterion(exercise.only_when, PACK)(safety.values)
            assert all(safety.values.get(link_id(test, "stopped-by")) != "pain" for test in exercise.same_as_test)
        assert len(set(exercises(said))) == len(exercises(said))
        assert said["decision"] == STOP or len(exercises(said)) == len(before)
