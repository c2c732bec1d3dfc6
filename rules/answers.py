"""Reads what a person sent into typed answers, or says every problem at once."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import assert_never

from rules.content import EnableWhen, Item, Option, Pack

Value = str | int | float | tuple[str, ...]
NOT_SURE = "not-sure"
_SPEAKABLE = re.compile(r"[a-z0-9.-]{1,80}")


@dataclass(frozen=True)
class Answers:
    """`values`: what was decided, with the items that a "none of these" cleared reading `no`. `given`: every link_id answered, `not-sure` included."""

    values: Mapping[str, Value]
    given: frozenset[str]


@dataclass(frozen=True)
class AnswerProblem:
    """One answer that cannot be read. `link_id` is None when the key itself is no link_id. The answer is never repeated."""

    link_id: str | None
    code: str
    message: str


class AnswersRefused(Exception):
    """Some answers cannot be read

    `within`: the keys that lead to the answers in what was sent.
    """

    def __init__(self, problems: tuple[AnswerProblem, ...], within: tuple[str, ...] = ("answers",)) -> None:
        super().__init__(f"{len(problems)} answers cannot be read")
        self.problems = problems
        self.within = within


def read_answers(pack: Pack, raw: Mapping[str, object], *, draft: bool = False) -> Answers:
    """Type the answers of a flat object link_id → option code, number or list of codes.

    `not-sure` is taken for every item. A draft may answer items that are not enabled; they are then left aside.
    Raises AnswersRefused with one problem per answer: unknown item, wrong type, out of limits, no such option, not enabled.
    """
    problems: list[AnswerProblem] = []
    values: dict[str, Value] = {}
    for link_id in raw:
        if link_id not in pack.items:
            speakable = link_id if _SPEAKABLE.fullmatch(link_id) else None
            problems.append(AnswerProblem(speakable, "unknown-item", "is not a link_id of this questionnaire"))
    given: set[str] = set()
    for link_id, item in pack.items.items():
        if link_id not in raw:
            continue
        if not enabled(item, values, given):
            if not draft:
                problems.append(
                    AnswerProblem(link_id, "not-enabled", "is asked only after certain other answers; leave it out, or change those")
                )
            continue
        given.add(link_id)
        if raw[link_id] == NOT_SURE:
            continue
        value = read_answer(item, pack.options(link_id), raw[link_id])
        if isinstance(value, AnswerProblem):
            problems.append(value)
        else:
            values[link_id] = value
    if problems:
        raise AnswersRefused(tuple(problems))
    for link_id, cleared_by in pack.cleared.items():
        if link_id not in given and values.get(cleared_by) == "none":
            values[link_id] = "no"
    return Answers(MappingProxyType(values), frozenset(given))


def without_unasked(pack: Pack, raw: Mapping[str, object]) -> dict[str, object]:
    """What came from a page that cannot hide questions, without the answers to those that would not be asked.

    A warning sign is never left aside: in a safety question only `not-sure` and what no rule reads are. Nor is what cannot be read. Both are refused on reading.
    """
    try:
        read_answers(pack, raw)
    except AnswersRefused as refused:
        unasked = {problem.link_id for problem in refused.problems if problem.code == "not-enabled"}
        return {link_id: answer for link_id, answer in raw.items() if link_id not in unasked or not _means_nothing(pack, link_id, answer)}
    return dict(raw)


def _means_nothing(pack: Pack, link_id: str, answer: object) -> bool:
    """Whether an answer to what was not asked can be done without."""
    if answer == NOT_SURE:
        return True
    options = pack.options(link_id)
    if link_id in pack.safety_items:
        return answer in [option.code for option in options.values() if option.neutral]
    return not isinstance(read_answer(pack.items[link_id], options, answer), AnswerProblem)


def readable(pack: Pack, raw: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Answers that were stored under another pack: what this one still reads, and the link_ids of what it leaves aside."""
    kept = {link_id: answer for link_id, answer in raw.items() if link_id in pack.items}
    while True:
        try:
            read_answers(pack, kept)
        except AnswersRefused as refused:
            # Each problem names an answer that is there, so this ends; without it others may no longer be enabled.
            for problem in refused.problems:
                kept.pop(problem.link_id or "")
        else:
            return kept, tuple(link_id for link_id in raw if link_id not in kept)


def read_answer(item: Item, options: Mapping[str, Option], answer: object) -> Value | AnswerProblem:
    """One answer other than `not-sure`, typed, or what is wrong with it."""
    match item.type:
        case "choice":
            if isinstance(answer, str) and answer in options:
                return answer
            return AnswerProblem(item.link_id, "no-such-option", f"must be one of: {', '.join(options)}, {NOT_SURE}")
        case "choices":
            return _several(item, options, answer)
        case "integer" | "decimal":
            return _number(item, answer)
        case _:
            assert_never(item.type)


def _several(item: Item, options: Mapping[str, Option], answer: object) -> Value | AnswerProblem:
    if not isinstance(answer, list) or not answer or not all(isinstance(code, str) and code in options for code in answer):
        return AnswerProblem(item.link_id, "no-such-option", f"must be a list of one or more of: {', '.join(options)}")
    if len(set(answer)) < len(answer):
        return AnswerProblem(item.link_id, "repeated-option", "names an option twice")
    if len(answer) > 1 and any(options[code].exclusive for code in answer):
        return AnswerProblem(item.link_id, "contradiction", "an option that excludes the others stands beside them")
    return tuple(answer)


def _number(item: Item, answer: object) -> Value | AnswerProblem:
    whole = item.type == "integer"
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not -inf < answer < inf or (whole and answer != int(answer)):
        return AnswerProblem(item.link_id, "not-a-number", f"must be a {'whole ' if whole else ''}number in {item.unit}")
    if item.min is None or item.max is None or not item.min <= answer <= item.max:
        return AnswerProblem(item.link_id, "out-of-limits", f"must be from {item.min:g} to {item.max:g} {item.unit}")
    return int(answer) if whole else answer


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": lambda answer, limit: answer > limit,
    "<": lambda answer, limit: answer < limit,
    ">=": lambda answer, limit: answer >= limit,
    "<=": lambda answer, limit: answer <= limit,
}


def enabled(item: Item, values: Mapping[str, Value], given: Collection[str]) -> bool:
    """Whether an item is asked: FHIR's enableWhen over the answers read so far; items stand after the items they depend on."""
    if not item.enable_when:
        return True
    each = [met(condition, values, given) for condition in item.enable_when]
    return all(each) if item.enable_behavior == "all" else any(each)


def met(condition: EnableWhen, values: Mapping[str, Value], given: Collection[str]) -> bool:
    """Whether one condition of FHIR's enableWhen is met."""
    if condition.operator == "exists":
        return (condition.question in given) is condition.answer
    answer = values.get(condition.question)
    if answer is None:
        return False
    match condition.operator:
        case "=":
            return condition.answer in answer if isinstance(answer, tuple) else answer == condition.answer
        case "!=":
            return condition.answer not in answer if isinstance(answer, tuple) else answer != condition.answer
        case _:
            if isinstance(answer, int | float) and isinstance(condition.answer, int | float):
                return _COMPARE[condition.operator](answer, condition.answer)
            return False
