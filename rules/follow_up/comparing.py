"""Two assessments of one person: what changed, which way, and whether the change is more than chance."""

from collections.abc import Mapping
from typing import Literal

from typing_extensions import TypedDict

from rules.answers import Answers, Value, read_answers, readable
from rules.content import Item, Measure, Pack, Side, SideGap, link_id
from rules.content.shape import Basis
from rules.criteria import COUNTS
from rules.shapes import BandChange, UrgencyChange
from rules.triage import Triage, triage
from rules.weighing.findings import find
from rules.weighing.weigh import Band


class SmallestChangeShape(TypedDict):
    """From when a change, in the measure's unit, is more than chance."""

    by: float
    basis: list[Basis]
    sources: list[str]


class MeasureChange(TypedDict):
    """A number measured both times. `change` is after - before, in `unit`; `better`: the direction that is good.

    `direction` and `more_than_chance` are null (undecided) when a test was not ended by the muscles being tested; the latter also when no smallest
    change is known.
    """

    link_id: str
    test: str
    name: str
    side: Side | None
    unit: str
    before: float
    after: float
    change: float
    better: Literal["higher", "lower"]
    direction: Literal["better", "worse", "same"] | None
    smallest_change: SmallestChangeShape | None
    more_than_chance: bool | None
    text: str


class AnswerChange(TypedDict):
    """An answer that is another one now."""

    link_id: str
    before: str | float | list[str]
    after: str | float | list[str]


class FindingsDifference(TypedDict):
    """Findings that came, went, or moved to another band."""

    added: list[str]
    removed: list[str]
    moved: list[BandChange]


class LeftAside(TypedDict):
    """The link_ids of answers that this pack does not read."""

    before: list[str]
    after: list[str]


class Comparison(TypedDict):
    """What two assessments have in common, and how it changed. With an urgent one among them only the urgency is told."""

    urgency: UrgencyChange
    measures: list[MeasureChange]
    answers: list[AnswerChange]
    findings: FindingsDifference
    left_aside: LeftAside


def compare(pack: Pack, before: Mapping[str, object], after: Mapping[str, object]) -> Comparison:
    """Compare two sets of answers under one pack, item by item where both are decided.

    Answers that the pack does not read (they may come from an earlier one) are left aside and named.
    The smallest change that means something is content: see `smallest_change` of each self-test's measure, with its sources.
    """
    (first, gone_before), (second, gone_after) = readable(pack, before), readable(pack, after)
    earlier, later = read_answers(pack, first), read_answers(pack, second)
    safety = triage(pack, earlier), triage(pack, later)
    urgent = any(one.urgent for one in safety)
    measured = _measured(pack)
    return {
        "urgency": {"before": safety[0].urgency, "after": safety[1].urgency},
        "measures": [] if urgent else [_measure(pack, item, *measured[item], earlier, later) for item in _both(measured, safety)],
        "answers": [] if urgent else [_answer(item, earlier, later) for item in _changed(pack, earlier, later)],
        "findings": difference({}, {})
        if urgent
        else difference(*({one.id: one.band for one in find(pack, each.values)} for each in safety)),
        "left_aside": {"before": list(gone_before), "after": list(gone_after)},
    }


def difference(before: Mapping[str, Band], after: Mapping[str, Band]) -> FindingsDifference:
    """Which findings (id → band) came, went, or moved."""
    return {
        "added": [one for one in after if one not in before],
        "removed": [one for one in before if one not in after],
        "moved": [{"id": one, "before": before[one], "after": after[one]} for one in before if one in after and before[one] != after[one]],
    }


def _measured(pack: Pack) -> dict[str, tuple[str, Measure, Side | None]]:
    """The items that hold a measure: with its test and side."""
    sides: tuple[Side, ...] = ("left", "right")
    return {
        link_id(test.name, measure.code, side): (test.name, measure, side)
        for test in pack.tests.values()
        for measure in test.measures
        for side in (sides if test.sided else (None,))
    }


def _both(measured: Mapping[str, object], safety: tuple[Triage, Triage]) -> list[str]:
    """Measured both times, by tests that suited the person both times."""
    return [item for item in measured if all(item in one.values for one in safety)]


def _measure(pack: Pack, item: str, test: str, measure: Measure, side: Side | None, before: Answers, after: Answers) -> MeasureChange:
    was, now = _number(before.values[item]), _number(after.values[item])
    # Rounded, so that 10.1 cm and 8.1 cm are 2 cm apart and not a hair less.
    change = round(now - was, 6)
    # As with sides: when something else tired first, two results cannot be compared.
    counts = all(one.values.get(link_id(test, "stopped-by")) in COUNTS[SideGap] for one in (before, after))
    direction = _direction(change, measure) if counts else None
    passes = _passes(change, measure) if counts else None
    least = measure.smallest_change
    return {
        "link_id": item,
        "test": pack.tests[test].id,
        "name": pack.items[item].text.partition(":")[0],
        "side": side,
        "unit": measure.unit,
        "before": was,
        "after": now,
        "change": change,
        "better": measure.better,
        "direction": direction,
        "smallest_change": {"by": least.by, "basis": list(least.basis), "sources": list(least.sources)} if least else None,
        "more_than_chance": passes,
        "text": _text(pack, pack.items[item], measure, change, direction, passes),
    }


def _direction(change: float, measure: Measure) -> Literal["better", "worse", "same"]:
    if not change:
        return "same"
    return "better" if (change > 0) is (measure.better == "higher") else "worse"


def _passes(change: float, measure: Measure) -> bool | None:
    least = measure.smallest_change
    if least is None:
        return None
    return abs(change) >= least.by


def _text(pack: Pack, item: Item, measure: Measure, change: float, direction: str | None, passes: bool | None) -> str:
    texts = pack.follow_up.comparison
    match direction, passes:
        case None, _:
            sentence = texts.not_counted
        case "same", _:
            sentence = texts.same
        case _, None:
            sentence = texts.not_known
        case _, False:
            sentence = texts.too_small
        case "better", _:
            sentence = texts.better
        case _:
            sentence = texts.worse
    smallest = pack.quantity(measure.smallest_change.by, measure.unit) if measure.smallest_change else ""
    return (
        sentence.replace("{name}", item.text.partition(":")[0])
        .replace("{change}", pack.quantity(abs(change), measure.unit))
        .replace("{smallest}", smallest)
    )


def _changed(pack: Pack, before: Answers, after: Answers) -> list[str]:
    """Other items than measures that were decided both times, and differently."""
    common = [item for item in pack.items if item in before.given and item in after.given and item not in _measured(pack)]
    return [item for item in common if None not in (pair := (before.values.get(item), after.values.get(item))) and pair[0] != pair[1]]


def _answer(item: str, before: Answers, after: Answers) -> AnswerChange:
    return {"link_id": item, "before": _plain(before.values[item]), "after": _plain(after.values[item])}


def _plain(value: Value) -> str | float | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _number(value: Value) -> float:
    if isinstance(value, str | tuple):
        raise TypeError("a measure is a number")
    return value
