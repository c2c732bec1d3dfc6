"""One intake on one page, for the clinician whose link opens it: read it, take it into the record, say what you think of each finding."""

import re
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic_core import from_json
from sqlmodel import Session

from service.acting import Act, Link, NotHere, following, present
from service.bodies import answers_from_form
from service.clinics.audit import Action
from service.clinics.links import LinkOpensNothing
from service.clinics.opinions import FINDING, REASONS, Opinion, opine, withdraw
from service.intakes import Record, open_intake
from service.paper.record_file import hand_over_record
from service.readable.told import pages_told
from service.reader import N_
from service.retelling import retold
from service.state import reader_of
from service.web.kept import READING
from service.web.pages import page
from service.web.telling import shown_to_clinician

# Nothing here is authenticated by a cookie: a form of another site cannot know the link, so no token against forgery is needed.
router = APIRouter(prefix="/intake", include_in_schema=False)
NO_REASON = N_("Choose a reason, so that others can learn from it.")


@router.api_route("/{token}", methods=READING)
async def show(request: Request, token: str) -> Response:
    """The whole intake."""
    record = await _read(request, token, "read")
    return _opens_nothing(request) if record is None else _page(request, token, record, {})


@router.api_route("/{token}/record.pdf", methods=READING)
async def export(request: Request, token: str) -> Response:
    """The same for the clinic's record."""
    record = await _read(request, token, "export")
    return _opens_nothing(request) if record is None else await hand_over_record(request, record)


@router.post("/{token}/opinion")
async def tell(request: Request, token: str) -> Response:
    """What is thought of one finding; then the page again."""
    fields = await answers_from_form(request)
    finding, verdict, reason = (fields.get(name, [""])[0] for name in ("finding", "verdict", "reason"))
    opinion = _opinion(verdict, reason)
    if not re.fullmatch(FINDING, finding):
        return _opens_nothing(request)
    if opinion is None and verdict != "withdraw":
        record = await _read(request, token, "read")
        return _opens_nothing(request) if record is None else _page(request, token, record, {finding: NO_REASON})

    def work(session: Session, link: Link) -> None:
        if opinion is None:
            withdraw(session, link.clinic, link.assessment, finding)  # taken back twice is taken back
        else:
            present(opine(session, link.clinic, link.assessment, finding, opinion))

    action: Action = "update" if opinion else "erase"
    try:
        await following(request, token, lambda link: Act(action, "opinion", f"{link.assessment}/{finding}"), work)
    except (LinkOpensNothing, NotHere):
        return _opens_nothing(request)
    return RedirectResponse(f"/intake/{token}#finding-{finding}", status_code=303, headers={"Cache-Control": "no-store"})


def _opens_nothing(request: Request) -> Response:
    """Another page than a person gets: nobody who treats them should be offered to take the assessment."""
    return page(request, "no-such-link.html.jinja", 404, clinicians=True)


async def _read(request: Request, token: str, action: Action) -> Record | None:
    def work(session: Session, link: Link) -> Record:
        return present(open_intake(session, link.clinic, link.assessment))

    try:
        return await following(request, token, lambda link: Act(action, "assessment", link.assessment), work)
    except LinkOpensNothing:
        return None


def _opinion(verdict: str, reason: str) -> Opinion | None:
    """None for what is none, or lacks its reason."""
    if verdict == "agree":
        return Opinion("agree")
    given = next((one for one in REASONS if one == reason), None)
    return Opinion("disagree", given) if verdict == "disagree" and given else None


def _page(request: Request, token: str, record: Record, faults: Mapping[str, str]) -> Response:
    reader = reader_of(request)
    weeks = retold(reader, record.kept, record.check_ins, record.clinic)
    return page(
        request,
        "clinician.html.jinja",
        422 if faults else 200,
        token=token,
        record=record,
        weeks=weeks,
        shown=shown_to_clinician(request, reader, weeks.guidance),
        pages=pages_told(reader, from_json(record.kept.answers)),
        wording=record.wording(reader.language),
        reasons=REASONS,
        faults=faults,
    )
