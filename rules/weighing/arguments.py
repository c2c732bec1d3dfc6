"""Turns a pack's evidence, once, into targets with the arguments that bear on each. Weights become integers: thousandths of a natural-log unit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Literal, get_args

from rules.content import SIDES, Bearing, Cluster, Kind, Measured, Pack, Rule, Side, SideGap, State, leaves
from rules.criteria import OTHER, Holds, compile_criterion, read_by
from rules.weighing.deciding import DECIDED, Decider, Question, mask

TargetSide = Literal["left", "right", "midline"]
WHOLE = 1000
NO_LIMIT = 1_000_000


def _milli(number: float) -> int:
    return round(number * WHOLE)


def _log_odds(probability: float) -> int:
    return _milli(log(probability / (1 - probability)))


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


@dataclass(frozen=True, eq=False)
class Argument:
    """A rule turned towards one target. `question`: its place among all questions; `items`: the link_ids it reads."""

    rule: Rule
    side: Side | None
    question: int
    weight_for: int
    weight_against: int
    about: str
    items: tuple[str, ...]
    endurance_tests: frozenset[str]

    @property
    def most(self) -> int:
        """The most it can count, either way."""
        return max(abs(self.weight_for), abs(self.weight_against))


@dataclass(frozen=True, eq=False)
class Part:
    """Some arguments of a target that stand in no cluster with any other. `own` leaves their results of all."""

    arguments: tuple[Argument, ...]
    own: int

    @classmethod
    def of(cls, arguments: Sequence[Argument]) -> "Part":
        """The arguments as a part."""
        return cls(tuple(arguments), mask(one.question for one in arguments))


@dataclass(frozen=True, eq=False)
class Target:
    """One imbalance that could be found: muscle, state and side, with everything that bears on it.

    `own` leaves its results of all; `tests`: what is set in them when a self-test is decided. `felt`: the rules that silences.
    `overriding`: the arguments that silence others. `endurance`: whether it heeds general fitness. `caps`: those its arguments could pass.
    """

    muscle: str
    state: State
    side: TargetSide
    prior: int
    arguments: tuple[Argument, ...]
    parts: tuple[Part, Part]
    own: int
    tests: int
    felt: frozenset[str]
    overriding: tuple[Argument, ...]
    endurance: bool
    caps: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Gap:
    """A measure of both sides, and whether one is worse by more than the test can err."""

    left: SideGap
    right: SideGap
    left_worse: Holds
    right_worse: Holds


class Scales:
    """A pack's evidence, compiled: every question an argument asks, and the arguments of each target pointing to them."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._asked: dict[tuple[str, Side | None], Question] = {}
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
        self.caps_of = {kind: [place for place, (kinds, _) in enumerate(self.caps) if kind in kinds] for kind in get_args(Kind)}
        self.targets = tuple(self._targets())
        self.questions = tuple(self._asked.values())
        self.decider = Decider(pack, self.questions)
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
                    yield self._target(muscle.id, state, side, _log_odds(prior))

    def _target(self, muscle: str, state: State, side: TargetSide, prior: int) -> Target:
        bearings = [(rule, one) for rule in self.pack.rules for one in rule.on if one.muscle == muscle and one.state == state]
        arguments = tuple(self._argument(rule, bearing, side) for rule, bearing in bearings)
        return Target(
            muscle=muscle,
            state=state,
            side=side,
            prior=prior,
            arguments=arguments,
            parts=_parts(arguments),
            own=mask(one.question for one in arguments),
            tests=mask((one.question for one in arguments if one.rule.kind == "measured"), DECIDED),
            felt=frozenset(one.rule.id for one in arguments if one.rule.kind == "felt" or one.rule.unless_measured),
            overriding=tuple(one for one in arguments if one.rule.overrides),
            endurance=any(one.rule.cluster in self.fitness_clusters for one in arguments),
            caps=tuple(
                (place, limit)
                for place, (kinds, limit) in enumerate(self.caps)
                if sum(one.most for one in arguments if one.rule.kind in kinds) > limit
            ),
        )

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
            question=self._question(rule, turned),
            weight_for=_milli(rule.weight_for),
            weight_against=_milli(rule.weight_against),
            about=rule.about or reads[0],
            items=reads,
            endurance_tests=tests if endurance else frozenset(),
        )

    def _question(self, rule: Rule, side: Side | None) -> int:
        self._asked.setdefault((rule.id, side), Question(rule.when, rule.against_when, side))
        return list(self._asked).index((rule.id, side))

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
        return Gap(left, right, compile_criterion(left, self.pack), compile_criterion(right, self.pack))


def _parts(arguments: Sequence[Argument]) -> tuple[Part, Part]:
    """First ones and last ones, as even as may be without cutting a cluster: the patterns of each come again sooner than those of all."""
    clusters = [one.rule.cluster for one in arguments]
    cuts = [place for place in range(len(clusters) + 1) if not set(clusters[:place]).intersection(clusters[place:])]
    cut = min(cuts, key=lambda place: abs(2 * place - len(clusters)))
    return Part.of(arguments[:cut]), Part.of(arguments[cut:])


@lru_cache(maxsize=8)
def scales(pack: Pack) -> Scales:
    """The pack's evidence, compiled once."""
    return Scales(pack)
