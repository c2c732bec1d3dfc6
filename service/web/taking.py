"""Which page of the assessment comes next: safety first, then how to go on, then one topic at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from rules import NextQuestion, Pack, next_question
from rules.answers import NOT_SURE, Answers, enabled, read_answers
from rules.triage import Triage, triage
from service.web.fields import Journey, Page

TOGETHER = 6
WAY: Page = ("way",)
FEW_TESTS_SECONDS = 20 * 60


def begin(pack: Pack) -> Journey:
    """The first page."""
    return Journey({}, (_asked(next_question(pack, {}, together=TOGETHER)),))


def begin_with(pack: Pack, answers: Mapping[str, object], once: str) -> Journey:
    """The first page of who was invited, and behind it what the clinic knows already, page by page to be confirmed: safety first."""
    first = begin(pack).page
    told = [left for page in resume(pack, answers).trail if (left := tuple(item for item in page if item not in first))]
    safety = [page for page in told if pack.safety_items.intersection(page)]
    way = [WAY] if told and offers_tests(pack, read_answers(pack, answers, draft=True)) else []
    return settle(pack, Journey(answers, (first, *safety, *way, *(page for page in told if page not in safety)), once=once))


def resume(pack: Pack, answers: Mapping[str, object]) -> Journey:
    """Answers without the way to them, as if they had been given in the order of the pack; now to be checked."""
    pages: list[Page] = []
    for group in pack.groups:
        told = [item.link_id for item in group.items if item.link_id in answers]
        for _, one in groupby(told, key=lambda item: pack.test_of[item].name if item in pack.test_of else ""):
            items = list(one)
            size = len(items) if items[0] in pack.test_of else TOGETHER
            pages.extend(tuple(items[start : start + size]) for start in range(0, len(items), size))
    return Journey(answers, tuple(pages), len(pages))


def settle(pack: Pack, journey: Journey) -> Journey:
    """Without what is not asked any more: an answer on this page may have closed other questions."""
    closed = {item for item, gate in pack.cleared.items() if gate in journey.page and journey.answers.get(gate) == "none"}
    answers = {item: answer for item, answer in journey.answers.items() if item not in closed}
    told = read_answers(pack, answers, draft=True)
    safety = triage(pack, told)
    pages = [(page, _still_asked(pack, told, safety, page)) for page in journey.trail]
    at = sum(bool(left) for _, left in pages[: journey.at])
    kept = {item: answer for item, answer in answers.items() if item in told.given}
    return replace(journey, answers=kept, trail=tuple(left for _, left in pages if left), at=at)


def is_urgent(pack: Pack, journey: Journey) -> bool:
    """Whether nothing may be asked any more, only said what to do."""
    return triage(pack, read_answers(pack, journey.answers, draft=True)).urgent


def look_on(pack: Pack, journey: Journey) -> NextQuestion:
    """What would be asked next. What was left out on a page is not asked again."""
    left_out = {item: NOT_SURE for page in journey.trail if page != WAY for item in page if item not in journey.answers}
    told = read_answers(pack, {**left_out, **journey.answers}, draft=True)
    answers = {item: journey.answers.get(item, NOT_SURE) for item in told.given}
    return next_question(
        pack,
        answers,
        self_tests=offers_tests(pack, told) and journey.way in ("some", "all"),
        max_seconds=FEW_TESTS_SECONDS if journey.way == "some" else None,
        together=TOGETHER,
    )


def offers_tests(pack: Pack, told: Answers) -> bool:
    """Whether self-tests suit: not for whom a clinician should see first."""
    return triage(pack, told).urgency in ("clear", "restricted")


def go_on(pack: Pack, journey: Journey) -> Journey:
    """The page after this one: what safety needs at once, then what lies ahead already, then what is new; in the end the answers to check."""
    step = look_on(pack, journey)
    asked = _asked(step)
    ahead = journey.trail[journey.at + 1 :][:1]
    told = read_answers(pack, journey.answers, draft=True)
    if asked and not pack.safety_items.intersection(asked) and WAY not in journey.trail and offers_tests(pack, told):
        asked = WAY
    elif ahead and not (_for_safety(step) and _place(pack, asked) < _place(pack, ahead[0])):
        asked = ()
    after = min(journey.at + 1, len(journey.trail))
    if asked:
        return replace(journey, trail=(*journey.trail[:after], asked, *journey.trail[after:]), at=after)
    return replace(journey, at=len(journey.trail) if journey.checked else after)


def past_safety(pack: Pack, journey: Journey, step: NextQuestion) -> bool:
    """Whether the safety pages lie behind."""
    return journey.at > 0 and not pack.safety_items.intersection((*journey.page, *_asked(step)))


def _asked(step: NextQuestion) -> Page:
    return tuple(item["link_id"] for item in step["items"])


def _for_safety(step: NextQuestion) -> bool:
    return any(why["code"] == "safety" for item in step["items"] for why in item["asked_because"])


def _place(pack: Pack, page: Page) -> int:
    """Where a page stands in the pack; how to go on is asked behind the safety pages."""
    order = list(pack.items)
    return max(map(order.index, pack.safety_items)) + 1 if page == WAY else order.index(page[0])


def _still_asked(pack: Pack, told: Answers, safety: Triage, page: Iterable[str]) -> Page:
    return tuple(item for item in page if item in WAY or _is_open(pack, told, safety, item))


def _is_open(pack: Pack, told: Answers, safety: Triage, item: str) -> bool:
    if item in pack.test_of:
        return pack.test_of[item] not in safety.hidden
    gate = pack.cleared.get(item)
    if gate and item not in told.given and told.values.get(gate) == "none":
        return False
    return enabled(pack.items[item], told.values, told.given)
