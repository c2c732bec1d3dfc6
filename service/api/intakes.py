"""/v1/intakes: what was told to a clinic, for the clinic: read, exported, opened in a browser, erased."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json, to_json
from sqlmodel import Session
from typing_extensions import TypedDict

from rules import Guidance
from rules.content import Urgency
from service.acting import Act, Key, acting, present
from service.api.moments import PLACE, Since, place_of, placed
from service.api.operations import documented
from service.api.owned import ID, private, with_guidance
from service.assessments import Kept
from service.bodies import accepted, model_from_json
from service.clinics.links import Link, issue_link
from service.intakes import Wanted, erase_intake, find_intake, list_intakes, open_intake
from service.paper.record_file import hand_over_record

router = APIRouter(prefix="/v1/intakes", tags=["Intakes"])
IntakeId = Annotated[str, Path(pattern=ID, description="The intake's id.")]
Status = Literal["in-progress", "completed", "amended"]
Word = Annotated[
    str | None, Query(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$", description="Your own word for whom it is about.")
]
Invitation = Annotated[str | None, Query(pattern="^[0-9a-f]{16}$", description="Of this invitation.")]
Place = Annotated[str | None, Query(pattern=PLACE, description="What `next` said: go on from there.")]
Limit = Annotated[int, Query(ge=1, le=100, description="At most so many.")]


class IntakeRow(TypedDict):
    """An intake at a glance. `reference` and `subject` are the clinic's own words; `red_flags`: ids."""

    id: str
    reference: str | None
    invitation: str | None
    subject: str | None
    status: Status
    created_at: datetime
    changed_at: datetime | None
    expires_at: datetime
    urgency: Urgency
    red_flags: list[str]


class IntakeList(TypedDict):
    """The newest first. `next`: send it as `before` to go on; null at the end."""

    intakes: list[IntakeRow]
    next: str | None


class IntakeShape(IntakeRow):
    """An intake with its answers and its guidance, as they were stored."""

    answers: dict[str, str | float | list[str]]
    guidance: Guidance


class NewLink(BaseModel):
    """For how many hours the link opens."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    hours: Annotated[int, Field(ge=1, le=72)] = 8


class LinkShape(TypedDict):
    """Said once: whoever has the link can read the intake until then."""

    link: str
    expires_at: datetime


@router.get(
    "", operation_id="listIntakes", summary="A clinic's intakes", **documented(200, 422, guidance=IntakeList, opened_by="clinicKey")
)
async def get_intakes(
    request: Request,
    reference: Word = None,
    invitation: Invitation = None,
    status: Annotated[Status | None, Query(description="Of this status.")] = None,
    since: Since = None,
    before: Place = None,
    limit: Limit = 50,
) -> Response:
    """The newest first, with urgency and red flags, without answers."""
    moment, behind = placed(before) if before else (None, None)
    wanted = Wanted(reference, None, invitation, status, since, moment, behind, limit + 1)
    rows = await acting(
        request,
        "read",
        Act("search", "assessment"),
        lambda session, key: [_row(one) for one in list_intakes(session, key.clinic, wanted)],
    )
    more = place_of(rows[limit - 1]["created_at"], rows[limit - 1]["id"]) if len(rows) > limit else None
    return private(200, to_json({"intakes": rows[:limit], "next": more}))


# Told of with `getIntake`: two paths that differ by an ending only are ambiguous in OpenAPI.
@router.get("/{intake_id}.pdf", include_in_schema=False)
async def get_intake_record(request: Request, intake_id: IntakeId) -> Response:
    """As without the ending; `Accept` does not matter then."""
    return await _record(request, intake_id)


@router.get(
    "/{intake_id}",
    operation_id="getIntake",
    summary="One intake",
    **documented(200, 404, 406, 422, guidance=IntakeShape, also=("application/pdf",), opened_by="clinicKey"),
)
async def get_intake(request: Request, intake_id: IntakeId) -> Response:
    """Answers and guidance as they were stored. With `Accept: application/pdf`, or `.pdf` behind the id, the PDF for the clinic's record.

    The record is in your language where the content is still what it was, else in the language it was told in.
    """
    if accepted(request, offered=("application/json", "application/pdf")) == "application/pdf":
        return await _record(request, intake_id)
    kept = await acting(
        request, "read", Act("read", "assessment", intake_id), lambda session, key: present(find_intake(session, key.clinic, intake_id))
    )
    head = to_json({**_row(kept), "answers": from_json(kept.answers)})
    return private(200, with_guidance(head, kept), {"Content-Language": kept.language, "Vary": "Accept"})


async def _record(request: Request, intake_id: str) -> Response:
    record = await acting(
        request, "read", Act("export", "assessment", intake_id), lambda session, key: present(open_intake(session, key.clinic, intake_id))
    )
    return await hand_over_record(request, record, "Accept")


@router.delete(
    "/{intake_id}",
    status_code=204,
    operation_id="eraseIntake",
    summary="Erase an intake now",
    **documented(204, 404, 422, opened_by="clinicKey"),
)
async def delete_intake(request: Request, intake_id: IntakeId) -> Response:
    """With answers, guidance, check-ins, links and opinions; the person's own link opens nothing any more. Takes a key that may invite."""
    await acting(
        request, "invite", Act("erase", "assessment", intake_id), lambda session, key: present(erase_intake(session, key.clinic, intake_id))
    )
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.post(
    "/{intake_id}/links",
    status_code=201,
    operation_id="createIntakeLink",
    summary="A link that opens an intake in a clinician's browser",
    **documented(201, 404, guidance=LinkShape, body=NewLink, opened_by="clinicKey"),
)
async def post_link(request: Request, intake_id: IntakeId) -> Response:
    """For `hours` (8 unless said otherwise). Whoever has the link can read the intake and say what they think of it: only its hash is kept here."""
    body = await model_from_json(request, NewLink)

    def work(session: Session, key: Key) -> tuple[Link, str]:
        present(find_intake(session, key.clinic, intake_id))
        return issue_link(session, key.clinic, intake_id, key.name, body.hours)

    link, text = await acting(request, "read", Act("create", "link", intake_id), work, made=lambda issued: f"{intake_id}/{issued[0].id}")
    path = f"/intake/{text}"
    told = {"link": str(request.base_url).rstrip("/") + path, "expires_at": link.expires_at}
    return private(201, to_json(told), {"Location": path})


def _row(kept: Kept) -> IntakeRow:
    told, intake = from_json(kept.guidance)["triage"], kept.intake
    return {
        "id": kept.id,
        "reference": intake.reference if intake else None,
        "invitation": intake.invitation if intake else None,
        "subject": intake.subject if intake else None,
        "status": kept.status,  # type: ignore[typeddict-item]  # FHIR's words alone are stored
        "created_at": kept.created_at,
        "changed_at": kept.changed_at,
        "expires_at": kept.expires_at,
        "urgency": told["urgency"],
        "red_flags": [one["id"] for one in told["red_flags"]],
    }
