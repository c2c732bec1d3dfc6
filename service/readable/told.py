"""What a person told, in words, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from rules import Pack
from rules.answers import NOT_SURE
from rules.content import Item
from service.reader import Reader


@dataclass(frozen=True)
class Told:
    """A question and its answer in words. `unsure`: that it was left open."""

    text: str
    answer: list[str]
    unsure: bool


@dataclass(frozen=True)
class Page:
    """The answers to the questions of one page."""

    title: str
    told: list[Told]


def pages_told(reader: Reader, answers: Mapping[str, object]) -> list[Page]:
    """Every answer in the order of the questionnaire; last what is asked no more, as it was sent."""
    pack = reader.pack
    pages: list[Page] = []
    for group in pack.groups:
        items = [item for item in group.items if item.link_id in answers]
        for title, own in groupby(
            items, key=lambda item: pack.test_of[item.link_id].title if item.link_id in pack.test_of else group.title
        ):
            pages.append(Page(title, [_told(reader, item, answers[item.link_id]) for item in own]))
    gone = [Told(one, _as_sent(answer), answer == NOT_SURE) for one, answer in answers.items() if one not in pack.items]
    return [*pages, Page(reader.say("No longer asked"), gone)] if gone else pages


def _told(reader: Reader, item: Item, answer: object) -> Told:
    return Told(reader.prose(bare_text(reader.pack, item)), in_lines(reader, item.link_id, answer), answer == NOT_SURE)


def _as_sent(answer: object) -> list[str]:
    return [str(one) for one in answer] if isinstance(answer, list | tuple) else [str(answer)]


def in_words(reader: Reader, link_id: str, answer: object) -> str:
    """An answer as its person reads it again."""
    return ", ".join(in_lines(reader, link_id, answer))


def in_lines(reader: Reader, link_id: str, answer: object) -> list[str]:
    """An answer as its person reads it again; several choices are several lines."""
    item, options = reader.pack.items[link_id], reader.pack.options(link_id)
    if answer == NOT_SURE:
        return [reader.pack.label.not_sure]
    if isinstance(answer, int | float):
        return [reader.quantity(answer, item.unit or "")]
    codes = answer if isinstance(answer, list | tuple) else [answer]
    return [options[str(code)].text if str(code) in options else str(code) for code in codes]


def bare_text(pack: Pack, item: Item) -> str:
    """The question without the name of its self-test, which stands above it."""
    test = pack.test_of.get(item.link_id)
    return item.text.removeprefix(f"{test.title}: ") if test else item.text
