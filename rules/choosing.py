"""Chooses exercises one by one: what bars one, what it costs in minutes, what it still adds, what was left out and why."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rules.content import SIDES, Exercise, ExerciseKind, Gate, Pack, Side, State, link_id
from rules.criteria import Holds, Values, compile_criterion
from rules.findings import Finding

Reason = Literal["gate", "pain", "only-when", "kit", "position", "level", "time", "covered", "balance"]
POINT = 1000
BUILDS: tuple[ExerciseKind, ...] = ("strengthen", "control")


Need = tuple[str, State]


def need_of(finding: Finding) -> Need:
    """What a finding asks of the plan, whichever side it is on."""
    return finding.muscle.id, finding.state


@dataclass(frozen=True)
class LeftOut:
    """An exercise that would have helped, and why it is not in the plan. `what`: the gate, kit or position."""

    exercise: Exercise
    reason: Reason
    what: str = ""


@dataclass(frozen=True)
class Prescription:
    """One exercise of the plan with its dose. `extra_side`: the side that gets one set more."""

    exercise: Exercise
    findings: tuple[Finding, ...]
    sets: int
    minutes: int
    extra_side: Side | None
    easier: Exercise | None
    harder: Exercise | None


class Catalogue:
    """The exercises of a pack, indexed by what they serve."""

    def __init__(self, pack: Pack) -> None:
        self.only_when: Mapping[str, Holds] = {
            exercise.id: compile_criterion(exercise.only_when, pack) for exercise in pack.exercises.values() if exercise.only_when
        }
        self.levels = [(level.level, compile_criterion(level.when, pack)) for level in pack.plan.levels]
        self.presumed = frozenset(kit.id for kit in pack.plan.kit if kit.presumed)
        self.serving: dict[tuple[str, State], list[str]] = defaultdict(list)
        for exercise in pack.exercises.values():
            for serves in exercise.serves:
                self.serving[serves.muscle, serves.state].append(exercise.id)
        self.suits = {(state, kind): round(suit * POINT) for state, kinds in pack.plan.suits.items() for kind, suit in kinds.items()}
        self.places = {exercise: place for place, exercise in enumerate(pack.exercises)}


@lru_cache(maxsize=8)
def catalogue(pack: Pack) -> Catalogue:
    return Catalogue(pack)


@dataclass(frozen=True)
class Person:
    """What decides whether an exercise is within reach."""

    gates: tuple[Gate, ...]
    kit: frozenset[str]
    cannot: frozenset[str]
    level: int
    minutes: int
    values: Values


class Chooser:
    """The plan while it is being made."""

    def __init__(self, pack: Pack, person: Person, findings: list[Finding]) -> None:
        self.pack = pack
        self.rules = pack.plan
        self.compiled = catalogue(pack)
        self.person = person
        self.chosen: dict[str, Exercise] = {}
        self._kinds: Counter[ExerciseKind] = Counter()
        self._taken = 0
        # A muscle that is flagged on both sides is still one muscle to train.
        self._need: dict[Need, int] = defaultdict(int)
        for one in findings:
            if one.band != "none":
                self._need[need_of(one)] = max(self._need[need_of(one)], self.rules.band_points[one.band] * POINT)
        self._serves: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            for exercise in self.compiled.serving[finding.muscle.id, finding.state]:
                self._serves[exercise].append(finding)
        self._seconds: dict[str, int] = {}
        self._bars: dict[str, LeftOut | None] = {}
        self._given_up: set[str] = set()
        self._points = dict(self._need)

    def _bar(self, exercise: Exercise) -> LeftOut | None:
        """Why this person cannot be given the exercise at all, if so."""
        if exercise.id not in self._bars:
            self._bars[exercise.id] = self._find_bar(exercise)
        return self._bars[exercise.id]

    def allows(self, exercise: Exercise) -> bool:
        """Whether nothing but a level still to be reached keeps this person from the exercise."""
        bar = self._bar(exercise)
        return bar is None or bar.reason == "level"

    def _find_bar(self, exercise: Exercise) -> LeftOut | None:
        person = self.person
        for gate in person.gates:
            if gate.id in exercise.gates:
                return LeftOut(exercise, "gate", gate.id)
        for test in exercise.same_as_test:
            if person.values.get(link_id(test, "stopped-by")) == "pain":
                return LeftOut(exercise, "pain", test)
        only_when = self.compiled.only_when.get(exercise.id)
        if only_when and not only_when(person.values):
            return LeftOut(exercise, "only-when")
        for kit in exercise.kit:
            if kit not in person.kit:
                return LeftOut(exercise, "kit", kit)
        for position in exercise.positions:
            if position in person.cannot:
                return LeftOut(exercise, "position", position)
        return LeftOut(exercise, "level") if exercise.level > person.level else None

    def _seconds_of(self, exercise: Exercise) -> int:
        if exercise.id not in self._seconds:
            dose = exercise.dose
            sides = 2 if exercise.side == "each" else 1
            sets = self._sets(exercise) * sides + (1 if self._extra_side(exercise) else 0)
            working = sets * (dose.reps * (dose.hold_seconds + dose.seconds_per_rep) + dose.rest_seconds)
            self._seconds[exercise.id] = dose.minutes * 60 if dose.minutes else max(1, working)
        return self._seconds[exercise.id]

    def _minutes_of(self, exercise: Exercise) -> int:
        """Whole minutes, rounded up, so that the minutes shown add up to the minutes promised."""
        return -(-self._seconds_of(exercise) // 60)

    def _sets(self, exercise: Exercise) -> int:
        return 1 if self.person.minutes < self.rules.short_session_below else exercise.dose.sets

    def _extra_side(self, exercise: Exercise) -> Side | None:
        sides: list[Side] = [side for side in SIDES if any(one.side == side for one in self._serves[exercise.id])]
        return sides[0] if exercise.side == "each" and len(sides) == 1 else None

    def _fits(self, exercise: Exercise) -> bool:
        return self._taken + self._minutes_of(exercise) <= self.person.minutes

    def _keeps_balance(self, exercise: Exercise) -> bool:
        """At most so many stretches, and no more than half of the largest plan for anything but strength and control."""
        if exercise.kind in BUILDS:
            return True
        stretches = self._kinds["stretch"] + (exercise.kind == "stretch")
        builds = self._kinds["strengthen"] + self._kinds["control"]
        return stretches <= self.rules.most_stretches and len(self.chosen) + 1 - builds <= self.rules.most // 2

    def take_if_possible(self, exercise: Exercise) -> None:
        """Take the exercise unless it is barred or does not fit."""
        if not self._bar(exercise) and self._fits(exercise):
            self._take(exercise)

    def _take(self, exercise: Exercise) -> None:
        self.chosen[exercise.id] = exercise
        self._kinds[exercise.kind] += 1
        self._taken += self._minutes_of(exercise)
        share = round(self.rules.repeat_share * POINT)
        for finding in self._needs(exercise):
            self._need[finding] = self._need[finding] * share // POINT

    def _give_up(self, exercise: Exercise) -> None:
        del self.chosen[exercise.id]
        self._kinds[exercise.kind] -= 1
        self._taken -= self._minutes_of(exercise)
        self._given_up.add(exercise.id)

    def _needs(self, exercise: Exercise) -> set[Need]:
        return {need_of(finding) for finding in self._serves[exercise.id]}

    def _worth(self, exercise: Exercise, points: Mapping[Need, int]) -> int:
        suits = self.compiled.suits
        return sum(points[need] * suits.get((need[1], exercise.kind), 0) // POINT for need in self._needs(exercise))

    def _gain(self, exercise: Exercise) -> int:
        """What the exercise adds to what was taken so far."""
        return self._worth(exercise, self._need)

    def cover(self) -> None:
        """Take the exercise that covers most for its minutes, again and again, while it is worth it."""
        smallest = self.rules.smallest_gain * POINT
        useful = [self.pack.exercises[one] for one, findings in self._serves.items() if findings]
        useful = [one for one in useful if not self._bar(one)]
        while len(self.chosen) < self.rules.most:
            gains = [(self._gain(one), one) for one in useful if not self._on_a_ladder(one)]
            useful = [one for gain, one in gains if gain >= smallest]
            # Among equals the easier one, then the first in the catalogue.
            ranked = [
                (gain * POINT // self._seconds_of(one), -one.level, -self.compiled.places[one.id], one)
                for gain, one in gains
                if gain >= smallest and self._keeps_balance(one) and self._fits(one)
            ]
            if not ranked:
                return
            self._take(max(ranked)[3])

    def _on_a_ladder(self, exercise: Exercise) -> bool:
        """Whether the exercise itself, or one step easier or harder, is already in the plan."""
        steps = {exercise.id, *exercise.easier, *exercise.harder}
        return any(one.id in steps or exercise.id in (*one.easier, *one.harder) for one in self.chosen.values())

    def fill(self, size: int) -> None:
        """Add general exercises up to `size`, and until at least half of the plan is for strength and control."""
        instead = [exercise for gate in self.person.gates for exercise in gate.adds]
        for exercise_id in (*instead, *self.rules.general):
            exercise = self.pack.exercises[exercise_id]
            if len(self.chosen) >= size and self._half_builds():
                return
            # What a gate asks for by name may stand beside its own easier or harder step.
            taken = exercise_id in self.chosen if exercise_id in instead else self._on_a_ladder(exercise)
            if not taken and exercise_id not in self._given_up and len(self.chosen) < self.rules.most and self._keeps_balance(exercise):
                self.take_if_possible(exercise)

    def _half_builds(self) -> bool:
        return 2 * (self._kinds["strengthen"] + self._kinds["control"]) >= len(self.chosen)

    def balance(self) -> bool:
        """Give up the least useful stretches and mobilisers while less than half of the plan is for strength and control."""
        while not self._half_builds():
            loose = [one for one, exercise in self.chosen.items() if exercise.kind in ("stretch", "mobilise")]
            if not loose:
                break
            least = min(reversed(loose), key=lambda one: self._worth(self.pack.exercises[one], self._points))
            self._give_up(self.pack.exercises[least])
        return bool(self._given_up)

    def left_out(self) -> list[LeftOut]:
        """Each exercise that serves a finding and is not in the plan, with its reason."""
        wanted = sorted((one for one in self._serves if self._serves[one] and one not in self.chosen), key=self.compiled.places.__getitem__)
        return [self._why_not(self.pack.exercises[one]) for one in wanted]

    def _why_not(self, exercise: Exercise) -> LeftOut:
        bar = self._bar(exercise)
        if bar:
            return bar
        if exercise.id in self._given_up or not self._keeps_balance(exercise):
            return LeftOut(exercise, "balance")
        return LeftOut(exercise, "covered" if self._fits(exercise) or len(self.chosen) >= self.rules.most else "time")

    def prescription(self, exercise: Exercise) -> Prescription:
        """The exercise with its dose and the steps down and up that this person may take."""
        return Prescription(
            exercise=exercise,
            findings=tuple(self._serves[exercise.id]),
            sets=self._sets(exercise),
            minutes=self._minutes_of(exercise),
            extra_side=self._extra_side(exercise),
            easier=self._step(exercise.level, exercise.easier),
            harder=self._step(exercise.level, exercise.harder),
        )

    def _step(self, level: int, links: tuple[str, ...]) -> Exercise | None:
        """The first linked exercise that no gate, kit or position forbids; a higher level is what progress is for."""
        for link in links:
            exercise = self.pack.exercises[link]
            near = exercise.level <= level + 1
            if near and self.allows(exercise):
                return exercise
        return None
