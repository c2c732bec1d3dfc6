"""Exercises that nobody is given, whatever is found, not even as a step down or up.

Tried with real plans of healthy people who have one thing that the exercise is for, or all of them, are fit for it and meet its `only_when`;
first they have every kit and can take every position, then only what the exercise needs.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rules.content import Criterion, Exercise, Pack
from rules.content.exercise import Serves
from rules.criteria import compile_criterion
from rules.lint.people import Raw, accepted, as_values, carefree, people
from rules.planning.plan import make_plan
from rules.weighing.findings import Finding

HARDEST = 3
REMEDY = "let it serve something that others do not serve better, or open its gates, level or only_when"


def unprescribed(pack: Pack) -> Iterator[str]:
    """Exercises in nobody's plan, and not a step down or up from one in it."""
    given: set[str] = set()
    for exercise in pack.exercises.values():
        for plan in _plans(pack, exercise):
            if exercise.id in given:
                break
            given |= plan
        if exercise.id not in given:
            yield f"{exercise.id}: nobody is given it; {REMEDY}"


def _plans(pack: Pack, exercise: Exercise) -> Iterator[set[str]]:
    """The exercises of people for whom this one is meant: by what it serves, or by a gate that asks for it."""
    needs: list[tuple[Serves, ...]] = [*((one,) for one in exercise.serves), exercise.serves]
    asking = tuple(gate for gate in pack.safety.gates if exercise.id in gate.adds)
    for able in _able(pack, exercise):
        if safety := accepted(pack, able):
            for need, gates in (*((need, safety.gates) for need in needs), *(((), (gate,)) for gate in asking)):
                plan = make_plan(pack, safety.values, gates, _findings(pack, need), gently=False)
                yield {step.id for one in plan.prescriptions for step in (one.exercise, one.easier, one.harder) if step}


def _findings(pack: Pack, needs: Sequence[Serves]) -> list[Finding]:
    """As if just this had been found, as clearly as can be."""
    return [
        Finding(f"{one.muscle}.{one.state}.{side}", pack.muscles[one.muscle], one.state, side, "strong", ())
        for one in needs
        for side in ("both" if pack.muscles[one.muscle].sided else "midline",)
    ]


def _able(pack: Pack, exercise: Exercise) -> Iterator[Raw]:
    """Answers of people who can do the exercise, the fittest first."""
    suited = _somebody_with(pack, exercise.only_when) if exercise.only_when else {}
    for level in range(HARDEST, exercise.level - 1, -1):
        for bare_hands in (False, True):
            for bare_floor in (False, True):
                limits = _limits(pack, exercise, bare_hands=bare_hands, bare_floor=bare_floor)
                yield {**carefree(pack), **_fit_for(pack, level), **suited, **limits}


@lru_cache(maxsize=32)
def _fit_for(pack: Pack, level: int) -> Raw:
    """Answers with which exercises of this level are offered."""
    criteria = [step.when for step in pack.plan.levels if step.level == level]
    return _somebody_with(pack, criteria[0]) if criteria else {}


def _somebody_with(pack: Pack, criterion: Criterion) -> Raw:
    """Answers that make it hold, of somebody who would be given a plan."""
    holds = compile_criterion(criterion, pack)
    for raw in people(pack, [criterion]):
        safety = accepted(pack, {**carefree(pack), **raw}) if holds(as_values(raw)) else None
        if safety and safety.urgency in ("restricted", "clear") and not safety.open:
            return raw
    return {}


def _limits(pack: Pack, exercise: Exercise, *, bare_hands: bool, bare_floor: bool) -> Raw:
    """Time without end; kit and positions: all that there are, or only what the exercise takes."""
    items = pack.plan.items
    kit = [code for code in pack.options(items.kit) if code != "none" and (not bare_hands or code in exercise.kit)]
    cannot = [code for code in pack.options(items.positions) if code != "none" and bare_floor and code not in exercise.positions]
    return {items.minutes: int(pack.items[items.minutes].max or 0), items.kit: kit or ["none"], items.positions: cannot or ["none"]}
