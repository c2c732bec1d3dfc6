"""Turns a pack's evidence, once, into targets with the arguments that bear on each. Weights become integers: thousandths of a natural-log unit."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from operator import itemgetter
from typing import Any, Literal

from rules.content import SIDES, Bearing, Cluster, Measured, Pack, Rule, Side, SideGap, State, leaves
from rules.criteria import OTHER, Holds, compile_criterion, read_by

TargetSide = Literal["left", "right", "midline"]
WHOLE = 1000
NO_LIMIT = 1_000_000


def _milli(number: float) -> int:
    return round(number * WHOLE)


def _picker(places: list[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """A quick way to take these places out of a list."""
    if len(places) == 1:
        return lambda results: (results[places[0]],)
    return itemgetter(*places)


def _log_odds(probability: float) -> int:
    return _milli(log(probability / (1 - probability)))


@dataclass(frozen=True, eq=False)
class Argument:
    """A rule turned towards one target. `question` is its place among the compiled criteria; `items` are the link_ids it reads."""

    rule: Rule
    side: Side | None
    question: int
    weight_for: int
    weight_against: int
    about: str
    items: tuple[str, ...]
    endurance_tests: frozenset[str]


@dataclass(frozen=True, eq=False)
class Target:
    """One imbalance that could be found: muscle, state and side, with everything that bears on it. `own` picks its results out of all."""

    muscle: str
    state: State
    side: TargetSide
    prior: int
    arguments: tuple[Argument, ...]
    own: Callable[[Sequence[Any]], tuple[Any, ...]]


@dataclass(frozen=True)
class Sharing:
    """A cluster in integers."""

    share: int
    rest: Literal["all", "next"]
    lowest: int
    highest: int

    @classmethod
    def of(cls, cluster: Cluster) -> "Sharing":
        """The cluster, with no limit where none is given."""
        lowest = -NO_LIMIT if cluster.lowest is None else _milli(cluster.lowest)
        highest = NO_LIMIT if cluster.highest is None else _milli(cluster.highest)
        return cls(_milli(cluster.share), cluster.rest, lowest, highest)


@dataclass(frozen=True)
class Gap:
    """A measure of both sides, and whether one is worse by more than the test can err."""

    left_worse: Holds
    right_worse: Holds


class Scales:
    """A pack's evidence, compiled: each distinct criterion once, and the arguments of each target pointing to them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.questions: list[tuple[Holds, Holds | None]] = []
        self._places: dict[tuple[str, Side | None], int] = {}
        weighing = pack.weighing
        self.clusters = {cluster.id: Sharing.of(cluster) for cluster in weighing.clusters}
        self.limits = {band: _log_odds(getattr(weighing.bands, band)) for band in ("possible", "likely", "strong")}
        self.total = _milli(weighing.total)
        self.factors = [(compile_criterion(scale.when, pack), _milli(scale.factor)) for scale in weighing.scales]
        self.fitness_clusters = frozenset(weighing.fitness.clusters)
        self.fitness_factor = _milli(weighing.fitness.factor)
        self.low_tests = weighing.fitness.low_tests
        self.normal_tests = frozenset(weighing.normal_test)
        self.no_reason_alone = frozenset(cluster.id for cluster in weighing.clusters if not cluster.shows_alone)
        self.idle_kinds = frozenset(kind for cap in weighing.caps if not cap.decides for kind in cap.kinds)
        self.caps = [(frozenset(cap.kinds), _milli(cap.limit)) for cap in weighing.caps]
        self.targets = tuple(self._targets())
        self.gaps = self._gaps()
        self.endurance_tests = {
            one.question: one.endurance_tests for target in self.targets for one in target.arguments if one.endurance_tests
        }

    def _targets(self) -> Iterable[Target]:
        sides: Sequence[TargetSide]
        for muscle in self.pack.muscles.values():
            for state, prior in muscle.priors.items():
                sides = ("left", "right") if muscle.sided else ("midline",)
                for side in sides:
                    arguments = tuple(self._arguments(muscle.id, state, side))
                    places = [argument.question for argument in arguments]
                    yield Target(muscle.id, state, side, _log_odds(prior), arguments, _picker(places))

    def _arguments(self, muscle: str, state: State, side: TargetSide) -> Iterable[Argument]:
        for rule in self.pack.rules:
            for bearing in rule.on:
                if bearing.muscle == muscle and bearing.state == state:
                    yield self._argument(rule, bearing, side)

    def _argument(self, rule: Rule, bearing: Bearing, side: TargetSide) -> Argument:
        turned: Side | None = None
        if side != "midline" and bearing.side in ("same", "opposite"):
            turned = side if bearing.side == "same" else OTHER[side]
        reads = tuple(dict.fromkeys(item for leaf in leaves(rule.when) for item in read_by(leaf, self.pack, turned)))
        tests = frozenset(
            leaf.test for leaf in leaves(rule.when) if isinstance(leaf, Measured | SideGap) and self.pack.tests[leaf.test].fitness
        )
        endurance = rule.kind == "measured" and rule.weight_for > 0 and rule.grade != "weak"
        return Argument(
            rule=rule,
            side=turned,
            question=self._place(rule, turned),
            weight_for=_milli(rule.weight_for),
            weight_against=_milli(rule.weight_against),
            about=rule.about or reads[0],
            items=reads,
            endurance_tests=tests if endurance else frozenset(),
        )

    def _place(self, rule: Rule, side: Side | None) -> int:
        key = (rule.id, side)
        if key not in self._places:
            self._places[key] = len(self.questions)
            against = compile_criterion(rule.against_when, self.pack, side) if rule.against_when else None
            self.questions.append((compile_criterion(rule.when, self.pack, side), against))
        return self._places[key]

    def _gaps(self) -> dict[tuple[str, State], list["Gap"]]:
        """For each sided muscle and state: the two-sided measures that bear on it."""
        gaps: dict[tuple[str, State], dict[tuple[str, str], Gap]] = defaultdict(dict)
        for rule in self.pack.rules:
            for leaf in leaves(rule.when):
                if isinstance(leaf, Measured | SideGap) and leaf.side in ("same", "opposite"):
                    for bearing in rule.on:
                        gaps[bearing.muscle, bearing.state][leaf.test, leaf.measure] = self._gap(leaf.test, leaf.measure)
        return {key: list(measures.values()) for key, measures in gaps.items()}

    def _gap(self, test: str, measure: str) -> "Gap":
        left, right = (SideGap(test=test, measure=measure, gap="worse", side=side) for side in SIDES)
        sides = (compile_criterion(left, self.pack), compile_criterion(right, self.pack))
        return Gap(left_worse=sides[0], right_worse=sides[1])


@lru_cache(maxsize=8)
def scales(pack: Pack) -> Scales:
    """The pack's evidence, compiled once."""
    return Scales(pack)
