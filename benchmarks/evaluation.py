"""Weighing against zen-engine: the same conditions and people, checked equal, timed in turns. Run: `python -m benchmarks.evaluation`."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from statistics import median
from time import process_time
from typing import Any

import zen

from benchmarks.zen_conditions import Cell, Term, Translator, both
from rules import Pack, evaluate, load_pack, next_question
from rules.answers import NOT_SURE, read_answers
from rules.content import SEEDS, Item
from rules.criteria import Values
from rules.weighing.arguments import scales
from rules.weighing.deciding import Result, result_of
from rules.weighing.weigh import weigh

PEOPLE = 256
BEFORE = 4096
UNSEEN = 8192
ROUNDS = 40
SLICE = 0.010
OUTCOMES: tuple[Result, ...] = (False, True, "neither")
Row = tuple[int, list[Term]]


@dataclass
class Person:
    """One generated person: the answers as sent, as read, and as zen is given them (numbered items, null where missing)."""

    raw: dict[str, object]
    values: Values
    zen: dict[str, object]


def generate(pack: Pack, names: dict[str, str], seed: int) -> Iterator[Person]:
    """People who answer every item they are asked, each answer drawn evenly; 5 % are not sure, and no safety item raises an alarm."""
    random = Random(seed)
    while True:
        drawn = {link_id: _draw(pack, item, random) for link_id, item in pack.items.items()}
        asked = read_answers(pack, drawn, draft=True).given
        raw = {link_id: answer for link_id, answer in drawn.items() if link_id in asked}
        values = dict(read_answers(pack, raw).values)
        yield Person(raw, values, {name: _listed(values.get(item)) for item, name in names.items()})


def _draw(pack: Pack, item: Item, random: Random) -> object:
    codes = list(pack.options(item.link_id))
    safety = item.link_id in pack.safety_items
    if not safety and random.random() < 0.05:
        return NOT_SURE
    if codes:
        harmless = [code for code in codes if code in ("no", "none")]
        code = random.choice(harmless if safety and harmless else codes)
        return code if item.type == "choice" else [code]
    low, high = item.min or 0, item.max or 0
    whole = item.type == "integer" or random.random() < 0.5  # whole numbers meet limits more often
    return random.randint(int(low), int(high)) if whole else round(random.uniform(low, high), 1)


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def rows_of(pack: Pack, translate: Translator) -> list[Row]:
    """For each rule and side one row per outcome it can have; a row is numbered 3 x rule-side + place of the outcome in OUTCOMES."""
    sides = {one.question: (one.rule, one.side) for target in scales(pack).targets for one in target.arguments}
    rows: list[Row] = []
    for question, (rule, side) in sorted(sides.items()):
        holds, fails = (translate.terms(rule.when, side, holds=holds) for holds in (True, False))
        if rule.against_when is None:
            outcomes = [fails, holds]
        else:
            normal, neither = (translate.terms(rule.against_when, side, holds=holds) for holds in (True, False))
            outcomes = [fails + normal, holds, fails + neither]
        rows.extend((3 * question + place, terms) for place, terms in enumerate(outcomes))
    return rows


def table(rows: list[Row], columns: Iterable[str] = ()) -> str:
    """A collecting decision table: an expression a row, or what fits in a column per choice and the rest as an expression."""
    rules: list[dict[str, str]] = []
    for number, terms in rows:
        own = {term.name: term for term in reversed(terms) if isinstance(term, Cell) and term.name in columns}
        rest = [term for term in terms if term not in own.values()]
        cells = {name: ", ".join(f"'{code}'" for code in own[name].codes) if name in own else "" for name in columns}
        rules.append({"_id": str(number), "row": str(number), "test": both(rest) if rest else "", **cells})
    inputs = [*({"id": name, "name": name, "field": name} for name in columns), {"id": "test", "name": "test"}]
    content = {"hitPolicy": "collect", "inputs": inputs, "outputs": [{"id": "row", "name": "row", "field": "row"}], "rules": rules}
    nodes: list[dict[str, Any]] = [{"type": kind + "Node", "id": kind, "name": kind} for kind in ("input", "decisionTable", "output")]
    nodes[1]["content"] = content
    steps = (("input", "decisionTable"), ("decisionTable", "output"))
    edges = [{"id": start, "sourceId": start, "targetId": end} for start, end in steps]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def ternaries(rows: list[Row]) -> str:
    """One expression for the list of all outcomes: the place in OUTCOMES, or null."""
    cases: dict[int, str] = {}
    for number, terms in rows:
        cases[number // 3] = cases.get(number // 3, "") + f"({both(terms)}) ? {number % 3} : "
    return "[" + ", ".join(f"({case}null)" for case in cases.values()) + "]"


def outcomes_of(numbers: Iterable[float], count: int) -> list[Result]:
    """The outcome of each rule-side from the rows that fired; a second one for the same rule-side is an error."""
    found: list[Result] = [None] * count
    for number in map(int, numbers):
        if found[number // 3] is not None:
            raise SystemExit(f"zen gives rule-side {number // 3} two outcomes")
        found[number // 3] = OUTCOMES[number % 3]
    return found


@dataclass
class Candidate:
    """Something to time: it is called with each of `inputs` in turn, until there are no more."""

    name: str
    call: Callable[[Any], object]
    inputs: Iterator[Any]
    times: list[float] = field(default_factory=list)

    def run(self) -> None:
        """One slice of process time; microseconds a call are added to `times`."""
        call, count = self.call, 0
        start = now = process_time()
        while now - start < SLICE and (some := tuple(islice(self.inputs, 4))):
            for one in some:
                call(one)
            count += len(some)
            now = process_time()
        if count:
            self.times.append((now - start) / count * 1e6)


def compare(title: str, candidates: list[Candidate], table_name: str) -> None:
    """Time the candidates in turns, and print how many times faster than the table each is. The collector runs, but not over the people."""
    for candidate in candidates:
        candidate.times.clear()
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        for candidate in candidates:
            candidate.run()
    reference = next(one for one in candidates if one.name == table_name).times
    print(f"\n{title}\n{'us a person, process time':58} {'min':>7} {'median':>7}   table / this: min, median")
    for one in candidates:
        ratios = min(reference) / min(one.times), median(reference) / median(one.times)
        print(f"{one.name:58} {min(one.times):7.1f} {median(one.times):7.1f} {ratios[0]:15.2f} {ratios[1]:7.2f}")


def check(pack: Pack, people: list[Person], forms: dict[str, Callable[[dict[str, object]], list[Result]]]) -> None:
    """Every form must give every person the outcome our own criteria give, for every rule-side."""
    decider = scales(pack).decider
    seen: set[tuple[int, Result]] = set()
    for person in people:
        decided = decider.decide(person.values)
        ours = [result_of(decided, question) for question in range(decider.count)]
        seen.update(enumerate(ours))
        for name, form in forms.items():
            wrong = [place for place, (mine, other) in enumerate(zip(ours, form(person.zen), strict=True)) if mine is not other]
            if wrong:
                raise SystemExit(f"{name} differs on rule-sides {wrong}")
    every = sum(outcome is not None for _, outcome in seen)
    print(f"{len(people)} people, {len(ours)} rule-sides: every outcome equal in {len(forms)} forms of zen")
    print(f"{every} of the decided outcomes occurred")


def zen_candidates(pack: Pack, rows: list[Row], people: list[Person], others: list[Person]) -> list[Candidate]:
    """Every form of zen to be timed with `people`, checked with the others as well."""
    engine, count = zen.ZenEngine(), scales(pack).decider.count
    columns = sorted({term.name for _, terms in rows for term in terms if isinstance(term, Cell)})
    one_column, columns_each, holding = table(rows), table(rows, columns), table([row for row in rows if row[0] % 3 == 1])
    decisions = {
        "zen: decision table, given as text": engine.create_decision(one_column),
        "zen: decision table, compiled": engine.create_decision(zen.ZenDecisionContent(one_column)),
        "zen: decision table, compiled, a column per choice": engine.create_decision(zen.ZenDecisionContent(columns_each)),
    }
    ternary = zen.compile_expression(ternaries(rows))
    booleans = zen.compile_expression("[" + ", ".join(both(terms) for _, terms in rows) + "]")

    def fired(decision: Any) -> Callable[[dict[str, object]], list[Result]]:
        return lambda given: outcomes_of((row["row"] for row in decision.evaluate(given)["result"]), count)

    def named(given: dict[str, object]) -> list[Result]:
        return [None if place is None else OUTCOMES[int(place)] for place in ternary.evaluate(given)]

    def true(given: dict[str, object]) -> list[Result]:
        return outcomes_of((number for (number, _), holds in zip(rows, booleans.evaluate(given), strict=True) if holds), count)

    tables = {name: fired(decision) for name, decision in decisions.items()}
    check(pack, [*people, *others], {**tables, "one expression of outcomes": named, "one expression of booleans": true})
    only = engine.create_decision(zen.ZenDecisionContent(holding))
    calls: dict[str, Callable[[Any], object]] = {name: decision.evaluate for name, decision in decisions.items()}
    calls["zen: decision table, compiled, only whether it holds"] = only.evaluate
    calls["zen: one expression, a boolean per outcome"] = booleans.evaluate
    calls["zen: one expression, an outcome per rule-side"] = ternary.evaluate
    return [Candidate(name, call, cycle([person.zen for person in people])) for name, call in calls.items()]


def main() -> None:
    """Check, time, print."""
    pack = load_pack(SEEDS)
    translate = Translator(pack)
    rows = rows_of(pack, translate)
    read = " ".join(both(terms) for _, terms in rows).replace("(", " ").replace(")", " ").replace(",", " ").split()
    names = {item: name for item, name in translate.names.items() if name in read}
    crowd = list(islice(generate(pack, names, seed=1), PEOPLE + BEFORE + UNSEEN))
    people, before, unseen = crowd[:PEOPLE], crowd[PEOPLE : PEOPLE + BEFORE], crowd[PEOPLE + BEFORE :]
    theirs = zen_candidates(pack, rows, people, before)
    planned = sum(evaluate(pack, person.raw)["plan"]["status"] == "issued" for person in people)
    print(f"{len(rows)} decided outcomes to test for, over {len(names)} items; {planned} people get a plan")

    same = [person.values for person in people]
    part = [dict(islice(person.raw.items(), 0, None, 2)) for person in people]
    part = [{item: raw[item] for item in raw if item in read_answers(pack, raw, draft=True).given} for raw in part]
    ours = [
        Candidate("ours: weigh, the same people again", lambda values: weigh(pack, values), cycle(same)),
        Candidate("ours: weigh, people never seen", lambda values: weigh(pack, values), iter([one.values for one in unseen])),
        Candidate("ours: next_question, the same people", lambda raw: next_question(pack, raw), cycle(part)),
        Candidate("ours: evaluate (everything), the same people", lambda raw: evaluate(pack, raw), cycle([one.raw for one in people])),
    ]
    bare = [
        Candidate("ours: conditions only", scales(pack).decider.decide, cycle(same)),
    ]
    for person in before:
        weigh(pack, person.values)
    compare(f"Sums kept, {BEFORE} other people before", [*ours, *theirs], theirs[1].name)
    for who, candidate in (("people never seen", ours[1]), ("the same people again", ours[0])):
        print(f"weigh vs zen table, {who}: {median(theirs[1].times) / median(candidate.times):.1f} x")
    compare("Conditions alone", [*bare, *theirs[1:2], theirs[-1]], theirs[1].name)


if __name__ == "__main__":
    main()
