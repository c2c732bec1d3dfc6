"""/v1/assessments: keep an assessment for its owner, who holds the only token."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic_core import from_json, to_json
from sqlalchemy.exc import IntegrityError

from rules import evaluate
from service.api.operations import documented
from service.assessments import AssessmentNotFound, Kept, Submission, erase, find, submit
from service.bodies import KeyInUse, accepted, answers_from_json, idempotency_key
from service.readable import render
from service.state import State, state_of

router = APIRouter(prefix="/v1/assessments", tags=["Assessments"])
_bearer = HTTPBearer(auto_error=False, scheme_name="accessToken", description="The access token that came with the 201.")
AssessmentId = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{22}$", description="The id that came with the 201.")]
Token = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


@router.post(
    "",
    status_code=201,
    operation_id="createAssessment",
    summary="Guidance for these answers, kept for their owner",
    **documented(201, 400, 409, 413, 415, 422, 503, guidance="CreatedAssessment", idempotent=True),
)
async def post_assessment(request: Request) -> Response:
    """Stores answers and guidance until they expire, and says the access token once: only its hash is kept.

    With an `Idempotency-Key`, a repeated request gets the first answer again.
    """
    state = state_of(request)
    key = idempotency_key(request)
    answers = await answers_from_json(request)
    with _alone(state, key):
        guidance = evaluate(state.pack, answers)
        submission = Submission(answers, guidance, key, timedelta(days=state.settings.retention_days))
        try:
            kept = await state.database.run(lambda session: submit(session, submission))
        except IntegrityError:
            # Another worker stored the same key in between: its answer is the first one.
            kept = await state.database.run(lambda session: submit(session, submission))
    head = to_json({"id": kept.id, "access_token": kept.token, "expires_at": kept.expires_at})
    return _private(201, _with_guidance(head, kept), {"Location": f"/v1/assessments/{kept.id}"})


@router.get(
    "/{assessment_id}",
    operation_id="getAssessment",
    summary="The assessment as it was given",
    **documented(200, 404, 406, 422, 503, guidance="StoredAssessment", readable=True),
)
async def get_assessment(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """Answers and guidance as they were stored. A wrong or missing token gets the same 404 as a wrong id."""
    state = state_of(request)
    form = accepted(request)
    kept = await state.database.run(lambda session: find(session, assessment_id, _secret(token)))
    if form != "application/json":
        return _private(200, render(from_json(kept.guidance), state.pack, form), {"Vary": "Accept"}, form)
    head = to_json({"id": kept.id, "created_at": kept.created_at, "expires_at": kept.expires_at, "answers": from_json(kept.answers)})
    return _private(200, _with_guidance(head, kept), {"Vary": "Accept"})


@router.delete(
    "/{assessment_id}",
    status_code=204,
    operation_id="eraseAssessment",
    summary="Erase the assessment now",
    **documented(204, 404, 422, 503),
)
async def delete_assessment(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """Removes answers, guidance and every trace of the request."""
    await state_of(request).database.run(lambda session: erase(session, assessment_id, _secret(token)))
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@contextmanager
def _alone(state: State, key: str | None) -> Iterator[None]:
    """Only one request with the same key at a time. Raises KeyInUse."""
    if key is None:
        yield
        return
    if key in state.keys_in_use:
        raise KeyInUse
    state.keys_in_use.add(key)
    try:
        yield
    finally:
        state.keys_in_use.discard(key)


def _secret(token: HTTPAuthorizationCredentials | None) -> str:
    """The token's text; without one, a text that opens nothing."""
    try:
        return token.credentials.encode("ascii").decode() if token else ""
    except UnicodeEncodeError:
        raise AssessmentNotFound from None


def _with_guidance(head: bytes, kept: Kept) -> bytes:
    """The stored guidance goes out as it was stored, byte for byte."""
    return head[:-1] + b',"guidance":' + kept.guidance.encode() + b"}"


def _private(status: int, body: bytes | str, headers: dict[str, str], media_type: str = "application/json") -> Response:
    return Response(body, status_code=status, media_type=media_type, headers={"Cache-Control": "no-store", **headers})
