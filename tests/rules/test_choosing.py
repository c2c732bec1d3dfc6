"""Whatever is found, whatever bars the way: what is chosen stays within it, and what is left out is left out for the reason given."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from rules.content import Exercise
from rules.planning.candidates import BUILDS, Reason
from rules.planning.plan import Plan
from rules.weighing.weigh import BANDS
from tests.planned import CASES, FINDINGS, GATES, KIT, POSITIONS, Case, needs
from tests.strategies import PACK

RULES = PACK.plan
FOUND = {finding.id + ":" + finding.band: finding for finding in FINDINGS}
many = settings(max_examples=4 * settings().max_examples)


def free(*found: str, minutes: int = 60) -> Case:
    """These findings (id:band), and nothing that bars the way."""
    return Case([FOUND[one] for one in found], set(), set(KIT), set(), minutes)


def reached(plan: Plan) -> list[Exercise]:
    """Every exercise prescribed, or named as the next step."""
    steps = [step for one in plan.prescriptions for step in (one.exercise, one.easier, one.harder)]
    return [exercise for exercise in steps if exercise]


def reasons(plan: Plan) -> dict[str, Reason]:
    """Why each exercise is left out."""
    return {one.exercise.id: one.reason for one in plan.left_out}


def ladder(exercise: Exercise) -> set[str]:
    """The exercise, and what is one step easier or harder."""
    steps_to = {one.id for one in PACK.exercises.values() if exercise.id in (*one.easier, *one.harder)}
    return {exercise.id, *exercise.easier, *exercise.harder} | steps_to


@many
@given(CASES)
def test_nothing_barred_is_reached(case: Case) -> None:
    for exercise in reached(case.plan):
        assert not case.gates & set(exercise.gates), exercise.id
        assert not case.cannot & set(exercise.positions), exercise.id
        assert set(exercise.kit) <= case.kit, exercise.id


def test_nothing_barred_is_reached_for_any_one_finding_and_any_one_bar() -> None:
    for finding in FINDINGS:
        bars = [({gate}, set[str](), "") for gate in GATES]
        bars += [(set[str](), {position}, "") for position in POSITIONS] + [(set[str](), set[str](), kit) for kit in KIT]
        for gates, cannot, lacking in bars:
            plan = Case([finding], gates, set(KIT) - {lacking}, cannot, 60).plan
            barred = [one.id for one in reached(plan) if gates & set(one.gates) or cannot & set(one.positions) or lacking in one.kit]
            assert barred == [], (finding.id, gates, cannot, lacking)


@many
@given(CASES)
def test_a_plan_is_balanced_and_fits_into_its_minutes(case: Case) -> None:
    plan = case.plan
    kinds = [one.exercise.kind for one in plan.prescriptions]
    assert kinds in ([], ["aerobic"]) or 2 * sum(kind in BUILDS for kind in kinds) >= len(kinds)
    assert kinds.count("stretch") <= RULES.most_stretches
    assert plan.minutes <= case.minutes
    assert len(kinds) <= RULES.most


@many
@given(CASES)
def test_walking_is_always_there_or_it_is_said_why_not(case: Case) -> None:
    prescribed = {one.exercise.id for one in case.plan.prescriptions}
    for exercise in RULES.always:
        assert (exercise in prescribed) is (exercise not in reasons(case.plan))
        assert (exercise in prescribed) is case.cannot.isdisjoint(PACK.exercises[exercise].positions)


@many
@given(CASES)
def test_a_plan_is_short_only_if_nothing_else_that_helps_everybody_is_possible(case: Case) -> None:
    plan = case.plan
    if len(plan.prescriptions) >= RULES.fewest:
        return
    said, prescribed = reasons(plan), {one.exercise.id for one in plan.prescriptions}
    helpful = {*RULES.general, *RULES.always, *case.helps(*case.findings)}
    instead = {exercise for gate in PACK.safety.gates if gate.id in case.gates for exercise in gate.adds}
    assert helpful <= prescribed | set(said) <= helpful | instead
    assert set(said) <= helpful
    assert {"full", "covered"}.isdisjoint(said.values())


@many
@given(CASES)
def test_a_step_is_never_two_levels_away(case: Case) -> None:
    for one in case.plan.prescriptions:
        assert all(step.level <= one.exercise.level + 1 for step in (one.easier, one.harder) if step)
        assert one.easier is None or one.easier.level <= one.exercise.level
        assert not case.gently or one.exercise.level == 1


@many
@given(CASES)
def test_what_looks_weak_starts_lower_unless_the_exercise_has_an_entry_test(case: Case) -> None:
    start = RULES.weak_start
    weak = {(one.muscle.id, one.state) for one in case.findings if one.state == "weak" and BANDS.index(one.band) >= BANDS.index(start.band)}
    for one in case.plan.prescriptions:
        assert one.exercise.level <= start.level or one.exercise.only_when or not weak & needs(one.exercise), one.exercise.id


def test_a_fit_person_with_a_weak_back_starts_below_the_loaded_hinge() -> None:
    assert "loaded-hinge" in {one.exercise.id for one in free("lumbar-extensors.weak.midline:possible").plan.prescriptions}
    plan = free("lumbar-extensors.weak.midline:likely").plan
    assert reasons(plan)["loaded-hinge"] == "level"
    assert {one.exercise.level for one in plan.prescriptions if one.findings} == {1, 2}


@many
@given(CASES)
def test_everything_that_would_help_is_taken_or_left_out_with_a_reason(case: Case) -> None:
    taken, left = {one.exercise.id for one in case.plan.prescriptions}, [one.exercise.id for one in case.plan.left_out]
    assert len(left) == len(set(left))
    assert not taken & set(left)
    assert case.helps(*case.findings) <= taken | set(left)


@many
@given(CASES)
def test_an_exercise_is_left_out_for_the_reason_given(case: Case) -> None:
    plan = case.plan
    prescribed = [one.exercise for one in plan.prescriptions]
    kinds = [one.kind for one in prescribed]
    others = sum(kind not in BUILDS for kind in kinds)
    trained = {need for one in prescribed for need in needs(one)}
    for one in plan.left_out:
        exercise = one.exercise
        match one.reason:
            case "step":
                assert ladder(exercise) & {each.id for each in prescribed}
            case "covered":
                assert {(each.muscle.id, each.state) for each in case.findings} & needs(exercise) <= trained
            case "balance":
                assert exercise.kind not in BUILDS
                assert 2 * (others + 1) > min(len(kinds) + 1, RULES.most) or kinds.count("stretch") == RULES.most_stretches
            case "full":
                assert len(kinds) == RULES.most
            case "time":
                assert least_minutes(exercise, case) + plan.minutes > case.minutes, exercise.id
            case "gentle":
                assert case.gently
                assert len(kinds) >= RULES.fewest
            case _:
                assert one.reason in ("gate", "kit", "position", "level", "only-when")


def least_minutes(exercise: Exercise, case: Case) -> float:
    """What the exercise takes, with a set more if only one side needs it."""
    dose = exercise.dose
    sets = (1 if case.minutes < RULES.short_session_below else dose.sets) * (2 if exercise.side == "each" else 1)
    sides = {one.side for one in case.findings if (one.muscle.id, one.state) in needs(exercise)}
    more = exercise.side == "each" and bool({"left", "right"} & sides)
    seconds = (sets + more) * (dose.reps * (dose.hold_seconds + dose.seconds_per_rep) + dose.rest_seconds)
    return float(dose.minutes or -(-seconds // 60))


@many
@given(CASES)
def test_who_has_time_and_no_bar_has_everything_likely_served_or_no_room_for_it(case: Case) -> None:
    plan = Case(case.findings, set(), set(KIT), set(), 60).plan
    served = {finding.id for one in plan.prescriptions for finding in one.findings}
    for finding in case.findings:
        if finding.id not in served:
            assert {reasons(plan)[one] for one in case.helps(finding)} <= {"balance", "full", "step", "only-when", "level"}
            assert len(plan.prescriptions) == RULES.most or finding.state == "tight"


def test_what_gives_way_for_balance_leaves_its_place_to_another_finding() -> None:
    tight = ["calves", "hamstrings", "hip-adductors", "rectus-femoris"]
    case = free(*(f"{muscle}.tight.both:strong" for muscle in tight), "abdominals.weak.midline:likely", "iliopsoas.weak.both:likely")
    for minutes in range(10, 31):
        plan = replace(case, minutes=minutes).plan
        served = {finding.id for one in plan.prescriptions for finding in one.findings}
        left = [one for one in plan.left_out if case.helps(case.findings[4]) & {one.exercise.id}]
        assert "abdominals.weak.midline" in served or {one.reason for one in left} <= {"time", "full"}, minutes


SIDES: list[tuple[list[str], str | None]] = [
    (["gluteus-medius.weak.right:likely"], "right"),
    (["gluteus-medius.weak.left:possible"], "left"),
    (["gluteus-medius.weak.right:likely", "gluteus-medius.weak.left:possible"], "right"),
    (["gluteus-medius.weak.left:strong", "gluteus-medius.weak.right:likely"], "left"),
    (["gluteus-medius.weak.both:likely"], None),
    (["gluteus-medius.weak.left:likely", "gluteus-medius.weak.right:likely"], None),
]  # fmt: skip


@pytest.mark.parametrize(("found", "side"), SIDES, ids=[" and ".join(found) for found, _ in SIDES])
def test_the_weaker_side_gets_one_set_more(found: list[str], side: str | None) -> None:
    case = free(*found)
    serving = [one for one in case.plan.prescriptions if one.exercise.id in case.helps(*case.findings) and one.exercise.side == "each"]
    assert serving
    assert {one.extra_side for one in serving} == {side}


@many
@given(CASES)
def test_nothing_that_is_done_with_both_sides_at_once_gets_more_on_one(case: Case) -> None:
    for one in case.plan.prescriptions:
        sides = {finding.side for finding in one.findings} & {"left", "right"}
        assert one.extra_side is None or (one.exercise.side == "each" and one.extra_side in sides)


@many
@given(CASES)
def test_the_order_of_findings_does_not_change_what_is_chosen(case: Case) -> None:
    turned = replace(case, findings=case.findings[::-1])
    assert [one.exercise.id for one in turned.plan.prescriptions] == [one.exercise.id for one in case.plan.prescriptions]


@many
@given(CASES)
def test_no_exercise_stands_beside_its_own_step_unless_a_gate_asks_for_it(case: Case) -> None:
    named = {exercise for gate in PACK.safety.gates if gate.id in case.gates for exercise in gate.adds}
    for one, other in combinations([one.exercise for one in case.plan.prescriptions], 2):
        assert one.id not in ladder(other) or named & {one.id, other.id}, (one.id, other.id)
