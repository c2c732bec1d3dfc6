"""/v1/assessments: keep an assessment for its owner, who holds the only token."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic_core import from_json, to_json
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from rules import compare, evaluate, reevaluate
from service.api.operations import documented
from service.api.owned import ID, AssessmentId, Token, access, access_by, private, with_guidance
from service.assessments import Access, Kept, Submission, erase, find, find_both, submit
from service.bodies import Format, KeyInUse, accepted, answers_from_json, idempotency_key
from service.clinics.clinics import Clinic
from service.figures.body_map import body_map
from service.invited import clinic_of
from service.paper.handing import hand_over, kept_since
from service.paper.link import address
from service.readable import render
from service.state import State, reader_in, reader_of, spoken, state_of

router = APIRouter(prefix="/v1/assessments", tags=["Assessments"])
CompareAuthorization = Annotated[
    str | None,
    Header(description="`Bearer` and the access token of the assessment in `to`, as `Authorization` has the one of this assessment."),
]
Ending = Literal["json", "md", "html", "pdf", "ics"]
SUFFIXES: dict[Ending, Format] = {
    "json": "application/json",
    "md": "text/markdown",
    "html": "text/html",
    "pdf": "application/pdf",
    "ics": "text/calendar",
}
Suffix = Annotated[Ending, Path(description="How it is wanted: `pdf` to print, `ics` for a calendar.")]
OtherId = Annotated[str, Query(pattern=ID, description="The id of the assessment to compare with, usually the later one.")]


@router.post(
    "",
    status_code=201,
    operation_id="createAssessment",
    summary="Guidance for these answers, kept for their owner",
    **documented(201, 400, 409, 413, 415, 422, 503, guidance="CreatedAssessment", idempotent=True),
)
async def post_assessment(request: Request) -> Response:
    """Stores answers and guidance, in the language asked for, until they expire, and says the access token once: only its hash is kept.

    With an `Idempotency-Key`, a repeated request gets the first answer again.
    """
    state = state_of(request)
    key = idempotency_key(request)
    answers = await answers_from_json(request)
    reader = reader_of(request)
    with _alone(state, key):
        guidance = evaluate(reader.pack, answers)
        submission = Submission(answers, guidance, reader.language, key, timedelta(days=state.settings.retention_days))
        try:
            kept = await state.database.run(lambda session: submit(session, submission))
        except IntegrityError:
            # Another worker stored the same key in between: its answer is the first one.
            kept = await state.database.run(lambda session: submit(session, submission))
    head = to_json({"id": kept.id, "access_token": kept.token, "expires_at": kept.expires_at})
    return private(201, with_guidance(head, kept), {"Location": f"/v1/assessments/{kept.id}", **spoken(kept.language)})


# Told of with `getAssessment`: two paths that differ by an ending only are ambiguous in OpenAPI.
@router.get("/{assessment_id}.{suffix}", include_in_schema=False)
async def get_assessment_as(request: Request, assessment_id: AssessmentId, suffix: Suffix, token: Token) -> Response:
    """As without the ending; `Accept` does not matter then. A calendar of an assessment without a plan is a 422."""
    return await _read(request, access(assessment_id, token), SUFFIXES[suffix])


@router.get(
    "/{assessment_id}",
    operation_id="getAssessment",
    summary="The assessment as it was given",
    **documented(200, 404, 406, 422, 503, guidance="StoredAssessment", readable=True),
)
async def get_assessment(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """Answers and guidance as they were stored, in the language they were stored in. A wrong or missing token gets the same 404 as a wrong id.

    `Accept` chooses between JSON, Markdown, a page, a PDF to print, and a calendar of the sessions; so does `.json`, `.md`, `.html`, `.pdf` or `.ics`
    behind the id, and then `Accept` does not matter. A calendar without a plan is a 422.
    """
    return await _read(request, access(assessment_id, token), accepted(request))


@router.get(
    "/{assessment_id}/body-map.svg",
    operation_id="getBodyMap",
    summary="The findings on a picture of the body",
    **documented(200, 404, 422, 503, form="image/svg+xml"),
)
async def get_body_map(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """The body from the front and from the back: dots where a muscle seems tighter, stripes where it seems to tire sooner, fuller where more speaks for it.

    Left and right are the person's own. The picture holds its findings in words as well, for screen readers.
    """
    state = state_of(request)
    kept = await state.database.run(lambda session: find(session, access(assessment_id, token)))
    reader = reader_of(request)
    muscles = reader.pack.muscles
    findings = [
        one | {"name": muscles[one["muscle"]].name} if one["muscle"] in muscles else one for one in from_json(kept.guidance)["findings"]
    ]
    headers = {"Content-Language": reader.language, "Vary": "Accept-Language, Cookie"}
    return private(200, body_map(state.body, findings, gettext=reader.say), headers, "image/svg+xml")


@router.delete(
    "/{assessment_id}",
    status_code=204,
    operation_id="eraseAssessment",
    summary="Erase the assessment now",
    **documented(204, 404, 422, 503),
)
async def delete_assessment(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """Removes answers, guidance and every trace of the request."""
    await state_of(request).database.run(lambda session: erase(session, access(assessment_id, token)))
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.get(
    "/{assessment_id}/compare",
    operation_id="compareAssessments",
    summary="What changed from this assessment to another one",
    **documented(200, 404, 422, 503, guidance="Comparison"),
)
async def get_comparison(
    request: Request, assessment_id: AssessmentId, to: OtherId, token: Token, compare_authorization: CompareAuthorization = None
) -> Response:
    """Results measured both times, which way they changed, and whether that is more than chance; findings that came, went or moved.

    It takes both tokens: `Authorization` opens this assessment, `Compare-Authorization: Bearer ...` the other. One that does not fit gets the same
    404 as a wrong id. Both are read under today's content.
    """
    state, reader = state_of(request), reader_of(request)
    scheme, _, secret = (compare_authorization or "").partition(" ")
    other = access_by(to, secret if scheme.lower() == "bearer" else "")
    before, after = await state.database.run(lambda session: find_both(session, access(assessment_id, token), other))
    return private(200, to_json(compare(reader.pack, from_json(before.answers), from_json(after.answers))), spoken(reader.language))


@router.post(
    "/{assessment_id}/reevaluate",
    operation_id="reevaluateAssessment",
    summary="The stored answers under today's content, and the difference",
    **documented(200, 404, 422, 503, guidance="Reevaluation"),
)
async def post_reevaluation(request: Request, assessment_id: AssessmentId, token: Token) -> Response:
    """Today's guidance for the stored answers, with what it says differently. Takes no body.

    Nothing is stored: the assessment stays as it was given. Answers that today's content does not read are left aside and named; what they told
    is then undecided.
    """
    reader = reader_of(request)
    kept = await state_of(request).database.run(lambda session: find(session, access(assessment_id, token)))
    return private(200, to_json(reevaluate(reader.pack, from_json(kept.answers), from_json(kept.guidance))), spoken(reader.language))


async def _read(request: Request, opener: Access, form: Format) -> Response:
    kept, clinic = await state_of(request).database.run(lambda session: _with_clinic(session, find(session, opener)))
    reader, headers = reader_in(request, kept.language), {"Content-Language": kept.language, "Vary": "Accept, Cookie"}
    match form:
        case "application/pdf" | "text/calendar":
            guidance, link = from_json(kept.guidance), address(request, opener.id, opener.token)
            return await hand_over(request, kept_since(guidance, reader, kept.created_at, kept.id, link, clinic), form, headers)
        case "text/markdown" | "text/html":
            return private(200, render(from_json(kept.guidance), reader, form), headers, form)
        case "application/json":
            head = to_json(
                {"id": kept.id, "created_at": kept.created_at, "expires_at": kept.expires_at, "answers": from_json(kept.answers)}
            )
            return private(200, with_guidance(head, kept), {"Content-Language": kept.language, "Vary": "Accept"})


def _with_clinic(session: Session, kept: Kept) -> tuple[Kept, Clinic | None]:
    return kept, clinic_of(session, kept)


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
