"""The weekly check-in: whether the plan holds, gets harder or easier, or stops; and the plan that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from typing_extensions import TypedDict

from rules.answers import NOT_SURE, AnswerProblem, AnswersRefused, Value, read_answer, read_answers, readable
from rules.content import DECISIONS, CheckInRule, Decision, Exercise, Item, Option, Pack
from rules.criteria import Holds, compile_criterion
from rules.planning.plan import Plan, prescribe
from rules.shapes import PlanShape
from rules.telling import Teller
from rules.triage import Triage, triage
from rules.weighing.findings import Finding, find

MOVES: tuple[Decision, ...] = ("harder", "easier")
STOP: Decision = "stop-and-see-a-clinician"


class NoPlan(Exception):
    """There is no plan to go on with"""


@dataclass(frozen=True)
class PastCheckIn:
    """An earlier check-in: the day it was made, counted from any day; what was told; what followed; the ids of the exercises from then on."""

    day: int
    told: Mapping[str, object]
    decision: Decision
    exercises: tuple[str, ...]


class MetCriterion(TypedDict):
    """A criterion that was met, in the words of the content."""

    rule: str
    text: str
    sources: list[str]


class Step(TypedDict):
    """One exercise that moves: `to` the next one on its ladder, or, when that is null, to another `way` of doing it."""

    exercise: str
    name: str
    to: str | None
    to_name: str | None
    way: str | None


class CheckInOutcome(TypedDict):
    """What a check-in leads to. `undecided`: the questions left open; while one is open, nothing gets harder."""

    decision: Decision
    advice: str
    because: list[MetCriterion]
    undecided: list[str]
    steps: list[Step]
    plan: PlanShape


def key_of(question: Item) -> str:
    """The name of a question in what is sent: `pain_after` for `check-in.pain-after`."""
    return question.link_id.partition(".")[2].replace("-", "_")


def check_in(
    pack: Pack,
    answers: Mapping[str, object],
    exercises: Sequence[str],
    told: Mapping[str, object],
    *,
    day: int = 0,
    earlier: Sequence[PastCheckIn] = (),
) -> CheckInOutcome:
    """Decide how the plan goes on after one more week.

    `answers` of the assessment; `exercises`: the ids of its plan; `told`: answers to the weekly questions, by key; `day`: when, on the scale of `earlier`.
    A question left out and "not-sure" are undecided, and nothing gets harder on what is undecided. Exercises move only along `easier` and `harder`,
    and never to one that a gate, kit or position forbids. Raises AnswersRefused for what cannot be read, and NoPlan where there is none (any more).
    """
    values = _read(pack, told)
    person = _Person.of(pack, answers)
    if not exercises or (earlier and earlier[-1].decision == STOP):
        raise NoPlan
    current = person.plan(earlier[-1].exercises if earlier else exercises)
    decision, reasons = _decide(pack, _facts(pack, person, values, day, earlier))
    undecided = [key_of(one) for one in pack.follow_up.check_in.questions if one.link_id not in values]
    turn = sum(one.decision == decision for one in earlier)
    plan, steps = person.move(current, decision, turn) if decision in MOVES else (current, [])
    return {
        "decision": decision,
        "advice": _advice(pack, decision, undecided=bool(undecided) and not reasons),
        "because": [{"rule": one.id, "text": one.because, "sources": list(one.sources)} for one in reasons],
        "undecided": undecided,
        "steps": steps,
        "plan": person.told(Plan(), "withheld", _advice(pack, decision)) if decision == STOP else person.told(plan, "issued", None),
    }


class _Person:
    """Whose plan it is, under today's pack."""

    def __init__(self, pack: Pack, safety: Triage, findings: list[Finding], tell: Teller) -> None:
        self.pack = pack
        self.safety = safety
        self.told = tell.plan
        self._findings = findings

    @classmethod
    def of(cls, pack: Pack, answers: Mapping[str, object]) -> "_Person":
        """Raises NoPlan when these answers give none."""
        read = read_answers(pack, readable(pack, answers)[0])
        safety = triage(pack, read)
        if safety.open or safety.urgency not in ("clear", "restricted"):
            raise NoPlan
        return cls(pack, safety, find(pack, safety.values), Teller(pack, read))

    def plan(self, exercises: Sequence[str]) -> Plan:
        """The exercises that are allowed, with their doses and the steps from each."""
        return prescribe(self.pack, self.safety.values, self.safety.gates, self._findings, exercises)

    def move(self, plan: Plan, decision: Decision, turn: int) -> tuple[Plan, list[Step]]:
        """The plan one step on: everything easier, or only some exercises harder. Ladders come before other ways of doing the same, which take turns."""
        most = self.pack.follow_up.check_in.harder_at_once if decision == "harder" else len(plan.prescriptions)
        steps: list[Step] = []
        staying: list[Exercise] = []
        for one in plan.prescriptions:
            target = one.harder if decision == "harder" else one.easier
            moved = self._with(plan, one.exercise, target) if target and len(steps) < most else None
            if moved and target:
                plan = moved
                steps.append(_step(one.exercise, target, None))
            else:
                staying.append(one.exercise)
        ways = [(one, one.harder_way if decision == "harder" else one.easier_way) for one in staying]
        ways = [(one, way) for one, way in ways if way]
        first = turn * most % len(ways) if ways else 0
        steps += [_step(one, None, way) for one, way in (ways[first:] + ways[:first])[: most - len(steps)]]
        return plan, steps

    def _with(self, plan: Plan, exercise: Exercise, target: Exercise) -> Plan | None:
        """The plan with one exercise in the place of another, if it is not there already and the minutes allow it."""
        ids = [one.exercise.id for one in plan.prescriptions]
        if target.id in ids:
            return None
        moved = self.plan([target.id if one == exercise.id else one for one in ids])
        return moved if moved.minutes <= max(plan.minutes, plan.budget) else None


def _step(exercise: Exercise, target: Exercise | None, way: str | None) -> Step:
    return {
        "exercise": exercise.id,
        "name": exercise.name,
        "to": target.id if target else None,
        "to_name": target.name if target else None,
        "way": way,
    }


def _read(pack: Pack, told: Mapping[str, object]) -> dict[str, Value]:
    """The weekly answers, typed. Raises AnswersRefused with one problem for each that cannot be read."""
    questions = {key_of(one): one for one in pack.follow_up.check_in.questions}
    problems: list[AnswerProblem] = []
    values: dict[str, Value] = {}
    for key, answer in told.items():
        question = questions.get(key)
        if question is None:
            problems.append(AnswerProblem(None, "unknown-item", f"a key is none of: {', '.join(questions)}"))
        elif answer != NOT_SURE:
            value = read_answer(question, _options(question), answer)
            if isinstance(value, AnswerProblem):
                problems.append(AnswerProblem(key, value.code, value.message))
            else:
                values[question.link_id] = value
    if problems:
        raise AnswersRefused(tuple(problems), within=())
    return values


def _options(question: Item) -> dict[str, Option]:
    return {option.code: option for option in question.own_options}


def _facts(pack: Pack, person: _Person, told: Mapping[str, Value], day: int, earlier: Sequence[PastCheckIn]) -> dict[str, Value]:
    """What was told now, how far it lies above the assessment, and in how many weeks in a row something held."""
    content = pack.follow_up.check_in
    compiled = _compiled(pack)
    now = _with_rises(pack, person, told)
    weeks = [
        (day, now, None),
        *((one.day, _with_rises(pack, person, _still_read(pack, one.told)), one.decision) for one in reversed(earlier)),
    ]
    facts = dict(now)
    for streak in content.streaks:
        count, last = 0, None
        for when, values, decision in weeks:
            if not compiled.streaks[streak.id](values) or (streak.since_step and decision in MOVES):
                break
            if last is None or last - when >= content.days_apart:
                count, last = count + 1, when
        facts[streak.id] = count
    return facts


def _still_read(pack: Pack, told: Mapping[str, object]) -> dict[str, Value]:
    """What of an earlier check-in this pack still reads; the rest is undecided."""
    values: dict[str, Value] = {}
    for key, answer in told.items():
        try:
            values |= _read(pack, {key: answer})
        except AnswersRefused:
            continue
    return values


def _with_rises(pack: Pack, person: _Person, values: Mapping[str, Value]) -> dict[str, Value]:
    facts = dict(values)
    for rise in pack.follow_up.check_in.rises:
        now, then = values.get(rise.item), person.safety.values.get(rise.over)
        if isinstance(now, int | float) and isinstance(then, int | float):
            facts[rise.id] = now - then
    return facts


class _Compiled:
    """The criteria of the check-in, ready to be asked."""

    def __init__(self, pack: Pack) -> None:
        content = pack.follow_up.check_in
        self.streaks: dict[str, Holds] = {one.id: compile_criterion(one.when, pack) for one in content.streaks}
        self.rules: list[tuple[CheckInRule, Holds]] = [(one, compile_criterion(one.when, pack)) for one in content.rules]


@lru_cache(maxsize=8)
def _compiled(pack: Pack) -> _Compiled:
    return _Compiled(pack)


def _decide(pack: Pack, facts: Mapping[str, Value]) -> tuple[Decision, list[CheckInRule]]:
    """The most careful decision of those whose rules hold, with these rules; nothing gets harder while a rule against it is undecided."""
    results = [(rule, holds(facts)) for rule, holds in _compiled(pack).rules]
    for decision in reversed(DECISIONS):
        met = [rule for rule, result in results if rule.then == decision and result]
        open_before = decision == "harder" and any(result is None for _, result in results)
        if met and not open_before:
            return decision, met
    return "hold", []


def _advice(pack: Pack, decision: Decision, *, undecided: bool = False) -> str:
    says = pack.follow_up.check_in.says
    texts: dict[Decision, str] = {"harder": says.harder, "hold": says.hold, "easier": says.easier, STOP: says.stop}
    return says.hold_undecided if undecided and decision == "hold" else texts[decision]
