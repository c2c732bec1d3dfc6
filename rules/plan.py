"""From findings and gates to exercises with a dose: the most cover for the minutes, and a reason for everything left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.choosing import Chooser, LeftOut, Person, Prescription, catalogue
from rules.content import Gate, Pack
from rules.criteria import Values
from rules.findings import Finding
from rules.weigh import BANDS


@dataclass
class Plan:
    """What to do, how long it takes, and what was left out."""

    prescriptions: list[Prescription] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    budget: int = 0

    @property
    def minutes(self) -> int:
        """Minutes of one session."""
        return sum(one.minutes for one in self.prescriptions)


def make_plan(pack: Pack, values: Values, gates: tuple[Gate, ...], findings: list[Finding], *, gently: bool) -> Plan:
    """Choose exercises greedily by cover per minute. `gently`: stay at level 1 and train the whole body."""
    person = _person(pack, values, gates, gently=gently)
    chooser = Chooser(pack, person, findings)
    for exercise_id in pack.plan.always:
        chooser.take_if_possible(pack.exercises[exercise_id])
    if not gently:
        chooser.cover()
    size = pack.plan.general_size if gently or not findings else pack.plan.fewest
    chooser.fill(size)
    if chooser.balance():
        chooser.fill(size)
        # What filled the gap may have tipped it again.
        chooser.balance()
    order = {kind: place for place, kind in enumerate(pack.plan.order)}
    chosen = sorted(chooser.chosen.values(), key=lambda exercise: order[exercise.kind])
    return Plan([chooser.prescription(exercise) for exercise in chosen], chooser.left_out(), person.minutes)


def prescribe(pack: Pack, values: Values, gates: tuple[Gate, ...], findings: list[Finding], exercises: Iterable[str]) -> Plan:
    """These exercises as this person's plan, in their order, without those that are barred; the level is what progress is for."""
    person = _person(pack, values, gates, gently=False)
    chooser = Chooser(pack, person, findings)
    known = [pack.exercises[one] for one in exercises if one in pack.exercises]
    return Plan([chooser.prescription(one) for one in known if chooser.allows(one)], [], person.minutes)


def _person(pack: Pack, values: Values, gates: tuple[Gate, ...], *, gently: bool) -> Person:
    compiled = catalogue(pack)
    items = pack.plan.items
    kit, cannot, minutes = values.get(items.kit), values.get(items.positions), values.get(items.minutes)
    return Person(
        gates=gates,
        kit=frozenset(kit) if isinstance(kit, tuple) else compiled.presumed,
        cannot=frozenset(cannot) if isinstance(cannot, tuple) else frozenset(),
        level=1 if gently else max((level for level, holds in compiled.levels if holds(values)), default=1),
        minutes=minutes if isinstance(minutes, int) else pack.plan.default_minutes,
        values=values,
    )


def strongest(findings: list[Finding]) -> int:
    """How many muscles and states are likely or stronger, sides not counted twice."""
    return len({(one.muscle.id, one.state) for one in findings if BANDS.index(one.band) >= BANDS.index("likely")})
