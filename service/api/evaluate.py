"""POST /v1/evaluate: guidance without storing anything, from JSON or from the form of the docs page."""

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from rules import evaluate
from rules.answers import without_unasked
from service.api.contract import answers_of_form
from service.api.operations import documented
from service.api.owned import private
from service.bodies import Format, accepted, answers_from_form, answers_from_json
from service.paper.handing import hand_over, not_kept
from service.readable import render
from service.state import reader_of, spoken

router = APIRouter(prefix="/v1")
TAKE = "Take the assessment"


@router.post(
    "/evaluate",
    operation_id="evaluate",
    tags=["Assessments"],
    summary="Guidance for these answers; nothing is stored",
    **documented(200, 400, 406, 413, 415, 422, guidance="Guidance", readable=True),
)
async def post_evaluate(request: Request) -> Response:
    """Triage, findings with their reasons, and a plan; as a PDF to print, or its sessions as a calendar, if `Accept` says so.

    The body is `{"answers": {…}}`; see the schema for every question. Nothing is stored or logged.
    """
    form = accepted(request)
    answers = await answers_from_json(request)
    return await _answered(request, answers, form)


@router.post(
    "/evaluate/form",
    operation_id="takeAssessment",
    tags=[TAKE],
    summary="Answer the questions here; nothing is stored",
    **documented(200, 400, 406, 413, 415, 422, guidance="Guidance", readable=True, first="text/markdown"),
)
async def post_form(request: Request) -> Response:
    """The whole questionnaire as a form. Press **Execute** when you are done.

    Leave blank what you do not want to answer: a blank field is never counted as "no".
    Answer the safety questions first; without them there is no plan. Nothing is stored.

    The form shows every question, also those that are asked only after certain answers, such as how you get on with a sore back.
    What you answer there although it would not be asked is left aside. Only a warning sign is not: the form then says which answers do not fit together.
    """
    form = accepted(request, "text/markdown")
    pack = reader_of(request).pack
    answers = without_unasked(pack, answers_of_form(pack, await answers_from_form(request)))
    return await _answered(request, answers, form)


async def _answered(request: Request, answers: dict[str, object], form: Format) -> Response:
    reader = reader_of(request)
    guidance, headers = evaluate(reader.pack, answers), spoken(reader.language, "Accept")
    match form:
        case "application/pdf" | "text/calendar":
            return await hand_over(request, not_kept(guidance, reader), form, headers)
        case "text/markdown" | "text/html":
            return private(200, render(guidance, reader, form), headers, form)
        case "application/json":
            return private(200, to_json(guidance), headers)
