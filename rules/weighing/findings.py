"""From sums to findings: left and right are told apart only when a test can tell them apart."""

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rules.content import Muscle, Pack, Pattern, State
from rules.criteria import Values
from rules.weighing.arguments import TargetSide, scales
from rules.weighing.weigh import BANDS, Band, Weighed, weigh

FindingSide = TargetSide | Literal["both"]


@dataclass(frozen=True)
class Finding:
    """An imbalance worth showing. `weighed`: its sums, one a side; `both` has the left and the right one."""

    id: str
    muscle: Muscle
    state: State
    side: FindingSide
    band: Band
    weighed: tuple[Weighed, ...]

    @property
    def measured(self) -> bool:
        """Whether a self-test speaks for it."""
        return any(one.measured for one in self.weighed)


def find(pack: Pack, values: Values) -> list[Finding]:
    """Every imbalance above `none`, the strongest first."""
    found: list[Finding] = []
    for (muscle, state), sides in groupby(weigh(pack, values), key=lambda one: (one.target.muscle, one.target.state)):
        weighed = tuple(sides)
        if any(one.band != "none" for one in weighed):
            found.extend(_of_muscle(pack, pack.muscles[muscle], state, weighed, values))
    return sorted(found, key=lambda one: _rank(pack, one))


def _rank(pack: Pack, finding: Finding) -> tuple[int, bool, int, str, str]:
    total = max(one.total for one in finding.weighed)
    last = finding.muscle.region in pack.shown_last
    return (
        -BANDS.index(finding.band),
        last,
        -total,
        finding.muscle.id + finding.state,
        "" if finding.side in ("both", "midline") else "side",
    )


def _of_muscle(pack: Pack, muscle: Muscle, state: State, weighed: tuple[Weighed, ...], values: Values) -> list[Finding]:
    def finding(side: FindingSide, band: Band, sums: tuple[Weighed, ...]) -> Finding:
        return Finding(f"{muscle.id}.{state}.{side}", muscle, state, side, band, sums)

    bands = [one.band for one in weighed]
    if not muscle.sided:
        found = [finding("midline", bands[0], weighed)]
    elif bands[0] == bands[1] or not _told_apart(pack, muscle.id, state, values):
        # Within measurement error the sides read as one: as the worse of the two, so that no finding is lost.
        found = [finding("both", max(bands, key=BANDS.index), weighed)]
    else:
        found = [finding(one.target.side, one.band, (one,)) for one in weighed]
    return [one for one in found if one.band != "none"]


def _told_apart(pack: Pack, muscle: str, state: State, values: Values) -> bool:
    """Sides differ when a two-sided test says so by more than its error, or when no such test was done and only one side was reported."""
    gaps = scales(pack).gaps.get((muscle, state), [])
    worse = [(gap.left_worse(values), gap.right_worse(values)) for gap in gaps]
    done = [sides for sides in worse if None not in sides]
    return not done or any(True in sides for sides in done)


def patterns(pack: Pack, findings: list[Finding]) -> list[Pattern]:
    """The named patterns with enough measured members; they add nothing to any finding."""
    measured = {(one.muscle.id, one.state) for one in findings if one.measured}

    def members(pattern: Pattern, state: State) -> int:
        return sum((muscle, state) in measured for muscle in (pattern.tight if state == "tight" else pattern.weak))

    rules = pack.patterns
    return [one for one in rules.patterns if members(one, "tight") >= rules.tight_members and members(one, "weak") >= rules.weak_members]
