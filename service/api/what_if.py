"""POST /v1/what-if: which answers would move which finding."""

import asyncio

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from rules import what_if
from service.api.operations import documented
from service.bodies import members_of_json
from service.state import reader_of, spoken

router = APIRouter(prefix="/v1")


@router.post(
    "/what-if",
    operation_id="whatIf",
    tags=["Assessments"],
    summary="Which other answers would move a finding; nothing is stored",
    **documented(200, 400, 413, 415, 422, guidance="WhatIf"),
)
async def post_what_if(request: Request) -> Response:
    """For each finding, and for what is just below one, the single answers that would move its band, each evaluated for real.

    With `change` it also says what all of that together would do. Answers about safety are not tried, and with an urgent answer there are no findings.
    Nothing is stored or logged.
    """
    body = await members_of_json(request, "answers", change=dict)
    # Hundreds of evaluations: in a thread, so that others need not wait for all of them.
    reader = reader_of(request)
    effect = await asyncio.to_thread(what_if, reader.pack, body["answers"], body["change"])
    return Response(to_json(effect), media_type="application/json", headers={"Cache-Control": "no-store", **spoken(reader.language)})
