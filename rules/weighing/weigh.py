"""Adds up the arguments for each imbalance. Integers throughout, so that any machine gets the same sum."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.content import Kind, Pack
from rules.criteria import Values
from rules.weighing.arguments import WHOLE, Argument, Part, Scales, Target, scales
from rules.weighing.deciding import Result, result_of

Band = Literal["none", "possible", "likely", "strong"]
BANDS: tuple[Band, ...] = ("none", "possible", "likely", "strong")
NOTHING: frozenset[str] = frozenset()
MOST_KEPT = 4096


def at_least(band: Band, least: Band) -> bool:
    """Whether a band is this one or a stronger one."""
    return BANDS.index(band) >= BANDS.index(least)


class Counted(NamedTuple):
    """An argument that was decided: its weight, and how much of it is left in the sum."""

    argument: Argument
    supports: bool
    weight: int
    counted: int
    kind: Kind


class Sum(NamedTuple):
    """Arguments added up: `total` all of them, `by_cap` those under each cap, `deciding` those that may move a band.

    `measured`: a self-test speaks for it. `reason`: something is reason enough to show it. `normal`: the best test was normal.
    """

    counted: tuple[Counted, ...]
    undecided: tuple[Argument, ...]
    total: int
    by_cap: tuple[int, ...]
    deciding: int
    measured: bool
    reason: bool
    normal: bool


class Weighed(NamedTuple):
    """A target with its sum: prior + what the arguments count - lowered = total. `measured`: whether a self-test speaks for it."""

    target: Target
    band: Band
    total: int
    counted: tuple[Counted, ...]
    undecided: tuple[Argument, ...]
    lowered: int = 0
    measured: bool = False


NO_SUM = Sum((), (), 0, (), 0, measured=False, reason=False, normal=False)


def weigh(pack: Pack, values: Values) -> list[Weighed]:
    """Every target with its sum and band, in the order of the pack."""
    compiled = scales(pack)
    decided = compiled.decider.decide(values)
    factor = min((milli for holds, milli in compiled.factors if holds(values)), default=WHOLE)
    return [
        known.get(decided & own) or weigher.weigh(decided) for own, known, weigher in _weighers(compiled, factor, _unfit(compiled, decided))
    ]


def _unfit(compiled: Scales, decided: int) -> bool:
    """Whether so many endurance tests are low that they tell of general fitness."""
    low: set[str] = set()
    for question, tests in compiled.endurance_tests.items():
        if result_of(decided, question) is True:
            low |= tests
    return len(low) >= compiled.low_tests


@lru_cache(maxsize=32)
def _weighers(compiled: Scales, factor: int, unfit: bool) -> list[tuple[int, dict[int, Weighed], "_Weigher"]]:
    """Who weighs each target, with the results it looks at and what it has weighed."""
    weighers = [_Weigher(compiled, target, factor, unfit) for target in compiled.targets]
    return [(one.target.own, one.known, one) for one in weighers]


class _Weigher:
    """Weighs one target. It depends on nothing but which of its arguments hold, so equal patterns of results are weighed once."""

    def __init__(self, compiled: Scales, target: Target, factor: int, unfit: bool) -> None:
        self.target = target
        self.known: dict[int, Weighed] = {}
        self._compiled = compiled
        self._factor = factor
        self._unfit = unfit and target.endurance
        self._possible = compiled.limits["possible"]
        self._adders: dict[frozenset[str], tuple[_Adder, _Adder]] = {}

    def weigh(self, decided: int) -> Weighed:
        """Add up both parts, keep to the limits, find the band."""
        target = self.target
        silenced = target.felt if decided & target.tests else NOTHING
        if target.overriding:
            silenced = silenced.union(
                *(one.rule.overrides for one in target.overriding if result_of(decided, one.question) in (True, False))
            )
        first, last = self._adders.get(silenced) or self._adders_without(silenced)
        one, other = first.sum(decided), last.sum(decided)
        counted, undecided = one.counted + other.counted, one.undecided + other.undecided
        if self._unfit or self._passes_a_limit(one, other):
            one, other = _limited(self._compiled, counted, self._unfit), NO_SUM
            counted = one.counted
        total = target.prior + one.total + other.total
        measured = one.measured or other.measured
        lowered = 0
        if total > self._possible and not measured and (one.normal or other.normal):
            # A normal result on the best test keeps a muscle out of sight, unless another self-test disagrees.
            lowered = total - self._possible
        band: Band = "none"
        if one.reason or other.reason:
            band = band_of(self._compiled, target.prior + one.deciding + other.deciding - lowered, measured=measured)
        weighed = Weighed(target, band, total - lowered, counted, undecided, lowered, measured)
        if len(self.known) >= MOST_KEPT:
            self.known.clear()
        self.known[decided & target.own] = weighed
        return weighed

    def _adders_without(self, silenced: frozenset[str]) -> tuple["_Adder", "_Adder"]:
        first, last = self.target.parts
        adders = _adder(self._compiled, first, self._factor, silenced), _adder(self._compiled, last, self._factor, silenced)
        self._adders[silenced] = adders
        return adders

    def _passes_a_limit(self, one: Sum, other: Sum) -> bool:
        for cap, limit in self.target.caps:
            if abs(one.by_cap[cap] + other.by_cap[cap]) > limit:
                return True
        return abs(one.total + other.total) > self._compiled.total


class _Adder:
    """Adds up one part of a target, at one factor and without the rules silenced; equal patterns of results only once."""

    def __init__(self, compiled: Scales, part: Part, factor: int, silenced: frozenset[str]) -> None:
        self._compiled = compiled
        self._own = part.own
        self._known: dict[int, Sum] = {}
        self._ways: list[tuple[Argument, dict[Result, Counted]]] = []
        for one in part.arguments:
            weights = {False: share(one.weight_against, factor), True: share(one.weight_for, factor)}
            heard = {} if one.rule.id in silenced else weights
            self._ways.append((one, {way: Counted(one, way, weight, weight, one.rule.kind) for way, weight in heard.items() if weight}))

    def sum(self, decided: int) -> Sum:
        """The arguments that stand, shared out within their clusters, and added up."""
        own = decided & self._own
        found = self._known.get(own)
        if found is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            found = self._known[own] = self._add_up(own)
        return found

    def _add_up(self, decided: int) -> Sum:
        standing: list[Counted] = []
        undecided: list[Argument] = []
        for argument, ways in self._ways:
            result = result_of(decided, argument.question)
            if result is None:
                undecided.append(argument)
            elif (one := ways.get(result)) is not None:
                standing.append(one)
        counts = [one.weight for one in standing]
        _share_clusters(self._compiled, standing, counts)
        return _sum(self._compiled, standing, counts, tuple(undecided))


@lru_cache(maxsize=4096)
def _adder(compiled: Scales, part: Part, factor: int, silenced: frozenset[str]) -> _Adder:
    return _Adder(compiled, part, factor, silenced)


def _share_clusters(compiled: Scales, standing: Sequence[Counted], counts: list[int]) -> None:
    """Within a cluster and sign the strongest counts whole and the rest in part; a cluster may have limits of its own."""
    clusters: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(standing):
        clusters[one.argument.rule.cluster].append(place)
    for name, places in clusters.items():
        cluster = compiled.clusters[name]
        for sign in (1, -1):
            same_sign = [place for place in places if counts[place] * sign > 0]
            if len(same_sign) > 1:
                same_sign.sort(key=lambda place: -abs(counts[place]))
                for rank, place in enumerate(same_sign[1:]):
                    counts[place] = share(counts[place], cluster.share) if cluster.rest == "all" or rank == 0 else 0
        _trim(counts, places, cluster.lowest, cluster.highest)


def _sum(compiled: Scales, standing: Sequence[Counted], counts: Sequence[int], undecided: tuple[Argument, ...]) -> Sum:
    """Posture is shown but moves no band; what tells of general fitness is no reason to show a finding by itself."""
    counted: list[Counted] = []
    by_cap = [0] * len(compiled.caps)
    idle = 0
    measured = reason = normal = False
    for one, count in zip(standing, counts, strict=True):
        rule = one.argument.rule
        counted.append(one if one.counted == count else one._replace(counted=count))
        for cap in compiled.caps_of[one.kind]:
            by_cap[cap] += count
        measured = measured or (count > 0 and one.kind == "measured")
        if one.kind in compiled.idle_kinds:
            idle += count
        elif count > 0:
            reason = reason or rule.cluster not in compiled.no_reason_alone
        normal = normal or (not one.supports and rule.id in compiled.normal_tests)
    total = sum(counts)
    return Sum(tuple(counted), undecided, total, tuple(by_cap), total - idle, measured, reason, normal)


def _limited(compiled: Scales, standing: Sequence[Counted], unfit: bool) -> Sum:
    """The sum with every limit kept: for general fitness, for each cap, and for all together."""
    counts = [one.counted for one in standing]
    if unfit:
        _share_fitness(compiled, standing, counts)
    for kinds, limit in compiled.caps:
        _trim(counts, [place for place, one in enumerate(standing) if one.kind in kinds], -limit, limit)
    _trim(counts, range(len(counts)), -compiled.total, compiled.total)
    return _sum(compiled, standing, counts, ())


def _share_fitness(compiled: Scales, standing: Sequence[Counted], counts: list[int]) -> None:
    """In an unfit person the endurance tests tell one story: beside the strongest cluster the others count less."""
    clusters = {
        place: one.argument.rule.cluster
        for place, one in enumerate(standing)
        if one.counted > 0 and one.kind == "measured" and one.argument.rule.cluster in compiled.fitness_clusters
    }
    if clusters:
        strongest = clusters[max(clusters, key=counts.__getitem__)]
        for place, cluster in clusters.items():
            if cluster != strongest:
                counts[place] = share(counts[place], compiled.fitness_factor)


def _trim(counts: list[int], places: Sequence[int], lowest: int, highest: int) -> None:
    """Take what is over a limit, at these places, from the weakest arguments of that sign first."""
    total = sum([counts[place] for place in places])
    if lowest <= total <= highest:
        return
    excess = total - (highest if total > highest else lowest)
    for place in sorted(places, key=lambda place: abs(counts[place])):
        if counts[place] * excess > 0:
            part = min(abs(counts[place]), abs(excess)) * (1 if excess > 0 else -1)
            counts[place] -= part
            excess -= part


def band_of(compiled: Scales, deciding: int, *, measured: bool) -> Band:
    """The band of a sum. Without a self-test nothing passes `possible`."""
    limits = compiled.limits
    if deciding <= limits["possible"]:
        return "none"
    if deciding <= limits["likely"] or not measured:
        return "possible"
    return "likely" if deciding <= limits["strong"] else "strong"


def share(weight: int, milli: int) -> int:
    """`milli` thousandths of a weight, rounded towards zero so that both signs lose alike."""
    part = abs(weight) * milli // WHOLE
    return part if weight >= 0 else -part
