"""Made-up people: answers that the questionnaire takes, chosen where they can make a difference to a criterion.

A choice may be each of its options; several choices any of those the criterion names; a number lies at, just below or just above
each limit, or at its ends. Every one may be open too. So what is said of all of them is not proven, only tried at every edge.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, islice, product

from rules.answers import AnswersRefused, Value, read_answers
from rules.content import URGENCIES, Criterion, EnableWhen, Includes, Item, Leaf, Measured, Norm, Number, Pack, Side, SideGap, leaves
from rules.criteria import Values, measure_of, read_by
from rules.triage import Triage, triage

MOST_TRIED = 200_000
MOST_LISTED = 4
Raw = Mapping[str, object]


def people(
    pack: Pack, criteria: Iterable[Criterion], side: Side | None = None, *, items: Iterable[str] = (), given: Raw | None = None
) -> Iterator[dict[str, object]]:
    """Raw answers to the items and everything the criteria read, and to what must be answered before; what is `given` stays as it is."""
    fixed = dict(given or {})
    asked: dict[str, set[Value]] = {item: set() for item in items}
    for criterion in criteria:
        for leaf in leaves(criterion):
            for item in read_by(leaf, pack, side):
                asked.setdefault(item, set()).update(_edges(pack, leaf, item, side))
    _add_what_enables(pack, asked)
    free = [item for item in pack.items if item in asked and item not in fixed]
    choices = [[*_worth_trying(pack, pack.items[item], asked[item]), None] for item in free]
    for answers in islice(product(*choices), MOST_TRIED):
        yield fixed | {item: answer for item, answer in zip(free, answers, strict=True) if answer is not None}


def accepted(pack: Pack, raw: Raw) -> Triage | None:
    """The person at the door: read and with unsuitable self-tests taken out; None if the questionnaire does not take these answers."""
    try:
        return triage(pack, read_answers(pack, raw))
    except AnswersRefused:
        return None


def as_values(raw: Raw) -> Values:
    """The answers as criteria see them, before anybody looked whether they are taken."""
    return {item: tuple(answer) if isinstance(answer, list) else answer for item, answer in raw.items()}  # type: ignore[misc]


def _add_what_enables(pack: Pack, asked: dict[str, set[Value]]) -> None:
    """The items that decide whether an item is asked at all, with theirs in turn."""
    waiting = list(asked)
    while waiting:
        for condition in pack.items[waiting.pop()].enable_when:
            if condition.question not in asked:
                waiting.append(condition.question)
            asked.setdefault(condition.question, set()).update(_meeting(condition))


def _meeting(condition: EnableWhen) -> set[Value]:
    answer = condition.answer
    return {answer} if isinstance(answer, str | float) and not isinstance(answer, bool) else set()


def _worth_trying(pack: Pack, item: Item, edges: set[Value]) -> list[object]:
    if item.type == "choice":
        return list(pack.options(item.link_id))
    if item.type == "choices":
        named = [code for code in pack.options(item.link_id) if code in edges][:MOST_LISTED]
        other = [code for code in pack.options(item.link_id) if code not in edges][:1]
        groups: list[object] = [list(codes) for size in range(1, len(named) + 1) for codes in combinations(named, size)]
        return [*groups, other] if other else groups
    return list(_numbers(item, edges))


def _numbers(item: Item, edges: set[Value]) -> Iterator[int | float]:
    """Each edge and its neighbours, within what the item allows."""
    lowest, highest = item.min or 0, item.max or 0
    step = 1 if item.type == "integer" else 0.1
    limits = [edge for edge in edges if isinstance(edge, int | float)]
    near = {round(limit + by, 1) for limit in limits for by in (-step, 0, step)}
    for number in sorted(near | {lowest, highest}):
        if lowest <= number <= highest:
            yield int(number) if item.type == "integer" else number


def _edges(pack: Pack, leaf: Leaf, item: str, side: Side | None) -> set[Value]:
    """The answers to this item at which the leaf changes its mind, as far as they are not simply its options."""
    if isinstance(leaf, Includes):
        return {leaf.includes}
    if item != read_by(leaf, pack, side)[0] and not isinstance(leaf, SideGap):
        return set()
    if isinstance(leaf, SideGap):
        gap = measure_of(pack, leaf.test, leaf.measure).side_difference
        return {gap.by, 2 * gap.by} if gap and not item.endswith("stopped-by") else set()
    if isinstance(leaf, Number | Measured):
        return {edge for _, limit in leaf.bounds for edge in _limits(pack, leaf, limit)}
    return set()


def _limits(pack: Pack, leaf: Number | Measured, limit: float | Norm) -> Iterable[float]:
    if not isinstance(limit, Norm):
        return (limit,)
    values = [row.value for row in measure_of(pack, leaf.test, leaf.measure).norms[limit.norm]] if isinstance(leaf, Measured) else []
    return (min(values), max(values)) if values else ()


@lru_cache(maxsize=8)
def carefree(pack: Pack) -> Mapping[str, object]:
    """Somebody whom every safety question lets pass: for each in turn, the answer that leaves least urgent and least open."""
    given: dict[str, object] = {}
    for item in pack.items.values():
        safety = accepted(pack, given)
        if item.link_id in pack.safety_items or (safety and item.link_id in safety.open):
            ways = [given, *(given | {item.link_id: answer} for answer in _worth_trying(pack, item, set()))]
            given = min(ways, key=lambda way: _worry(pack, way))
    return given


def _worry(pack: Pack, raw: Raw) -> tuple[bool, int, int]:
    safety = accepted(pack, raw)
    return (False, -URGENCIES.index(safety.urgency), len(safety.open)) if safety else (True, 0, 0)
