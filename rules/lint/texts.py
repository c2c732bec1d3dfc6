"""Every text of a pack that a person may read, with where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import NamedTuple

from rules.content import Pack, Rule, leaves
from rules.content.evidence import Cluster
from rules.content.knowledge import Source, Wording
from rules.content.shape import Shape
from rules.criteria import read_by

# A bibliography, the clinicians' notes to each other, and what this very check reads.
NOT_FOR_READERS = (Source, Cluster, Wording)
# What stands in the groups and the tests already.
AGAIN = ("items", "test_of")
TYPICAL = 40


class Told(NamedTuple):
    """A text and its place: the id of what it belongs to, and the key."""

    where: str
    text: str


def texts(pack: Pack) -> Iterator[Told]:
    """Every string of more than one word, with its placeholders filled in as they typically are."""
    for field in fields(pack):
        if field.name not in AGAIN:
            yield from _texts(pack, getattr(pack, field.name), field.name)


def _texts(pack: Pack, value: object, where: str) -> Iterator[Told]:
    """What is below `value`, named after the nearest id."""
    if isinstance(value, str):
        if " " in value.strip():
            yield Told(where, value)
    elif isinstance(value, Rule):
        for told in _strings(pack, value, value.id):
            yield Told(told.where, _filled(pack, value, told.text))
    elif isinstance(value, Shape):
        if not isinstance(value, NOT_FOR_READERS) and getattr(value, "link_id", "") not in pack.test_of:
            yield from _strings(pack, value, _name(value) or where)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(pack, part, f"{where} {key}")
    elif isinstance(value, tuple):
        for number, part in enumerate(value, 1):
            yield from _texts(pack, part, f"{where} {number}")


def _strings(pack: Pack, shape: Shape, where: str) -> Iterator[Told]:
    for name, field in type(shape).model_fields.items():
        yield from _texts(pack, getattr(shape, name), f"{where} {field.alias or name}")


def _name(shape: Shape) -> str | None:
    return getattr(shape, "id", None) or getattr(shape, "link_id", None)


def _filled(pack: Pack, rule: Rule, text: str) -> str:
    """The sentence of a rule as somebody may read it."""
    about = rule.about or next(item for leaf in leaves(rule.when) for item in read_by(leaf, pack, "left"))
    item = pack.items[about]
    options = list(pack.options(about).values())
    value = options[0].text if options else f"{TYPICAL} {pack.label.units.get(item.unit or '', '')}"
    return text.replace("{value}", value).replace("{other}", value).replace("{side}", pack.option_text_of_side("left"))
