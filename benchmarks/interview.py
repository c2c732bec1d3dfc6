"""What the interview saves: simulated people are asked step by step until it stops, and compared with asking them everything.

Run: `python -m benchmarks.interview [people]`.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from time import process_time

from rules import Pack, load_pack, next_question
from rules.answers import NOT_SURE, read_answers
from rules.content import SEEDS
from rules.content.loading import load_population
from rules.interview import _Step
from rules.simulation.population import Crowd
from rules.triage import triage
from rules.weighing.findings import find

PEOPLE = 100
FIVE_MINUTES = 300
Answers = Mapping[str, object]


@dataclass(frozen=True)
class Interviewed:
    """One person's answers when the interview stopped, why it did, and how long each step took, in seconds of process time."""

    answers: dict[str, object]
    because: str | None
    steps: list[float]


def interview(pack: Pack, person: Answers, max_seconds: int | None = None, *, self_tests: bool = True) -> Interviewed:
    """Ask a person; what they have no answer to they are not sure of."""
    answers: dict[str, object] = {}
    steps: list[float] = []
    while True:
        began = process_time()
        step = next_question(pack, answers, self_tests=self_tests, max_seconds=max_seconds)
        steps.append(process_time() - began)
        if step["should_stop"]:
            return Interviewed(answers, step["stop_because"], steps)
        for item in step["items"]:
            answers[item["link_id"]] = person.get(item["link_id"], NOT_SURE)


def seconds(pack: Pack, answers: Answers) -> int:
    """How long the answers take, by their own estimates."""
    return sum(pack.items[item].seconds for item in answers)


def found(pack: Pack, answers: Answers) -> list[tuple[str, str]]:
    """The findings with their bands, the strongest first."""
    return [(one.id, one.band) for one in find(pack, triage(pack, read_answers(pack, answers)).values)]


def spread(name: str, values: list[float], unit: str = "") -> None:
    """Print a median and the quartiles."""
    low, middle, high = quantiles(values, n=4)
    print(f"{name:64} {middle:8.2f}{unit}  ({low:.2f} to {high:.2f})")


def main() -> None:
    """Ask, compare, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    pack = load_pack(SEEDS)
    people = [person.answers for person in Crowd(pack, load_population(SEEDS, pack), seed=1).people(count)]
    for self_tests in (True, False):
        print(f"\n{count} simulated people, {'with' if self_tests else 'without'} self-tests")
        everything = [asked_everything(pack, person, self_tests=self_tests) for person in people]
        print(
            f"asked everything: {median(map(len, everything)):.0f} items, {median(seconds(pack, one) for one in everything) / 60:.1f} min"
        )
        for name, most in (("until all is settled", None), ("with five minutes", FIVE_MINUTES)):
            tell(pack, name, [interview(pack, person, most, self_tests=self_tests) for person in people], everything)


def tell(pack: Pack, name: str, ended: list[Interviewed], everything: list[dict[str, object]]) -> None:
    """Print what was saved, and how often the result is the same as with everything asked."""
    both = [(one, full, found(pack, one.answers), found(pack, full)) for one, full in zip(ended, everything, strict=True)]
    lost = sum(one.because == "settled" and sorted(short) != sorted(whole) for one, _, short, whole in both)
    print(f"{name}: {dict(Counter(one.because for one in ended))}; settled ones that lost something: {lost}")
    spread("  share of items", [len(one.answers) / len(full) for one, full, _, _ in both])
    spread("  share of time", [seconds(pack, one.answers) / seconds(pack, full) for one, full, _, _ in both])
    spread("  minutes", [seconds(pack, one.answers) / 60 for one in ended])
    same = sum(short[:1] == whole[:1] for _, _, short, whole in both) / len(both)
    among = sum(_names(whole[:1]) <= _names(short) for _, _, short, whole in both) / len(both)
    print(f"  the same strongest finding and band: {same:.0%}; the strongest is among those found: {among:.0%}")
    spread("  us a step, process time", [step * 1e6 for one in ended for step in one.steps])


def asked_everything(pack: Pack, person: Answers, *, self_tests: bool) -> dict[str, object]:
    """The answers to every question, and to every self-test that the person has the kit and the positions for, if any are done."""
    if not self_tests:
        return {item: answer for item, answer in person.items() if item not in pack.test_of}
    step = _Step(pack, read_answers(pack, person), frozenset(), None, None)
    return {item: answer for item, answer in person.items() if item not in pack.test_of or step.suits(pack.test_of[item])}


def _names(findings: list[tuple[str, str]]) -> set[str]:
    return {name.rpartition(".")[0] for name, _ in findings}


if __name__ == "__main__":
    main()
