"""Checks one criterion against the questionnaire, and notes which items and options it reads."""

from collections.abc import Iterator

from rules.content.criterion import Criterion, FromOption, Includes, Is, Leaf, Measured, Norm, Number, OneOf, OnSide, SideGap, leaves
from rules.content.documents import Document, Fault, Loc
from rules.content.pack import Pack
from rules.content.questionnaire import Measure, SelfTest
from rules.content.selftests import SIDES, link_id
from rules.content.shape import Shape


class Reading:
    """Which items and options some criterion reads."""

    def __init__(self) -> None:
        self.items: set[str] = set()
        self.options: set[tuple[str, str]] = set()

    def read(self, link_id: str, *codes: str) -> None:
        """Note that these options of the item mean something to somebody."""
        self.items.add(link_id)
        self.options.update((link_id, code) for code in codes)


def criterion_faults(
    criterion: Criterion, pack: Pack, reading: Reading, document: Document[Shape], loc: Loc, *, sided: bool
) -> Iterator[Fault]:
    """What is wrong with each leaf; `sided`: whether `same` and `opposite` mean something here."""
    for leaf in leaves(criterion):
        for message in _messages(leaf, pack, reading, sided=sided):
            yield document.fault(loc, message)


def _messages(leaf: Leaf, pack: Pack, reading: Reading, *, sided: bool) -> Iterator[str]:
    if isinstance(leaf, OnSide | Measured | SideGap) and leaf.side in ("same", "opposite") and not sided:
        yield f"side: {leaf.side} means nothing here, because the rule bears on no side"
    if isinstance(leaf, Measured | SideGap):
        yield from _test_messages(leaf, pack, reading)
        return
    item = pack.items.get(leaf.item)
    if item is None:
        yield f"{leaf.item} is no item"
        return
    codes = tuple(pack.options(leaf.item))
    if isinstance(leaf, Number):
        reading.read(leaf.item)
        if item.unit != leaf.unit:
            yield f"{leaf.item} is in {item.unit or 'no unit'}, not {leaf.unit}"
        if any(isinstance(threshold, Norm) for _, threshold in leaf.bounds):
            yield "only a self-test's measure has norms"
        return
    if isinstance(leaf, OnSide) and not {"left", "right", "both", "no"} <= set(codes):
        yield f"{leaf.item} is not asked by side"
    if isinstance(leaf, Includes) != (item.type == "choices"):
        yield f"{leaf.item} takes {'several options: use includes' if item.type == 'choices' else 'one option: use is or in'}"
    named = _named(leaf, codes)
    reading.read(leaf.item, *named)
    for code in named:
        if code not in codes:
            yield f"{code} is no option of {leaf.item}"


def _named(leaf: Is | OneOf | FromOption | Includes | OnSide, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The options a leaf speaks of."""
    match leaf:
        case Is(is_=code) | Includes(includes=code):
            return (code,)
        case OneOf(in_=several):
            return several
        case FromOption(from_=code):
            return codes[codes.index(code) :] if code in codes else (code,)
        case OnSide():
            return codes


def _test_messages(leaf: Measured | SideGap, pack: Pack, reading: Reading) -> Iterator[str]:
    test = pack.tests.get(leaf.test)
    measure = next((measure for measure in test.measures if measure.code == leaf.measure), None) if test else None
    if test is None or measure is None:
        yield f"there is no measure {leaf.measure} of a self-test {leaf.test}"
        return
    for side in SIDES if test.sided else (None,):
        reading.read(link_id(test.name, measure.code, side))
    reading.read(link_id(test.name, "stopped-by"), "done", "tired-here", "tired-elsewhere", "pain", "not-tried")
    yield from _measure_messages(leaf, test, measure)


def _measure_messages(leaf: Measured | SideGap, test: SelfTest, measure: Measure) -> Iterator[str]:
    if isinstance(leaf, SideGap):
        if measure.side_difference is None:
            yield f"{test.name} {measure.code} has no side_difference"
        return
    if test.sided != (leaf.side is not None):
        yield f"{test.name} {'needs a side' if test.sided else 'has no sides'}"
    if measure.unit != leaf.unit:
        yield f"{test.name} {measure.code} is in {measure.unit}, not {leaf.unit}"
    for _, threshold in leaf.bounds:
        if isinstance(threshold, Norm) and threshold.norm not in measure.norms:
            yield f"{test.name} {measure.code} has no norm {threshold.norm}"
