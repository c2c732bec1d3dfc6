"""A kept result behind its private link: read, check in, compare, erase. Whoever has the link may do all of it."""

import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic_core import from_json
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from rules import AnswersRefused, NoPlan, compare
from rules.answers import NOT_SURE
from rules.follow_up.check_ins import key_of
from service.assessments import Access, AssessmentNotFound, Kept, TooOften, erase, find, find_both
from service.bodies import answers_from_form
from service.check_ins import KeptCheckIn, check_in, check_ins_of
from service.clinics.clinics import Clinic
from service.clinics.secrets import KeyReused
from service.invited import clinic_of
from service.retelling import Weeks, retold
from service.state import reader_of, state_of
from service.web.fields import as_number
from service.web.pages import page, root_of
from service.web.telling import shown_to, trends, unchanged

# Nothing here is authenticated by a cookie: a form of another site cannot know the key, so no token against forgery is needed.
router = APIRouter(prefix="/my", include_in_schema=False)
ERASED = "/my/erased"
_KEY = re.compile(r"([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43,64})")
READING = ["GET", "HEAD"]
T = TypeVar("T")


def access_in(text: str) -> Access | None:
    """The id and the secret of a key, or of a whole link somebody pasted."""
    found = _KEY.fullmatch(text.strip().rpartition("/")[2])
    return Access(found[1], found[2]) if found else None


@router.api_route("/erased", methods=READING)
async def erased(request: Request) -> Response:
    """What remains: nothing."""
    return page(request, "erased.html.jinja")


@router.api_route("/{key}", methods=READING)
async def show(request: Request, key: str) -> Response:
    """The result with everything that came after it."""
    weeks = await weeks_of(request, key)
    return not_found(request) if weeks is None else _page(request, key, weeks)


@router.api_route("/{key}/check-in", methods=READING)
async def ask(request: Request, key: str) -> Response:
    """The weekly questions."""
    weeks = await weeks_of(request, key)
    if weeks is None:
        return not_found(request)
    return _asked(request, key, weeks, {}, ()) if weeks.goes_on else RedirectResponse(f"{root_of(request)}/my/{key}", status_code=303)


@router.post("/{key}/check-in")
async def tell(request: Request, key: str) -> Response:
    """One week told: how the plan goes on is said on the page of the result."""
    fields = await answers_from_form(request)
    weeks = await weeks_of(request, key)
    if weeks is None:
        return not_found(request)
    pack = reader_of(request).pack
    told = {
        key_of(one): _answer(fields[f"c.{key_of(one)}"][0], one.type)
        for one in pack.follow_up.check_in.questions
        if f"c.{key_of(one)}" in fields
    }
    # A form that is sent twice is one check-in.
    once = fields.get("once", [secrets.token_urlsafe(16)])[0][:100]
    try:
        await _opened(request, key, lambda session, access: check_in(session, pack, access, told, once))
    except AnswersRefused as refused:
        return _asked(request, key, weeks, told, [one.link_id for one in refused.problems])
    except (NoPlan, KeyReused, TooOften, IntegrityError):
        pass  # the page says how things stand
    return RedirectResponse(f"{root_of(request)}/my/{key}#latest", status_code=303)


@router.api_route("/{key}/compare", methods=READING)
async def choose(request: Request, key: str) -> Response:
    """Where the other link is pasted."""
    kept = await _opened(request, key, find)
    return not_found(request) if kept is None else page(request, "compare.html.jinja", key=key, compared=None, unknown=False)


@router.post("/{key}/compare")
async def show_comparison(request: Request, key: str) -> Response:
    """What changed between the two, the earlier one first. The other link comes in the form, never in an address."""
    other = access_in((await answers_from_form(request)).get("link", [""])[0])
    own = await _opened(request, key, find)
    if own is None:
        return not_found(request)
    pair = None if other is None else await _opened(request, key, lambda session, access: find_both(session, access, other))
    if pair is None or pair[0].id == pair[1].id:
        return page(request, "compare.html.jinja", 404, key=key, compared=None, unknown=True)
    reader = reader_of(request)
    before, after = sorted(pair, key=lambda one: one.created_at)
    compared = compare(reader.pack, from_json(before.answers), from_json(after.answers))
    days = before.created_at.date(), after.created_at.date()
    shown = [shown_to(request, reader, from_json(one.guidance)) for one in (before, after)]
    values: dict[str, Any] = {
        "compared": compared,
        "trends": trends(shown[1], compared, days),
        "same": unchanged(reader, compared),
        "days": days,
        "shown": shown,
    }
    return page(request, "compare.html.jinja", key=key, unknown=False, **values)


@router.api_route("/{key}/erase", methods=READING)
async def confirm(request: Request, key: str) -> Response:
    """Whether it really shall go."""
    kept = await _opened(request, key, find)
    return not_found(request) if kept is None else page(request, "erase.html.jinja", key=key, kept=kept)


@router.post("/{key}/erase")
async def erase_now(request: Request, key: str) -> Response:
    """It goes, with every check-in."""

    def gone(session: Session, access: Access) -> bool:
        erase(session, access)
        return True

    done = await _opened(request, key, gone)
    return not_found(request) if done is None else RedirectResponse(f"{root_of(request)}{ERASED}", status_code=303)


def not_found(request: Request) -> Response:
    """The same page for a key that never was, one that is wrong, and one whose time is over."""
    return page(request, "no-such-link.html.jinja", 404, clinicians=False)


async def _opened(request: Request, key: str, work: Callable[[Session, Access], T]) -> T | None:
    """What `work` gives for the assessment that the key opens; None for a key that opens nothing."""
    access = access_in(key)
    if access is None:
        return None
    try:
        return await state_of(request).database.run(lambda session: work(session, access))
    except AssessmentNotFound:
        return None


async def weeks_of(request: Request, key: str) -> Weeks | None:
    def look(session: Session, access: Access) -> tuple[Kept, list[KeptCheckIn], Clinic | None]:
        kept = find(session, access)
        return kept, check_ins_of(session, kept.id), clinic_of(session, kept)

    found = await _opened(request, key, look)
    return None if found is None else retold(reader_of(request), *found)


def _page(request: Request, key: str, weeks: Weeks) -> Response:
    reader = reader_of(request)
    shown = shown_to(request, reader, weeks.guidance)
    link = f"{str(request.base_url).rstrip('/')}/my/{key}"
    template = "urgent.html.jinja" if shown.urgent else "kept.html.jinja"
    return page(request, template, shown=shown, weeks=weeks, key=key, link=link, answers=None)


def _asked(request: Request, key: str, weeks: Weeks, told: dict[str, Any], faulty: Any) -> Response:
    content = reader_of(request).pack.follow_up.check_in
    questions = [(key_of(one), one) for one in content.questions]
    values = {"key": key, "weeks": weeks, "content": content, "questions": questions, "told": told, "faulty": faulty}
    return page(request, "check-in.html.jinja", 422 if faulty else 200, once=secrets.token_urlsafe(16), **values)


def _answer(text: str, kind: str) -> object:
    return as_number(text) if kind in ("integer", "decimal") and text != NOT_SURE else text
