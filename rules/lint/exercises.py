"""Exercises that cannot be reached, findings without one, and unsafe steps up and down."""

from collections.abc import Iterator

from rules.content import Exercise, Pack


def unreachable_exercises(pack: Pack) -> Iterator[str]:
    """Exercises that serve nothing and that no other leads to, or of a level that nobody is offered."""
    served = {(muscle.id, state) for muscle in pack.muscles.values() for state in muscle.priors}
    linked = {link for exercise in pack.exercises.values() for link in (*exercise.easier, *exercise.harder)}
    known = {*pack.plan.always, *pack.plan.general, *linked}
    highest = max((level.level for level in pack.plan.levels), default=1)
    for exercise in pack.exercises.values():
        if not any((serves.muscle, serves.state) in served for serves in exercise.serves) and exercise.id not in known:
            yield f"{exercise.id}: serves no finding and no exercise leads to it; add `serves` or a link"
        if exercise.level > highest:
            yield f"{exercise.id}: nobody reaches level {exercise.level}; add the level to plan.yaml"


def unsafe_steps(pack: Pack) -> Iterator[str]:
    """Steps that go the wrong way, and harder steps that lose a gate."""
    for exercise in pack.exercises.values():
        for link in exercise.easier:
            yield from _step_down(pack, exercise, pack.exercises[link])
        for link in exercise.harder:
            yield from _step_up(pack, exercise, pack.exercises[link])


def _step_down(pack: Pack, exercise: Exercise, easier: Exercise) -> Iterator[str]:
    if easier.level > exercise.level:
        yield f"{exercise.id}: its easier step {easier.id} is of a higher level; change the link or the level"
    if exercise.id not in easier.harder:  # else it is told of the step up
        yield from _lost_gates(pack, easier, exercise)


def _step_up(pack: Pack, exercise: Exercise, harder: Exercise) -> Iterator[str]:
    if harder.level < exercise.level:
        yield f"{exercise.id}: its harder step {harder.id} is of a lower level; change the link or the level"
    yield from _lost_gates(pack, exercise, harder)


def _lost_gates(pack: Pack, exercise: Exercise, harder: Exercise) -> Iterator[str]:
    """Gates that take away the easier of two exercises and not the harder one.

    A plan never leads to an exercise that the person's own gates take away, whatever led to it; so the danger is a gate that is
    missing. More of the same kind of movement needs at least the same gates, but for those about a position that it leaves. An easier
    step may drop some: that is often what makes it easier. So may a step to another kind of exercise, which is judged by itself.
    """
    left_behind = set(exercise.positions) - set(harder.positions)
    about = {gate.id: gate.positions for gate in pack.safety.gates}
    lost = [gate for gate in exercise.gates if gate not in harder.gates and not left_behind & set(about[gate])]
    if lost and harder.kind == exercise.kind:
        yield f"{harder.id}: is the harder step of {exercise.id} without its {', '.join(lost)}; add the gate or remove the link"


def unserved_findings(pack: Pack) -> Iterator[str]:
    """Every finding needs an exercise that a beginner without special kit can do."""
    presumed = {kit.id for kit in pack.plan.kit if kit.presumed}
    for muscle in pack.muscles.values():
        for state in muscle.priors:
            fitting = [
                exercise
                for exercise in pack.exercises.values()
                if exercise.level == 1
                and presumed.issuperset(exercise.kit)
                and any(s.muscle == muscle.id and s.state == state for s in exercise.serves)
            ]
            if not fitting:
                yield f"{muscle.id} {state}: no exercise of level 1 with kit that everybody has; add one"
