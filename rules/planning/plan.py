"""From findings and gates to exercises with a dose: the most cover for the minutes, and a reason for everything left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rules.content import Exercise, Gate, Pack, PlanRules, Side
from rules.criteria import Values
from rules.planning.candidates import Candidate, LeftOut, Person, Reach, catalogue, need_of
from rules.planning.choosing import Chooser
from rules.weighing.findings import Finding
from rules.weighing.weigh import at_least


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


@dataclass
class Plan:
    """What to do, how long it takes, and what was left out."""

    prescriptions: list[Prescription] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    budget: int = 0

    @property
    def minutes(self) -> int:
        """Minutes of one session."""
        return sum(one.minutes for one in self.prescriptions)


def make_plan(pack: Pack, values: Values, gates: tuple[Gate, ...], findings: list[Finding], *, gently: bool) -> Plan:
    """Choose the exercises that cover most of the findings. `gently`: stay at level 1 and train the whole body."""
    rules = pack.plan
    person = person_of(pack, values, gates, findings, gently=gently)
    reach = Reach(pack, person, findings)
    serving, general = reach.candidates(reach.serving), reach.candidates(rules.general)
    instead = reach.candidates(exercise for gate in gates for exercise in gate.adds)
    chooser = Chooser(rules, catalogue(pack).needs(findings), person, [*instead, *general, *serving])
    chooser.start(reach.candidates(rules.always))
    if not gently:
        chooser.cover(serving)
    size = rules.general_size if gently or not findings else rules.usual_size
    chooser.fill(instead, size)
    # The whole body if gently; else what adds to several findings at once comes first.
    chooser.fill(general if gently else sorted(general, key=chooser.adds, reverse=True), size)
    order = {kind: place for place, kind in enumerate(rules.order)}
    chosen = sorted(chooser.finish().chosen, key=lambda one: order[one.entry.exercise.kind])
    left_out = _left_out(rules, chooser, reach, gently=gently)
    return Plan([_prescription(one, reach) for one in chosen], left_out, person.minutes)


def prescribe(pack: Pack, values: Values, gates: tuple[Gate, ...], findings: list[Finding], exercises: Iterable[str]) -> Plan:
    """These exercises as this person's plan, in their order, without those that are barred; the level is what progress is for."""
    highest = max(one.level for one in pack.exercises.values())
    person = replace(person_of(pack, values, gates, findings, gently=False), level=highest, weak_level=highest)
    reach = Reach(pack, person, findings)
    chosen = reach.candidates(one for one in exercises if one in pack.exercises)
    return Plan([_prescription(one, reach) for one in chosen], [], person.minutes)


def person_of(pack: Pack, values: Values, gates: tuple[Gate, ...], findings: list[Finding], *, gently: bool) -> Person:
    """What of the answers decides about the plan."""
    compiled, rules = catalogue(pack), pack.plan
    kit, cannot, minutes = values.get(rules.items.kit), values.get(rules.items.positions), values.get(rules.items.minutes)
    minutes = minutes if isinstance(minutes, int) else rules.default_minutes
    return Person(
        gates=tuple(gate.id for gate in gates),
        named=frozenset(exercise for gate in gates for exercise in gate.adds),
        kit=frozenset(kit) if isinstance(kit, tuple) else compiled.presumed,
        cannot=frozenset(cannot) if isinstance(cannot, tuple) else frozenset(),
        level=1 if gently else max((level for level, holds in compiled.levels if holds(values)), default=1),
        weak=frozenset(need_of(one) for one in findings if one.state == "weak" and at_least(one.band, rules.weak_start.band)),
        weak_level=rules.weak_start.level,
        minutes=minutes,
        one_set=minutes < rules.short_session_below or compiled.one_set(values) is True,
        values=values,
    )


def _left_out(rules: PlanRules, chooser: Chooser, reach: Reach, *, gently: bool) -> list[LeftOut]:
    """What serves a finding, or belongs into every plan, and is not in this one; of a plan that stays short, also what would have filled it."""
    chosen = {one.entry.id for one in chooser.best.chosen}
    short = len(chosen) < rules.fewest
    left_out: list[LeftOut] = []
    for exercise in dict.fromkeys((*rules.always, *reach.serving, *(rules.general if short else ()))):
        one = reach[exercise]
        if isinstance(one, LeftOut):
            left_out.append(one)
        elif exercise not in chosen:
            left_out.append(LeftOut(one.entry.exercise, "gentle" if gently and not short else chooser.against(one)))
    return left_out


def _prescription(one: Candidate, reach: Reach) -> Prescription:
    """The exercise with its dose and the steps down and up that this person may take."""
    exercise = one.entry.exercise
    return Prescription(
        exercise=exercise,
        findings=one.findings,
        sets=one.sets,
        minutes=one.minutes,
        extra_side=one.extra_side,
        easier=_step(exercise.level, exercise.easier, reach),
        harder=_step(exercise.level, exercise.harder, reach),
    )


def _step(level: int, links: tuple[str, ...], reach: Reach) -> Exercise | None:
    """The first linked exercise that no gate, kit or position forbids; a higher level is what progress is for."""
    for link in links:
        step = reach[link]
        exercise = step.entry.exercise if isinstance(step, Candidate) else step.exercise
        barred = isinstance(step, LeftOut) and step.reason != "level"
        if exercise.level <= level + 1 and not barred:
            return exercise
    return None


def is_deconditioned(pack: Pack, findings: list[Finding]) -> bool:
    """Whether so much was found that training in general comes first, sides not counted twice."""
    rules = pack.plan.deconditioned
    return len({need_of(one) for one in findings if at_least(one.band, rules.band)}) >= rules.findings
