"""Turns self-tests into the items a person answers."""

from collections.abc import Iterable, Iterator

from rules.content.criterion import Side
from rules.content.questionnaire import Group, Item, Measure, Option, SelfTest, SelfTests

SIDES: tuple[Side, ...] = ("left", "right")


def link_id(test: str, name: str, side: str | None = None) -> str:
    """The link_id of a measure, an observation or `stopped-by` of a self-test."""
    return f"tests.{test}.{name}" + (f".{side}" if side else "")


def expand(tests: SelfTests, side_words: Iterable[Option]) -> tuple[Group, dict[str, SelfTest]]:
    """The group of all self-test items, and which test each item belongs to."""
    words = {option.code: option.text for option in side_words}
    test_of: dict[str, SelfTest] = {}
    items: list[Item] = []
    for test in tests.tests:
        own = list(_items(test, tests.stopped_by, words))
        share = max(1, test.seconds // len(own))
        items.extend(item.model_copy(update={"seconds": share}) for item in own)
        test_of.update((item.link_id, test) for item in own)
    return Group(id=tests.id, title=tests.title, intro=tests.intro, items=tuple(items)), test_of


def _items(test: SelfTest, stopped_by: str, words: dict[str, str]) -> Iterator[Item]:
    for measure in test.measures:
        for side in SIDES if test.sided else (None,):
            yield _number(test, measure, side, words)
    for seen in test.observations:
        yield Item(
            link_id=link_id(test.name, seen.code),
            text=f"{test.title}: {seen.text}",
            help=seen.help,
            type="choice",
            options=seen.options,
        )
    yield Item(link_id=link_id(test.name, "stopped-by"), text=f"{test.title}: {stopped_by}", type="choice", options="stopped-by")


def _number(test: SelfTest, measure: Measure, side: str | None, words: dict[str, str]) -> Item:
    return Item(
        link_id=link_id(test.name, measure.code, side),
        text=f"{test.title}: {measure.text}" + (f" ({words[side]})" if side else ""),
        type=measure.type,
        unit=measure.unit,
        min=measure.min,
        max=measure.max,
    )
