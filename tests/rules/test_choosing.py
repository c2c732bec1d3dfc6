"""Whatever is found, whatever bars the way: what is chosen stays within it. Findings and people are drawn apart, so that many plans can be made."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.answers import Value
from rules.choosing import BUILDS
from rules.content import Exercise
from rules.findings import Finding
from rules.plan import Plan, make_plan
from tests.strategies import PACK

KIT = sorted(kit.id for kit in PACK.plan.kit)
POSITIONS = sorted(position.id for position in PACK.plan.positions)
ACTIVE: dict[str, Value] = {
    "about-you.activity": "150-plus",
    "about-you.age-band": "18-29",
    "safety.pain-level": 0,
    "safety.daily-life": "managing",
}
FINDINGS = [
    Finding(f"{muscle.id}.{state}.{side}", muscle, state, side, band, ())
    for muscle in PACK.muscles.values()
    for state in muscle.priors
    for side in (("left", "both") if muscle.sided else ("midline",))
    for band in ("possible", "likely", "strong")
]


@dataclass(frozen=True)
class Case:
    """What was found, and what bars the way."""

    findings: list[Finding]
    gates: set[str]
    kit: set[str]
    cannot: set[str]
    minutes: int
    gently: bool

    @property
    def plan(self) -> Plan:
        """The plan for it."""
        values: dict[str, Value] = {
            **ACTIVE,
            "about-you.minutes": self.minutes,
            "about-you.kit": tuple(sorted(self.kit)) or ("none",),
            "about-you.positions-cannot": tuple(sorted(self.cannot)) or ("none",),
        }
        gates = tuple(gate for gate in PACK.safety.gates if gate.id in self.gates)
        return make_plan(PACK, values, gates, self.findings, gently=self.gently)


def few(names: list[str]) -> st.SearchStrategy[set[str]]:
    """None, one or some of them."""
    return st.one_of(st.just(set()), st.sets(st.sampled_from(names), min_size=1, max_size=1), st.sets(st.sampled_from(names)))


CASES = st.builds(
    Case,
    findings=st.lists(st.sampled_from(FINDINGS), unique_by=lambda one: (one.muscle.id, one.state), max_size=12),
    gates=few(sorted(gate.id for gate in PACK.safety.gates)),
    kit=few(KIT).map(lambda missing: set(KIT) - missing),
    cannot=few(POSITIONS),
    minutes=st.integers(10, 60),
    gently=st.booleans(),
)
many = settings(max_examples=4 * settings().max_examples)


def reached(plan: Plan) -> list[Exercise]:
    """Every exercise prescribed, or named as the next step."""
    steps = [step for one in plan.prescriptions for step in (one.exercise, one.easier, one.harder)]
    return [exercise for exercise in steps if exercise]


@many
@given(CASES)
def test_nothing_barred_is_reached(case: Case) -> None:
    for exercise in reached(case.plan):
        assert not case.gates & set(exercise.gates), exercise.id
        assert not case.cannot & set(exercise.positions), exercise.id
        assert set(exercise.kit) <= case.kit, exercise.id


def test_nothing_barred_is_reached_for_any_one_finding_and_any_one_bar() -> None:
    for finding in FINDINGS:
        bars = [({gate.id}, set[str](), "") for gate in PACK.safety.gates]
        bars += [(set[str](), {position}, "") for position in POSITIONS] + [(set[str](), set[str](), kit) for kit in KIT]
        for gates, cannot, lacking in bars:
            plan = Case([finding], gates, set(KIT) - {lacking}, cannot, 60, gently=False).plan
            barred = [one.id for one in reached(plan) if gates & set(one.gates) or cannot & set(one.positions) or lacking in one.kit]
            assert barred == [], (finding.id, gates, cannot, lacking)


@many
@given(CASES)
def test_a_plan_is_balanced_and_fits_into_its_minutes(case: Case) -> None:
    plan = case.plan
    kinds = [one.exercise.kind for one in plan.prescriptions]
    assert kinds in ([], ["aerobic"]) or 2 * sum(kind in BUILDS for kind in kinds) >= len(kinds)
    assert kinds.count("stretch") <= PACK.plan.most_stretches
    assert plan.minutes <= case.minutes
    assert len(kinds) <= PACK.plan.most


@many
@given(CASES)
def test_a_step_is_never_two_levels_away(case: Case) -> None:
    for one in case.plan.prescriptions:
        assert all(step.level <= one.exercise.level + 1 for step in (one.easier, one.harder) if step)
        assert one.easier is None or one.easier.level <= one.exercise.level
        assert not case.gently or one.exercise.level == 1


@many
@given(CASES)
def test_everything_that_would_help_is_taken_or_left_out_with_a_reason(case: Case) -> None:
    plan = case.plan
    wanted = {(finding.muscle.id, finding.state) for finding in case.findings}
    helps = {one.id for one in PACK.exercises.values() if wanted & {(serves.muscle, serves.state) for serves in one.serves}}
    taken, left = {one.exercise.id for one in plan.prescriptions}, [one.exercise.id for one in plan.left_out]
    assert len(left) == len(set(left))
    assert set(left) == helps - taken


@many
@given(CASES)
def test_who_has_time_kit_and_no_bar_misses_what_is_likely_only_for_balance(case: Case) -> None:
    plan = Case(case.findings[:3], set(), set(KIT), set(), 60, gently=False).plan
    reasons = {one.exercise.id: one.reason for one in plan.left_out if one.reason not in ("only-when", "level")}
    served = {finding.id for one in plan.prescriptions for finding in one.findings}
    for finding in case.findings[:3]:
        helps = {
            one.id
            for one in PACK.exercises.values()
            if (finding.muscle.id, finding.state) in {(each.muscle, each.state) for each in one.serves}
        }
        assert finding.id in served or finding.band == "possible" or {reasons.get(one, "balance") for one in helps} == {"balance"}


@many
@given(CASES)
def test_only_the_one_weaker_side_gets_more(case: Case) -> None:
    for one in case.plan.prescriptions:
        sides = {finding.side for finding in one.findings} & {"left", "right"}
        assert (one.extra_side is not None) is (one.exercise.side == "each" and len(sides) == 1)


@many
@given(CASES)
def test_the_order_of_findings_does_not_change_what_is_chosen(case: Case) -> None:
    turned = Case(case.findings[::-1], case.gates, case.kit, case.cannot, case.minutes, gently=case.gently)
    assert [one.exercise.id for one in turned.plan.prescriptions] == [one.exercise.id for one in case.plan.prescriptions]
