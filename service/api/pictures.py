"""Pictures of exercises and self-tests, as SVG."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response

from service.api.operations import MEANING, documented
from service.bodies import accepts
from service.errors import response
from service.figures.gallery import Wanted
from service.state import reader_of, spoken, state_of

SVG = "image/svg+xml"
router = APIRouter(prefix="/v1", tags=["Knowledge"])
IfNoneMatch = Annotated[str | None, Header(description="An ETag you hold; an unchanged picture answers 304.")]
Name = Annotated[str, Path(pattern="^[a-z0-9-]{1,60}$")]
Side = Annotated[Literal["left", "right"], Query(description="Which side works, where there are two to choose from.")]
Motion = Annotated[Literal["still", "animated"], Query(description="Still with the first pose pale behind the last, or moving.")]
Background = Annotated[Literal["card", "none"], Query(description="On a light card with a floor, or on nothing.")]


def _responses() -> dict[str, Any]:
    arguments = documented(200, 304, 404, 406, 422)
    headers = {"ETag": {"description": "Changes with the picture", "schema": {"type": "string"}}}
    arguments["responses"][200] = {"description": MEANING[200], "headers": headers, "content": {SVG: {"schema": {"type": "string"}}}}
    return arguments


def _read(request: Request, wanted: Wanted, if_none_match: str | None) -> Response:
    reader = reader_of(request)
    drawn = state_of(request).gallery(reader).picture(wanted)
    if drawn is None:
        return response(404, "not-found", "There is nothing here", reader=reader)
    accepts(request, SVG)
    headers = {"ETag": drawn.etag, "Cache-Control": "no-cache", **spoken(reader.language)}
    held = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if drawn.etag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(drawn.body, media_type=SVG, headers=headers)


@router.get("/exercises/{exercise_id}.svg", operation_id="drawExercise", summary="An exercise as a picture", **_responses())
async def draw_exercise(
    request: Request,
    exercise_id: Name,
    side: Side = "right",
    motion: Motion = "animated",
    background: Background = "card",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """By its id, say `bird-dog`: what works is hatched, what is stretched is dotted."""
    return _read(request, Wanted("exercise", exercise_id, side, motion, background), if_none_match)


@router.get("/self-tests/{name}.svg", operation_id="drawSelfTest", summary="A self-test as a picture", **_responses())
async def draw_self_test(
    request: Request,
    name: Name,
    side: Side = "right",
    motion: Motion = "animated",
    background: Background = "card",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """By its name, say `thomas`."""
    return _read(request, Wanted("self-test", name, side, motion, background), if_none_match)
