"""Plans to be made: what was found and what bars the way, drawn apart from any answers, so that many plans can be made."""

from dataclasses import dataclass
from functools import cached_property
from random import Random

from hypothesis import strategies as st

from rules.answers import Value
from rules.content import Exercise
from rules.planning.plan import Plan, make_plan
from rules.weighing.findings import Finding
from tests.strategies import PACK

KIT = sorted(kit.id for kit in PACK.plan.kit)
POSITIONS = sorted(position.id for position in PACK.plan.positions)
GATES = sorted(gate.id for gate in PACK.safety.gates)
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
    for side in (("left", "right", "both") if muscle.sided else ("midline",))
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
    gently: bool = False

    @cached_property
    def values(self) -> dict[str, Value]:
        """The answers that a plan reads."""
        return {
            **ACTIVE,
            "about-you.minutes": self.minutes,
            "about-you.kit": tuple(sorted(self.kit)) or ("none",),
            "about-you.positions-cannot": tuple(sorted(self.cannot)) or ("none",),
        }

    @cached_property
    def plan(self) -> Plan:
        """The plan for it."""
        gates = tuple(gate for gate in PACK.safety.gates if gate.id in self.gates)
        return make_plan(PACK, self.values, gates, self.findings, gently=self.gently)

    def helps(self, *findings: Finding) -> set[str]:
        """Every exercise that serves one of these findings."""
        wanted = {(finding.muscle.id, finding.state) for finding in findings}
        return {one.id for one in PACK.exercises.values() if wanted & needs(one)}


def needs(exercise: Exercise) -> set[tuple[str, str]]:
    """The muscles and states that an exercise is for."""
    return {(serves.muscle, serves.state) for serves in exercise.serves}


def few(names: list[str]) -> st.SearchStrategy[set[str]]:
    """None, one or some of them."""
    return st.one_of(st.just(set()), st.sets(st.sampled_from(names), min_size=1, max_size=1), st.sets(st.sampled_from(names)))


CASES = st.builds(
    Case,
    findings=st.lists(st.sampled_from(FINDINGS), unique_by=lambda one: (one.muscle.id, one.state), max_size=12),
    gates=few(GATES),
    kit=few(KIT).map(lambda missing: set(KIT) - missing),
    cannot=few(POSITIONS),
    minutes=st.integers(10, 60),
    gently=st.booleans(),
)


def crowd(size: int, seed: int) -> list[Case]:
    """So many cases with something found, the same at every run: short and long sessions, a bar or two."""
    random = Random(seed)

    def some(names: list[str]) -> set[str]:
        return set(random.sample(names, random.choice([0, 0, 1, 2])))

    def found() -> list[Finding]:
        drawn = random.sample(FINDINGS, random.randint(1, 12))
        return list({(one.muscle.id, one.state): one for one in drawn}.values())

    return [Case(found(), some(GATES), set(KIT) - some(KIT), some(POSITIONS), random.randint(10, 40)) for _ in range(size)]
