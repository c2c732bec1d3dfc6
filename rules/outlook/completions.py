"""What answers are still missing, and what they could make of a criterion: hold, fail or stay undecided."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rules.answers import Answers, met
from rules.content import AllOf, AnyOf, AtLeast, Criterion, Item, Leaf, Measured, Not, Pack, Side, SideGap, link_id
from rules.criteria import COUNTS, Values, compile_criterion, read_by
from rules.triage import Triage

# A set of outcomes as bits.
HOLDS, FAILS, UNDECIDED = 1, 2, 4
_ANYTHING = HOLDS | FAILS | UNDECIDED
_NOT = {bits: bits & UNDECIDED | (FAILS if bits & HOLDS else 0) | (HOLDS if bits & FAILS else 0) for bits in range(8)}
_OUTCOME = {True: HOLDS, False: FAILS, None: UNDECIDED}


@dataclass(frozen=True)
class Missing:
    """The answers so far, and what could still become of them.

    `open`: items that have no answer and could get one. `losable`: answers that would be set aside if an open safety answer
    told that their self-test does not suit, or its open ending that it was not tried.
    """

    values: Values
    open: frozenset[str]
    losable: frozenset[str]


Could = Callable[[Missing], int]


def missing(pack: Pack, answers: Answers, safety: Triage) -> Missing:
    """What is open after these answers. `not-sure` is an answer: it is not asked again."""
    closed = {test.name for test in safety.hidden} | {
        test.name for test in pack.tests.values() if safety.values.get(link_id(test.name, "stopped-by")) == "not-tried"
    }
    answered = answers.given | answers.values.keys()
    still_open: set[str] = set()
    for name, item in pack.items.items():
        if name in answered or (name in pack.test_of and pack.test_of[name].name in closed):
            continue
        if not item.enable_when or _could_be_asked(item, answers, still_open):
            still_open.add(name)
    could_fall = _could_hide(pack, safety.values, still_open) | {
        test.name for test in pack.tests.values() if link_id(test.name, "stopped-by") in still_open
    }
    losable = frozenset(item for item in safety.values if item in pack.test_of and pack.test_of[item].name in could_fall)
    return Missing(safety.values, frozenset(still_open), losable)


def _could_hide(pack: Pack, values: Values, still_open: set[str]) -> set[str]:
    """The self-tests that open answers could show not to suit. The answers of self-tests have no say in it."""
    asked = frozenset(name for name in still_open if name not in pack.test_of)
    if not asked:
        return set()
    before_tests = Missing({item: value for item, value in values.items() if item not in pack.test_of}, asked, frozenset())
    return {name for name, could in _hiding(pack) if any(one(before_tests) & HOLDS for one in could)}


def _could_be_asked(item: Item, answers: Answers, still_open: set[str]) -> bool:
    each = [one.question in still_open or met(one, answers.values, answers.given) for one in item.enable_when]
    return all(each) if item.enable_behavior == "all" else any(each)


@lru_cache(maxsize=8)
def _hiding(pack: Pack) -> list[tuple[str, list[Could]]]:
    """For each self-test what would hide it."""
    gates = {gate.id: compile_could(gate.when, pack) for gate in pack.safety.gates}
    return [
        (test.name, [gates[gate] for gate in test.hidden_by] + ([compile_could(test.hidden_when, pack)] if test.hidden_when else []))
        for test in pack.tests.values()
    ]


def compile_could(criterion: Criterion, pack: Pack, side: Side | None = None) -> Could:
    """The outcomes that the criterion could have once more is answered; parts are taken to be free of each other, so it may name too many."""
    match criterion:
        case AllOf(all_=parts):
            return _all([compile_could(part, pack, side) for part in parts])
        case AnyOf(any_=parts):
            return _all([compile_could(part, pack, side) for part in parts], HOLDS, FAILS)
        case AtLeast(at_least=fewest, of=parts):
            return _at_least(fewest, [compile_could(part, pack, side) for part in parts])
        case Not(not_=part):
            return _not(compile_could(part, pack, side))
        case Measured() | SideGap():
            return _test_leaf(criterion, pack, side)
        case _:
            return _item_leaf(criterion, pack, side)


def _all(parts: list[Could], decides: int = FAILS, needs_all: int = HOLDS) -> Could:
    """One part that fails decides, and to hold needs every part; for `any` it is the other way round."""

    def could(missing: Missing) -> int:
        some, every = 0, decides | needs_all | UNDECIDED
        undecided = True
        for part in parts:
            outcomes = part(missing)
            some |= outcomes
            every &= outcomes
            undecided = undecided and outcomes != decides
        return some & decides | every & needs_all | (some & UNDECIDED if undecided else 0)

    return could


def _not(part: Could) -> Could:
    return lambda missing: _NOT[part(missing)]


def _at_least(fewest: int, parts: list[Could]) -> Could:
    def could(missing: Missing) -> int:
        each = [part(missing) for part in parts]
        outcomes = 0
        if sum(one & HOLDS > 0 for one in each) >= fewest:
            outcomes |= HOLDS
        if sum(one & FAILS > 0 for one in each) > len(each) - fewest:
            outcomes |= FAILS
        forced, possible = sum(one == HOLDS for one in each), sum(one & (HOLDS | UNDECIDED) > 0 for one in each)
        if any(one & UNDECIDED for one in each) and forced < fewest <= possible:
            outcomes |= UNDECIDED
        return outcomes

    return could


def _item_leaf(leaf: Leaf, pack: Pack, side: Side | None) -> Could:
    holds = compile_criterion(leaf, pack, side)
    (item,) = read_by(leaf, pack, side)

    def could(missing: Missing) -> int:
        outcome = _OUTCOME[holds(missing.values)]
        if item in missing.open:
            return _ANYTHING
        return outcome | UNDECIDED if item in missing.losable else outcome

    return could


def _test_leaf(leaf: Measured | SideGap, pack: Pack, side: Side | None) -> Could:
    holds = compile_criterion(leaf, pack, side)
    reads = read_by(leaf, pack, side)
    stopped_by = link_id(leaf.test, "stopped-by")
    own = [item for item in reads if item in pack.test_of]
    counts = COUNTS[type(leaf)]

    def could(missing: Missing) -> int:
        values, still_open = missing.values, missing.open
        outcome = holds(values)
        if outcome is not None:
            return _OUTCOME[outcome] | (UNDECIDED if own[0] in missing.losable else 0)
        if values.get(stopped_by, counts[0]) not in counts or not any(item in still_open for item in reads):
            return UNDECIDED
        return _ANYTHING if all(item in values or item in still_open for item in own) else UNDECIDED

    return could
