"""Which question next, why, and when to stop: what safety needs first, then the cheapest answers that could move most."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import NamedTuple

from rules.answers import Answers, enabled, read_answers
from rules.content import Criterion, Pack, Region, SelfTest, SideGap, leaves, link_id
from rules.criteria import read_by
from rules.outlook.bounds import Imbalance, Outlook, look_ahead
from rules.outlook.completions import Missing, missing
from rules.outlook.spans import OPPOSES, SILENT, SUPPORTS
from rules.shapes import AskedBecause, NextItem, NextQuestion, Progress, StopReason, Why
from rules.triage import triage
from rules.weighing.arguments import Argument, scales

SETTLED = (SUPPORTS, OPPOSES, SILENT)


def next_question(
    pack: Pack,
    answers: Mapping[str, object],
    *,
    self_tests: bool = True,
    max_items: int | None = None,
    max_seconds: int | None = None,
    together: int = 1,
) -> NextQuestion:
    """What to ask after these answers, or that it is time to stop.

    `answers` as for `evaluate`. Without `self_tests` those not answered yet are taken as not tried. `max_items` and `max_seconds`
    bound the whole interview, by the items' own estimates of how long an answer takes; what safety needs is asked in any case.
    Up to `together` questions of one group come at once, where a page has room for them. A self-test comes alone.
    Once every band is settled it says to stop: no further answer could change one.
    Raises AnswersRefused, naming every answer that cannot be read.
    """
    untried = {} if self_tests else {link_id(test, "stopped-by"): "not-tried" for test in pack.tests}
    told = read_answers(pack, {**untried, **answers})
    step = _Step(pack, told, told.given - (untried.keys() - answers.keys()), max_items, max_seconds)
    if step.safety.urgent:
        return step.stop("urgent")
    if needed := step.waiting_among({*step.compiled.for_safety, *step.safety.open}):
        return step.ask(step.page(needed, together))
    if shaping := [unit for unit in step.waiting_among(step.compiled.for_plan) if step.affords(unit)]:
        return step.ask(step.page(shaping, together))
    if not step.unsettled:
        return step.stop("settled")
    useful = step.useful()
    affordable = [unit for unit in useful if step.affords(unit)]
    if not affordable:
        return step.stop("budget" if useful else "nothing-left")
    return step.ask(step.page(sorted(affordable, key=step.worth, reverse=True), together))


def why_asked(pack: Pack, answers: Mapping[str, object], items: Iterable[str]) -> list[NextItem]:
    """Why these items are asked, as if they were not answered yet. Raises AnswersRefused."""
    asked = dict.fromkeys(items)
    rest = {item: answer for item, answer in answers.items() if item not in asked}
    told = read_answers(pack, rest, draft=True)
    step = _Step(pack, told, told.given, None, None)
    return [{"link_id": item, "asked_because": step.reasons(step.compiled.units[_key(pack, item)])} for item in asked]


class _Unit(NamedTuple):
    """What is asked at once: one question, or a whole self-test."""

    key: str
    items: tuple[str, ...]
    test: SelfTest | None
    region: Region | None
    group: str


class _Open(NamedTuple):
    """An argument still open, and the imbalance that it bears on."""

    imbalance: Imbalance
    argument: Argument


class _Compiled:
    """A pack's questions as units, and the arguments each unit feeds."""

    def __init__(self, pack: Pack) -> None:
        groups = {item.link_id: group for group in pack.groups for item in group.items}
        items: dict[str, list[str]] = defaultdict(list)
        for item in pack.items:
            items[_key(pack, item)].append(item)
        tests = {test.name: test for test in pack.tests.values()}
        self.units = {
            key: _Unit(key, tuple(own), tests[key], tests[key].region, key)
            if key in tests
            else _Unit(key, tuple(own), None, groups[key].region, groups[key].id)
            for key, own in items.items()
        }
        self.alone = set(pack.cleared.values())
        self.feeds: dict[str, list[_Open]] = defaultdict(list)
        for target in scales(pack).targets:
            for argument in target.arguments:
                for key in dict.fromkeys(_key(pack, item) for item in argument.items):
                    self.feeds[key].append(_Open((target.muscle, target.state, target.side), argument))
        suiting = [gate.when for gate in pack.safety.gates] + [test.hidden_when for test in pack.tests.values() if test.hidden_when]
        self.for_safety = pack.safety_items | _read(pack, suiting)
        plan = pack.plan.items
        shaping = _read(pack, [level.when for level in pack.plan.levels] + [scale.when for scale in pack.weighing.scales])
        self.for_plan = {plan.regions, plan.kit, plan.positions, plan.minutes} | shaping


def _key(pack: Pack, item: str) -> str:
    return pack.test_of[item].name if item in pack.test_of else item


def _read(pack: Pack, criteria: Iterable[Criterion]) -> set[str]:
    """The questions, not self-tests, that criteria look at."""
    return {item for criterion in criteria for leaf in leaves(criterion) for item in read_by(leaf, pack) if item not in pack.test_of}


@lru_cache(maxsize=8)
def _compiled(pack: Pack) -> _Compiled:
    return _Compiled(pack)


class _Step:
    """Where the interview stands after some answers."""

    def __init__(self, pack: Pack, answers: Answers, asked: AbstractSet[str], max_items: int | None, max_seconds: int | None) -> None:
        """`asked`: what the person answered; an answer that is only supposed costs no time."""
        self.pack, self.answers, self.max_items, self.max_seconds = pack, answers, max_items, max_seconds
        self._asked = asked
        self.compiled = _compiled(pack)
        self.safety = triage(pack, answers)
        self.so_far: Missing = missing(pack, answers, self.safety)
        self.outlook: Outlook = look_ahead(pack, self.so_far)
        self.unsettled = {one for one, bounds in self.outlook.bounds.items() if not bounds.settled}
        self.spent = self._seconds(asked)
        marked = answers.values.get(pack.plan.items.regions)
        self._marked = marked if isinstance(marked, tuple) else ()
        self.waiting = {key: items for key, unit in self.compiled.units.items() if (items := self._items(unit))}

    def _items(self, unit: _Unit) -> tuple[str, ...]:
        """What of a unit is still to be asked, if it suits the person."""
        items = tuple(one for one in unit.items if one in self.so_far.open)
        if items and unit.test and not self.suits(unit.test):
            return ()
        return tuple(one for one in items if enabled(self.pack.items[one], self.answers.values, self.answers.given))

    def suits(self, test: SelfTest) -> bool:
        """Whether the person has what the self-test needs and can take its positions."""
        plan = self.pack.plan.items
        kit, cannot = self.answers.values.get(plan.kit), self.answers.values.get(plan.positions)
        lacks = set(self.pack.options(plan.kit)) - set(kit) if isinstance(kit, tuple) else ()
        return not set(test.kit).intersection(lacks) and not (isinstance(cannot, tuple) and set(test.positions).intersection(cannot))

    def _seconds(self, items: Iterable[str]) -> int:
        return sum(self.pack.items[item].seconds for item in items)

    def waiting_among(self, items: Iterable[str]) -> list[_Unit]:
        """Those of these questions that are still to be asked, in the order of the pack."""
        wanted = set(items)
        return [self.compiled.units[key] for key in self.waiting if key in wanted]

    def affords(self, unit: _Unit) -> bool:
        """Whether the unit fits into what the person wants to spend."""
        items = self.waiting[unit.key]
        within_items = self.max_items is None or len(self._asked) + len(items) <= self.max_items
        return within_items and (self.max_seconds is None or self.spent + self._seconds(items) <= self.max_seconds)

    def _open(self, unit: _Unit) -> Iterator[_Open]:
        """The open arguments of unsettled imbalances that the unit feeds."""
        for one in self.compiled.feeds[unit.key]:
            if one.imbalance in self.unsettled and self.outlook.says[one.argument.question] not in SETTLED:
                yield one

    def useful(self) -> list[_Unit]:
        """Every unit that could still move something."""
        units = (self.compiled.units[key] for key in self.waiting)
        return [unit for unit in units if any(self._open(unit))]

    def worth(self, unit: _Unit) -> tuple[bool, float]:
        """Marked regions first; then how far it could move unsettled bands, for each second."""
        moves: dict[Imbalance, int] = defaultdict(int)
        for imbalance, argument in self._open(unit):
            moves[imbalance] = max(moves[imbalance], abs(argument.weight_for - argument.weight_against))
        return unit.region in self._marked, sum(moves.values()) / self._seconds(self.waiting[unit.key])

    def page(self, units: list[_Unit], together: int) -> list[_Unit]:
        """The first unit, and those beside it that belong to the same group. What may clear others comes alone: they may not be asked."""
        first = units[0]
        if first.key in self.compiled.alone:
            return [first]
        return [unit for unit in units if unit.group == first.group and unit.key not in self.compiled.alone][:together]

    def reasons(self, unit: _Unit) -> list[AskedBecause]:
        """Why it is asked: for safety, for the plan, or for the imbalances that it could raise or clear, or tell left from right."""
        if unit.key in self.compiled.for_safety or unit.key in self.safety.open:
            return [{"code": "safety", "findings": []}]
        if unit.key in self.compiled.for_plan:
            return [{"code": "plan", "findings": []}]
        found: dict[Why, dict[str, None]] = {"could-raise": {}, "could-clear": {}, "decides-side": {}}
        for imbalance, argument in self._open(unit):
            name = ".".join(imbalance)
            if argument.weight_for > 0:
                found["could-raise"][name] = None
            if argument.weight_against < 0 or argument.weight_for < 0:
                found["could-clear"][name] = None
            if any(isinstance(leaf, SideGap) for leaf in leaves(argument.rule.when)):
                found["decides-side"][name] = None
        return [{"code": code, "findings": list(names)} for code, names in found.items() if names]

    def ask(self, units: list[_Unit]) -> NextQuestion:
        """The units, with what is left after them."""
        items: list[NextItem] = [
            {"link_id": item, "asked_because": self.reasons(unit)} for unit in units for item in self.waiting[unit.key]
        ]
        return {"items": items, "should_stop": False, "stop_because": None, "progress": self._progress()}

    def stop(self, because: StopReason) -> NextQuestion:
        """Nothing more to ask."""
        return {"items": [], "should_stop": True, "stop_because": because, "progress": self._progress()}

    def _progress(self) -> Progress:
        first = self.waiting_among({*self.compiled.for_safety, *self.safety.open, *self.compiled.for_plan})
        left = {unit.key: self._seconds(self.waiting[unit.key]) for unit in (*first, *self.useful())}
        hidden = {test.name for test in self.safety.hidden}
        answered = sum(_key(self.pack, item) not in hidden for item in self._asked)
        return {"answered": answered, "askable": answered + len(self.so_far.open), "seconds_left": sum(left.values())}
