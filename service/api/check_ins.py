"""/v1/assessments/{id}/check-ins: once a week, how the plan went and how it goes on."""

from fastapi import APIRouter, Request, Response
from pydantic_core import from_json, to_json
from sqlalchemy.exc import IntegrityError

from service.api.operations import documented
from service.api.owned import AssessmentId, Token, access, private
from service.bodies import idempotency_key, object_from_json
from service.check_ins import KeptCheckIn, check_in, find_check_ins
from service.state import reader_of, spoken, state_of

router = APIRouter(prefix="/v1/assessments/{assessment_id}/check-ins", tags=["Assessments"])


@router.post(
    "",
    status_code=201,
    operation_id="createCheckIn",
    summary="How the week went, and how the plan goes on",
    **documented(201, 400, 404, 409, 413, 415, 422, 503, guidance="StoredCheckIn", idempotent=True),
)
async def post_check_in(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """The plan holds, gets harder or easier, or stops until a clinician has been seen; with the criterion that was met.

    A question left out and `not-sure` are undecided: nothing gets harder while one is open. Exercises move only to their own easier or harder step,
    and never to one that a gate, kit or position forbids. Check-ins are erased and expire with their assessment.
    With an `Idempotency-Key`, a repeated request gets the first answer again. Without a plan, or once it was stopped, there is nothing to check in on: 422.
    """
    state, reader = state_of(request), reader_of(request)
    key = idempotency_key(request)
    told = await object_from_json(request)
    opened = access(assessment_id, token)
    try:
        kept = await state.database.run(lambda session: check_in(session, reader.pack, opened, told, key))
    except IntegrityError:
        # Another check-in was stored in between: this one comes after it, or is the same one.
        kept = await state.database.run(lambda session: check_in(session, reader.pack, opened, told, key))
    return private(201, to_json(_shown(kept)), {"Location": f"/v1/assessments/{assessment_id}/check-ins", **spoken(reader.language)})


@router.get(
    "",
    operation_id="listCheckIns",
    summary="Every check-in so far",
    **documented(200, 404, 422, 503, guidance="CheckInHistory"),
)
async def get_check_ins(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """What was told and what followed, as it was said then, the first one first."""
    opened = access(assessment_id, token)
    kept = await state_of(request).database.run(lambda session: find_check_ins(session, opened))
    return private(200, to_json({"check_ins": [_shown(one) for one in kept]}))


def _shown(kept: KeptCheckIn) -> dict[str, object]:
    return {"place": kept.place, "created_at": kept.created_at, "told": from_json(kept.told), "outcome": from_json(kept.outcome)}
