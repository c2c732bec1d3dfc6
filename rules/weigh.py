"""Adds up the arguments for each imbalance. Integers throughout, so that any machine gets the same sum."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rules.arguments import WHOLE, Argument, Scales, Target, scales
from rules.content import Kind, Pack
from rules.criteria import Holds, Values

Band = Literal["none", "possible", "likely", "strong"]
BANDS: tuple[Band, ...] = ("none", "possible", "likely", "strong")
Result = Literal["neither"] | bool | None


@dataclass
class Counted:
    """An argument that was decided: its weight, and how much of it is left in the sum."""

    argument: Argument
    supports: bool
    weight: int
    counted: int

    @property
    def kind(self) -> Kind:
        """The kind of evidence."""
        return self.argument.rule.kind


@dataclass
class Weighed:
    """A target with its sum: prior + what the arguments count - lowered = total."""

    target: Target
    band: Band
    total: int
    counted: list[Counted]
    undecided: list[Argument]
    lowered: int = 0

    @property
    def measured(self) -> bool:
        """Whether a self-test speaks for it."""
        return any(one.counted > 0 and one.kind == "measured" for one in self.counted)


def weigh(pack: Pack, values: Values) -> list[Weighed]:
    """Every target with its sum and band, in the order of the pack."""
    compiled = scales(pack)
    results = [_result(holds, against, values) for holds, against in compiled.questions]
    factor = min((milli for holds, milli in compiled.factors if holds(values)), default=WHOLE)
    unfit = _unfit(compiled, results)
    return [_weigh_target(compiled, target, target.own(results), factor, unfit) for target in compiled.targets]


def _result(holds: Holds, against: Holds | None, values: Values) -> Result:
    """True: the argument supports; False: it speaks against; "neither": decided, and worth nothing; None: undecided."""
    result = holds(values)
    if result is not False or against is None:
        return result
    normal = against(values)
    return "neither" if normal is False else False if normal else None


def _unfit(compiled: Scales, results: list[Result]) -> bool:
    """Whether so many endurance tests are low that they tell of general fitness."""
    low = {test for question, tests in compiled.endurance_tests.items() if results[question] is True for test in tests}
    return len(low) >= compiled.low_tests


@lru_cache(maxsize=20_000)
def _weigh_target(compiled: Scales, target: Target, results: tuple[Result, ...], factor: int, unfit: bool) -> Weighed:
    """The sum depends on nothing but which arguments hold, so equal patterns of answers are added up once."""
    decided: list[tuple[Argument, bool]] = []
    undecided: list[Argument] = []
    for argument, result in zip(target.arguments, results, strict=True):
        if result is None:
            undecided.append(argument)
        elif result != "neither":
            decided.append((argument, result))
    counted = _standing(decided, factor)
    if counted:
        _share_clusters(compiled, counted)
        if unfit:
            _share_fitness(compiled, counted)
        for kinds, limit in compiled.caps:
            _trim([one for one in counted if one.kind in kinds], -limit, limit)
        _trim(counted, -compiled.total, compiled.total)
    weighed = Weighed(target, "none", target.prior + sum(one.counted for one in counted), counted, undecided)
    _heed_normal_test(compiled, weighed)
    weighed.band = _band(compiled, weighed)
    return weighed


def _standing(decided: list[tuple[Argument, bool]], factor: int) -> list[Counted]:
    """The arguments that stand: a measured one silences what is only felt, and what it overrides."""
    measured = any(argument.rule.kind == "measured" for argument, _ in decided)
    overridden = {rule for argument, _ in decided for rule in argument.rule.overrides}
    standing: list[Counted] = []
    for argument, supports in decided:
        silenced = measured and (argument.rule.kind == "felt" or argument.rule.unless_measured)
        weight = share(argument.weight_for if supports else argument.weight_against, factor)
        if weight and not silenced and argument.rule.id not in overridden:
            standing.append(Counted(argument, supports, weight, weight))
    return standing


def _share_clusters(compiled: Scales, standing: list[Counted]) -> None:
    """Within a cluster and sign the strongest counts whole and the rest in part; a cluster may have limits of its own."""
    clusters: dict[str, list[Counted]] = defaultdict(list)
    for one in standing:
        clusters[one.argument.rule.cluster].append(one)
    for name, members in clusters.items():
        cluster = compiled.clusters[name]
        for positive in (True, False):
            same_sign = sorted((one for one in members if (one.weight > 0) is positive), key=lambda one: -abs(one.weight))
            for place, one in enumerate(same_sign[1:]):
                one.counted = share(one.weight, cluster.share) if cluster.rest == "all" or place == 0 else 0
        _trim(members, cluster.lowest, cluster.highest)


def _share_fitness(compiled: Scales, standing: list[Counted]) -> None:
    """In an unfit person the endurance tests tell one story: beside the strongest cluster the others count less."""
    tests = [
        one for one in standing if one.counted > 0 and one.kind == "measured" and one.argument.rule.cluster in compiled.fitness_clusters
    ]
    if tests:
        strongest = max(tests, key=lambda one: one.counted).argument.rule.cluster
        for one in tests:
            if one.argument.rule.cluster != strongest:
                one.counted = share(one.counted, compiled.fitness_factor)


def _trim(members: list[Counted], lowest: int, highest: int) -> None:
    """Take what is over a limit from the weakest arguments of that sign first."""
    total = sum(one.counted for one in members)
    excess = max(total - highest, 0) or min(total - lowest, 0)
    if not excess:
        return
    for one in sorted(members, key=lambda one: abs(one.counted)):
        if one.counted * excess > 0:
            part = min(abs(one.counted), abs(excess)) * (1 if excess > 0 else -1)
            one.counted -= part
            excess -= part


def _heed_normal_test(compiled: Scales, weighed: Weighed) -> None:
    """A normal result on the best test for a muscle keeps it out of sight, unless another self-test disagrees."""
    normal = any(not one.supports and one.argument.rule.id in compiled.normal_tests for one in weighed.counted)
    if normal and not weighed.measured and weighed.total > compiled.limits["possible"]:
        weighed.lowered = weighed.total - compiled.limits["possible"]
        weighed.total -= weighed.lowered


def _band(compiled: Scales, weighed: Weighed) -> Band:
    """Posture is shown but moves no band; what tells of general fitness is no reason alone; without a self-test nothing passes `possible`."""
    reasons = (one for one in weighed.counted if one.counted > 0 and one.kind not in compiled.idle_kinds)
    if all(one.argument.rule.cluster in compiled.no_reason_alone for one in reasons):
        return "none"
    idle = sum(one.counted for one in weighed.counted if one.kind in compiled.idle_kinds)
    deciding = weighed.total - idle
    band: Band = "none"
    for name in ("possible", "likely", "strong"):
        if deciding > compiled.limits[name]:
            band = name
    return min(band, "possible", key=BANDS.index) if not weighed.measured else band


def share(weight: int, milli: int) -> int:
    """`milli` thousandths of a weight, rounded towards zero so that both signs lose alike."""
    part = abs(weight) * milli // WHOLE
    return part if weight >= 0 else -part
