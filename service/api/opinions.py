"""/v1/intakes/{id}/findings/{finding}/opinion: what a clinician thinks of a finding, from a front end of the clinic's own."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, JsonValue, model_validator
from pydantic_core import PydanticCustomError, to_json
from sqlmodel import Session
from typing_extensions import TypedDict

from service.acting import Act, Key, acting, present
from service.api.intakes import IntakeId
from service.api.operations import documented
from service.api.owned import private
from service.bodies import model_from_json
from service.clinics.opinions import FINDING, Disagreement, GivenOpinion, Opinion, Verdict, opine, opinions_on, withdraw
from service.intakes import find_intake

router = APIRouter(prefix="/v1/intakes/{intake_id}", tags=["Intakes"])
FindingId = Annotated[str, Path(pattern=FINDING, description="The finding's id.")]

AGREES: dict[str, JsonValue] = {"properties": {"verdict": {"const": "agree"}, "reason": {"type": "null"}}}
DISAGREES: dict[str, JsonValue] = {"properties": {"verdict": {"const": "disagree"}, "reason": {"type": "string"}}, "required": ["reason"]}


class GivenVerdict(BaseModel):
    """Agreement, or disagreement with its reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, json_schema_extra={"oneOf": [AGREES, DISAGREES]})

    verdict: Verdict
    reason: Disagreement | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if (self.reason is None) == (self.verdict == "disagree"):
            raise PydanticCustomError("reason", "needs a reason to disagree, and has none to agree")
        return self


class OpinionShape(TypedDict):
    """What a clinician thinks of a finding, and since when."""

    finding: str
    verdict: Verdict
    reason: Disagreement | None
    given_at: datetime


class OpinionList(TypedDict):
    """By finding."""

    opinions: list[OpinionShape]


@router.get(
    "/opinions",
    operation_id="listOpinions",
    summary="What clinicians think of the findings",
    **documented(200, 404, 422, guidance=OpinionList, opened_by="clinicKey"),
)
async def get_opinions(request: Request, intake_id: IntakeId) -> Response:
    """Also what was said by link."""

    def work(session: Session, key: Key) -> list[GivenOpinion]:
        present(find_intake(session, key.clinic, intake_id))
        return opinions_on(session, intake_id)

    found = await acting(request, "read", Act("read", "opinion", intake_id), work)
    return private(200, to_json({"opinions": [_shape(one) for one in found]}))


@router.put(
    "/findings/{finding}/opinion",
    operation_id="setOpinion",
    summary="Agree or disagree with a finding",
    **documented(200, 404, guidance=OpinionShape, body=GivenVerdict, opened_by="clinicKey"),
)
async def put_opinion(request: Request, intake_id: IntakeId, finding: FindingId) -> Response:
    """In the place of what was said before. It counts for the rules that spoke for the finding; the counts hold neither clinic nor person."""
    body = await model_from_json(request, GivenVerdict)
    opinion = Opinion(body.verdict, body.reason)
    given = await acting(
        request,
        "read",
        Act("update", "opinion", f"{intake_id}/{finding}"),
        lambda session, key: present(opine(session, key.clinic, intake_id, finding, opinion)),
    )
    return private(200, to_json(_shape(given)))


@router.delete(
    "/findings/{finding}/opinion",
    status_code=204,
    operation_id="withdrawOpinion",
    summary="Take an opinion back",
    **documented(204, 404, 422, opened_by="clinicKey"),
)
async def delete_opinion(request: Request, intake_id: IntakeId, finding: FindingId) -> Response:
    """It counts no more."""
    await acting(
        request,
        "read",
        Act("erase", "opinion", f"{intake_id}/{finding}"),
        lambda session, key: present(withdraw(session, key.clinic, intake_id, finding)),
    )
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _shape(given: GivenOpinion) -> OpinionShape:
    return {
        "finding": given.finding,
        "verdict": given.opinion.verdict,
        "reason": given.opinion.reason,
        "given_at": given.given_at,
    }
