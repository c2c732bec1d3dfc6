"""The plan to take along, on paper and for the calendar: of a result that is only shown, and of one that was kept."""

from fastapi import APIRouter, Request, Response

from rules import AnswersRefused, NoPlan
from service.bodies import answers_from_form
from service.paper.handing import File, Taken, hand_over, not_kept
from service.paper.link import address
from service.state import reader_in, spoken
from service.web.fields import Unreadable
from service.web.front import chosen_reader
from service.web.kept import READING, access_in, not_found, weeks_of
from service.web.result import evaluated, refused_page

router = APIRouter(include_in_schema=False)


@router.post("/result/plan.pdf")
async def print_result(request: Request) -> Response:
    """The sheet for the answers that the form brings; nothing is stored."""
    return await _shown(request, "application/pdf")


@router.post("/result/plan.ics")
async def schedule_result(request: Request) -> Response:
    """The calendar for the answers that the form brings; nothing is stored."""
    return await _shown(request, "text/calendar")


@router.api_route("/my/{key}/plan.pdf", methods=READING)
async def print_kept(request: Request, key: str) -> Response:
    """The sheet with the plan as it is now, and a code that leads to the private page."""
    return await _kept(request, key, "application/pdf")


@router.api_route("/my/{key}/plan.ics", methods=READING)
async def schedule_kept(request: Request, key: str) -> Response:
    """The calendar of the plan as it is now, from the last check-in on."""
    return await _kept(request, key, "text/calendar")


async def _shown(request: Request, form: File) -> Response:
    fields = await answers_from_form(request)
    reader = chosen_reader(request, fields)
    try:
        _, guidance = evaluated(reader, fields)
    except (AnswersRefused, Unreadable) as refused:
        return refused_page(request, reader, refused, fields)
    return await hand_over(request, not_kept(guidance, reader), form, spoken(reader.language))


async def _kept(request: Request, key: str, form: File) -> Response:
    weeks, access = await weeks_of(request, key), access_in(key)
    if weeks is None or access is None:
        return not_found(request)
    reader = reader_in(request, weeks.language)
    since = weeks.weeks[-1].day if weeks.weeks else weeks.created
    link = address(request, access.id, access.token)
    taken = Taken(weeks.guidance, reader, weeks.kept.created_at, since, access.id, link, weeks.clinic)
    try:
        return await hand_over(request, taken, form, spoken(weeks.language))
    except NoPlan:
        return not_found(request)
