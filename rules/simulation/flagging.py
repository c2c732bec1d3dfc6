"""How often a pack flags what in simulated people, and what tells their groups apart."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rules.answers import Answers, read_answers
from rules.content import Pack, State
from rules.simulation.population import Person
from rules.triage import triage
from rules.weighing.findings import Finding, find
from rules.weighing.weigh import BANDS, Band, at_least

Imbalance = tuple[str, State]
Bands = dict[Imbalance, Band]
Tick = Callable[[], object]


@dataclass(frozen=True)
class FlagRate:
    """Among `people` people of a group (and of one sex, if named), the share with this band of an imbalance or a stronger one.

    Without `muscle` and `state`: of any imbalance.
    """

    muscle: str | None
    state: State | None
    group: str
    sex: str | None
    people: int
    share: dict[Band, float]


@dataclass(frozen=True)
class Separation:
    """How much oftener an imbalance is flagged `of` one group `than` of another: the difference of the shares with this band or a stronger one."""

    muscle: str
    state: State
    of: str
    than: str
    band: Band
    difference: float


def findings_of(pack: Pack, answers: Answers) -> list[Finding]:
    """What guidance would find, without the words."""
    safety = triage(pack, answers)
    return [] if safety.urgent else find(pack, safety.values)


def bands_of(pack: Pack, answers: Mapping[str, object]) -> Bands:
    """The band of each imbalance that the pack finds in these answers; of two sides, that of the worse."""
    found: Bands = {}
    for one in findings_of(pack, read_answers(pack, answers)):
        key = (one.muscle.id, one.state)
        found[key] = max(found.get(key, "none"), one.band, key=BANDS.index)
    return found


def imbalances(pack: Pack) -> list[Imbalance]:
    """Every imbalance that is assessed."""
    return [(muscle.id, state) for muscle in pack.muscles.values() for state in muscle.priors]


def flag_rates(pack: Pack, people: Iterable[Person], tick: Tick = lambda: None) -> list[FlagRate]:
    """How often each imbalance, and any, is found: by group, and by group and sex. `tick` is called once a person."""
    asked: Counter[tuple[str, str | None]] = Counter()
    found: Counter[tuple[Imbalance | None, str, str | None, Band]] = Counter()
    for person in people:
        result = bands_of(pack, person.answers)
        strongest: Band = max(result.values(), key=BANDS.index, default="none")
        sex = str(person.answers.get(pack.plan.items.sex))
        for whose in (None, sex):
            asked[person.group, whose] += 1
            found[None, person.group, whose, strongest] += 1
            found.update((imbalance, person.group, whose, band) for imbalance, band in result.items())
        tick()

    def share(imbalance: Imbalance | None, group: str, sex: str | None, least: Band) -> float:
        return sum(found[imbalance, group, sex, band] for band in BANDS if at_least(band, least)) / asked[group, sex]

    return [
        FlagRate(muscle, state, group, sex, asked[group, sex], {band: share(imbalance, group, sex, band) for band in BANDS[1:]})
        for imbalance in (None, *imbalances(pack))
        for muscle, state in (imbalance or (None, None),)
        for group, sex in sorted(asked, key=lambda one: (one[0], one[1] or ""))
    ]


def separations(rates: Iterable[FlagRate], of: str, than: str, band: Band = "likely") -> list[Separation]:
    """What tells two groups apart, the largest difference first."""
    shares = {(one.muscle, one.state, one.group): one.share[band] for one in rates if one.sex is None}
    found = [
        Separation(muscle, state, of, than, band, share - shares[muscle, state, than])
        for (muscle, state, group), share in shares.items()
        if muscle and state and group == of and (muscle, state, than) in shares
    ]
    return sorted(found, key=lambda one: (-one.difference, one.muscle, one.state))
