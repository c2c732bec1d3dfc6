"""The assessment's form: `a.<link_id>` holds an answer, `in.<link_id>` a length in inches, `asked` and `at` the way so far."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rules import AnswersRefused, Pack
from rules.answers import NOT_SURE, AnswerProblem, read_answers
from rules.content import Item
from service.reader import CM_PER_INCH

Way = Literal["questions", "some", "all"]
WAYS: tuple[Way, ...] = ("questions", "some", "all")
Page = tuple[str, ...]
Fields = Mapping[str, Sequence[str]]
ANSWER, INCHES = "a.", "in."
ONCE = re.compile(r"[A-Za-z0-9_-]{43}")
_NUMBER = re.compile(r"[-+]?(\d{1,9}([.,]\d{0,9})?|[.,]\d{1,9})")


class Unreadable(Exception):
    """What a page carried along was changed, or belongs to other content

    `kept`: the answers that can still be read.
    """

    def __init__(self, kept: Mapping[str, object]) -> None:
        super().__init__()
        self.kept = kept


@dataclass(frozen=True)
class Journey:
    """How far somebody is: their answers, the pages they saw, and which of these they are on; behind the last one they check their answers.

    `checked`: they have seen all their answers, and go back there from a page that they change. `once`: of who was invited, the value that tells
    this journey from others; they may find answers that they have not seen yet.
    """

    answers: Mapping[str, object]
    trail: tuple[Page, ...] = ()
    at: int = 0
    way: Way | None = None
    checked: bool = False
    once: str = ""

    @property
    def seen(self) -> "Journey":
        """The same without what an invitation told on pages that are still ahead."""
        ahead = {item for page in self.trail[self.at + 1 :] for item in page} if self.once and not self.checked else ()
        return replace(self, answers={item: answer for item, answer in self.answers.items() if item not in ahead})

    @property
    def page(self) -> Page:
        """What is asked on the page they are on; nothing where answers are checked."""
        return self.trail[self.at] if self.at < len(self.trail) else ()


@dataclass(frozen=True)
class Sent:
    """A form that came in. `problems`: what on the page itself cannot be read; that is not among the journey's answers. `typed`: the page's fields, word by word."""

    journey: Journey
    problems: tuple[AnswerProblem, ...]
    typed: Fields


def read_journey(pack: Pack, fields: Fields) -> Sent:
    """What a form holds. Raises Unreadable for faults that are not on the page that was filled in."""
    raw = _answers(pack, fields)
    trail = tuple(page for line in fields.get("asked", ()) if (page := _page(pack, line)))
    at = fields.get("at", [""])[0]
    way = next((one for one in WAYS if one in fields.get("way", ())), None)
    journey = Journey(
        raw, trail, min(int(at), len(trail)) if re.fullmatch(r"[0-9]{1,4}", at) else len(trail), way, "checked" in fields, once_in(fields)
    )
    own = set(journey.page)
    typed = {name: values for name, values in fields.items() if name.removeprefix(ANSWER).removeprefix(INCHES) in own}
    try:
        read_answers(pack, raw, draft=True)
    except AnswersRefused as refused:
        kept = _without(raw, {problem.link_id for problem in refused.problems} | (raw.keys() - pack.items.keys()))
        if any(problem.link_id not in own for problem in refused.problems):
            raise Unreadable(kept) from None
        return Sent(replace(journey, answers=kept), refused.problems, typed)
    return Sent(journey, (), typed)


def once_in(fields: Fields) -> str:
    """The value of a journey; nothing where there is none."""
    once = fields.get("once", [""])[0]
    return once if ONCE.fullmatch(once) else ""


def hidden_fields(answers: Mapping[str, object]) -> list[tuple[str, str]]:
    """Answers as fields that a page carries along."""
    return [(f"{ANSWER}{link_id}", value) for link_id, answer in answers.items() for value in _words(answer)]


def _words(answer: object) -> list[str]:
    if isinstance(answer, list | tuple):
        return [str(one) for one in answer]
    return [f"{answer:.10g}" if isinstance(answer, float) else str(answer)]


def _without(answers: Mapping[str, object], left_out: set[str | None]) -> dict[str, object]:
    return {link_id: answer for link_id, answer in answers.items() if link_id not in left_out}


def _page(pack: Pack, line: str) -> Page:
    return ("way",) if line == "way" else tuple(dict.fromkeys(one for one in line.split() if one in pack.items))


def _answers(pack: Pack, fields: Fields) -> dict[str, object]:
    raw: dict[str, object] = {}
    for name, values in fields.items():
        link_id = name.removeprefix(ANSWER)
        if name.startswith(ANSWER):
            raw[link_id] = _answer(pack.items[link_id], values) if link_id in pack.items else None
    for name, values in fields.items():
        link_id = name.removeprefix(INCHES)
        if name.startswith(INCHES) and link_id in pack.items:
            length = as_number(values[0])
            centimetres = round(length * CM_PER_INCH, 2) if isinstance(length, float) else length
            raw[link_id] = [centimetres, *values] if link_id in raw else centimetres
    return raw


def _answer(item: Item, values: Sequence[str]) -> object:
    if list(values) == [NOT_SURE]:
        return NOT_SURE
    if item.type == "choices" or len(values) > 1:
        return list(values)
    return values[0] if item.type == "choice" else as_number(values[0])


def as_number(text: str) -> float | str:
    """A number as people write it, with comma or point; else the text, which no item takes."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else text
