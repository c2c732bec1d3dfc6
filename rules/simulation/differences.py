"""What an edited pack changes: the same simulated people, asked and answered by both packs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rules.content import Pack
from rules.content.population import Population, entry_of
from rules.guidance import evaluate
from rules.shapes import Guidance, Versions
from rules.simulation.flagging import Tick, imbalances
from rules.simulation.population import Crowd
from rules.weighing.weigh import BANDS

Change = tuple[str, ...]
Strengths = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Moved:
    """The shares of people in whom one imbalance appears, disappears, becomes stronger or weaker."""

    muscle: str
    state: str
    appears: float
    disappears: float
    stronger: float
    weaker: float


@dataclass(frozen=True)
class Difference:
    """What the new pack changes for `people` simulated people; all figures are shares of them.

    `urgency`: another triage result. `strongest`: another finding on top. `findings`: any imbalance in another band. `exercises`: other exercises in the plan.
    `dose`: the same exercises, but otherwise dosed, ordered or explained. `added`, `removed`: exercises that come into plans, and that leave them.
    `only_old`, `only_new`: items that the other pack does not ask. `left_open`: items that nobody answered, because the population does not say how.
    """

    people: int
    old: Versions
    new: Versions
    urgency: float
    strongest: float
    findings: float
    moved: tuple[Moved, ...]
    exercises: float
    dose: float
    added: dict[str, float]
    removed: dict[str, float]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    left_open: tuple[str, ...]


def for_both(new: Pack, population: Population, before: Population | None) -> Population:
    """The new pack's people, who also answer what only the old pack asks, as the old population says."""
    asked = {entry_of(link_id, new) for link_id in new.items}
    kept = [entry for entry in (before.distributions if before else ()) if entry.item not in asked]
    return population.model_copy(update={"distributions": (*population.distributions, *kept)})


def difference(old: Pack, new: Pack, population: Population, count: int, seed: int, tick: Tick = lambda: None) -> Difference:
    """What the new pack tells so many people that the old one did not. An item that both ask has one answer. `tick` is called once a person."""
    before, after = Crowd(old, population, seed), Crowd(new, population, seed)
    changes: Counter[Change] = Counter()
    for number in range(count):
        was, now = evaluate(old, before.person(number).answers), evaluate(new, after.person(number).answers)
        changes.update(_changes(was, now))
        tick()

    def share(*change: str) -> float:
        return changes[change] / count

    def shares(way: str) -> dict[str, float]:
        exercises = [change[1] for change, _ in changes.most_common() if change[0] == way]
        return {exercise: share(way, exercise) for exercise in exercises}

    every = dict.fromkeys([*imbalances(old), *imbalances(new)])
    moved = [
        Moved(*one, share("appears", *one), share("disappears", *one), share("stronger", *one), share("weaker", *one)) for one in every
    ]
    return Difference(
        people=count,
        old=evaluate(old, {})["versions"],
        new=evaluate(new, {})["versions"],
        urgency=share("urgency"),
        strongest=share("strongest"),
        findings=share("findings"),
        moved=tuple(one for one in moved if one.appears or one.disappears or one.stronger or one.weaker),
        exercises=share("exercises"),
        dose=share("dose"),
        added=shares("added"),
        removed=shares("removed"),
        only_old=tuple(item for item in old.items if item not in new.items),
        only_new=tuple(item for item in new.items if item not in old.items),
        left_open=tuple(dict.fromkeys((*before.undescribed, *after.undescribed))),
    )


def _changes(was: Guidance, now: Guidance) -> Iterator[Change]:
    """Everything that one person is told otherwise."""
    if was["triage"]["urgency"] != now["triage"]["urgency"]:
        yield ("urgency",)
    if [one["id"] for one in was["findings"][:1]] != [one["id"] for one in now["findings"][:1]]:
        yield ("strongest",)
    before, after = _strengths(was), _strengths(now)
    if before != after:
        yield ("findings",)
    for imbalance in sorted(before.keys() | after.keys()):
        yield from _moves(imbalance, before.get(imbalance, 0), after.get(imbalance, 0))
    old = {one["exercise"] for one in was["plan"]["prescriptions"]}
    new = {one["exercise"] for one in now["plan"]["prescriptions"]}
    if old != new:
        yield ("exercises",)
    elif _session(was) != _session(now):
        yield ("dose",)
    yield from (("added", exercise) for exercise in sorted(new - old))
    yield from (("removed", exercise) for exercise in sorted(old - new))


def _session(guidance: Guidance) -> tuple[object, ...]:
    """What a person is told to do, and how long and how often."""
    plan = guidance["plan"]
    return plan["prescriptions"], plan["minutes"], plan["days_a_week"]


def _strengths(guidance: Guidance) -> Strengths:
    """The place of each imbalance's band among the bands; of two sides, that of the worse."""
    found: Strengths = {}
    for one in guidance["findings"]:
        imbalance = (one["muscle"], one["state"])
        found[imbalance] = max(found.get(imbalance, 0), BANDS.index(one["band"]))
    return found


def _moves(imbalance: tuple[str, str], was: int, now: int) -> Iterator[Change]:
    if was != now:
        way = "appears" if not was else "disappears" if not now else "stronger" if now > was else "weaker"
        yield (way, *imbalance)
