"""The first page, and the choice of language and units."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from service.bodies import answers_from_form
from service.reader import Reader
from service.state import reader_of, state_of
from service.web.lasting import how_long
from service.web.pages import page

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600
OWN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9_/.-]*")


@router.get("/")
async def front(request: Request) -> Response:
    """What this is and is not, how long it takes, privacy, and the start."""
    takes = await run_in_threadpool(how_long, reader_of(request).pack)
    return page(request, "front.html.jinja", private=False, takes=takes)


@router.post("/preferences")
async def prefer(request: Request) -> Response:
    """Remember language and units in the browser, and go back to the page that was left."""
    fields = await answers_from_form(request)
    back = fields.get("back", ["/"])[0]
    response = RedirectResponse(back if OWN_PATH.fullmatch(back) else "/", status_code=303)
    remember(request, response, fields)
    return response


def remember(request: Request, response: Response, fields: Mapping[str, Sequence[str]]) -> None:
    """Keep language and units in the browser."""
    for name in ("language", "units"):
        for value in fields.get(name, [])[:1]:
            if re.fullmatch(r"[a-z-]{2,12}", value):
                response.set_cookie(name, value, max_age=YEAR, samesite="lax", httponly=True, secure=request.url.scheme == "https")


def chosen_reader(request: Request, fields: Mapping[str, Sequence[str]]) -> Reader:
    """Who reads from now on: language and units may be changed on every page."""
    reader = reader_of(request)
    language = fields.get("language", [reader.language])[0]
    units = fields.get("units", [reader.units])[0]
    reader = state_of(request).readers.get(language, reader)
    return replace(reader, units="imperial" if units == "imperial" else "metric")
