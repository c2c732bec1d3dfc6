"""What a fit pack may still have wrong: rules that cannot fire, exercises nobody can get, unsafe steps up and down."""

from collections.abc import Iterator

from rules.content import AllOf, Exercise, Is, OneOf, Pack
from rules.content.criterion import Criterion

SAFE_STEPS = ("easier", "harder")


def findings_of_lint(pack: Pack) -> list[str]:
    """Every finding as one line: what it is about, what is wrong, what to do."""
    return [*_dead_rules(pack), *_unreachable_exercises(pack), *_unsafe_steps(pack), *_unserved(pack)]


def _dead_rules(pack: Pack) -> Iterator[str]:
    for rule in pack.rules:
        if _contradicts_itself(rule.when):
            yield f"{rule.id}: can never hold, because two of its parts exclude each other; repair `when`"
        if not rule.weight_for and not rule.weight_against:
            yield f"{rule.id}: weighs nothing either way; give it a weight or remove it"


def _contradicts_itself(criterion: Criterion) -> bool:
    """Whether an `all` asks one single-choice item for options that have nothing in common."""
    if not isinstance(criterion, AllOf):
        return False
    wanted: dict[str, set[str]] = {}
    for part in criterion.all_:
        if isinstance(part, Is | OneOf):
            codes = {part.is_} if isinstance(part, Is) else set(part.in_)
            wanted[part.item] = wanted.get(part.item, codes) & codes
    return any(not codes for codes in wanted.values())


def _unreachable_exercises(pack: Pack) -> Iterator[str]:
    served = {(muscle.id, state) for muscle in pack.muscles.values() for state in muscle.priors}
    linked = {link for exercise in pack.exercises.values() for link in (*exercise.easier, *exercise.harder)}
    known = {*pack.plan.always, *pack.plan.general, *linked}
    highest = max((level.level for level in pack.plan.levels), default=1)
    for exercise in pack.exercises.values():
        if not any((serves.muscle, serves.state) in served for serves in exercise.serves) and exercise.id not in known:
            yield f"{exercise.id}: serves no finding and no exercise leads to it; add `serves` or a link"
        if exercise.level > highest:
            yield f"{exercise.id}: nobody reaches level {exercise.level}; add the level to plan.yaml"


def _unsafe_steps(pack: Pack) -> Iterator[str]:
    for exercise in pack.exercises.values():
        for word in SAFE_STEPS:
            for link in getattr(exercise, word):
                yield from _unsafe_step(exercise, word, pack.exercises[link])


def _unsafe_step(exercise: Exercise, word: str, other: Exercise) -> Iterator[str]:
    if word == "easier" and other.level > exercise.level:
        yield f"{exercise.id}: its easier step {other.id} is of a higher level; change the link or the level"
    if word == "harder" and other.level < exercise.level:
        yield f"{exercise.id}: its harder step {other.id} is of a lower level; change the link or the level"


def _unserved(pack: Pack) -> Iterator[str]:
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
