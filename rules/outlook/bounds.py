"""The lowest and the highest band that each imbalance could still be shown at, whatever is answered next. Sound; may be wider than what can happen."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rules.content import URGENT, Pack, State
from rules.criteria import read_by
from rules.outlook.completions import FAILS, HOLDS, UNDECIDED, Could, Missing, compile_could
from rules.outlook.spans import OPPOSES, SILENT, SUPPORTS, Bounds, Circumstances, TargetBounds
from rules.weighing.arguments import WHOLE, TargetSide, scales
from rules.weighing.deciding import Question, Result, result_of
from rules.weighing.findings import Finding
from rules.weighing.weigh import BANDS, weigh

SAYS: dict[Result, int] = {True: SUPPORTS, False: OPPOSES, "neither": SILENT, None: SILENT}
Imbalance = tuple[str, State, TargetSide]


@dataclass(frozen=True)
class Outlook:
    """The bounds of the band each imbalance is shown at, and what each question that bears on one could still say."""

    bounds: dict[Imbalance, Bounds]
    says: list[int]

    def of(self, finding: Finding) -> Bounds:
        """What a finding can still become: on whichever of its sides it goes lowest, and highest."""
        sides = [self.bounds[finding.muscle.id, finding.state, one.target.side] for one in finding.weighed]
        return Bounds(min((one.lowest for one in sides), key=BANDS.index), max((one.highest for one in sides), key=BANDS.index))


def look_ahead(pack: Pack, so_far: Missing, about: Collection[tuple[str, State]] | None = None) -> Outlook:
    """What any further answers could make of every imbalance, or only of those `about` these muscles and states."""
    compiled = _compiled(pack)
    # An urgent red flag would leave nothing to show.
    urgent = any(could(so_far) & HOLDS for could in compiled.urgent)
    wanted = [
        (bounded, one)
        for bounded, one in zip(compiled.targets, weigh(pack, so_far.values), strict=True)
        if about is None or (one.target.muscle, one.target.state) in about
    ]
    says = compiled.says(so_far, {argument.question for _, one in wanted for argument in one.target.arguments})
    around = compiled.around(so_far, says)
    own = [(one.target, bounded.find(says, around, one)) for bounded, one in wanted]
    found: dict[Imbalance, Bounds] = {}
    for (muscle, state), sides in groupby(own, key=lambda one: (one[0].muscle, one[0].state)):
        each = list(sides)
        shown = compiled.merged(muscle, state, [bounds for _, bounds in each], so_far) if len(each) == 2 else [each[0][1]]
        found |= {
            (muscle, state, target.side): Bounds("none", bounds.highest) if urgent else bounds
            for (target, _), bounds in zip(each, shown, strict=True)
        }
    return Outlook(found, says)


class _Compiled:
    """A pack's evidence, ready to say what it could still come to."""

    def __init__(self, pack: Pack) -> None:
        self._scales = scales(pack)
        self._questions = [(_items_of(question, pack), _could_say(question, pack)) for question in self._scales.questions]
        self.targets = [TargetBounds(self._scales, target) for target in self._scales.targets]
        levels = [level for flag in pack.safety.red_flags for level in flag.levels if level.urgency in URGENT]
        self.urgent = [compile_could(level.when, pack) for level in levels]
        factors = [factor for _, factor in self._scales.factors]
        self._factors = [(compile_could(one.when, pack), factor) for one, factor in zip(pack.weighing.scales, factors, strict=True)]
        self._gaps = {
            key: [(compile_could(gap.left, pack), compile_could(gap.right, pack)) for gap in gaps]
            for key, gaps in self._scales.gaps.items()
        }

    def says(self, so_far: Missing, wanted: AbstractSet[int]) -> list[int]:
        """What each of these questions, and of those about fitness, could still say; the others are taken to say nothing.

        What is decided stays so unless an answer can be lost; what is not decided needs one more.
        """
        decided = self._scales.decider.decide(so_far.values)
        found: list[int] = []
        for place, (items, could) in enumerate(self._questions):
            result = result_of(decided, place)
            if place not in wanted and place not in self._scales.endurance_tests:
                found.append(SILENT)
            elif items.isdisjoint(so_far.open if result is None else so_far.losable):
                found.append(SAYS[result])
            else:
                found.append(could(so_far))
        return found

    def around(self, so_far: Missing, says: Sequence[int]) -> Circumstances:
        """What the answers leave open about the scales and about general fitness."""
        could = [(one(so_far), factor) for one, factor in self._factors]
        certain, maybe = set[str](), set[str]()
        for question, tests in self._scales.endurance_tests.items():
            if says[question] & SUPPORTS:
                maybe |= tests
            if says[question] == SUPPORTS:
                certain |= tests
        return Circumstances(
            least=min((factor for one, factor in could if one & HOLDS), default=WHOLE),
            most=min((factor for one, factor in could if one == HOLDS), default=WHOLE),
            unfit=len(certain) >= self._scales.low_tests,
            maybe_unfit=len(maybe) >= self._scales.low_tests,
        )

    def merged(self, muscle: str, state: State, each: list[Bounds], so_far: Missing) -> list[Bounds]:
        """Sides that no two-sided test tells apart, though one was done, are shown alike: at the worse band."""
        gaps = [(left(so_far), right(so_far)) for left, right in self._gaps.get((muscle, state), [])]
        if any(HOLDS in sides for sides in gaps) or not any(left & right & FAILS for left, right in gaps):
            return each
        highest = max((one.highest for one in each), key=BANDS.index)
        lowest = [one.lowest for one in each]
        if (FAILS, FAILS) in gaps and not any((left | right) & HOLDS for left, right in gaps):
            lowest = [max(lowest, key=BANDS.index)] * 2
        return [Bounds(one, highest) for one in lowest]


@lru_cache(maxsize=8)
def _compiled(pack: Pack) -> _Compiled:
    return _Compiled(pack)


def _items_of(question: Question, pack: Pack) -> frozenset[str]:
    return frozenset(item for leaf in question.leaves for item in read_by(leaf, pack, question.side))


def _could_say(question: Question, pack: Pack) -> Could:
    """Whether an argument could support, oppose, or say nothing."""
    holds = compile_could(question.when, pack, question.side)
    normal = compile_could(question.against_when, pack, question.side) if question.against_when else None

    def says(so_far: Missing) -> int:
        could = holds(so_far)
        against = (normal(so_far) if normal else HOLDS) if could & FAILS else 0
        silent = could & UNDECIDED or against & (FAILS | UNDECIDED)
        return (SUPPORTS if could & HOLDS else 0) | (OPPOSES if against & HOLDS else 0) | (SILENT if silent else 0)

    return says
