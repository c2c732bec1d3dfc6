"""One look at a pack with simulated people: how often it flags what, whether studies show again, and how stable that is."""

from dataclasses import dataclass

from rules.content import Pack
from rules.content.population import Population
from rules.guidance import evaluate
from rules.shapes import Versions
from rules.simulation.anchors import Held, hold
from rules.simulation.flagging import FlagRate, Separation, Tick, flag_rates, separations
from rules.simulation.population import Crowd
from rules.simulation.stability import Stability, stability


@dataclass(frozen=True)
class Simulation:
    """What `people` simulated people were told. `undescribed`: the items that nobody answered, because the population does not say how."""

    versions: Versions
    people: int
    seed: int
    undescribed: tuple[str, ...]
    flag_rates: tuple[FlagRate, ...]
    separations: tuple[Separation, ...]
    anchors: tuple[Held, ...]
    stability: Stability


def ticks(population: Population, count: int, shakes: int) -> int:
    """How often a simulation calls `tick`."""
    return count * (1 + shakes + sum(2 if anchor.than else 1 for anchor in population.anchors))


def simulate(
    pack: Pack, population: Population, *, count: int, seed: int, shakes: int, harmless: bool = True, tick: Tick = lambda: None
) -> Simulation:
    """Ask so many people everything, each anchor's people what it asks, and the first again with the weights shaken.

    `harmless`: the safety questions raise no alarm. The same seed gives the same figures.
    """
    crowd = Crowd(pack, population, seed, harmless=harmless)
    people = list(crowd.people(count))
    rates = flag_rates(pack, people, tick)
    than, *others = [group.id for group in population.groups]
    return Simulation(
        versions=evaluate(pack, {})["versions"],
        people=count,
        seed=seed,
        undescribed=crowd.undescribed,
        flag_rates=tuple(rates),
        separations=tuple(one for of in others for one in separations(rates, of, than)),
        anchors=tuple(hold(pack, population, anchor, count, seed, tick) for anchor in population.anchors),
        stability=stability(pack, people, seed, shakes, tick),
    )
