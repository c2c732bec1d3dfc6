"""What a page of the assessment shows: each question in its form, with its answer, its fault, and why it is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rules import Pack
from rules.answers import NOT_SURE, AnswerProblem
from rules.content import Item
from rules.shapes import NextItem
from service.readable.told import bare_text
from service.reader import CM_PER_INCH, Reader
from service.web.fields import ANSWER, INCHES, Fields
from service.web.why import say_why

Kind = Literal["one", "several", "scale", "number"]
LONGEST_SCALE = 11
SHORT, SEVERAL = 15, 5


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `alone`: it goes with no other."""

    code: str
    text: str
    chosen: bool
    alone: bool = False


@dataclass(frozen=True)
class Question:
    """One question, ready to be shown. `parts`: what a long question lists. `name`: of the field for a number; choices are always `a.<link_id>`.

    `side`: which side of the body a number is for.
    """

    link_id: str
    text: str
    parts: tuple[str, ...]
    help: str
    kind: Kind
    choices: tuple[Choice, ...]
    unsure: Choice
    name: str = ""
    value: str = ""
    unit: str = ""
    limits: str = ""
    side: str = ""
    inches: bool = False
    seconds: bool = False
    fault: str = ""
    why: tuple[str, ...] = ()

    @property
    def short(self) -> bool:
        """Whether its choices fit beside each other."""
        return self.kind == "one" and len(self.choices) < SEVERAL and all(len(choice.text) <= SHORT for choice in self.choices)


def show(
    reader: Reader,
    items: Iterable[NextItem],
    answers: Mapping[str, object],
    problems: Sequence[AnswerProblem] = (),
    typed: Fields | None = None,
) -> list[Question]:
    """The questions of a page. `typed`: what was typed on it, where that could not be read."""
    faults = {problem.link_id: problem for problem in problems}
    return [_question(reader, one, answers.get(one["link_id"]), faults.get(one["link_id"]), typed or {}) for one in items]


def cards(questions: Iterable[Question]) -> list[list[Question]]:
    """What stands on one card: a number for the left and for the right side are asked together."""
    return [list(same) for _, same in groupby(questions, key=lambda one: one.text if one.kind == "number" and one.side else one.link_id)]


def _question(reader: Reader, asked: NextItem, answer: object, problem: AnswerProblem | None, typed: Fields) -> Question:
    pack, link_id = reader.pack, asked["link_id"]
    item = pack.items[link_id]
    name = f"{ANSWER}{link_id}"
    given = [str(one) for one in answer] if isinstance(answer, list | tuple) else [str(answer)]
    chosen = set(typed.get(name, given))
    side = next((word for word in _side_words(pack) if bare_text(pack, item).endswith(f" ({word})")), "")
    text, parts = _listed(reader.prose(bare_text(pack, item).removesuffix(f" ({side})")))
    choices = tuple(Choice(code, option.text, code in chosen, option.exclusive) for code, option in pack.options(link_id).items())
    kind: Kind = "several" if item.type == "choices" else "one" if choices else _number_kind(item)
    if kind == "scale":
        chosen = set(typed.get(name, [f"{answer:g}"] if isinstance(answer, int | float) else given))
        choices = tuple(Choice(str(point), reader.number(point), str(point) in chosen) for point in _points(item))
    inches = item.unit == "cm" and reader.units == "imperial"
    field = f"{INCHES if inches else ANSWER}{link_id}"
    return Question(
        link_id=link_id,
        text=text,
        parts=parts,
        help=reader.prose(item.help),
        kind=kind,
        choices=choices,
        unsure=Choice(NOT_SURE, pack.label.not_sure, NOT_SURE in chosen, alone=True),
        name=field,
        value=_typed(typed.get(field, ())) or _number(reader, answer, inches=inches),
        unit=reader.say("inches") if inches else pack.label.units.get(item.unit or "", ""),
        limits=_limits(reader, item),
        side=side,
        inches=inches,
        seconds=item.unit == "s",
        fault=_fault(reader, item, problem) if problem else "",
        why=tuple(say_why(reader, asked["asked_because"])),
    )


def _side_words(pack: Pack) -> list[str]:
    return [option.text for option in pack.label.option_sets["sides"]]


def _number_kind(item: Item) -> Kind:
    return "scale" if item.type == "integer" and len(_points(item)) <= LONGEST_SCALE else "number"


def _points(item: Item) -> range:
    return range(int(item.min or 0), int(item.max or 0) + 1)


def _typed(values: Sequence[str]) -> str:
    return next((value for value in values if value != NOT_SURE), "")


def _number(reader: Reader, answer: object, *, inches: bool) -> str:
    if not isinstance(answer, int | float):
        return ""
    return reader.number(round(answer / CM_PER_INCH, 1) if inches else answer)


def _listed(text: str) -> tuple[str, tuple[str, ...]]:
    """A long question that lists things after a colon is read more easily as a list."""
    lead, colon, rest = text.partition(":")
    parts = [part.strip() for part in rest.rstrip("?").split(";")]
    return (f"{lead}{colon}", tuple(parts)) if len(parts) > 2 else (text, ())


def _limits(reader: Reader, item: Item) -> str:
    if item.min is None or item.max is None:
        return ""
    divisor = CM_PER_INCH if item.unit == "cm" and reader.units == "imperial" else 1
    low, high = (reader.number(round(limit / divisor, 1)) for limit in (item.min, item.max))
    return reader.say("from {low} to {high}").format(low=low, high=high)


def _fault(reader: Reader, item: Item, problem: AnswerProblem) -> str:
    say = reader.say
    match problem.code:
        case "not-a-number" if item.type == "integer":
            return say("Type one whole number {limits}, or choose “{unsure}”.").format(
                limits=_limits(reader, item), unsure=reader.pack.label.not_sure
            )
        case "not-a-number" | "out-of-limits":
            return say("Type one number {limits}, or choose “{unsure}”.").format(
                limits=_limits(reader, item), unsure=reader.pack.label.not_sure
            )
        case "contradiction":
            return say("One of these answers leaves no room for the others. Choose that one alone, or take it away.")
        case _:
            return say("Choose either “{unsure}” or something else, not both.").format(unsure=reader.pack.label.not_sure)
