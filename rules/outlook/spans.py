"""How little and how much the arguments for one imbalance could come to, and between which bands that leaves it.

Each argument has a least and a most. Within a cluster, and over clusters, more is never less, so the sum of what each counts
least bounds the sum from below, and likewise from above. Where that order can break (kinds that share a cluster but not a
cap, general fitness) the bound is taken wider. What moves no band is left out: it weighs least in its cluster, so it never
moves another argument either.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rules.weighing.arguments import Argument, Scales, Sharing, Target
from rules.weighing.weigh import BANDS, Band, Weighed, band_of, share

# What an argument could still say, as bits.
SUPPORTS, OPPOSES, SILENT = 1, 2, 4
_SPEAKS = SUPPORTS | OPPOSES
MOST_KEPT = 4096
ROUNDING = 8  # shares of shares lose a thousandth here and there


class Bounds(NamedTuple):
    """The lowest and the highest band still possible."""

    lowest: Band
    highest: Band

    @property
    def settled(self) -> bool:
        """Whether no further answer can move it."""
        return self.lowest == self.highest


class Circumstances(NamedTuple):
    """What bears on every target: the least and the most that weights are scaled by, and whether the person is or may be unfit."""

    least: int
    most: int
    unfit: bool
    maybe_unfit: bool


class Span(NamedTuple):
    """What an argument could count, and what it could say."""

    argument: Argument
    low: int
    high: int
    says: int

    @property
    def measured(self) -> bool:
        """Whether it comes from a self-test."""
        return self.argument.rule.kind == "measured"


class TargetBounds:
    """Bounds one imbalance; equal outcomes are bounded once."""

    def __init__(self, compiled: Scales, target: Target) -> None:
        self._compiled = compiled
        self._target = target
        self._questions = [one.question for one in target.arguments]
        self._overridden = {name for one in target.overriding for name in one.rule.overrides}
        # What moves no band still takes its place under the limit of the whole.
        self._idle = max((one.most for one in target.arguments if one.rule.kind in compiled.idle_kinds), default=0)
        self._known: dict[tuple[Circumstances, tuple[int, ...]], Bounds] = {}

    def find(self, says: Sequence[int], around: Circumstances, exact: Weighed) -> Bounds:
        """The bounds, given what each question could say; `exact` is what it weighs now."""
        own = tuple([says[question] for question in self._questions])
        found = self._known.get((around, own))
        if found is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            nothing_open = all(one in (SUPPORTS, OPPOSES, SILENT) for one in own) and self._is_certain(around)
            found = Bounds(exact.band, exact.band) if nothing_open else self._find(own, around)
            self._known[around, own] = found
        return found

    def _is_certain(self, around: Circumstances) -> bool:
        return around.least == around.most and (around.unfit == around.maybe_unfit or not self._target.endurance)

    def _find(self, own: tuple[int, ...], around: Circumstances) -> Bounds:
        """A self-test that is decided silences what is only felt: both ways are bounded, as far as they can happen."""
        measured = [says for says, one in zip(own, self._target.arguments, strict=True) if one.rule.kind == "measured"]
        found: list[Bounds] = []
        if any(says & _SPEAKS for says in measured):
            found.append(self._between(self._spans(own, around, tested=True), around))
        if all(says & SILENT for says in measured):
            found.append(self._between(self._spans(own, around, tested=False), around))
        lowest, highest = zip(*found, strict=True)
        return Bounds(min(lowest, key=BANDS.index), max(highest, key=BANDS.index))

    def _spans(self, own: tuple[int, ...], around: Circumstances, *, tested: bool) -> list[Span]:
        """What every argument that can be heard could count."""
        says = {
            one.rule.id: SILENT if not tested and one.rule.kind == "measured" else bits
            for bits, one in zip(own, self._target.arguments, strict=True)
        }
        silencing = {
            name: [says[one.rule.id] for one in self._target.overriding if name in one.rule.overrides] for name in self._overridden
        }
        spans: list[Span] = []
        for one in self._target.arguments:
            rule = one.rule
            over = silencing.get(rule.id, [])
            silenced = (tested and rule.id in self._target.felt) or any(not other & SILENT for other in over)
            if not silenced and rule.kind not in self._compiled.idle_kinds:
                spans.append(_span(one, says[rule.id] | (SILENT if any(other & _SPEAKS for other in over) else 0), around))
        return spans

    def _between(self, spans: list[Span], around: Circumstances) -> Bounds:
        """A band needs a reason; above `possible` it needs a self-test; a normal result on the best test hides it unless another disagrees."""
        low, high = self._totals(spans, around)
        surely_measured = any(one.measured and _stays(one, spans, self._compiled) for one in spans)
        maybe_measured = any(one.measured and one.high > 0 for one in spans)
        normal = [one.says for one in spans if one.argument.rule.id in self._compiled.normal_tests and one.argument.weight_against]
        reasons = [one for one in spans if one.argument.rule.cluster not in self._compiled.no_reason_alone]
        lowest: Band = "none"
        if any(_stays(one, spans, self._compiled) for one in reasons) and (surely_measured or not any(one & OPPOSES for one in normal)):
            lowest = band_of(self._compiled, self._target.prior + low, measured=surely_measured)
        highest: Band = "none"
        if any(one.high > 0 for one in reasons) and (maybe_measured or OPPOSES not in normal):
            highest = band_of(self._compiled, self._target.prior + high, measured=maybe_measured)
        return Bounds(lowest, highest)

    def _totals(self, spans: list[Span], around: Circumstances) -> tuple[int, int]:
        """The least and the most they could add up to, with every limit kept."""
        compiled = self._compiled
        clusters: dict[str, list[Span]] = defaultdict(list)
        for one in spans:
            clusters[one.argument.rule.cluster].append(one)
        if around.maybe_unfit:
            _shrink(compiled, clusters)
        low = sum(_sum(compiled.clusters[name], [one.low for one in members]) for name, members in clusters.items())
        high = sum(_sum(compiled.clusters[name], [one.high for one in members]) for name, members in clusters.items())
        if self._target.caps:
            low, high = self._capped(clusters, low, high)
        total, idle = compiled.total, self._idle
        return max(-total - idle, min(low, total - idle)), min(total + idle, max(high, idle - total))

    def _capped(self, clusters: dict[str, list[Span]], low: int, high: int) -> tuple[int, int]:
        """The sums with the caps kept: what is left of each group of kinds, or the whole less what the caps could take."""
        least, most, taken_above, taken_below = 0, 0, 0, 0
        for kinds, limit in self._compiled.caps:
            under = [_under_cap(self._compiled.clusters[name], members, kinds) for name, members in clusters.items()]
            fewest, greatest = sum(one for one, _ in under), sum(one for _, one in under)
            least += max(fewest, -limit)
            most += min(greatest, limit)
            taken_above += max(0, greatest - limit)
            taken_below += max(0, -limit - fewest)
        return max(least, low - taken_above), min(most, high + taken_below)


def _span(argument: Argument, says: int, around: Circumstances) -> Span:
    weights = [0] if says & SILENT else []
    for bit, weight in ((SUPPORTS, argument.weight_for), (OPPOSES, argument.weight_against)):
        if says & bit:
            weights += [share(weight, around.least), share(weight, around.most)]
    return Span(argument, min(weights), max(weights), says)


def _stays(span: Span, spans: Iterable[Span], compiled: Scales) -> bool:
    """Whether something of a supporting argument is left in any case: it counts at all, and nothing in its cluster could push it out."""
    cluster = span.argument.rule.cluster
    others = [one for one in spans if one is not span and one.argument.rule.cluster == cluster]
    return span.low > 0 and (compiled.clusters[cluster].rest == "all" or all(one.high <= span.low for one in others))


def _shrink(compiled: Scales, clusters: dict[str, list[Span]]) -> None:
    """In an unfit person only the strongest of these clusters counts whole; which that is may be open, so each could be one of the others."""
    endurance = [
        name
        for name, members in clusters.items()
        if name in compiled.fitness_clusters and any(one.measured and one.high > 0 for one in members)
    ]
    if len(endurance) > 1:
        for name in endurance:
            clusters[name] = [
                one._replace(low=share(one.low, compiled.fitness_factor) - ROUNDING) if one.measured and one.low > 0 else one
                for one in clusters[name]
            ]


def _sum(sharing: Sharing, weights: Sequence[int]) -> int:
    """A cluster's sum: of each sign the strongest whole, the rest in part."""
    total = _shared(sharing, [one for one in weights if one > 0]) - _shared(sharing, [-one for one in weights if one < 0])
    return max(sharing.lowest, min(total, sharing.highest))


def _shared(sharing: Sharing, weights: list[int]) -> int:
    weights.sort(reverse=True)
    rest = weights[1:] if sharing.rest == "all" else weights[1:2]
    return sum(weights[:1]) + sum(share(one, sharing.share) for one in rest)


def _under_cap(sharing: Sharing, members: list[Span], kinds: frozenset[str]) -> tuple[int, int]:
    """The least and the most of these kinds in a cluster. Others in it can push them aside, so only what stands alone is sure to count."""
    own = [one for one in members if one.argument.rule.kind in kinds]
    if not own:
        return 0, 0
    if len(own) == len(members):
        return _sum(sharing, [one.low for one in own]), _sum(sharing, [one.high for one in own])
    return -_shared(sharing, [-one.low for one in own if one.low < 0]), _shared(sharing, [one.high for one in own if one.high > 0])
