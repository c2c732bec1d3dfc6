"""A plan serves what was found, within gates, kit, positions and minutes, and says why the rest is left out."""

import pytest
from hypothesis import given

from rules import Guidance, Pack, evaluate
from rules.answers import Value, read_answers
from rules.content import Exercise
from rules.planning.candidates import Reach
from rules.planning.plan import person_of
from rules.weighing.weigh import BANDS
from tests.strategies import PACK, Given, patients

BY_NAME = {exercise.name: exercise for exercise in PACK.exercises.values()}
BUILDS = ("strengthen", "control")
SHORT_HAMSTRINGS: Given = {
    "tests.knee-extension.degrees.left": 50,
    "tests.knee-extension.degrees.right": 50,
    "tests.knee-extension.stopped-by": "done",
}
TIGHT: Given = SHORT_HAMSTRINGS | {
    "tests.thomas.thigh-angle.left": 20,
    "tests.thomas.thigh-angle.right": 20,
    "tests.thomas.stopped-by": "done",
    "tests.knee-to-wall.reach.left": 3,
    "tests.knee-to-wall.reach.right": 3,
    "tests.knee-to-wall.stopped-by": "done",
    "tests.butterfly.gap.left": 35,
    "tests.butterfly.gap.right": 35,
    "tests.butterfly.groin-pinch": "no",
    "tests.butterfly.stopped-by": "done",
}
WEAK_BELLY: Given = {"tests.plank.seconds": 10, "tests.plank.stopped-by": "done"}
PAINFUL_PLANK: Given = {**WEAK_BELLY, "tests.plank.stopped-by": "pain", "back.leg-lift-arch": "yes", "back.belly-surgery": "yes"}
WEAK_LEFT_HIP: Given = {"tests.side-leg-lift.reps.left": 3, "tests.side-leg-lift.reps.right": 20, "tests.side-leg-lift.stopped-by": "done"}
MANY: Given = TIGHT | WEAK_BELLY | WEAK_LEFT_HIP
UNFIT: Given = SHORT_HAMSTRINGS | {
    "legs.hands-to-rise": "hands",
    "tests.knee-to-wall.reach.left": 3,
    "tests.knee-to-wall.reach.right": 12,
    "tests.trunk-hold.seconds": 5,
    "tests.plank.seconds": 5,
    "tests.bridge.seconds": 5,
    "tests.chair-stand.reps": 3,
    **{f"tests.{test}.stopped-by": "done" for test in ("knee-to-wall", "trunk-hold", "plank", "bridge", "chair-stand")},
}

LEFT_OUT: list[tuple[Given, str, str]] = [
    (SHORT_HAMSTRINGS | {"safety.leg-pain-below-knee": "checked"}, "strap-hamstring", "gate"),
    (SHORT_HAMSTRINGS, "sciatic-slider", "only-when"),
    (SHORT_HAMSTRINGS | {"about-you.kit": ["none"]}, "strap-hamstring", "kit"),
    (SHORT_HAMSTRINGS | {"about-you.positions-cannot": ["lying-back"]}, "ake-pump", "position"),
    (SHORT_HAMSTRINGS, "loaded-hinge", "level"),
    (MANY | {"about-you.minutes": 12}, "butterfly", "time"),
    (WEAK_BELLY, "brace-breath", "step"),
    (WEAK_BELLY, "pelvic-tilt", "covered"),
    (MANY | {"about-you.minutes": 60}, "heel-raise", "full"),
    (UNFIT, "strap-hamstring", "gentle"),
    (TIGHT, "wall-calf", "balance"),
    (PAINFUL_PLANK, "front-plank-knees", "pain"),
]  # fmt: skip


def exercises(said: Guidance) -> list[str]:
    """What the plan holds, in its order."""
    return [one["exercise"] for one in said["plan"]["prescriptions"]]


def named(said: Guidance) -> list[Exercise]:
    """Every exercise of the plan, and every one it leads to."""
    names = [name for one in said["plan"]["prescriptions"] for name in (one["name"], one["easier"], one["harder"])]
    return [BY_NAME[name] for name in names if name in BY_NAME]


def values_of(person: Given) -> dict[str, Value]:
    """What the person decided."""
    return dict(read_answers(PACK, person).values)


def several(value: Value | None) -> set[str]:
    """The options chosen."""
    return set(value) if isinstance(value, tuple) else set()


@pytest.mark.parametrize(("answers", "exercise", "reason"), LEFT_OUT, ids=[reason for _, _, reason in LEFT_OUT])
def test_an_exercise_is_left_out_with_its_reason(pack: Pack, safe: Given, answers: Given, exercise: str, reason: str) -> None:
    said = evaluate(pack, safe | answers)["plan"]["left_out"]
    [left_out] = [one for one in said if one["exercise"] == exercise]
    assert (left_out["reason"], left_out["name"]) == (reason, pack.exercises[exercise].name)
    assert pack.exercises[exercise].name in left_out["text"]
    assert (left_out["gate"] is not None) is (reason == "gate")


def test_every_reason_to_leave_an_exercise_out_is_seen_above(pack: Pack) -> None:
    reasons = {field.alias or name for name, field in type(pack.plan.left_out).model_fields.items()}
    assert {reason for _, _, reason in LEFT_OUT} == reasons


def test_a_short_session_has_one_set_of_everything(pack: Pack, safe: Given) -> None:
    limit = pack.plan.short_session_below
    short, long = (evaluate(pack, safe | {"about-you.minutes": minutes})["plan"] for minutes in (limit - 1, limit))
    assert {one["sets"] for one in short["prescriptions"]} == {1}
    assert max(one["sets"] for one in long["prescriptions"]) > 1


def test_who_names_no_minutes_gets_a_plan_of_the_usual_length(pack: Pack, safe: Given) -> None:
    usual = pack.plan.default_minutes
    assert evaluate(pack, safe | TIGHT)["plan"] == evaluate(pack, safe | TIGHT | {"about-you.minutes": usual})["plan"]


def test_somebody_in_whom_nothing_stands_out_gets_a_general_plan(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe)
    assert said["findings"] == []
    assert exercises(said)[0] == "walking"
    assert len(exercises(said)) == pack.plan.general_size


def test_the_weaker_side_gets_one_set_more(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | WEAK_LEFT_HIP)
    extra = {
        one["extra_set_side"]
        for one in said["plan"]["prescriptions"]
        if one["for"] == ["gluteus-medius.weak.left"] and one["side"] == "each"
    }
    assert extra == {"left"}


def test_many_findings_are_answered_by_a_gentle_plan_for_the_whole_body(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | UNFIT | {"about-you.activity": "150-plus"})
    likely = {(one["muscle"], one["state"]) for one in said["findings"] if one["band"] in ("likely", "strong")}
    assert len(likely) >= pack.plan.deconditioned.findings
    assert pack.label.notes.general_deconditioning in said["limits"]
    assert {one["level"] for one in said["plan"]["prescriptions"]} == {1}


def test_active_people_reach_harder_exercises(pack: Pack, safe: Given) -> None:
    levels = [
        max(one["level"] for one in evaluate(pack, safe | {"about-you.activity": activity})["plan"]["prescriptions"])
        for activity in ("under-60", "60-149", "150-plus")
    ]
    assert levels == sorted(levels)
    assert (levels[0], levels[-1]) == (1, 3)


@given(patients)
def test_no_exercise_that_a_gate_bars_is_prescribed_or_named(person: Given) -> None:
    said = evaluate(PACK, person)
    gates = {gate["id"] for gate in said["triage"]["gates"]}
    assert [exercise.id for exercise in named(said) if gates & set(exercise.gates)] == []


@given(patients)
def test_no_exercise_asks_for_kit_or_a_position_that_the_person_lacks(person: Given) -> None:
    values, items = values_of(person), PACK.plan.items
    has = several(values.get(items.kit)) if items.kit in values else {kit.id for kit in PACK.plan.kit if kit.presumed}
    cannot = several(values.get(items.positions))
    for exercise in named(evaluate(PACK, person)):
        assert set(exercise.kit) <= has, exercise.id
        assert not cannot & set(exercise.positions), exercise.id


@given(patients)
def test_a_plan_keeps_to_the_minutes_and_to_its_size(person: Given) -> None:
    said = evaluate(PACK, person)["plan"]
    minutes = values_of(person).get(PACK.plan.items.minutes, PACK.plan.default_minutes)
    assert isinstance(minutes, int)
    assert sum(one["minutes"] for one in said["prescriptions"]) == said["minutes"] <= minutes
    assert len(said["prescriptions"]) <= PACK.plan.most


@given(patients)
def test_at_least_half_of_a_plan_builds_strength_or_control(person: Given) -> None:
    kinds = [one["kind"] for one in evaluate(PACK, person)["plan"]["prescriptions"]]
    assert kinds.count("stretch") <= PACK.plan.most_stretches
    assert kinds in ([], ["aerobic"]) or 2 * sum(kind in BUILDS for kind in kinds) >= len(kinds)


def test_who_cannot_stand_is_told_why_walking_is_not_in_the_plan(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | {"about-you.positions-cannot": ["standing"]})["plan"]
    [walking] = [one for one in said["left_out"] if one["exercise"] == "walking"]
    assert (walking["reason"], pack.names["standing"] in walking["text"]) == ("position", True)


@given(patients)
def test_walking_is_in_every_plan_of_who_can_stand(person: Given) -> None:
    said = evaluate(PACK, person)
    stands = "standing" not in several(values_of(person).get(PACK.plan.items.positions))
    assert ("walking" in exercises(said)) is (stands and said["plan"]["status"] == "issued")


@given(patients)
def test_a_plan_goes_from_warming_up_to_stretching(person: Given) -> None:
    kinds = [one["kind"] for one in evaluate(PACK, person)["plan"]["prescriptions"]]
    assert kinds == sorted(kinds, key=PACK.plan.order.index)
    assert len(set(exercises(evaluate(PACK, person)))) == len(kinds)


@given(patients)
def test_what_is_likely_is_trained_or_it_is_said_why_not(person: Given) -> None:
    said = evaluate(PACK, person)
    if said["plan"]["status"] != "issued":
        return
    left_out = {one["exercise"] for one in said["plan"]["left_out"]}
    for finding in said["findings"]:
        own = {(finding["muscle"], finding["state"])}
        serving = {one.id for one in PACK.exercises.values() if own & {(serves.muscle, serves.state) for serves in one.serves}}
        served = any(finding["id"] in one["for"] for one in said["plan"]["prescriptions"])
        assert served or serving <= left_out or BANDS.index(finding["band"]) < BANDS.index("likely"), finding["id"]
        assert not left_out & set(exercises(said))


@given(patients)
def test_an_exercise_says_for_which_findings_it_is(person: Given) -> None:
    said = evaluate(PACK, person)
    found = {one["id"]: (one["muscle"], one["state"]) for one in said["findings"]}
    for one in said["plan"]["prescriptions"]:
        serves = {(each.muscle, each.state) for each in PACK.exercises[one["exercise"]].serves}
        assert one["for"] == [name for name, target in found.items() if target in serves]


@given(patients)
def test_no_sentence_keeps_a_gap_to_be_filled(person: Given) -> None:
    said = evaluate(PACK, person)
    arguments = [each["text"] for one in said["findings"] for each in (*one["supporting"], *one["conflicting"])]
    sentences = [*arguments, *said["limits"], *(one["text"] for one in said["plan"]["left_out"])]
    assert [one for one in sentences if not one or "{" in one or "  " in one] == []


def test_an_exercise_given_in_minutes_takes_as_many_seconds(pack: Pack) -> None:
    timed = {exercise.id: exercise.dose.minutes * 60 for exercise in pack.exercises.values() if exercise.dose.minutes}
    assert timed
    reach = Reach(pack, person_of(pack, {}, (), [], gently=False), [])
    assert {one.entry.id: one.seconds for one in reach.candidates(timed)}.items() <= timed.items()
