"""Safety first: how urgent it is, which red flags and gates are set, and what is still open."""

from dataclasses import dataclass
from functools import lru_cache

from rules.answers import Answers
from rules.content import URGENCIES, URGENT, Criterion, Gate, Pack, RedFlag, SelfTest, Urgency, leaves, link_id
from rules.criteria import Holds, Values, compile_criterion, read_by


@dataclass(frozen=True)
class Raised:
    """A red flag that holds, at the urgency of the level that held."""

    flag: RedFlag
    urgency: Urgency


@dataclass(frozen=True)
class Triage:
    """`open`: the items without which a red flag or a gate cannot be decided. `hidden`: tests that do not suit this person."""

    urgency: Urgency
    red_flags: tuple[Raised, ...]
    gates: tuple[Gate, ...]
    open: tuple[str, ...]
    hidden: tuple[SelfTest, ...]
    values: Values

    @property
    def urgent(self) -> bool:
        """Whether nothing is shown but what to do now."""
        return self.urgency in URGENT


@dataclass(frozen=True)
class _Question:
    """A compiled criterion and every item it looks at."""

    holds: Holds
    items: tuple[str, ...]


class _Compiled:
    """The safety part of a pack, ready to be asked."""

    def __init__(self, pack: Pack) -> None:
        def question(criterion: Criterion) -> _Question:
            items = tuple(item for leaf in leaves(criterion) for item in read_by(leaf, pack))
            return _Question(compile_criterion(criterion, pack), items)

        self.flags = [(flag, [(level.urgency, question(level.when)) for level in flag.levels]) for flag in pack.safety.red_flags]
        self.gates = [(gate, question(gate.when)) for gate in pack.safety.gates]
        self.tests = [
            (test, question(test.hidden_when) if test.hidden_when else None, link_id(test.name, "stopped-by"))
            for test in pack.tests.values()
        ]
        self.items_of_test = {name: frozenset(item for item, test in pack.test_of.items() if test.name == name) for name in pack.tests}


@lru_cache(maxsize=8)
def _compiled(pack: Pack) -> _Compiled:
    return _Compiled(pack)


def triage(pack: Pack, answers: Answers) -> Triage:
    """Decide urgency and gates. Taken out of `values`: the answers of self-tests that do not suit the person, and what was seen in one not tried.

    A test's own answers never hide it: which tests suit is decided from everything else.
    """
    compiled = _compiled(pack)
    without_tests = {item: value for item, value in answers.values.items() if item not in pack.test_of}
    early = {gate.id for gate, when in compiled.gates if when.holds(without_tests)}
    hidden = tuple(
        test for test, when, _ in compiled.tests if early.intersection(test.hidden_by) or (when is not None and when.holds(without_tests))
    )
    left_aside = {item for test in hidden for item in compiled.items_of_test[test.name]}
    for test, _, stopped_by in compiled.tests:
        if answers.values.get(stopped_by) == "not-tried":
            left_aside |= {link_id(test.name, seen.code) for seen in test.observations}
    values = {item: value for item, value in answers.values.items() if item not in left_aside} if left_aside else dict(answers.values)
    painful = {gate for test, _, stopped_by in compiled.tests if values.get(stopped_by) == "pain" for gate in test.pain_sets}

    raised: list[Raised] = []
    undecided: dict[str, None] = {}
    for flag, levels in compiled.flags:
        for urgency, when in levels:
            result = when.holds(values)
            if result:
                raised.append(Raised(flag, urgency))
                break
            if result is None:
                undecided.update(dict.fromkeys(item for item in when.items if item not in values))
    gates: list[Gate] = []
    for gate, when in compiled.gates:
        result = when.holds(values)
        if result or gate.id in painful:
            gates.append(gate)
        elif result is None:
            undecided.update(dict.fromkeys(item for item in when.items if item in pack.safety_items and item not in values))
    lowest: Urgency = "restricted" if gates else "clear"
    return Triage(
        urgency=min([lowest, *(one.urgency for one in raised)], key=URGENCIES.index),
        red_flags=tuple(sorted(raised, key=lambda one: URGENCIES.index(one.urgency))),
        gates=tuple(gates),
        open=tuple(undecided),
        hidden=hidden,
        values=values,
    )
