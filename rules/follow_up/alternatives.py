"""Which other answers are worth trying: one on each side of everything that could make a difference."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil, floor

from rules.answers import Answers, Value
from rules.content import SIDES, Item, Leaf, Measured, Norm, Number, Pack, leaves, link_id
from rules.content.criterion import Criterion
from rules.criteria import read_by

STEPS_OF = {"integer": 1, "decimal": 10}  # how finely an answer is tried
NOT_DONE = (None, "not-tried")


@dataclass(frozen=True)
class Alternative:
    """One other answer. `together_with`: the end of a self-test that was not done, without which its result says nothing.

    `touches_safety`: triage, which questions are asked, or which answers are left aside may change with it.
    """

    link_id: str
    value: Value
    together_with: Mapping[str, str]
    touches_safety: bool

    @property
    def answers(self) -> dict[str, object]:
        """As they would be sent."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {**self.together_with, self.link_id: value}


@dataclass
class _Readers:
    """What is read of each item: by the evidence the numbers that it is compared with, and whether triage reads it at all."""

    limits: dict[str, set[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(set))
    items: set[str] = field(default_factory=set)
    safety: set[str] = field(default_factory=set)


def alternatives(pack: Pack, given: Answers, left_aside: frozenset[str]) -> Iterator[Alternative]:
    """Every other answer to an item that a rule reads; of each item the one nearest to its answer first.

    Not tried: the tests `left_aside`, answers about safety, and who somebody says they are.
    """
    readers = _readers(pack)
    fixed = pack.safety_items.union(item for item in (pack.plan.items.age, pack.plan.items.sex) if item in given.values)
    for item in pack.items.values():
        test = pack.test_of.get(item.link_id)
        if item.link_id not in readers.items or item.link_id in fixed or (test and test.name in left_aside):
            continue
        stopped_by = link_id(test.name, "stopped-by") if test else item.link_id
        undone = stopped_by != item.link_id and given.values.get(stopped_by) in NOT_DONE
        together = {stopped_by: "done"} if undone else {}
        # What was seen in a self-test counts only once it was tried.
        tries = undone or (item.link_id == stopped_by and test is not None)
        touches = tries or not readers.safety.isdisjoint({item.link_id, *together})
        present = given.values.get(item.link_id)
        others = _choices(pack, item, present) if pack.options(item.link_id) else _numbers(pack, item, given.values)
        for value in others:
            if value != present or together:
                yield Alternative(item.link_id, value, together, touches)


def _choices(pack: Pack, item: Item, present: Value | None) -> Iterator[Value]:
    """Each option; where several may be chosen, each one more and each one less."""
    options = pack.options(item.link_id)
    if item.type == "choice":
        yield from options
        return
    chosen = present if isinstance(present, tuple) else ()
    for code, option in options.items():
        if code in chosen:
            fewer = tuple(one for one in chosen if one != code)
            if fewer:
                yield fewer
        elif option.exclusive:
            yield (code,)
        else:
            yield (*(one for one in chosen if not options[one].exclusive), code)


def _numbers(pack: Pack, item: Item, values: Mapping[str, Value]) -> list[Value]:
    """What lies on both sides of each limit, and the extremes."""
    lowest, highest = item.min or 0, item.max or 0
    steps = STEPS_OF[item.type]
    tried = {lowest * steps, highest * steps}
    for limit, belongs_below in (*_readers(pack).limits[item.link_id], *_side_limits(pack, item, values)):
        place = round(limit * steps, 6)
        first_above = floor(place) + 1 if belongs_below else ceil(place)
        tried |= {first_above - 1, first_above}
    present = values.get(item.link_id)
    start = present if isinstance(present, int | float) else (lowest + highest) / 2
    inside = sorted((one for one in tried if lowest * steps <= one <= highest * steps), key=lambda one: (abs(one - start * steps), one))
    return [int(one) if item.type == "integer" else one / steps for one in inside]


def _side_limits(pack: Pack, item: Item, values: Mapping[str, Value]) -> Iterator[tuple[float, bool]]:
    """From where on one side of a self-test differs from the other."""
    test = pack.test_of.get(item.link_id)
    for measure in test.measures if test and test.sided else ():
        own = [link_id(test.name, measure.code, side) for side in SIDES] if test else []
        least = measure.side_difference
        if item.link_id not in own or least is None:
            continue
        other = values.get(own[1 - own.index(item.link_id)])
        if isinstance(other, int | float):
            part = 1 - least.share
            for limit in (
                other - least.by,
                other + least.by,
                other * part,
                other / part,
                other * (1 + least.share),
                other / (1 + least.share),
            ):
                yield from ((limit, True), (limit, False))


@lru_cache(maxsize=8)
def _readers(pack: Pack) -> _Readers:
    readers = _Readers()
    for rule in pack.rules:
        for criterion in rule.criteria:
            for leaf in leaves(criterion):
                for side in SIDES:
                    items = read_by(leaf, pack, side)
                    readers.items.update(items)
                    readers.limits[items[0]].update(_limits(leaf, pack))
    readers.safety.update(*(_read(criterion, pack) for criterion in _safety_criteria(pack)))
    for item in pack.items.values():
        if item.enable_when:
            readers.safety.update([item.link_id, *(condition.question for condition in item.enable_when)])
        if item.cleared_by:
            readers.safety.update([item.link_id, item.cleared_by])
    readers.safety.update(link_id(test.name, "stopped-by") for test in pack.tests.values() if test.pain_sets)
    return readers


def _safety_criteria(pack: Pack) -> Iterator[Criterion]:
    yield from (level.when for flag in pack.safety.red_flags for level in flag.levels)
    yield from (gate.when for gate in pack.safety.gates)
    yield from (test.hidden_when for test in pack.tests.values() if test.hidden_when)


def _read(criterion: Criterion, pack: Pack) -> Iterable[str]:
    return (item for leaf in leaves(criterion) for item in read_by(leaf, pack))


def _limits(leaf: Leaf, pack: Pack) -> Iterator[tuple[float, bool]]:
    """The numbers a leaf compares with, and whether each itself belongs to what lies below it."""
    if not isinstance(leaf, Number | Measured):
        return
    for word, threshold in leaf.bounds:
        if not isinstance(threshold, Norm):
            yield threshold, word in ("above", "at_most")
        elif isinstance(leaf, Measured):
            rows = next(one for one in pack.tests[leaf.test].measures if one.code == leaf.measure).norms[threshold.norm]
            yield from ((row.value, word in ("above", "at_most")) for row in rows)
