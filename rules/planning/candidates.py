"""What one person could do: what bars an exercise, what it costs in minutes, which findings it serves and how well."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.content import SIDES, Exercise, ExerciseKind, Pack, PlanRules, Side, State, link_id
from rules.criteria import Holds, Values, compile_criterion
from rules.weighing.findings import Finding
from rules.weighing.weigh import BANDS, Band

Reason = Literal["gate", "pain", "only-when", "kit", "position", "level", "gentle", "step", "covered", "balance", "full", "time"]
Need = tuple[str, State]
Steps = tuple[int, ...]
BUILDS: tuple[ExerciseKind, ...] = ("strengthen", "control")
POINT = 1000


def need_of(finding: Finding) -> Need:
    """What a finding asks of the plan, whichever side it is on."""
    return finding.muscle.id, finding.state


class LeftOut(NamedTuple):
    """An exercise that would have helped, and why it is not in the plan. `what`: the gate, kit, position or test."""

    exercise: Exercise
    reason: Reason
    what: str = ""


class Entry:
    """An exercise of the catalogue, with what does not depend on the person. `ladder`: itself, and what is one step easier or harder."""

    def __init__(self, exercise: Exercise, place: int, pack: Pack) -> None:
        self.exercise = exercise
        self.id = exercise.id
        self.place = place
        self.builds = exercise.kind in BUILDS
        self.stretches = exercise.kind == "stretch"
        suits = pack.plan.suits
        self.suits = {(one.muscle, one.state): round(suits.get(one.state, {}).get(exercise.kind, 0) * POINT) for one in exercise.serves}
        self.needs = frozenset(self.suits)
        self.gates, self.kit, self.positions = frozenset(exercise.gates), frozenset(exercise.kit), frozenset(exercise.positions)
        self.stops = [(test, link_id(test, "stopped-by")) for test in exercise.same_as_test]
        self.only_when: Holds | None = compile_criterion(exercise.only_when, pack) if exercise.only_when else None
        steps_to = (one.id for one in pack.exercises.values() if exercise.id in (*one.easier, *one.harder))
        self.ladder = frozenset((exercise.id, *exercise.easier, *exercise.harder, *steps_to))
        dose = exercise.dose
        self.seconds_a_set = dose.reps * (dose.hold_seconds + dose.seconds_per_rep) + dose.rest_seconds


class Catalogue:
    """The exercises of a pack, and which of them serve what. `steps`: what the first, the second… exercise for a band is worth."""

    def __init__(self, pack: Pack) -> None:
        self.entries = {exercise.id: Entry(exercise, place, pack) for place, exercise in enumerate(pack.exercises.values())}
        self.levels = [(level.level, compile_criterion(level.when, pack)) for level in pack.plan.levels]
        self.one_set = compile_criterion(pack.plan.one_set_when, pack)
        self.presumed = frozenset(kit.id for kit in pack.plan.kit if kit.presumed)
        self.steps: dict[Band, Steps] = {"none": (0,)}
        self.steps.update((band, _steps(pack.plan, points)) for band, points in pack.plan.band_points.items())
        self.serving: dict[Need, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            for need in entry.suits:
                self.serving[need].append(entry)

    def needs(self, findings: Iterable[Finding]) -> dict[Need, Steps]:
        """What exercises for each need are worth. A muscle that is flagged on both sides is still one muscle to train."""
        needs: dict[Need, Steps] = {}
        for one in findings:
            need, steps = need_of(one), self.steps[one.band]
            needs[need] = max(needs.get(need, ()), steps)
        return needs


def _steps(rules: PlanRules, points: float) -> Steps:
    """Each step is worth a share of the one before, down to the smallest gain."""
    steps = [points]
    while (step := steps[-1] * rules.repeat_share) >= rules.smallest_gain:
        steps.append(step)
    return tuple(round(step * POINT) for step in steps)


@lru_cache(maxsize=8)
def catalogue(pack: Pack) -> Catalogue:
    """The catalogue of a pack, made once."""
    return Catalogue(pack)


@dataclass(frozen=True)
class Person:
    """What decides whether an exercise is within reach, and its dose.

    `gates` are ids; `named`: what these gates ask for instead. `weak`: what starts no higher than `weak_level`.
    """

    gates: tuple[str, ...]
    named: frozenset[str]
    kit: frozenset[str]
    cannot: frozenset[str]
    level: int
    weak: frozenset[Need]
    weak_level: int
    minutes: int
    one_set: bool
    values: Values


@dataclass(slots=True)
class Candidate:
    """An exercise that the person can do, with its dose. `minutes` are whole, so that the minutes shown add up to the minutes promised."""

    entry: Entry
    findings: tuple[Finding, ...]
    suits: tuple[tuple[Need, int], ...]
    ladder: frozenset[str]
    sets: int
    extra_side: Side | None
    seconds: int
    minutes: int


class Reach:
    """The catalogue as one person meets it: each exercise is a candidate, or left out for a reason."""

    def __init__(self, pack: Pack, person: Person, findings: Iterable[Finding]) -> None:
        compiled = catalogue(pack)
        self._entries = compiled.entries
        self._person = person
        self._met: dict[str, Candidate | LeftOut] = {}
        self._serves: dict[str, list[Finding]] = {}
        for finding in findings:
            for entry in compiled.serving.get(need_of(finding), ()):
                self._serves.setdefault(entry.id, []).append(finding)
        self.serving = sorted(self._serves, key=lambda one: self._entries[one].place)
        """The ids of all exercises that serve a finding, in the order of the catalogue."""

    def __getitem__(self, exercise: str) -> Candidate | LeftOut:
        met = self._met.get(exercise)
        if met is None:
            entry = self._entries[exercise]
            met = self._met[exercise] = _bar(entry, self._person) or _candidate(entry, self._serves.get(exercise, []), self._person)
        return met

    def candidates(self, exercises: Iterable[str]) -> list[Candidate]:
        """Those of the exercises that the person can do."""
        return [one for one in map(self.__getitem__, exercises) if isinstance(one, Candidate)]


def _bar(entry: Entry, person: Person) -> LeftOut | None:
    """Why this person cannot be given the exercise, if so."""
    exercise = entry.exercise
    if not entry.gates.isdisjoint(person.gates):
        return LeftOut(exercise, "gate", next(gate for gate in person.gates if gate in entry.gates))
    for test, stopped_by in entry.stops:
        if person.values.get(stopped_by) == "pain":
            return LeftOut(exercise, "pain", test)
    if entry.only_when and not entry.only_when(person.values):
        return LeftOut(exercise, "only-when")
    if not entry.kit <= person.kit:
        return LeftOut(exercise, "kit", next(kit for kit in exercise.kit if kit not in person.kit))
    if not entry.positions.isdisjoint(person.cannot):
        return LeftOut(exercise, "position", next(one for one in exercise.positions if one in person.cannot))
    return LeftOut(exercise, "level") if exercise.level > person.level or _starts_lower(entry, person) else None


def _starts_lower(entry: Entry, person: Person) -> bool:
    # An exercise with an entry test of its own asks for the strength itself.
    return entry.exercise.level > person.weak_level and not entry.only_when and not person.weak.isdisjoint(entry.needs)


def _candidate(entry: Entry, findings: list[Finding], person: Person) -> Candidate:
    """The exercise with its dose for these findings."""
    dose, each = entry.exercise.dose, entry.exercise.side == "each"
    sets = 1 if person.one_set else dose.sets
    extra_side = _weaker_side(findings) if each else None
    in_all = sets * (2 if each else 1) + (extra_side is not None)
    seconds = dose.minutes * 60 if dose.minutes else max(1, in_all * entry.seconds_a_set)
    suits = tuple({need_of(one): entry.suits[need_of(one)] for one in findings}.items())
    ladder = entry.ladder
    if person.named:
        # What a gate asks for by name may stand beside its own easier or harder step.
        ladder = frozenset((entry.id,)) if entry.id in person.named else entry.ladder - person.named
    return Candidate(entry, tuple(findings), suits, ladder, sets, extra_side, seconds, -(-seconds // 60))


def _weaker_side(findings: list[Finding]) -> Side | None:
    """The side with the higher band; neither where both are alike."""
    bands = dict.fromkeys(SIDES, 0)
    for one in findings:
        if one.side in bands:
            bands[one.side] = max(bands[one.side], BANDS.index(one.band))
    left, right = bands.values()
    return None if left == right else "left" if left > right else "right"
