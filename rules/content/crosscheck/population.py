"""Checks that the simulated people of a folder fit its pack."""

from collections.abc import Iterable, Iterator
from itertools import product

from rules.content.documents import Document, Fault, Loc
from rules.content.pack import Pack
from rules.content.population import Among, Anchor, Distribution, Population, Row, entry_of, starts
from rules.content.questionnaire import Item


def population_faults(pack: Pack, document: Document[Population]) -> Iterator[Fault]:
    """What is wrong with the distributions and the anchors."""
    yield from _distributions(pack, document)
    yield from _anchors(pack, document)


def _distributions(pack: Pack, document: Document[Population]) -> Iterator[Fault]:
    population = document.content
    items = {entry_of(link_id, pack): item for link_id, item in pack.items.items()}
    seen: set[str] = set()
    endings = {option.code for option in pack.label.option_sets["stopped-by"]}
    for index, row in enumerate(population.stopped_by.rows):
        yield from _among(pack, document, ("stopped_by", "rows", index), row)
        if not row.shares or not endings.issuperset(row.shares):
            yield document.fault(("stopped_by", "rows", index), f"needs shares of {', '.join(sorted(endings))}")
    yield from _sources(pack, document, ("stopped_by",), population.stopped_by.sources)
    for index, entry in enumerate(population.distributions):
        loc: Loc = ("distributions", index)
        yield from _sources(pack, document, loc, entry.sources)
        if entry.item in seen:
            yield document.fault((*loc, "item"), f"{entry.item} is already described")
        seen.add(entry.item)
        for factor in entry.leans.keys() - population.factors.keys():
            yield document.fault((*loc, "leans"), f"{factor} is no factor")
        if entry.item not in items:
            yield document.fault((*loc, "item"), f"{entry.item} is no item")
            continue
        yield from _rows(pack, document, loc, entry, items[entry.item])


def _rows(pack: Pack, document: Document[Population], loc: Loc, entry: Distribution, item: Item) -> Iterator[Fault]:
    needed = {"choice": "shares", "choices": "each"}.get(item.type, "mean")
    for number, row in enumerate(entry.rows):
        where = (*loc, "rows", number)
        yield from _among(pack, document, where, row)
        if getattr(row, needed) is None:
            yield document.fault(where, f"{entry.item} needs {needed}")
        for code in (row.shares or row.each or {}).keys() - pack.options(item.link_id).keys():
            yield document.fault(where, f"{code} is no option of {entry.item}")
    missed = [who for who in _everybody(pack, document.content) if not any(row.covers(*who) for row in entry.rows)]
    if missed:
        yield document.fault((*loc, "rows"), f"no row covers {' '.join(missed[0])}")


def _everybody(pack: Pack, population: Population) -> Iterator[tuple[str, str, str]]:
    ages = [code for code in pack.options(pack.plan.items.age) if code != "under-18"]
    return product([group.id for group in population.groups], ["female", "male"], ages)


def _among(pack: Pack, document: Document[Population], loc: Loc, who: Among | Row) -> Iterator[Fault]:
    groups = {group.id for group in document.content.groups}
    if who.group and who.group not in groups:
        yield document.fault((*loc, "group"), f"{who.group} is no group")
    for key, codes, link_id in (("age", who.age, pack.plan.items.age), ("sex", (who.sex,) if who.sex else (), pack.plan.items.sex)):
        for code in codes:
            if code not in pack.options(link_id):
                yield document.fault((*loc, key), f"{code} is no option of {link_id}")


def _sources(pack: Pack, document: Document[Population], loc: Loc, sources: Iterable[str]) -> Iterator[Fault]:
    for source in sources:
        if source not in pack.sources:
            yield document.fault((*loc, "sources"), f"{source} is in no bibliography")


def _anchors(pack: Pack, document: Document[Population]) -> Iterator[Fault]:
    for index, anchor in enumerate(document.content.anchors):
        loc: Loc = ("anchors", index)
        yield from _among(pack, document, loc, anchor)
        yield from _sources(pack, document, loc, anchor.sources)
        yield from _anchored(pack, document, loc, anchor)


def _anchored(pack: Pack, document: Document[Population], loc: Loc, anchor: Anchor) -> Iterator[Fault]:
    if anchor.muscle and (anchor.muscle not in pack.muscles or anchor.state not in pack.muscles[anchor.muscle].priors):
        yield document.fault((*loc, "muscle"), f"{anchor.muscle} is not assessed for {anchor.state}")
    if anchor.than and anchor.than not in {group.id for group in document.content.groups}:
        yield document.fault((*loc, "than"), f"{anchor.than} is no group")
    for key in ("asked", "without"):
        for name in getattr(anchor, key):
            if not any(starts(link_id, [name]) for link_id in pack.items):
                yield document.fault((*loc, key), f"no item begins with {name}")
    for link_id, answer in anchor.given.items():
        if link_id not in pack.items:
            yield document.fault((*loc, "given", link_id), f"{link_id} is no item")
        elif isinstance(answer, str) and answer not in pack.options(link_id):
            yield document.fault((*loc, "given", link_id), f"{answer} is no option of {link_id}")
