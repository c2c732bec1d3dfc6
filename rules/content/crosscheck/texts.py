"""Checks the placeholders of every text: each must be one that is filled in there, else a person would read it."""

import re
from collections.abc import Iterator

from rules.content.criterion import Measured, SideGap, leaves
from rules.content.documents import Data, Fault, Loc
from rules.content.evidence import Rule
from rules.content.files import Files

_PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
_NAMED = ("gate", "pain", "kit", "position")  # left out because of something that has a name
_SENTENCES = ("says", "says_not")


def placeholder_faults(files: Files) -> Iterator[Fault]:
    """Placeholders that would stay as they are, or be filled with nothing."""
    for document in files:
        for loc, text in _strings(document.data, ()):
            filled = _filled(loc)
            if document in files.evidence and loc[0] == "rules" and loc[2] in _SENTENCES:
                filled = _filled_for(document.content.rules[int(loc[1])])
            for name in _PLACEHOLDER.findall(text):
                if name not in filled:
                    known = ", ".join(filled) or "nothing"
                    yield document.fault(loc, f"{name} cannot be filled in here, only {known}: say it without")


def _strings(data: Data, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every string with the keys that lead to it."""
    if isinstance(data, str):
        yield loc, data
    elif isinstance(data, list):
        for index, part in enumerate(data):
            yield from _strings(part, (*loc, index))
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _strings(value, (*loc, key))


def _filled(loc: Loc) -> tuple[str, ...]:
    """What is filled in at a place outside the rules."""
    match loc:
        case ("notes", "stopped-by-pain" | "hidden-test"):
            return ("{test}",)
        case ("left_out", reason):
            return ("{exercise}", "{what}") if reason in _NAMED else ("{exercise}",)
        case ("comparison", "too-small"):
            return ("{name}", "{change}", "{smallest}")
        case ("comparison", "same" | "not-counted"):
            return ("{name}",)
        case ("comparison", _):
            return ("{name}", "{change}")
        case _:
            return ()


def _filled_for(rule: Rule) -> tuple[str, ...]:
    """{value} always; {side} if the rule is always turned to one; {other} if it is about one side of a self-test."""
    first = next(leaves(rule.when))
    if rule.about:
        two_sided = rule.about.endswith((".left", ".right"))
    else:
        two_sided = isinstance(first, SideGap) or (isinstance(first, Measured) and first.side is not None)
    turned = all(bearing.side in ("same", "opposite") for bearing in rule.on)
    return ("{value}", *(("{side}",) if turned else ()), *(("{other}",) if two_sided else ()))
