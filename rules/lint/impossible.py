"""Criteria outside the evidence that no answers can bring about, red flags hidden behind others, and questions that are never asked."""

from collections.abc import Iterator

from rules.content import AllOf, AtLeast, Criterion, Pack, RedFlag
from rules.criteria import compile_criterion
from rules.lint.people import Raw, accepted, as_values, people


def dead_criteria(pack: Pack) -> Iterator[str]:
    """Red flags, gates, self-tests, exercises, levels and scales with a criterion that can never hold."""
    for where, criterion in _criteria(pack):
        enough = _enough(criterion)
        holds = compile_criterion(enough, pack)
        if not any(holds(as_values(raw)) and _is_taken(pack, raw) for raw in people(pack, [enough])):
            yield f"{where}: can never hold, because its parts exclude each other or the questions do not allow it; repair the criterion"


def _enough(criterion: Criterion) -> Criterion:
    """What is enough for it to hold; of many parts only as many as it needs, since all together would be too many people to try."""
    return AllOf(all=criterion.of[: criterion.at_least]) if isinstance(criterion, AtLeast) else criterion


def _is_taken(pack: Pack, raw: Raw) -> bool:
    return accepted(pack, raw) is not None


def _criteria(pack: Pack) -> Iterator[tuple[str, Criterion]]:
    for flag in pack.safety.red_flags:
        for number, level in enumerate(flag.levels, 1):
            yield f"{flag.id} level {number} ({level.urgency})", level.when
    for gate in pack.safety.gates:
        yield f"{gate.id} when", gate.when
    for test in pack.tests.values():
        if test.hidden_when:
            yield f"{test.id} hidden_when", test.hidden_when
    for exercise in pack.exercises.values():
        if exercise.only_when:
            yield f"{exercise.id} only_when", exercise.only_when
    for step in pack.plan.levels:
        yield f"plan.yaml level {step.level}", step.when
    for scale in pack.weighing.scales:
        yield f"{scale.id} when", scale.when


def covered_levels(pack: Pack) -> Iterator[str]:
    """Levels of a red flag that a level above them always takes first."""
    for flag in pack.safety.red_flags:
        for number in range(1, len(flag.levels)):
            if not any(_comes_through(pack, flag, number)):
                level = flag.levels[number]
                yield f"{flag.id} level {number + 1} ({level.urgency}): a level above it always holds first; change their order or narrow that one"


def _comes_through(pack: Pack, flag: RedFlag, number: int) -> Iterator[bool]:
    """For people at the edges: whether this level is the first that holds."""
    levels = [level.when for level in flag.levels[: number + 1]]
    *above, own = [compile_criterion(level, pack) for level in levels]
    for raw in people(pack, levels):
        values = as_values(raw)
        yield bool(own(values)) and not any(level(values) for level in above)


def unasked(pack: Pack) -> Iterator[str]:
    """Questions that no answers enable."""
    for item in pack.items.values():
        if item.enable_when and not any(_is_taken(pack, raw) for raw in people(pack, [], items=[item.link_id]) if item.link_id in raw):
            yield f"{item.link_id}: is never asked, because no answers meet its enable_when; repair it"
