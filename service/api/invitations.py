"""/v1/invitations: a clinic invites a person, sees what came of it, and takes an invitation back."""

import re
from datetime import date, datetime
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import to_json
from sqlalchemy.exc import IntegrityError
from typing_extensions import TypedDict

from rules.answers import read_answers
from service.acting import Act, acting, present
from service.api.operations import documented
from service.api.owned import private
from service.bodies import WrongShape, idempotency_key, model_from_json
from service.clinics.invitations import Invitation, NewInvitation, State, Token, Wanted, find_invitation, invite, list_invitations, withdraw
from service.clinics.settings import Language, Line
from service.paper.link import coded
from service.state import reader_of, state_of

router = APIRouter(prefix="/v1/invitations", tags=["Clinics"])
InvitationId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The id that came with the 201.")]
SUBJECT = r"^(https?://[A-Za-z0-9.:/_~-]{1,100}/)?[A-Z][A-Za-z]{1,40}/[A-Za-z0-9.-]{1,64}$"


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("must be visible text without control characters, and without blanks at its ends")
    return text


def _day(text: object) -> object:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("must be a day as 2026-05-31")
    return date.fromisoformat(text)


Reference = Annotated[Line, Field(max_length=64), AfterValidator(_printable)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
ByReference = Annotated[str | None, Query(min_length=1, max_length=64, description="Only those with this reference.")]
ByOpen = Annotated[bool | None, Query(alias="open", description="Only those that can still be taken up, or only those that cannot.")]
Before = Annotated[str | None, Query(pattern="^[0-9a-f]{16}$", description="Go on behind this invitation: `next` of the page before.")]
Most = Annotated[int, Query(ge=1, le=200, description="At most so many.")]


class InvitationRequest(BaseModel):
    """Whom to invite, and what is known already."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reference: Annotated[Reference, Field(description="your own word for whom it is about: a pseudonym, no name")]
    subject: Annotated[str | None, Field(max_length=200, pattern=SUBJECT, description="a FHIR reference, `Patient/123`")] = None
    language: Annotated[Language | None, Field(description="what the pages are in, unless the person chooses another language")] = None
    due: Annotated[Day | None, Field(description="until when you ask for it; the person reads it")] = None
    answers: Annotated[
        dict[str, Any], Field(description="what you know already, as in `POST /v1/evaluate`: the person sees it and can change it")
    ] = {}
    reusable: Annotated[bool, Field(description="whether the link may be used again and again; else one person uses it up")] = False
    days: Annotated[int, Field(ge=1, le=365, description="days until the link expires")] = 30


class InvitationShape(TypedDict):
    """An invitation without its secret. `used`: how often it was taken up; `intakes`: the ids of what came of it."""

    id: str
    state: State
    reference: str
    subject: str | None
    language: str | None
    due: date | None
    reusable: bool
    used: int
    intakes: list[str]
    created_at: datetime
    started_at: datetime | None
    expires_at: datetime


class Embed(TypedDict):
    """What puts the invitation into a page of yours, on a web site that your settings name."""

    html: str


class CreatedInvitation(InvitationShape):
    """Said once: keep the link, only the hash of its secret is stored here. `qr_svg`: the link as a code to photograph."""

    link: str
    token: str
    qr_svg: str
    embed: Embed


class InvitationList(TypedDict):
    """The newest first. `next`: what to send as `before` for the page behind this one."""

    invitations: list[InvitationShape]
    next: str | None


@router.post(
    "",
    status_code=201,
    operation_id="createInvitation",
    summary="Invite a person",
    **documented(201, 409, guidance=CreatedInvitation, body=InvitationRequest, opened_by="clinicKey", idempotent=True),
)
async def post_invitation(request: Request) -> Response:
    """Says the link once: give it to the person, as an address, as a code to photograph, or in a page of yours.

    What the person sends comes to you with your `reference`. With an `Idempotency-Key`, a repeated request gets the first answer again, with the same link.
    """
    key = idempotency_key(request)
    body = await model_from_json(request, InvitationRequest)
    state = state_of(request)
    if body.language is not None and body.language not in state.readers:
        raise WrongShape(("/language", f"must be one of: {', '.join(state.readers)}"))
    read_answers(reader_of(request).pack, body.answers, draft=True)
    new = NewInvitation(body.reference, body.subject, body.language, body.due, body.answers, body.reusable, body.days, key)

    async def made() -> tuple[Invitation, Token]:
        act = Act("create", "invitation")
        return await acting(request, "invite", act, lambda session, by: invite(session, by.clinic, new), made=lambda made: made[0].id)

    try:
        invitation, token = await made()
    except IntegrityError:
        # Another worker stored the same key in between: its answer is the first one.
        invitation, token = await made()
    return private(201, to_json(_created(request, invitation, token)), {"Location": f"/v1/invitations/{invitation.id}"})


@router.get(
    "",
    operation_id="listInvitations",
    summary="Your invitations",
    **documented(200, 422, guidance=InvitationList, opened_by="clinicKey"),
)
async def get_invitations(
    request: Request, reference: ByReference = None, is_open: ByOpen = None, before: Before = None, most: Most = 50
) -> Response:
    """The newest first."""
    wanted = Wanted(reference, is_open, before, most + 1)
    found = await acting(request, "invite", Act("search", "invitation"), lambda session, by: list_invitations(session, by.clinic, wanted))
    shown = found[:most]
    following = shown[-1].id if len(found) > most else None
    return private(200, to_json({"invitations": [_shape(one) for one in shown], "next": following}))


@router.get(
    "/{invitation_id}",
    operation_id="getInvitation",
    summary="What came of an invitation",
    **documented(200, 404, 422, guidance=InvitationShape, opened_by="clinicKey"),
)
async def get_invitation(request: Request, invitation_id: InvitationId) -> Response:
    """Whether it is open, used, expired or withdrawn, and the ids of the intakes."""
    act = Act("read", "invitation", invitation_id)
    found = await acting(request, "invite", act, lambda session, by: present(find_invitation(session, by.clinic, invitation_id)))
    return private(200, to_json(_shape(found)))


@router.delete(
    "/{invitation_id}",
    operation_id="withdrawInvitation",
    summary="Withdraw an invitation",
    **documented(200, 404, 422, guidance=InvitationShape, opened_by="clinicKey"),
)
async def delete_invitation(request: Request, invitation_id: InvitationId) -> Response:
    """The link opens nothing from now on, and the answers that you had filled in are erased. What was sent before stays."""
    act = Act("erase", "invitation", invitation_id)
    found = await acting(request, "invite", act, lambda session, by: present(withdraw(session, by.clinic, invitation_id)))
    return private(200, to_json(_shape(found)))


def _shape(one: Invitation) -> InvitationShape:
    return {
        "id": one.id,
        "state": one.state,
        "reference": one.reference,
        "subject": one.subject,
        "language": one.language,
        "due": one.due,
        "reusable": one.reusable,
        "used": one.used,
        "intakes": list(one.intakes),
        "created_at": one.created_at,
        "started_at": one.started_at,
        "expires_at": one.expires_at,
    }


def _created(request: Request, one: Invitation, token: Token) -> CreatedInvitation:
    base = str(request.base_url).rstrip("/")
    link = f"{base}/invited/{token}"
    html = f'<script src="{escape(base)}/embed.js" data-invitation="{token}" async></script>'
    return {**_shape(one), "link": link, "token": str(token), "qr_svg": coded(link), "embed": {"html": html}}
