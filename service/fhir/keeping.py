"""A QuestionnaireResponse is kept for its owner, who holds the only token, or for a clinic; it comes back as we understood it, and may be revised."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from rules import evaluate
from service.acting import Act, Key, acting, brings_key, present
from service.assessments import Intake, Kept, Submission, note_owner, opened, submit
from service.bodies import BadSyntax
from service.fhir.callers import ResponseId, access, find_kept, keep_for_clinic
from service.fhir.codes import Names
from service.fhir.kept import fhir_id, own_id, written
from service.fhir.response import moment_of, read_response, response_in
from service.fhir.speaking import body_of, expect_json, names_in, private, speaking, told_in
from service.responses import WRONG, Revision, Stale, own, revise, withdraw
from service.state import reader_in, state_of
from service.storage.tables import StoredAssessment

router = APIRouter(prefix="/fhir/QuestionnaireResponse", include_in_schema=False)
Change = Callable[[Session, StoredAssessment, Key | None], Kept]
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})"')


@router.post("", status_code=201)
async def create_response(request: Request) -> Response:
    """Stores answers and guidance until they expire, also those of a draft. The header `Access-Token` says the token once.

    With a clinic's key it is that clinic's, with subject, author and identifier; else nobody's, and those are not kept.
    """
    expect_json(request)
    state = state_of(request)
    names, reader = speaking(request)
    if brings_key(request):
        kept = await keep_for_clinic(request, await told_in(request, names, for_clinic=True), reader)
    else:
        told = await told_in(request, names)
        retention, authored = timedelta(days=state.settings.retention_days), moment_of(told.authored)
        answers = told.answers if told.draft is None else told.draft
        guidance = evaluate(reader.pack, told.answers)
        submission = Submission(answers, guidance, reader.language, None, retention, status=told.status, authored=authored)
        kept = await state.database.run(lambda session: submit(session, submission))
    headers = {"Location": f"/fhir/QuestionnaireResponse/{fhir_id(kept.id)}", "Access-Token": kept.token}
    return _sent(201, names, kept, headers)


@router.get("/{response_id}")
async def get_response(request: Request, response_id: ResponseId) -> Response:
    """The response, for `Authorization: Bearer` and its token or its clinic's key. Anything else gets the same 404 as a wrong id."""
    expect_json(request)
    names, _ = speaking(request)
    return _sent(200, names, await find_kept(request, response_id), {})


@router.put("/{response_id}")
async def put_response(request: Request, response_id: ResponseId) -> Response:
    """Revises it: a draft may be completed, what was completed is amended, and either may turn out to be entered in error.

    With `If-Match` only the version it names; a stale one is a 412.
    """
    expect_json(request)
    names, reader = speaking(request)
    change = _change(request, names, await body_of(request), response_id, expected=_expected(request))
    if brings_key(request):
        found = own_id(response_id)
        act = Act("update", "assessment", found)
        kept = await acting(request, "fhir", act, lambda session, key: change(session, present(own(session, key.clinic, found)), key))
    else:
        kept = await state_of(request).database.run(lambda session: _as_owner(session, request, response_id, change))
    return _sent(200, names_in(request, reader), kept, {})


def _as_owner(session: Session, request: Request, response_id: str, change: Change) -> Kept:
    row = opened(session, access(request, response_id))
    note_owner(session, row, "update")
    return change(session, row, None)


def _change(request: Request, names: Names, body: dict[str, Any], response_id: str, *, expected: int | None) -> Change:
    """What is to be done with the row. Raises WrongShape for a response that cannot be read, BadSyntax for one with another id."""
    root, resource = response_in(body)
    if own_id(str(resource.get("id", response_id))) != own_id(response_id):
        raise BadSyntax((f"{root}/id", "must be the id in the address"))
    if resource.get("resourceType") == "QuestionnaireResponse" and resource.get("status") == WRONG:
        return lambda session, row, _: withdraw(session, row, expected)
    told = read_response(names, body, for_clinic=brings_key(request))

    def change(session: Session, row: StoredAssessment, key: Key | None) -> Kept:
        reader = reader_in(request, row.language)
        answers = told.answers if told.draft is None else told.draft
        intake = Intake(key.clinic, None, told.reference, told.subject, told.author) if key else None
        guidance = evaluate(reader.pack, told.answers)
        return revise(session, row, Revision(answers, guidance, reader.language, told.status, moment_of(told.authored), expected, intake))

    return change


def _expected(request: Request) -> int | None:
    """The version that `If-Match` names; None for any. Raises Stale for what is no version of ours."""
    wanted = request.headers.get("if-match")
    if wanted is None or wanted.strip() == "*":
        return None
    found = _VERSION.fullmatch(wanted.strip())
    if not found:
        raise Stale
    return int(found[1])


def _sent(status: int, names: Names, kept: Kept, headers: dict[str, str]) -> Response:
    return private(status, written(names, kept), {"ETag": f'W/"{kept.version}"', **headers})
