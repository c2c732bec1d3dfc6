"""The choice: of all plans that keep to the minutes, the size and the balance, one that covers most of what was found."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.content import PlanRules
from rules.planning.candidates import POINT, Candidate, Need, Person, Steps

# Why one exercise more is not in a plan that is already chosen.
Against = Literal["step", "covered", "balance", "full", "time"]
Suits = tuple[int, ...]
# The greedy choice comes first, and only a better one takes its place; most people need about five tries, one in a hundred more than fifty.
MOST_TRIED = 200


@lru_cache(maxsize=4096)
def covered(steps: Steps, suits: Suits) -> int:
    """How much of one need is covered by exercises that suit it so well: the best suited takes the first step, and so on."""
    return sum(step * suit for step, suit in zip(steps, sorted(suits, reverse=True), strict=False)) // POINT


class Choice(NamedTuple):
    """Exercises chosen so far, and what they cover. `minutes`, `room`, `others`, `stretches`: how many more there may be.

    `others` are not for strength or control; `lead` is how many exercises more are for them than are not.
    """

    chosen: tuple[Candidate, ...]
    points: int
    served: Mapping[Need, Suits]
    ladders: frozenset[str]
    minutes: int
    room: int
    others: int
    stretches: int
    lead: int = 0

    def fits(self, one: Candidate) -> bool:
        """Whether there is room for the exercise, and neither it nor its easier or harder step is there already."""
        return one.minutes <= self.minutes and self.room > 0 and one.entry.id not in self.ladders and self.keeps_limits(one)

    def keeps_limits(self, one: Candidate) -> bool:
        """Whether one more of this kind is not too many."""
        return one.entry.builds or (self.others > 0 and (self.stretches > 0 or not one.entry.stretches))

    def keeps_balance(self, one: Candidate) -> bool:
        """Whether half of the plan is for strength and control with this one, too."""
        return one.entry.builds or (self.lead > 0 and self.keeps_limits(one))


class Chooser:
    """Looks for the best choice. `fillers`: what a plan may be filled up with until it is large enough and balanced."""

    def __init__(self, rules: PlanRules, needs: Mapping[Need, Steps], person: Person, fillers: Iterable[Candidate]) -> None:
        self.tried = 0
        self._rules = rules
        self._named = person.named
        self._needs = needs
        self._fillers = sorted(fillers, key=lambda one: (not one.entry.builds, one.minutes))
        self._least = rules.fewest
        self.best = Choice((), 0, dict.fromkeys(needs, ()), frozenset(), person.minutes, rules.most, rules.most // 2, rules.most_stretches)

    def start(self, always: Iterable[Candidate]) -> None:
        """Take what everybody gets, and see how large a plan can be."""
        for one in always:
            if self.best.fits(one):
                self.best = self._plus(self.best, one)
        self._least = len(self._filled(self.best).chosen)

    def cover(self, useful: Sequence[Candidate]) -> None:
        """Choose among the exercises that serve something."""
        suits: dict[Need, Suits] = dict.fromkeys(self._needs, ())
        for one in useful:
            for need, suit in one.suits:
                suits[need] += (suit,)
        self._search(self.best, useful, sum(covered(steps, suits[need]) for need, steps in self._needs.items()))

    def _search(self, choice: Choice, useful: Iterable[Candidate], whole: int) -> None:
        """Try each exercise next, the largest gain first, as long as that could lead to more than the best so far.

        `whole`: what all the exercises together would cover.
        """
        self.tried += 1
        if choice.points > self.best.points:
            self.best = choice
        # Among equals what a gate asks for, then the shorter, the easier one, and the first in the catalogue.
        ranked = sorted(
            (-gain, one.entry.id not in self._named, one.seconds, one.entry.exercise.level, one.entry.place, one)
            for one in useful
            if choice.fits(one) and (gain := self.gain(choice, one))
        )
        rest = [one[-1] for one in ranked]
        room = min(choice.room, choice.minutes // min((one.minutes for one in rest), default=1))
        for place, one in enumerate(rest):
            most = choice.points - sum([one[0] for one in ranked[place : place + room]])
            if min(most, whole) <= self.best.points or self.tried >= MOST_TRIED:
                return
            more = self._plus(choice, one)
            if self._can_be_finished(more):
                self._search(more, rest[place + 1 :], whole)

    def gain(self, choice: Choice, one: Candidate) -> int:
        """What one exercise more would cover."""
        gain = 0
        for need, suit in one.suits:
            steps, suits = self._needs[need], choice.served[need]
            gain += covered(steps, (*suits, suit)) - covered(steps, suits)
        return gain

    def _plus(self, choice: Choice, one: Candidate) -> Choice:
        entry = one.entry
        served = dict(choice.served)
        for need, suit in one.suits:
            served[need] = (*served[need], suit)
        return Choice(
            (*choice.chosen, one),
            choice.points + self.gain(choice, one),
            served,
            choice.ladders | one.ladder,
            choice.minutes - one.minutes,
            choice.room - 1,
            choice.others - (not entry.builds),
            choice.stretches - entry.stretches,
            choice.lead + (1 if entry.builds else -1),
        )

    def _can_be_finished(self, choice: Choice) -> bool:
        """Whether a plan of it can be large enough, and half of it for strength and control."""
        filled = self._filled(choice)
        return filled.lead >= 0 and len(filled.chosen) >= self._least

    def _filled(self, choice: Choice) -> Choice:
        """The choice with the shortest fillers, as far as they are needed and fit."""
        for one in self._fillers:
            if choice.lead >= 0 and len(choice.chosen) >= self._least:
                break
            if choice.fits(one) and choice.keeps_balance(one):
                choice = self._plus(choice, one)
        return choice

    def adds(self, one: Candidate) -> int:
        """What the exercise adds after the last step that counts by itself, if that is no less than the smallest gain in all."""
        served, share = self.best.served, self._rules.repeat_share
        adds = sum(int(self._needs[need][0] * share ** len(served[need])) * suit // POINT for need, suit in one.suits)
        return adds if adds >= self._rules.smallest_gain * POINT else 0

    def fill(self, exercises: Iterable[Candidate], size: int) -> None:
        """Add exercises in their order up to `size`."""
        for one in exercises:
            if len(self.best.chosen) < size and self.best.fits(one):
                more = self._plus(self.best, one)
                if self._can_be_finished(more):
                    self.best = more

    def finish(self) -> Choice:
        """The best choice, filled up until it is large enough and balanced."""
        self.best = self._filled(self.best)
        return self.best

    def against(self, one: Candidate) -> Against:
        """Why this exercise is not in the best choice."""
        if one.entry.id in self.best.ladders:
            return "step"
        if one.suits and not self.gain(self.best, one):
            return "covered"
        if not self.best.keeps_balance(one):
            return "balance"
        return "time" if self.best.room else "full"
