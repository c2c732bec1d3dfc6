"""How far a plan falls short of the best one there is. An exhaustive search of its own, without any of the short cuts of `rules.planning.choosing`, finds that.

What a plan covers: each finding is worth the points of its band to the first exercise for it, half of that to the second, and so on
down to the smallest gain, each time as far as the kind of exercise suits.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from statistics import mean

import pytest
from hypothesis import given

from rules.content import Exercise
from rules.planning.candidates import BUILDS, Candidate, Reach
from rules.planning.plan import person_of
from tests.planned import CASES, Case, crowd
from tests.strategies import PACK

RULES = PACK.plan
PEOPLE = 300


class Best:
    """The best plan for a case, by trying everything that could be better than the best so far."""

    def __init__(self, case: Case) -> None:
        gates = tuple(gate for gate in PACK.safety.gates if gate.id in case.gates)
        person = person_of(PACK, case.values, gates, case.findings, gently=case.gently)
        reach = Reach(PACK, person, case.findings)
        self.case = case
        self.worth = worth(case)
        self.named = person.named
        self.useful = reach.candidates(one.id for one in PACK.exercises.values() if one.id in case.helps(*case.findings))
        self.fillers = reach.candidates(dict.fromkeys([*person.named, *RULES.general, *(one.entry.id for one in self.useful)]))
        self.always = [one for one in reach.candidates(RULES.always) if one.minutes <= case.minutes]
        self.least = next(size for size in range(RULES.fewest, -1, -1) if size == 0 or self.can_grow(self.always, size))
        self.points = 0.0
        self.search(self.always, self.useful)

    def keeps(self, chosen: Sequence[Candidate]) -> bool:
        """Whether the minutes, the size and the steps allow it."""
        kinds = [one.entry.exercise.kind for one in chosen]
        return (
            sum(one.minutes for one in chosen) <= self.case.minutes
            and len(chosen) <= RULES.most
            and kinds.count("stretch") <= RULES.most_stretches
            and sum(kind not in BUILDS for kind in kinds) <= RULES.most // 2
            and not any(self.conflict(one, other) for one, other in combinations(chosen, 2))
        )

    def conflict(self, one: Candidate, other: Candidate) -> bool:
        """Whether the two are steps of one ladder; what a gate asks for by name may stand beside its own steps."""
        first, second = one.entry.exercise, other.entry.exercise
        steps = {first.id, *first.easier, *first.harder}, {second.id, *second.easier, *second.harder}
        return first.id == second.id or (not {first.id, second.id} & self.named and (second.id in steps[0] or first.id in steps[1]))

    def can_grow(self, chosen: Sequence[Candidate], size: int) -> bool:
        """Whether any fillers make a balanced plan of at least this size of it."""
        for more in range(max(0, size - len(chosen)), RULES.most - len(chosen) + 1):
            builds = sum(one.entry.exercise.kind in BUILDS for one in chosen)
            if 2 * (builds + more) < len(chosen) + more:
                continue
            for fillers in combinations(sorted(self.fillers, key=lambda one: one.minutes), more):
                plan = [*chosen, *fillers]
                if self.keeps(plan) and 2 * sum(one.entry.exercise.kind in BUILDS for one in plan) >= len(plan):
                    return True
            return False
        return False

    def cover(self, chosen: Iterable[Candidate]) -> float:
        """How much of what was found these cover."""
        return cover((one.entry.exercise for one in chosen), self.worth)

    def search(self, chosen: list[Candidate], rest: Sequence[Candidate]) -> None:
        """Try to add each of the rest."""
        points = self.cover(chosen)
        if points > self.points:
            if not self.can_grow(chosen, self.least):
                return
            self.points = points
        gains = [(self.cover([*chosen, more]) - points, more) for more in rest]
        gains = sorted([one for one in gains if one[0] and self.keeps([*chosen, one[1]])], key=lambda one: -one[0])
        for place, (_, more) in enumerate(gains):
            if points + sum(gain for gain, _ in gains[place : place + RULES.most - len(chosen)]) <= self.points:
                return
            self.search([*chosen, more], [one for _, one in gains[place + 1 :]])


def worth(case: Case) -> dict[tuple[str, str], list[float]]:
    """What the first, the second… exercise for each finding is worth."""
    worth: dict[tuple[str, str], list[float]] = {}
    for finding in case.findings:
        steps = [float(RULES.band_points[finding.band])] if finding.band != "none" else []
        while steps and steps[-1] * RULES.repeat_share >= RULES.smallest_gain:
            steps.append(steps[-1] * RULES.repeat_share)
        need = finding.muscle.id, finding.state
        worth[need] = max(worth.get(need, []), steps)
    return worth


def cover(exercises: Iterable[Exercise], worth: dict[tuple[str, str], list[float]]) -> float:
    """How much these exercises cover of what was found: the best suited takes the first step."""
    suits: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in exercises:
        for serves in one.serves:
            suits[serves.muscle, serves.state].append(RULES.suits[serves.state].get(one.kind, 0))
    return sum(
        step * suit for need, steps in worth.items() if need in suits for step, suit in zip(steps, sorted(suits[need])[::-1], strict=False)
    )


@pytest.fixture(scope="module")
def shares() -> list[float]:
    """What each plan covers, as a share of what the best one covers."""
    found = [(cover([one.exercise for one in case.plan.prescriptions], worth(case)), Best(case).points) for case in crowd(PEOPLE, seed=1)]
    return [min(1.0, ours / best) for ours, best in found if best]


def test_no_plan_falls_short_of_the_best_one_by_more_than_a_tenth(shares: list[float]) -> None:
    assert len(shares) > PEOPLE * 0.9
    assert min(shares) >= 0.9


def test_plans_are_nearly_always_the_best_there_is(shares: list[float]) -> None:
    assert mean(shares) >= 0.995
    assert sum(share > 1 - 1e-9 for share in shares) >= 0.97 * len(shares)


@given(CASES)
def test_a_plan_has_as_many_exercises_as_it_should_if_that_is_possible(case: Case) -> None:
    assert len(case.plan.prescriptions) >= Best(case).least
