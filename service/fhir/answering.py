"""`$extract`: a QuestionnaireResponse comes in, or is kept already, and guidance goes out as resources."""

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool

from service.fhir.callers import ResponseId, find_kept
from service.fhir.extracting import result_bundle, told_bundle
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.speaking import expect_json, private, speaking, told_in
from service.responses import WRONG, NoWayBack
from service.state import state_of

router = APIRouter(prefix="/fhir", include_in_schema=False)


@router.post("/QuestionnaireResponse/$extract")
async def post_extract(request: Request) -> Response:
    """Guidance for a response as a transaction Bundle, in the reader's language; nothing is stored."""
    expect_json(request)
    names, reader = speaking(request)
    told = await told_in(request, names)
    bundle = await run_in_threadpool(told_bundle, state_of(request), names, told, reader)
    return private(200, bundle, {"Content-Language": reader.language})


@router.post("/QuestionnaireResponse/{response_id}/$extract")
@router.get("/QuestionnaireResponse/{response_id}/$extract")
async def extract_kept(request: Request, response_id: ResponseId) -> Response:
    """The same for a response that is kept, with the guidance as it was given; for who may read it."""
    expect_json(request)
    kept = await find_kept(request, response_id)
    if kept.status == WRONG:
        raise NoWayBack
    bundle = await run_in_threadpool(result_bundle, state_of(request), kept)
    return Response(to_json(bundle), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", "Content-Language": kept.language})
