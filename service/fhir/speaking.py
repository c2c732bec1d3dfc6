"""What every route below /fhir shares: in which language and format, what was sent, and an answer that is kept nowhere on its way."""

from fastapi import Request, Response
from pydantic_core import to_json

from service.bodies import NotAcceptable, accepts, object_from_json
from service.fhir.codes import Names, names_of
from service.fhir.elements import Resource
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.response import Told, read_response
from service.reader import Reader
from service.state import reader_of, state_of

ROOM = 8  # the same answers take more room as a resource: with systems, displays and the text of every question
JSON = ("json", "application/json", MEDIA_TYPE)


def speaking(request: Request) -> tuple[Names, Reader]:
    """Our addresses with the pack in the language of who asks."""
    reader = reader_of(request)
    return names_in(request, reader), reader


def names_in(request: Request, reader: Reader) -> Names:
    """The same in a language that was chosen before."""
    settings = state_of(request).settings
    return names_of(reader, settings.canonical, settings.allowed_terminologies())


async def body_of(request: Request) -> Resource:
    """The resource in the body. Raises what reading a body does."""
    return await object_from_json(request, MEDIA_TYPE, room=ROOM)


async def told_in(request: Request, names: Names, *, for_clinic: bool = False) -> Told:
    """The response in the body. Raises what reading a body does, with every fault of the response."""
    return read_response(names, await body_of(request), for_clinic=for_clinic)


def expect_json(request: Request) -> None:
    """Raises NotAcceptable when another format is asked for; `_format` overrides the Accept header, and its plus may have become a space."""
    wanted = request.query_params.get("_format")
    if wanted is None:
        accepts(request, MEDIA_TYPE) if "fhir" in request.headers.get("accept", "") else accepts(request, "application/json")
    elif wanted.split(";")[0].strip().lower().replace(" ", "+") not in JSON:
        raise NotAcceptable


def private(status: int, resource: Resource, headers: dict[str, str] | None = None) -> Response:
    """An answer for who asked alone."""
    own = {"Cache-Control": "no-store", **(headers or {})}
    return Response(to_json(resource), status_code=status, media_type=MEDIA_TYPE, headers=own)
