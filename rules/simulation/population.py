"""Draws simulated people: who they are and what they answer. The same seed gives the same people on any machine.

Each answer has dice of its own, named after person and item. So a new item leaves all other answers as they were.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import NormalDist

from rules.answers import readable
from rules.content import Item, Pack, link_id
from rules.content.population import Distribution, Population, Row, entry_of, starts

STANDARD = NormalDist()
HARMLESS = ("no", "none")
JUDGEMENT = "team-judgement"


@dataclass(frozen=True)
class Person:
    """One simulated person. `answers` as sent: what the pack enables, and nothing else."""

    number: int
    group: str
    answers: Mapping[str, object]


class Crowd:
    """Simulated people of one population, ready to answer one pack's items."""

    def __init__(self, pack: Pack, population: Population, seed: int, *, harmless: bool = True, asked: Collection[str] = ()) -> None:
        """`harmless`: the safety questions raise no alarm, as far as an answer `no` or `none` can see to it.

        `asked`: only items with these names or beginnings are answered, besides safety, sex and age; empty: all are.
        """
        self.pack = pack
        self.population = population
        self._seed = seed
        self._harmless = harmless
        self._entries = {entry.item: entry for entry in population.distributions}
        self._tests = {test.name for item, test in pack.test_of.items() if entry_of(item, pack) in self._entries}
        self._sex, self._age = pack.plan.items.sex, pack.plan.items.age
        first = (self._sex, self._age)
        items = [*(pack.items[item] for item in first), *(one for one in pack.items.values() if one.link_id not in first)]
        if asked:
            always = {*first, *pack.safety_items}
            items = [item for item in items if item.link_id in always or starts(item.link_id, asked)]
        if harmless:
            items = [item for item in items if not item.cleared_by]  # nobody is asked what the page's "none of these" clears
        described = [(item, self._described(item)) for item in items]
        self.undescribed = tuple(item.link_id for item, entry in described if entry is None)
        self._described_items = [(item, entry) for item, entry in described if entry]

    def people(self, count: int, *, group: str | None = None, sex: str | None = None, age: str | None = None) -> Iterator[Person]:
        """So many people; of this group, sex and age, where given."""
        for number in range(count):
            yield self.person(number, group=group, sex=sex, age=age)

    def person(self, number: int, *, group: str | None = None, sex: str | None = None, age: str | None = None) -> Person:
        """The person of this number."""
        shares = {one.id: one.share for one in self.population.groups}
        group = group or _picked(shares, self._dice(number, "group").random())
        factors = {factor: self._dice(number, f"factor {factor}").gauss(0, 1) for factor in self.population.factors}
        drawn: dict[str, object] = {item: code for item, code in ((self._sex, sex), (self._age, age)) if code}
        for item, entry in self._described_items:
            if item.link_id not in drawn:
                row = next((row for row in entry.rows if row.covers(group, drawn.get(self._sex), drawn.get(self._age))), None)
                answer = self._answer(item, entry, row, number, factors) if row else None
                if answer is not None:
                    drawn[item.link_id] = answer
        return Person(number, group, readable(self.pack, drawn)[0])

    def _dice(self, number: int, name: str) -> Random:
        return Random(f"{self._seed}/{number}/{name}")

    def _described(self, item: Item) -> Distribution | None:
        """How people answer an item: harmlessly, as its entry says, or (what ended a test) as for any other test."""
        options = self.pack.options(item.link_id)
        entry = self._entries.get(entry_of(item.link_id, self.pack))
        if item.link_id in self.pack.safety_items:
            harmless = next((code for code in HARMLESS if code in options), None)
            if harmless and self._harmless:
                return _any_way(item, {harmless: 1})
            return entry or (_any_way(item, {code: 1 / len(options) for code in options}) if options else None)
        test = self.pack.test_of.get(item.link_id)
        if entry is None and test and test.name in self._tests and item.link_id == link_id(test.name, "stopped-by"):
            stopped_by = self.population.stopped_by
            return Distribution(item=item.link_id, rows=stopped_by.rows, sources=stopped_by.sources)
        return entry

    def _answer(self, item: Item, entry: Distribution, row: Row, number: int, factors: Mapping[str, float]) -> object:
        if row.shares is not None and len(row.shares) == 1:
            return next(iter(row.shares))
        dice = self._dice(number, item.link_id)
        if row.each is not None:
            return self._several(item, row.each, dice)
        standing = self._standing(entry, item, number, factors, dice)
        if row.shares is not None:
            return _picked(row.shares, STANDARD.cdf(standing))
        return _number(item, entry, row, standing if self._more_is_better(item) else -standing)

    def _standing(self, entry: Distribution, item: Item, number: int, factors: Mapping[str, float], dice: Random) -> float:
        """Where a person stands among all, in standard deviations; more is better."""
        shared = sum(lean * factors[factor] for factor, lean in entry.leans.items())
        if item.link_id == entry.item:
            return shared + sqrt(1 - entry.leaning) * dice.gauss(0, 1)
        both_sides = self._dice(number, entry.item).gauss(0, 1)
        return shared + sqrt(entry.sides - entry.leaning) * both_sides + sqrt(1 - entry.sides) * dice.gauss(0, 1)

    def _more_is_better(self, item: Item) -> bool:
        test = self.pack.test_of.get(item.link_id)
        entry = entry_of(item.link_id, self.pack)
        return not test or all(one.better == "higher" for one in test.measures if link_id(test.name, one.code) == entry)

    def _several(self, item: Item, each: Mapping[str, float], dice: Random) -> list[str] | None:
        options = self.pack.options(item.link_id)
        picked = [code for code in options if dice.random() < each.get(code, 0)]
        return picked or [code for code, option in options.items() if option.exclusive][:1] or None


def _any_way(item: Item, shares: dict[str, float]) -> Distribution:
    return Distribution(item=item.link_id, rows=(Row(shares=shares),), sources=(JUDGEMENT,))


def _picked(shares: Mapping[str, float], place: float) -> str:
    """The option at this place, from 0 to 1, of the options laid end to end."""
    end = 0.0
    for code, share in shares.items():
        end += share
        if place < end:
            return code
    return code


def _number(item: Item, entry: Distribution, row: Row, standing: float) -> float | int | None:
    if row.mean is None or row.spread is None or item.min is None or item.max is None:
        return None
    value = round((row.mean + row.spread * standing) / entry.step) * entry.step
    value = min(max(value, item.min), item.max)
    return int(value) if item.type == "integer" else round(float(value), 3)
