"""Decides every question of the evidence at once. Few patterns of answers differ in what they decide, and each is decided only once.

All results together are one whole number, two bits a question, so that the results of any few questions are had by one `&`.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nextafter, prod
from operator import itemgetter
from typing import Any, Literal

from rules.content import Criterion, Leaf, Measured, Norm, Number, Pack, Side, SideGap, leaves
from rules.criteria import Values, compile_criterion, read_by

Result = Literal["neither"] | bool | None
RESULTS: tuple[Result, ...] = (None, "neither", False, True)  # what two bits say
DECIDED = 0b10
_Pattern = Callable[[list[Any]], Hashable]
Fact = str | tuple[Leaf, Side | None]
MOST_PATTERNS = 256
MOST_KEPT = 4096


@dataclass(frozen=True)
class Question:
    """Whether an argument supports. If not it speaks against; with `against_when`, only if that holds. `side` is what `same` means."""

    when: Criterion
    against_when: Criterion | None = None
    side: Side | None = None

    @property
    def leaves(self) -> list[Leaf]:
        """Every leaf of both criteria."""
        return [*leaves(self.when), *(leaves(self.against_when) if self.against_when else ())]

    def compiled(self, pack: Pack) -> Callable[[Values], Result]:
        """True: it supports; False: it speaks against; "neither": decided, and worth nothing; None: undecided."""
        holds = compile_criterion(self.when, pack, self.side)
        if self.against_when is None:
            return holds
        against = compile_criterion(self.against_when, pack, self.side)

        def result(values: Values) -> Result:
            answer = holds(values)
            if answer is not False:
                return answer
            normal = against(values)
            return "neither" if normal is False else False if normal else None

        return result


def result_of(decided: int, question: int) -> Result:
    """One question's result out of all."""
    return RESULTS[decided >> 2 * question & 0b11]


def mask(questions: Iterable[int], bits: int = 0b11) -> int:
    """What leaves only these questions' bits of all results."""
    return sum(bits << 2 * question for question in set(questions))


class _Batch:
    """Questions that are decided together. `pattern` picks the facts they turn on; `known` holds the results of each pattern met so far."""

    def __init__(self, places: Sequence[int], questions: Mapping[int, Callable[[Values], Result]]) -> None:
        self.pattern: _Pattern = itemgetter(*places)
        self.known: dict[Hashable, int] = {}
        self._questions = questions

    def decide(self, pattern: Hashable, values: Values) -> int:
        """Ask the criteria themselves, and keep what they say."""
        if len(self.known) >= MOST_KEPT:
            self.known.clear()
        decided = sum(RESULTS.index(question(values)) << 2 * place for place, question in self._questions.items())
        self.known[pattern] = decided
        return decided


class Decider:
    """The questions of one pack, and the facts they turn on.

    A fact is the option chosen, or between which limits a number lies; where a leaf compares more than that (one side with
    the other, or with a norm for age and sex), it is what the leaf says.
    """

    def __init__(self, pack: Pack, questions: Sequence[Question]) -> None:
        self.count = len(questions)
        facts_of = [_facts_of(question, pack) for question in questions]
        facts = list(dict.fromkeys(fact for facts in facts_of for fact in facts))
        self._items = [fact for fact in facts if isinstance(fact, str)]
        leaves_asked = [fact for fact in facts if not isinstance(fact, str)]
        self._leaves = [compile_criterion(leaf, pack, side) for leaf, side in leaves_asked]
        limits = _limits(questions, pack)
        self._limits = [(place, limits[item]) for place, item in enumerate(self._items) if item in limits]
        outcomes = {item: len(limits[item]) + 2 if item in limits else len(pack.options(item)) + 1 for item in self._items}
        places: dict[Fact, int] = dict(zip([*self._items, *leaves_asked], range(len(facts)), strict=True))
        batches = _together(facts_of, lambda fact: outcomes[fact] if isinstance(fact, str) else 3)
        self._batches = [
            _Batch([places[fact] for fact in needed], {one: questions[one].compiled(pack) for one in members})
            for needed, members in batches
        ]
        self._ready = [(batch.pattern, batch.known, batch.decide) for batch in self._batches]

    def decide(self, values: Values) -> int:
        """The results of all questions: see `result_of`."""
        facts: list[Any] = list(map(values.get, self._items))
        for place, limits in self._limits:
            number = facts[place]
            if number is not None:
                facts[place] = bisect_right(limits, number)
        facts += [holds(values) for holds in self._leaves]
        decided = 0
        for pattern_of, known, decide in self._ready:
            pattern = pattern_of(facts)
            results = known.get(pattern)
            decided |= decide(pattern, values) if results is None else results
        return decided


def _facts_of(question: Question, pack: Pack) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for leaf in question.leaves:
        facts += ((leaf, question.side),) if _compares_answers(leaf) else read_by(leaf, pack, question.side)
    return tuple(dict.fromkeys(facts))


def _compares_answers(leaf: Leaf) -> bool:
    return isinstance(leaf, SideGap) or (isinstance(leaf, Measured) and any(isinstance(limit, Norm) for _, limit in leaf.bounds))


def _limits(questions: Iterable[Question], pack: Pack) -> dict[str, list[float]]:
    """For each number, where it can make a difference: at each limit, and right after it."""
    limits: dict[str, set[float]] = defaultdict(set)
    for question in questions:
        for leaf in question.leaves:
            if isinstance(leaf, Measured | Number) and not _compares_answers(leaf):
                bounds = [limit for _, limit in leaf.bounds if not isinstance(limit, Norm)]
                limits[read_by(leaf, pack, question.side)[0]].update(*((limit, nextafter(limit, inf)) for limit in bounds))
    return {item: sorted(numbers) for item, numbers in limits.items()}


def _together(facts_of: Sequence[tuple[Fact, ...]], outcomes: Callable[[Fact], int]) -> list[tuple[list[Fact], list[int]]]:
    """Batches of questions, with the facts they need: as few as can be while each has no more than MOST_PATTERNS patterns."""
    batches: list[tuple[list[Fact], list[int]]] = []
    for question in sorted(range(len(facts_of)), key=lambda question: -prod(map(outcomes, facts_of[question]))):
        for needed, members in batches:
            more = [fact for fact in facts_of[question] if fact not in needed]
            if not more or prod(map(outcomes, needed + more)) <= MOST_PATTERNS:
                needed += more
                members.append(question)
                break
        else:
            batches.append((list(facts_of[question]), [question]))
    return batches
