"""A QuestionnaireResponse is kept for its owner, who holds the only token; it comes back as we understood it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic_core import from_json, to_json

from rules import evaluate
from rules.answers import readable
from service.assessments import Access, Kept, Submission, find, submit
from service.bodies import WrongShape
from service.fhir.answering import speaking, told_in
from service.fhir.codes import Names
from service.fhir.elements import Resource
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.reading import expect_json
from service.fhir.responding import write_response
from service.fhir.response import FINISHED, Told
from service.state import state_of

router = APIRouter(prefix="/fhir/QuestionnaireResponse", include_in_schema=False)
ResponseId = Annotated[str, Path(pattern=r"^[A-Za-z0-9.-]{22}$")]
Authorization = Annotated[str | None, Header()]


@router.post("", status_code=201)
async def create_response(request: Request) -> Response:
    """Stores answers and guidance until they expire. The header `Access-Token` says the token once; subject and author are not kept.

    Only a finished response is kept: drafts stay with the caller.
    """
    expect_json(request)
    state = state_of(request)
    names, reader = speaking(request)
    told = await told_in(request, names)
    if told.status not in FINISHED:
        raise WrongShape(("/QuestionnaireResponse/status", f"must be one of: {', '.join(FINISHED)}"))
    retention = timedelta(days=state.settings.retention_days)
    submission = Submission(told.answers, evaluate(reader.pack, told.answers), reader.language, None, retention)
    kept = await state.database.run(lambda session: submit(session, submission))
    headers = {"Location": f"/fhir/QuestionnaireResponse/{_fhir_id(kept.id)}", "Access-Token": kept.token}
    return _private(201, _resource(names, kept), headers)


@router.get("/{response_id}")
async def get_response(request: Request, response_id: ResponseId, authorization: Authorization = None) -> Response:
    """The response, for `Authorization: Bearer` and its token. A wrong or missing token gets the same 404 as a wrong id."""
    expect_json(request)
    names, _ = speaking(request)
    scheme, _, secret = (authorization or "").partition(" ")
    access = Access(response_id.replace(".", "_"), secret if scheme.lower() == "bearer" else "")
    kept = await state_of(request).database.run(lambda session: find(session, access))
    return _private(200, _resource(names, kept), {})


def _fhir_id(own: str) -> str:
    """FHIR's ids have no underscore and ours no full stop."""
    return own.replace("_", ".")


def _resource(names: Names, kept: Kept) -> Resource:
    """With today's texts, and the version that was answered; what today's questionnaire no longer asks is left aside."""
    answers, _ = readable(names.pack, from_json(kept.answers))
    authored = kept.created_at.isoformat(timespec="seconds")
    written = write_response(names, Told(answers, "completed", None, authored), authored)
    version = from_json(kept.guidance)["versions"]["questionnaire"]
    return {**written, "id": _fhir_id(kept.id), "questionnaire": f"{names.questionnaire}|{version}"}


def _private(status: int, resource: Resource, headers: dict[str, str]) -> Response:
    return Response(to_json(resource), status_code=status, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", **headers})
