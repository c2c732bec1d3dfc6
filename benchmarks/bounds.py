"""How tight the bounds are: everything is answered but a few questions, every completion of those is tried, and the bands met are compared with the bounds.

Run: `python -m benchmarks.bounds [people]`.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random
from statistics import median
from time import process_time

from rules import Pack, load_pack
from rules.answers import NOT_SURE, read_answers
from rules.content import SEEDS
from rules.content.loading import load_population
from rules.outlook.bounds import Imbalance, look_ahead
from rules.outlook.completions import missing
from rules.simulation.population import Crowd
from rules.triage import triage
from rules.weighing.findings import find
from rules.weighing.weigh import BANDS

PEOPLE = 200
OPEN = 4


def finished(pack: Pack, answers: dict[str, object], still_open: set[str]) -> dict[str, object]:
    """`not-sure` for everything that could be asked but for what stays open."""
    while True:
        read = read_answers(pack, answers)
        rest = missing(pack, read, triage(pack, read)).open - still_open
        if not rest:
            return answers
        now = read_answers(pack, answers | dict.fromkeys(rest, NOT_SURE), draft=True).given
        answers = answers | dict.fromkeys(rest & now, NOT_SURE)
        if not rest & now:
            return answers


def completions(pack: Pack, answers: dict[str, object], still_open: list[str]) -> Iterator[dict[str, object]]:
    """Every way to answer the open choices, or not to."""
    for chosen in product(*([*pack.options(item), NOT_SURE] for item in still_open)):
        yield answers | dict(zip(still_open, chosen, strict=True))


def shown(pack: Pack, answers: dict[str, object]) -> dict[Imbalance, int]:
    """The rank of the band each imbalance is shown at."""
    findings = find(pack, triage(pack, read_answers(pack, answers)).values)
    return {(one.muscle.id, one.state, side.target.side): BANDS.index(one.band) for one in findings for side in one.weighed}


def main() -> None:
    """Try, count, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    pack = load_pack(SEEDS)
    dice = Random(1)
    choices = [
        name
        for name, item in pack.items.items()
        if item.type == "choice"
        and not item.enable_when
        and name not in pack.safety_items
        and name not in pack.test_of
        and not name.startswith("about-you.")
    ]
    kinds: Counter[str] = Counter()
    times: list[float] = []
    for person in Crowd(pack, load_population(SEEDS, pack), seed=2).people(count):
        still_open = dice.sample(choices, OPEN)
        answers = finished(pack, {item: answer for item, answer in person.answers.items() if item not in still_open}, set(still_open))
        read = read_answers(pack, answers)
        began = process_time()
        bounds = look_ahead(pack, missing(pack, read, triage(pack, read))).bounds
        times.append((process_time() - began) * 1e6)
        met: dict[Imbalance, set[int]] = {one: set() for one in bounds}
        for end in completions(pack, answers, still_open):
            bands = shown(pack, end)
            for one, ranks in met.items():
                ranks.add(bands.get(one, 0))
        for one, (lowest, highest) in bounds.items():
            real, said = (min(met[one]), max(met[one])), (BANDS.index(lowest), BANDS.index(highest))
            if not said[0] <= real[0] <= real[1] <= said[1]:
                kinds["unsound"] += 1
            elif real[0] == real[1]:
                kinds["settled, and said so" if real == said else "settled, not said"] += 1
            else:
                kinds["open, exact" if real == said else "open, wider than real"] += 1
    total = sum(kinds.values())
    print(f"{count} simulated people, {OPEN} open questions each, every completion tried; {total} imbalances")
    for kind, number in kinds.most_common():
        print(f"  {kind:24} {number:7}  {number / total:7.2%}")
    print(f"bounds of all imbalances: median {median(times):.0f} us of process time")


if __name__ == "__main__":
    main()
