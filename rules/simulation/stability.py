"""How much of what simulated people are told hangs on the exact weights: they are shaken, and the strongest finding should stay."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from rules.answers import Answers, read_answers
from rules.content import Pack
from rules.simulation.flagging import Tick, findings_of
from rules.simulation.population import Person

BY = 0.25


@dataclass(frozen=True)
class Stability:
    """Every weight was shaken by up to `by` of itself either way, `shakes` times, for `people` people, of whom `with_finding` have any finding.

    `kept`: of their shaken results, the share with the same finding on top; `always_kept`: the share of them for whom it stays in every shake;
    `still_none`: of the shaken results of people without a finding, the share that stays so. None where there is nobody to ask.
    """

    by: float
    shakes: int
    people: int
    with_finding: int
    kept: float | None
    always_kept: float | None
    still_none: float | None


def shaken(pack: Pack, seed: int, number: int, by: float = BY) -> Pack:
    """The pack with both weights of each rule multiplied by a number of the rule's own, drawn evenly from 1 - by to 1 + by."""
    factors = {rule.id: Random(f"{seed}/shake {number}/{rule.id}").uniform(1 - by, 1 + by) for rule in pack.rules}
    rules = (
        rule.model_copy(update={"weight_for": rule.weight_for * factors[rule.id], "weight_against": rule.weight_against * factors[rule.id]})
        for rule in pack.rules
    )
    return replace(pack, rules=tuple(rules))


def stability(pack: Pack, people: Iterable[Person], seed: int, shakes: int, tick: Tick = lambda: None) -> Stability:
    """How often the strongest finding (muscle, state and side) stays the same. `tick` is called once a shake and person."""
    answers = [read_answers(pack, person.answers) for person in people]
    before = [_strongest(pack, one) for one in answers]
    stayed = [0] * len(answers)
    for number in range(shakes):
        other = shaken(pack, seed, number)
        for place, one in enumerate(answers):
            stayed[place] += _strongest(other, one) == before[place]
            tick()
    some = [times for times, finding in zip(stayed, before, strict=True) if finding]
    none = [times for times, finding in zip(stayed, before, strict=True) if not finding]
    return Stability(
        by=BY,
        shakes=shakes,
        people=len(answers),
        with_finding=len(some),
        kept=_share(sum(some), len(some) * shakes),
        always_kept=_share(some.count(shakes), len(some) if shakes else 0),
        still_none=_share(sum(none), len(none) * shakes),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _strongest(pack: Pack, answers: Answers) -> str | None:
    return next((one.id for one in findings_of(pack, answers)), None)
