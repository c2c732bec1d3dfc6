"""Holds what a pack tells simulated people against what studies found in people like them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from rules.answers import readable
from rules.content import Measured, Pack, SideGap, leaves, link_id
from rules.content.population import Anchor, Population, starts
from rules.simulation.flagging import Bands, Tick, bands_of
from rules.simulation.population import Crowd, Person
from rules.weighing.weigh import at_least

ERRORS = 3  # standard errors that chance may add


@dataclass(frozen=True)
class Held:
    """An anchor, and the share found among `people` simulated ones. `other`: the share in the group it is compared with."""

    anchor: Anchor
    people: int
    share: float
    other: float | None
    ok: bool


def hold(pack: Pack, population: Population, anchor: Anchor, count: int, seed: int, tick: Tick = lambda: None) -> Held:
    """Ask so many people of the anchor's kind what it asks. `tick` is called once a person."""
    crowd = Crowd(pack, population, seed, asked=anchor.asked)
    share = _share(crowd, anchor, anchor.group, count, tick)
    other = _share(crowd, anchor, anchor.than, count, tick) if anchor.than else None
    return Held(anchor, count, share, other, _fits(anchor, share, other, count))


def _share(crowd: Crowd, anchor: Anchor, group: str | None, count: int, tick: Tick) -> float:
    shown = 0
    for number in range(count):
        age = anchor.age[number % len(anchor.age)] if anchor.age else None
        shown += _shows(crowd.pack, anchor, crowd.person(number, group=group, sex=anchor.sex, age=age))
        tick()
    return shown / count


def _shows(pack: Pack, anchor: Anchor, person: Person) -> bool:
    answers = asked(pack, anchor, person.answers)
    found = bands_of(pack, answers)
    if not anchor.without and not anchor.without_kinds:
        return any(at_least(band, anchor.band) for band in _wanted(anchor, found).values())
    leaves_out = left_out(pack, anchor)
    fewer = {link_id: answer for link_id, answer in answers.items() if not starts(link_id, leaves_out)}
    return _wanted(anchor, found) != _wanted(anchor, bands_of(pack, readable(pack, fewer)[0]))


def left_out(pack: Pack, anchor: Anchor) -> set[str]:
    """The items, or their beginnings, that an anchor leaves out."""
    rules = [rule for rule in pack.rules if rule.kind in anchor.without_kinds]
    read = [leaf for rule in rules for criterion in rule.criteria for leaf in leaves(criterion)]
    return {*anchor.without, *(link_id(leaf.test, leaf.measure) if isinstance(leaf, Measured | SideGap) else leaf.item for leaf in read)}


def _wanted(anchor: Anchor, found: Bands) -> Bands:
    return {key: band for key, band in found.items() if anchor.muscle is None or key == (anchor.muscle, anchor.state)}


def asked(pack: Pack, anchor: Anchor, answers: Mapping[str, object]) -> dict[str, object]:
    """What a person answers in the study: the safety questions, what the anchor asks (all, if it names nothing), and what it sets."""
    kept = {
        link_id: answer
        for link_id, answer in answers.items()
        if not anchor.asked or link_id in pack.safety_items or starts(link_id, anchor.asked)
    }
    return readable(pack, kept | anchor.given)[0]


def _fits(anchor: Anchor, share: float, other: float | None, count: int) -> bool:
    lowest, highest = anchor.at_least or 0, 1 if anchor.at_most is None else anchor.at_most
    return (
        share >= lowest - ERRORS * _error(lowest, count)
        and share <= highest + ERRORS * _error(highest, count)
        and (other is None or share >= (anchor.times or 1) * max(other - ERRORS * _error(other, count), 0))
    )


def _error(share: float, count: int) -> float:
    """The standard error of a share among so many."""
    return sqrt(share * (1 - share) / count)
