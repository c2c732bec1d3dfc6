"""POST /v1/next: what to ask after the answers so far, or that it is time to stop."""

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from rules import next_question
from service.api.operations import documented
from service.bodies import members_of_json
from service.state import reader_of, spoken

router = APIRouter(prefix="/v1")


@router.post(
    "/next",
    operation_id="nextQuestion",
    tags=["Assessments"],
    summary="Which question to ask next, and why; nothing is stored",
    **documented(200, 400, 413, 415, 422, guidance="NextQuestion"),
)
async def post_next(request: Request) -> Response:
    """What safety needs comes first, then what shapes the plan, then the answers that could move most for their time.

    Ask the `items` together (a self-test is several items), add the answers and ask again; send `"not-sure"` for what the person leaves out.
    With `"self_tests": false` only questions are asked. `should_stop` with `settled`: no further answer could change a band. `max_items` and `max_seconds` bound the whole interview, by the items'
    own estimates; what safety needs is asked in any case. Nothing is stored or logged.
    """
    body = await members_of_json(request, "answers", self_tests=bool, max_items=int, max_seconds=int)
    given = {name: value for name, value in body.items() if value is not None}
    reader = reader_of(request)
    step = next_question(reader.pack, **given)
    return Response(to_json(step), media_type="application/json", headers={"Cache-Control": "no-store", **spoken(reader.language)})
