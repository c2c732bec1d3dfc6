"""People drawn from the pack itself: complete or partial answers, and the same people in a mirror."""

import re
from collections.abc import Mapping

from hypothesis import strategies as st

from rules import AnswersRefused, Pack, load_pack
from rules.answers import NOT_SURE, read_answers
from rules.content import Item
from rules.support import NOTHING, support
from rules.triage import triage

Given = dict[str, object]
PACK: Pack = load_pack()
PAGES = tuple(sorted(set(PACK.cleared.values())))
CLEAR: Given = {
    **dict.fromkeys(PAGES, "none"),
    "safety.pregnancy": "no",
    "safety.pain-level": 2,
    "safety.daily-life": "managing",
    "about-you.age-band": "40-49",
    "about-you.sex": "female",
}
PEOPLE_ITEMS = tuple(item for item in PACK.items if item not in PACK.test_of)
_MIRRORED = re.compile(r"^(left|right)$|(?<=\.)(left|right)$")
_OTHER = {"left": "right", "right": "left"}


def answer_to(item: Item) -> st.SearchStrategy[object]:
    """Any valid answer to an item, `not-sure` among them."""
    options = PACK.options(item.link_id)
    if item.type == "choice":
        # Most tests that are done are finished, so that there is something to weigh.
        finished = ["done"] * 6 if item.link_id.endswith(".stopped-by") else []
        return st.sampled_from([*finished, *options, NOT_SURE])
    if item.type == "choices":
        alone = [[code] for code, option in options.items() if option.exclusive]
        others = [code for code, option in options.items() if not option.exclusive]
        missing = st.lists(st.sampled_from(others), unique=True, max_size=2)
        most = missing.map(lambda left: [code for code in others if code not in left])
        return st.one_of(st.sampled_from(alone), st.lists(st.sampled_from(others), unique=True, min_size=1), most)
    if item.min is None or item.max is None:
        raise ValueError(f"{item.link_id} has no limits")
    if item.type == "integer":
        return st.integers(int(item.min), int(item.max))
    return st.integers(int(item.min) * 10, int(item.max) * 10).map(lambda tenths: tenths / 10)


def enabled(answers: Given) -> Given:
    """The answers without those to items that the others do not enable."""
    given = read_answers(PACK, answers, draft=True).given
    return {item: answer for item, answer in answers.items() if item in given}


@st.composite
def answers(draw: st.DrawFn, pool: Mapping[str, st.SearchStrategy[object]], start: Given) -> Given:
    """Answers to what the pool asks: to all of it, or without some questions and whole self-tests."""
    drawn = draw(st.fixed_dictionaries(dict(pool)))
    skipped_tests = draw(st.sets(st.sampled_from(sorted(PACK.tests))))
    skipped = draw(st.sets(st.sampled_from(PEOPLE_ITEMS), max_size=40))
    kept = {
        item: answer
        for item, answer in drawn.items()
        if item not in skipped and (item not in PACK.test_of or PACK.test_of[item].name not in skipped_tests)
    }
    return enabled(start | kept)


def _lets_pass(item: str, answer: object) -> bool:
    """Whether this one safety answer, all others being harmless, still allows a plan."""
    try:
        return triage(PACK, read_answers(PACK, CLEAR | {item: answer})).urgency in ("clear", "restricted")
    except AnswersRefused:
        return False


def _choices(item: str) -> list[str | int]:
    content = PACK.items[item]
    return list(PACK.options(item)) or list(range(int(content.min or 0), int(content.max or 0) + 1))


def _harmless(item: str) -> st.SearchStrategy[object]:
    passing = [answer for answer in _choices(item) if _lets_pass(item, answer)]
    # Mostly "no", so that a person has a gate or two and not all of them.
    return st.sampled_from([*["no"] * 8, *passing] if "no" in passing else passing)


def _mostly_well(item: str) -> st.SearchStrategy[object]:
    """Now and then a sign of the support tier, so that most plans are not the gentle one."""
    well = [answer for answer in _choices(item) if support(PACK, {item: answer}) == NOTHING]
    return st.sampled_from([*well * 4, *_choices(item), NOT_SURE])


_ALL = {link: answer_to(item) for link, item in PACK.items.items()}
_SAFETY = {link: _harmless(link) for link in (*sorted(PACK.safety_items), "about-you.age-band") if link not in PAGES} | {
    "safety.pregnancy-warning": st.just("no")
}
_SUPPORT = {link: _mostly_well(link) for link in PACK.items if link.startswith("support.")}
anybody = answers(_ALL, {})
"""Everybody who can answer: most of them have a red flag."""
patients = answers({link: strategy for link, strategy in _ALL.items() if link not in PACK.safety_items} | _SAFETY | _SUPPORT, CLEAR)
"""People whom the safety questions mostly let pass, with every gate among them."""


def mirrored(value: object) -> object:
    """Answers or guidance with left and right swapped in every key and value that is a side or ends in one."""
    match value:
        case str():
            return _MIRRORED.sub(lambda side: _OTHER[side.group()], value)
        case dict():
            return {str(mirrored(key)): mirrored(part) for key, part in value.items()}
        case list():
            return [mirrored(part) for part in value]
        case _:
            return value


def in_a_mirror(person: Given) -> Given:
    """The same person seen in a mirror."""
    swapped = mirrored(person)
    assert isinstance(swapped, dict)
    return swapped
