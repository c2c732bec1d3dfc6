"""Checks the weekly check-in: its questions fit, and its criteria read nothing but them and what is counted from them."""

from collections.abc import Iterator, Mapping

from rules.content.criterion import Criterion, Is, Number, OneOf, leaves
from rules.content.documents import Document, Fault, Loc
from rules.content.follow_up import WEEKS, FollowUp
from rules.content.pack import Pack

KEY = "check-in."
Units = Mapping[str, str | None]


def follow_up_faults(pack: Pack, document: Document[FollowUp]) -> Iterator[Fault]:
    """What is wrong with the check-in."""
    check_in = document.content.check_in
    units: dict[str, str | None] = {}
    for index, question in enumerate(check_in.questions):
        loc: Loc = ("check_in", "questions", index)
        if question.link_id in units or not question.link_id.startswith(KEY):
            yield document.fault((*loc, "link_id"), f"must begin with {KEY} and stand once")
        if question.type == "choices" or isinstance(question.options, str) or question.enable_when or question.cleared_by:
            yield document.fault(loc, "a question of the check-in is one number or one choice with its own options, and always asked")
        units[question.link_id] = question.unit
    asked = set(units)
    for index, rise in enumerate(check_in.rises):
        base = pack.items.get(rise.over)
        if rise.item not in asked or base is None or base.unit is None or base.unit != units[rise.item]:
            yield document.fault(("check_in", "rises", index), "needs a question of the check-in and an item, in the same unit")
        units[rise.id] = units.get(rise.item)
    for index, streak in enumerate(check_in.streaks):
        yield from _criterion(document, ("check_in", "streaks", index, "when"), streak.when, units)
    units |= {streak.id: WEEKS for streak in check_in.streaks}
    for index, rule in enumerate(check_in.rules):
        yield from _criterion(document, ("check_in", "rules", index, "when"), rule.when, units)
    for index, example in enumerate(check_in.examples):
        for key in example.told:
            if KEY + key.replace("_", "-") not in asked:
                yield document.fault(("check_in", "examples", index, "told"), f"{key} is no question of the check-in")
    criteria = [*(streak.when for streak in check_in.streaks), *(rule.when for rule in check_in.rules)]
    read = {leaf.item for one in criteria for leaf in leaves(one) if isinstance(leaf, Is | OneOf | Number)}
    for name in sorted(units.keys() - read - {rise.item for rise in check_in.rises}):
        yield document.fault(("check_in",), f"nothing reads {name}")


def _criterion(document: Document[FollowUp], loc: Loc, criterion: Criterion, units: Units) -> Iterator[Fault]:
    options = {one.link_id: {option.code for option in one.own_options} for one in document.content.check_in.questions}
    for leaf in leaves(criterion):
        if not isinstance(leaf, Is | OneOf | Number):
            yield document.fault(loc, "a check-in asks with is, in, or a bound")
        elif leaf.item not in units:
            yield document.fault(loc, f"{leaf.item} is no question of the check-in")
        elif isinstance(leaf, Number):
            if leaf.unit != units[leaf.item]:
                yield document.fault(loc, f"{leaf.item} is in {units[leaf.item] or 'no unit'}, not {leaf.unit}")
        else:
            for code in {leaf.is_} if isinstance(leaf, Is) else set(leaf.in_):
                if code not in options.get(leaf.item, ()):
                    yield document.fault(loc, f"{code} is no option of {leaf.item}")
