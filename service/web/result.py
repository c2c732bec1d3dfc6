"""The result of an assessment: shown from the answers that the form brings, and stored only when its reader says so."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from rules import AnswersRefused, Guidance, evaluate, what_if
from rules.answers import without_unasked
from service.assessments import Submission, submit
from service.bodies import answers_from_form
from service.paper.link import private_path
from service.reader import Reader
from service.state import reader_of, state_of
from service.web.fields import Fields, Unreadable, hidden_fields, read_journey
from service.web.front import chosen_reader, remember
from service.web.pages import page, root_of
from service.web.telling import Shown, shown_to
from service.web.turning_away import lost_page

router = APIRouter(prefix="/result", include_in_schema=False)


@router.get("")
async def nothing_to_show(request: Request) -> Response:
    """Answers come with the form only; without them the assessment begins."""
    return RedirectResponse(f"{root_of(request)}/take", status_code=303)


@router.post("")
async def show(request: Request) -> Response:
    """The guidance for these answers; nothing is stored."""
    fields = await answers_from_form(request)
    reader = chosen_reader(request, fields)
    response = _shown(request, reader, fields)
    if reader != reader_of(request):
        remember(request, response, fields)
    return response


@router.post("/keep")
async def keep(request: Request) -> Response:
    """Store answers and guidance, and lead to the private link."""
    # Nothing here is authenticated by a cookie, so a form of another site can do no more than anybody can: no token against forgery is needed.
    state, reader = state_of(request), reader_of(request)
    fields = await answers_from_form(request)
    try:
        answers, guidance = evaluated(reader, fields)
    except (AnswersRefused, Unreadable) as refused:
        return refused_page(request, reader, refused, fields)
    shown = shown_to(request, reader, guidance)
    if shown.urgent:
        return _page(request, reader, shown, answers)
    submission = Submission(answers, guidance, reader.language, None, timedelta(days=state.settings.retention_days))
    kept = await state.database.run(lambda session: submit(session, submission))
    return RedirectResponse(
        f"{root_of(request)}{private_path(kept.id, kept.token)}", status_code=303, headers={"Cache-Control": "no-store"}
    )


@router.post("/what-if")
async def show_what_if(request: Request) -> Response:
    """Which single answers would move a finding: a page of its own, because it takes hundreds of evaluations and few people ask for it."""
    reader = reader_of(request)
    fields = await answers_from_form(request)
    try:
        answers, guidance = evaluated(reader, fields)
    except (AnswersRefused, Unreadable) as refused:
        return refused_page(request, reader, refused, fields)
    shown = shown_to(request, reader, guidance)
    if shown.urgent:
        return _page(request, reader, shown, answers)
    effect = await asyncio.to_thread(what_if, reader.pack, answers)
    return page(request, "what-if.html.jinja", reader=reader, shown=shown, effect=effect, answers=hidden_fields(answers))


def _shown(request: Request, reader: Reader, fields: Fields) -> Response:
    try:
        answers, guidance = evaluated(reader, fields)
    except (AnswersRefused, Unreadable) as refused:
        return refused_page(request, reader, refused, fields)
    return _page(request, reader, shown_to(request, reader, guidance), answers)


def _page(request: Request, reader: Reader, shown: Shown, answers: Mapping[str, object]) -> Response:
    template = "urgent.html.jinja" if shown.urgent else "result.html.jinja"
    return page(request, template, reader=reader, shown=shown, answers=hidden_fields(answers))


def evaluated(reader: Reader, fields: Fields) -> tuple[Mapping[str, object], Guidance]:
    """Raises AnswersRefused or Unreadable."""
    sent = read_journey(reader.pack, fields)
    if sent.problems:
        raise AnswersRefused(sent.problems)
    answers = without_unasked(reader.pack, sent.journey.seen.answers)
    return answers, evaluate(reader.pack, answers)


def refused_page(request: Request, reader: Reader, refused: AnswersRefused | Unreadable, fields: Fields) -> Response:
    """What to repair, with everything else kept and a way back to the questions."""
    if isinstance(refused, Unreadable):
        return lost_page(request, reader, refused, fields)
    named = [reader.pack.items[one.link_id].text for one in refused.problems if one.link_id and one.link_id in reader.pack.items]
    kept = [(name, value) for name, values in fields.items() if name != "go" for value in values]
    return page(request, "refused.html.jinja", 422, reader=reader, named=named, kept=kept)
