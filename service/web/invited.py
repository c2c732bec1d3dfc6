"""What an invited person meets: who asks and what will be sent, then the assessment, which goes to the clinic when it is finished or urgent."""

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import DBAPIError

from rules import AnswersRefused, Guidance
from service.acting import present
from service.assessments import Submission
from service.bodies import answers_from_form
from service.clinics.clinics import ClinicNotFound, find
from service.clinics.invitations import InvitationNotFound, InvitationOver, new_once
from service.invited import send, start
from service.paper.link import private_path
from service.reader import Reader
from service.state import reader_of, state_of
from service.web import kept, take, take_along
from service.web.embed import EMBEDDED
from service.web.fields import Unreadable, hidden_fields, once_in
from service.web.front import chosen_reader
from service.web.inviting import Invited, invited_in, remember_invitation
from service.web.lasting import how_long
from service.web.pages import page, root_of
from service.web.result import evaluated, refused_page
from service.web.taking import begin_with
from service.web.telling import shown_to
from service.web.turning_away import over, to_the_start, turned_away

INVITED = "/invited/{invitation}"
router = APIRouter(include_in_schema=False)
pictures = APIRouter(include_in_schema=False)


@router.api_route("", methods=kept.READING)
async def welcome(request: Request) -> Response:
    """Who asks, what will be sent and when, and the button that agrees. Nothing is stored by reading it."""
    invited, reader = _invited(request), reader_of(request)
    if invited.invitation.state != "open":
        return over(request, reader, {})
    return page(request, "invited.html.jinja", invitation=invited.invitation, days=_days(request), takes=how_long(reader.pack))


@router.get("/start")
@router.get("/result")
async def back(request: Request) -> Response:
    """Answers come with forms only."""
    return to_the_start(request)


@router.post("/start")
async def begin(request: Request) -> Response:
    """Agreed: the first page of questions, with what the clinic knows already to be confirmed."""
    invited, reader = _invited(request), reader_of(request)
    try:
        await state_of(request).database.run(lambda session: start(session, invited.token), invited.token.clinic)
    except InvitationOver:
        return over(request, reader, {})
    return await take.first_page(request, reader, begin_with(reader.pack, invited.invitation.answers, new_once()))


@router.post("/result")
async def finish(request: Request) -> Response:
    """Send it to the clinic, and lead to the private link. Urgent advice is shown even where it cannot be sent."""
    fields = await answers_from_form(request)
    reader = chosen_reader(request, fields)
    try:
        answers, guidance = evaluated(reader, fields)
    except (AnswersRefused, Unreadable) as refused:
        return refused_page(request, reader, refused, fields)
    shown = shown_to(request, reader, guidance)
    once, instead = once_in(fields), turned_away(request, reader, fields)
    if instead is None:
        try:
            return await _sent(request, reader, once, answers, guidance)
        except InvitationOver:
            instead = over(request, reader, fields)
        except DBAPIError:
            if not shown.urgent:
                raise
    if instead is not None and not shown.urgent:
        return instead
    return page(request, "urgent.html.jinja", reader=reader, shown=shown, answers=[*hidden_fields(answers), ("once", once)])


async def _sent(request: Request, reader: Reader, once: str, answers: Mapping[str, object], guidance: Guidance) -> Response:
    token = _invited(request).token
    submission = Submission(answers, guidance, reader.language, None, timedelta(days=_days(request)))
    stored = await state_of(request).database.run(lambda session: send(session, token, once, submission), token.clinic)
    return RedirectResponse(
        f"{root_of(request)}{private_path(stored.id, stored.token)}", status_code=303, headers={"Cache-Control": "no-store"}
    )


@pictures.api_route("/clinics/{clinic}/logo", methods=kept.READING)
async def logo(request: Request, clinic: str) -> Response:
    """A clinic's picture, for anybody who is shown a page of it."""
    try:
        found = (await state_of(request).database.run(lambda session: find(session, clinic), clinic)).logo
    except ClinicNotFound:
        found = None
    picture = present(found)
    return Response(picture.body, media_type=picture.media_type, headers={"Cache-Control": "public, max-age=300"})


def install(app: FastAPI) -> None:
    """The pages below an invitation, also for frames on the web sites that its clinic names."""
    app.include_router(pictures)
    for prefix in (INVITED, EMBEDDED + INVITED):
        for one in (router, take.router, kept.router, take_along.router):
            app.include_router(one, prefix=prefix, dependencies=[Depends(remember_invitation)])
    app.add_exception_handler(InvitationNotFound, _no_such)
    app.add_exception_handler(InvitationOver, _over)


async def _no_such(request: Request, _: Exception) -> Response:
    return page(request, "over.html.jinja", 404, state="unknown", kept=[])


async def _over(request: Request, _: Exception) -> Response:
    return over(request, reader_of(request), {})


def _invited(request: Request) -> Invited:
    invited = invited_in(request)
    assert invited is not None  # noqa: S101 - these routes stand nowhere else
    return invited


def _days(request: Request) -> int:
    """For how long the clinic keeps what is sent to it."""
    return _invited(request).clinic.settings.retention_days or state_of(request).settings.retention_days
