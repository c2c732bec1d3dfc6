"""The assessment, page by page: safety first, then one topic at a time, then the answers to check. Everything travels in the form, so nothing is kept."""

import re
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from rules import NextQuestion, Pack, why_asked
from rules.content import Group
from service.bodies import answers_from_form
from service.readable.told import bare_text, in_lines
from service.reader import Reader
from service.state import reader_of, state_of
from service.web.asking import cards, show
from service.web.fields import WAYS, Fields, Journey, Sent, Unreadable, Way, hidden_fields, read_journey
from service.web.front import chosen_reader, remember
from service.web.inviting import invited_in
from service.web.pages import page, root_of
from service.web.taking import FEW_TESTS_SECONDS, WAY, begin, go_on, is_urgent, look_on, past_safety, resume, settle
from service.web.turning_away import lost_page, to_the_start, turned_away

router = APIRouter(prefix="/take", include_in_schema=False)


@router.get("")
async def start(request: Request) -> Response:
    """The first page; nothing is answered yet. Who is invited agrees first."""
    reader = reader_of(request)
    return to_the_start(request) if invited_in(request) else await first_page(request, reader, begin(reader.pack))


@router.post("")
async def answer(request: Request) -> Response:
    """One page was filled in: the next one, or this one again with what to repair."""
    fields = await answers_from_form(request)
    reader = chosen_reader(request, fields)
    response = await run_in_threadpool(_answered, request, reader, fields)
    if reader != reader_of(request):
        remember(request, response, fields)
    return response


async def first_page(request: Request, reader: Reader, journey: Journey) -> Response:
    """Where a journey begins."""
    return await run_in_threadpool(_shown, request, reader, journey)


def _answered(request: Request, reader: Reader, fields: Fields) -> Response:
    pack, go = reader.pack, fields.get("go", ["stay"])[0]
    try:
        sent = read_journey(pack, fields)
    except Unreadable as lost:
        return lost_page(request, reader, lost, fields)
    if sent.problems and go in ("on", "check"):
        return turned_away(request, reader, fields) or _shown(request, reader, sent.journey, sent)
    journey = settle(pack, sent.journey) if sent.journey.trail else replace(resume(pack, sent.journey.answers), once=sent.journey.once)
    if go == "skip":
        journey = replace(journey, answers={item: given for item, given in journey.answers.items() if item not in journey.page})
    if go in ("on", "skip", "check") and is_urgent(pack, journey.seen):
        return RedirectResponse(f"{root_of(request)}/result", status_code=307)
    if away := turned_away(request, reader, fields):
        return away
    if go in ("on", "skip"):
        journey = go_on(pack, journey)
    elif stop := re.fullmatch(r"(back|check|to-([0-9]{1,4}))", go):
        at = {"back": max(journey.at - 1, 0), "check": len(journey.trail)}.get(go)
        journey = replace(journey, at=min(int(stop[2]), len(journey.trail)) if at is None else at)
    else:
        return _shown(request, reader, journey, replace(sent, problems=()))
    return _shown(request, reader, journey)


def _shown(request: Request, reader: Reader, journey: Journey, sent: Sent | None = None) -> Response:
    """The page that the journey is on; with `sent`, as it was typed and with what to repair."""
    pack = reader.pack
    step = look_on(pack, journey)
    carried = hidden_fields({item: given for item, given in journey.answers.items() if item not in journey.page})
    shown = partial(page, request, reader=reader, journey=journey, progress=_progress(reader, journey, step), carried=carried)
    if not journey.page:
        return shown("check.html.jinja", topics=_topics(reader, journey), more=not step["should_stop"])
    if journey.page == WAY:
        return shown("way.html.jinja", ways=_ways(reader, journey), past_safety=True)
    problems = sent.problems if sent else ()
    questions = show(reader, why_asked(pack, journey.answers, journey.page), journey.answers, problems, sent.typed if sent else None)
    test = pack.test_of.get(journey.page[0])
    group = _group(pack, journey.page[0])
    return shown(
        "test.html.jinja" if test else "topic.html.jinja",
        422 if problems else 200,
        cards=cards(questions),
        faults=[question for question in questions if question.fault],
        test=test,
        is_drawn=test is not None and test.id in state_of(request).figures.self_tests,
        group=group,
        is_safety=group.id in pack.safety_groups,
        past_safety=past_safety(pack, journey, step),
    )


@dataclass(frozen=True)
class Progress:
    """How far it is: questions answered, minutes left at most, and the share that is done."""

    answered: int
    minutes: int
    percent: int


def _progress(reader: Reader, journey: Journey, step: NextQuestion) -> Progress:
    pack = reader.pack
    spent = sum(pack.items[item].seconds for item in journey.answers)
    left = step["progress"]["seconds_left"]
    if journey.way == "some":
        left = min(left, max(FEW_TESTS_SECONDS - spent, 0))
    percent = 100 if step["should_stop"] else round(100 * spent / (spent + left + 1))
    return Progress(len(journey.answers), -(-left // 60), percent)


@dataclass(frozen=True)
class WayOn:
    """A way to go on: its name, what it takes, and minutes at most."""

    code: Way
    name: str
    about: str
    minutes: int


def _ways(reader: Reader, journey: Journey) -> list[WayOn]:
    say = reader.say
    most = {way: look_on(reader.pack, replace(journey, way=way))["progress"]["seconds_left"] for way in WAYS}
    return [
        WayOn("questions", say("Questions only"), say("nothing to get up for"), -(-most["questions"] // 60)),
        WayOn(
            "some",
            say("Questions and a few self-tests"),
            say("those that tell most; you can skip any"),
            -(-min(FEW_TESTS_SECONDS, most["all"]) // 60),
        ),
        WayOn(
            "all",
            say("Questions and every self-test that could tell more"),
            say("in your own time; stop whenever you like"),
            -(-most["all"] // 60),
        ),
    ]


@dataclass(frozen=True)
class Told:
    """A question and its answer in words; nothing where it was left out."""

    text: str
    answer: list[str]


@dataclass(frozen=True)
class Topic:
    """One page to check, and which one it is."""

    title: str
    at: int
    told: list[Told]


def _topics(reader: Reader, journey: Journey) -> list[Topic]:
    return [
        _topic_of_way(reader, journey, at)
        if asked == WAY
        else Topic(_title(reader.pack, asked[0]), at, [_told(reader, journey, one) for one in asked])
        for at, asked in enumerate(journey.trail)
    ]


def _topic_of_way(reader: Reader, journey: Journey, at: int) -> Topic:
    chosen = [way.name for way in _ways(reader, journey) if way.code == journey.way]
    return Topic(reader.say("How much time do you have?"), at, [Told(reader.say("How you go on"), chosen)])


def _told(reader: Reader, journey: Journey, item: str) -> Told:
    answer = in_lines(reader, item, journey.answers[item]) if item in journey.answers else []
    return Told(reader.prose(bare_text(reader.pack, reader.pack.items[item])), answer)


def _title(pack: Pack, item: str) -> str:
    test = pack.test_of.get(item)
    return test.title if test else _group(pack, item).title


def _group(pack: Pack, item: str) -> Group:
    return next(group for group in pack.groups if any(one.link_id == item for one in group.items))
