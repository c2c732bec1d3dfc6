"""POST below /fhir: a QuestionnaireResponse comes in, guidance goes out as resources."""

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from service.bodies import object_from_json
from service.fhir.codes import Names
from service.fhir.extracting import extract
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.reading import expect_json, published
from service.fhir.response import Told, read_response
from service.reader import Reader
from service.state import reader_of

router = APIRouter(prefix="/fhir", include_in_schema=False)
ROOM = 8  # the same answers take more room as a resource: with systems, displays and the text of every question


@router.post("/QuestionnaireResponse/$extract")
async def post_extract(request: Request) -> Response:
    """Guidance for a response as a transaction Bundle, in the reader's language; nothing is stored."""
    expect_json(request)
    names, reader = speaking(request)
    told = await told_in(request, names)
    headers = {"Cache-Control": "no-store", "Content-Language": reader.language}
    return Response(to_json(extract(names, told, reader)), media_type=MEDIA_TYPE, headers=headers)


def speaking(request: Request) -> tuple[Names, Reader]:
    """Our addresses with the pack in the language of who asks."""
    reader = reader_of(request)
    return Names(published(request).names.base, reader.pack), reader


async def told_in(request: Request, names: Names) -> Told:
    """The response in the body. Raises what reading a body does, with every fault of the response."""
    return read_response(names, await object_from_json(request, MEDIA_TYPE, room=ROOM))
