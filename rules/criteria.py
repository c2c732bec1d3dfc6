"""What a criterion means: turned once, at load, into a function of the answers that says True, False or None (undecided)."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import assert_never

from rules.answers import Value
from rules.content import (
    AllOf,
    AnyOf,
    AtLeast,
    Criterion,
    FromOption,
    Includes,
    Is,
    Leaf,
    Measure,
    Measured,
    Norm,
    NormRow,
    Not,
    Number,
    OneOf,
    OnSide,
    Pack,
    Side,
    SideGap,
    link_id,
)

Values = Mapping[str, Value]
Holds = Callable[[Values], bool | None]
OTHER: dict[Side, Side] = {"left": "right", "right": "left"}
_NUMBER = (int, float)  # quicker than `int | float`, which is put together at every call
_WITHIN: dict[str, Callable[[float, float], bool]] = {"below": lt, "at_least": ge, "above": gt, "at_most": le}
# With which ends of a self-test its numbers count. When something else tired first, sides cannot be compared.
COUNTS: dict[type[Measured | SideGap], tuple[str, ...]] = {
    Measured: ("done", "tired-here", "tired-elsewhere"),
    SideGap: ("done", "tired-here"),
}
_HOLDS_WHEN_BETTER = {("at_least", "higher"), ("above", "higher"), ("below", "lower"), ("at_most", "lower")}


def compile_criterion(criterion: Criterion, pack: Pack, side: Side | None = None) -> Holds:
    """The criterion as a function; `side` is what `same` means in it."""
    match criterion:
        case AllOf(all_=parts):
            return _all([compile_criterion(part, pack, side) for part in parts])
        case AnyOf(any_=parts):
            return _any([compile_criterion(part, pack, side) for part in parts])
        case AtLeast(at_least=fewest, of=parts):
            return _at_least(fewest, [compile_criterion(part, pack, side) for part in parts])
        case Not(not_=part):
            return _not(compile_criterion(part, pack, side))
        case Is(item=item, is_=code):
            return _chosen(item, {code})
        case OneOf(item=item, in_=codes):
            return _chosen(item, codes)
        case FromOption(item=item, from_=code):
            codes = tuple(pack.options(item))
            return _chosen(item, codes[codes.index(code) :])
        case OnSide(item=item, side=word):
            return _chosen(item, {_side(word, side), "both"})
        case Includes(item=item, includes=code):
            return _includes(item, code)
        case Number():
            return _number(criterion)
        case Measured():
            return _measured(criterion, pack, side)
        case SideGap():
            return _side_gap(criterion, pack, side)
        case _:
            assert_never(criterion)


def read_by(leaf: Leaf, pack: Pack, side: Side | None = None) -> tuple[str, ...]:
    """The link_ids a leaf looks at, the one it is about first."""
    match leaf:
        case Measured(test=test, measure=measure, side=word):
            return (link_id(test, measure, _side(word, side) if word else None), link_id(test, "stopped-by"), *_norm_items(leaf, pack))
        case SideGap(test=test, measure=measure, side=word):
            own = _side(word, side)
            return (link_id(test, measure, own), link_id(test, measure, OTHER[own]), link_id(test, "stopped-by"))
        case _:
            return (leaf.item,)


def _norm_items(leaf: Measured, pack: Pack) -> tuple[str, ...]:
    normed = any(isinstance(threshold, Norm) for _, threshold in leaf.bounds)
    return (pack.plan.items.age, pack.plan.items.sex) if normed else ()


def _side(word: str, side: Side | None) -> Side:
    match word:
        case "left" | "right":
            return word
        case "same" if side:
            return side
        case "opposite" if side:
            return OTHER[side]
        case _:
            raise ValueError(f"side {word} means nothing without a side")


def _all(parts: list[Holds]) -> Holds:
    def holds(values: Values) -> bool | None:
        answer: bool | None = True
        for part in parts:
            result = part(values)
            if result is False:
                return False
            if result is None:
                answer = None
        return answer

    return holds


def _any(parts: list[Holds]) -> Holds:
    def holds(values: Values) -> bool | None:
        answer: bool | None = False
        for part in parts:
            result = part(values)
            if result is True:
                return True
            if result is None:
                answer = None
        return answer

    return holds


def _at_least(fewest: int, parts: list[Holds]) -> Holds:
    def holds(values: Values) -> bool | None:
        results = [part(values) for part in parts]
        true = results.count(True)
        if true >= fewest:
            return True
        return False if true + results.count(None) < fewest else None

    return holds


def _not(part: Holds) -> Holds:
    def holds(values: Values) -> bool | None:
        result = part(values)
        return None if result is None else not result

    return holds


def _chosen(item: str, codes: Iterable[str]) -> Holds:
    wanted = frozenset(codes)

    def holds(values: Values) -> bool | None:
        answer = values.get(item)
        return None if answer is None else answer in wanted

    return holds


def _includes(item: str, code: str) -> Holds:
    def holds(values: Values) -> bool | None:
        answer = values.get(item)
        return code in answer if isinstance(answer, tuple) else None

    return holds


def _number(criterion: Number) -> Holds:
    bounds = [(_WITHIN[word], threshold) for word, threshold in criterion.bounds if not isinstance(threshold, Norm)]
    item = criterion.item

    def holds(values: Values) -> bool | None:
        answer = values.get(item)
        if not isinstance(answer, _NUMBER):
            return None
        return all(within(answer, threshold) for within, threshold in bounds)

    return holds


def _measured(criterion: Measured, pack: Pack, side: Side | None) -> Holds:
    """Pain and "not tried" decide nothing. When something else tired first, the true value may be better: only what that cannot change is decided."""
    measure = measure_of(pack, criterion.test, criterion.measure)
    value_id, stopped_id = read_by(criterion, pack, side)[:2]
    bounds = [_bound(word, threshold, measure, pack) for word, threshold in criterion.bounds]

    def holds(values: Values) -> bool | None:
        stopped = values.get(stopped_id)
        if stopped not in COUNTS[Measured]:
            return None
        value = values.get(value_id)
        if not isinstance(value, _NUMBER):
            return None
        at_best = stopped == "tired-elsewhere"
        answer: bool | None = True
        for bound in bounds:
            result = bound(value, at_best, values)
            if result is False:
                return False
            if result is None:
                answer = None
        return answer

    return holds


def _bound(word: str, threshold: float | Norm, measure: Measure, pack: Pack) -> Callable[[float, bool, Values], bool | None]:
    """One bound on a measure: whether it holds for the value, or for it and everything better when `at_best`."""
    within = _WITHIN[word]
    certain = (word, measure.better) in _HOLDS_WHEN_BETTER

    def known(value: float, limit: float, at_best: bool) -> bool | None:
        result = within(value, limit)
        return result if not at_best or result is certain else None

    if not isinstance(threshold, Norm):
        return lambda value, at_best, _: known(value, threshold, at_best)
    age_id, sex_id = pack.plan.items.age, pack.plan.items.sex
    possible = _norm(measure.norms[threshold.norm], tuple(pack.options(age_id)))

    def normed(value: float, at_best: bool, values: Values) -> bool | None:
        limits = possible(values.get(age_id), values.get(sex_id))
        if not limits:
            return None
        result = known(value, limits[0], at_best)
        # What holds for the lowest and the highest limit holds for all between.
        return result if len(limits) == 1 or known(value, limits[1], at_best) is result else None

    return normed


def _norm(rows: tuple[NormRow, ...], ages: tuple[str, ...]) -> Callable[[Value | None, Value | None], tuple[float, ...]]:
    """The lowest and the highest threshold that the age and sex given leave possible; one, if they are the same; none, if there may be none."""

    @lru_cache(maxsize=256)
    def limits(age: Value | None, sex: Value | None) -> tuple[float, ...]:
        known = [row for row in rows if sex not in ("female", "male") or row.sex in (None, sex)]
        fitting = [{row.value for row in known if not row.age or one in row.age} for one in (ages if age is None else (age,))]
        values = set[float]().union(*fitting)
        return tuple(sorted({min(values), max(values)})) if all(fitting) else ()

    return limits


def _side_gap(criterion: SideGap, pack: Pack, side: Side | None) -> Holds:
    measure = measure_of(pack, criterion.test, criterion.measure)
    own_id, other_id, stopped_id = read_by(criterion, pack, side)
    least = measure.side_difference
    if least is None:
        raise ValueError(f"{criterion.test} {criterion.measure} has no side_difference")
    sign = 1 if measure.better == "higher" else -1
    enough = _WITHIN["above" if least.beyond else "at_least"]

    def holds(values: Values) -> bool | None:
        if values.get(stopped_id) not in COUNTS[SideGap]:
            return None
        own, other = values.get(own_id), values.get(other_id)
        if not isinstance(own, _NUMBER) or not isinstance(other, _NUMBER):
            return None
        # Rounded, so that 10.1 cm and 6.1 cm are 4 cm apart and not a hair more.
        gap = round((other - own) * sign, 6)
        return enough(gap, least.by) and enough(gap, round(least.share * abs(other), 6))

    return holds


def measure_of(pack: Pack, test: str, code: str) -> Measure:
    """The measure of a self-test by its code."""
    return next(measure for measure in pack.tests[test].measures if measure.code == code)
