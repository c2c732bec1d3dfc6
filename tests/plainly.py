"""Adds arguments up as the design says it, one step after the other and nothing remembered: what the quick way is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

from rules.answers import Value
from rules.content import SIDES, Measured, Pack, Rule, Side, SideGap, leaves
from rules.criteria import OTHER, compile_criterion

Key = tuple[str, str, str]


@dataclass
class Sum:
    """One imbalance: its rules that stand, each with what it weighs and what is left of it."""

    prior: int
    standing: list[tuple[Rule, int]]
    normal: bool
    left: dict[str, int] = field(default_factory=dict)

    def ids(self, *, positive: bool, among: set[str]) -> list[str]:
        """Rules of one sign, the heaviest first."""
        same = [(rule.id, weight) for rule, weight in self.standing if (weight > 0) is positive and rule.id in among]
        return [name for name, weight in sorted(same, key=lambda one: -abs(one[1]))]

    def trim(self, among: set[str], lowest: float, highest: float) -> None:
        """Take what is over a limit from the weakest of that sign."""
        for sign, limit in ((1, highest), (-1, -lowest)):
            over = max(0, sign * sum(self.left[name] for name in self.left if name in among) - round(limit))
            for name in sorted((one for one in self.left if one in among), key=lambda one: abs(self.left[one])):
                part = min(over, max(0, sign * self.left[name]))
                self.left[name] -= sign * part
                over -= part


def total_and_band(pack: Pack, key: Key, values: Mapping[str, Value]) -> tuple[int, str]:
    """The sum of one imbalance in thousandths, and its band."""
    found = _standing(pack, key, values)
    weighing, kinds = pack.weighing, {rule.id: rule.kind for rule, _ in found.standing}
    found.left = {rule.id: weight for rule, weight in found.standing}
    for cluster in weighing.clusters:
        members = {rule.id for rule, _ in found.standing if rule.cluster == cluster.id}
        for positive in (True, False):
            for place, name in enumerate(found.ids(positive=positive, among=members)[1:]):
                found.left[name] = _part(found.left[name], cluster.share) if cluster.rest == "all" or place == 0 else 0
        found.trim(
            members, -1e9 if cluster.lowest is None else cluster.lowest * 1000, 1e9 if cluster.highest is None else cluster.highest * 1000
        )
    _fitness(pack, found, values)
    for cap in weighing.caps:
        found.trim({name for name, kind in kinds.items() if kind in cap.kinds}, -cap.limit * 1000, cap.limit * 1000)
    found.trim(set(found.left), -weighing.total * 1000, weighing.total * 1000)
    return _shown(pack, found)


def sides_of(rule: Rule) -> tuple[Side | None, ...]:
    """What `same` can mean in a rule."""
    return SIDES if any(bearing.side in ("same", "opposite") for bearing in rule.on) else (None,)


def _part(weight: int, share: float) -> int:
    part = abs(weight) * round(share * 1000) // 1000
    return part if weight > 0 else -part


def _odds(probability: float) -> int:
    return round(1000 * log(probability / (1 - probability)))


def _outcome(pack: Pack, rule: Rule, side: Side | None, values: Mapping[str, Value]) -> bool | str | None:
    holds = compile_criterion(rule.when, pack, side)(values)
    if holds is not False or rule.against_when is None:
        return holds
    against = compile_criterion(rule.against_when, pack, side)(values)
    return None if against is None else False if against else "neither"


def _turned(word: str, side: str) -> Side | None:
    own: Side = "left" if side == "left" else "right"
    return own if word == "same" else OTHER[own] if word == "opposite" else None


def _standing(pack: Pack, key: Key, values: Mapping[str, Value]) -> Sum:
    muscle, state, side = key
    bearing = [(rule, one.side) for rule in pack.rules for one in rule.on if (one.muscle, one.state) == (muscle, state)]
    outcomes = [(rule, _outcome(pack, rule, _turned(word, side), values)) for rule, word in bearing]
    decided = [(rule, outcome) for rule, outcome in outcomes if isinstance(outcome, bool)]
    measured = any(rule.kind == "measured" for rule, _ in decided)
    overridden = {name for rule, _ in decided for name in rule.overrides}
    factor = min([1.0, *(scale.factor for scale in pack.weighing.scales if compile_criterion(scale.when, pack)(values))])
    standing = [
        (rule, _part(round(1000 * (rule.weight_for if outcome else rule.weight_against)), factor))
        for rule, outcome in decided
        if rule.id not in overridden and not (measured and (rule.kind == "felt" or rule.unless_measured))
    ]
    normal = any(not outcome and rule.id in pack.weighing.normal_test and rule.weight_against for rule, outcome in decided)
    prior = next(share for name, share in pack.muscles[muscle].priors.items() if name == state)
    return Sum(_odds(prior), [(rule, weight) for rule, weight in standing if weight], normal)


def _fitness(pack: Pack, found: Sum, values: Mapping[str, Value]) -> None:
    fitness, low = pack.weighing.fitness, set()
    for rule in pack.rules:
        if rule.kind == "measured" and rule.weight_for > 0 and rule.grade != "weak":
            tests = {leaf.test for leaf in leaves(rule.when) if isinstance(leaf, Measured | SideGap) and pack.tests[leaf.test].fitness}
            if tests and any(_outcome(pack, rule, side, values) is True for side in sides_of(rule)):
                low |= tests
    endurance = [
        rule for rule, _ in found.standing if rule.kind == "measured" and found.left[rule.id] > 0 and rule.cluster in fitness.clusters
    ]
    if len(low) >= fitness.low_tests and endurance:
        strongest = max(endurance, key=lambda rule: found.left[rule.id]).cluster
        for rule in endurance:
            if rule.cluster != strongest:
                found.left[rule.id] = _part(found.left[rule.id], fitness.factor)


def _shown(pack: Pack, found: Sum) -> tuple[int, str]:
    weighing = pack.weighing
    idle = {kind for cap in weighing.caps if not cap.decides for kind in cap.kinds}
    quiet = {cluster.id for cluster in weighing.clusters if not cluster.shows_alone}
    limits = {band: _odds(getattr(weighing.bands, band)) for band in ("possible", "likely", "strong")}
    supporting = [rule for rule, _ in found.standing if found.left[rule.id] > 0]
    measured = any(rule.kind == "measured" for rule in supporting)
    total = found.prior + sum(found.left.values())
    if found.normal and not measured:
        total = min(total, limits["possible"])
    deciding = total - sum(found.left[rule.id] for rule, _ in found.standing if rule.kind in idle)
    if not any(rule.kind not in idle and rule.cluster not in quiet for rule in supporting):
        return total, "none"
    reached = ["none", *(band for band in limits if deciding > limits[band])]
    return total, reached[-1] if measured else reached[:2][-1]
