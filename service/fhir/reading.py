"""GET below /fhir: the statement of what is served, the questionnaire, code systems and value sets; read or searched for."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.exceptions import HTTPException

from service.fhir.capability import published_kinds, searched_by
from service.fhir.outcome import MEDIA_TYPE
from service.fhir.publishing import Document, Published
from service.fhir.queries import query_of
from service.fhir.speaking import expect_json

# Described by /fhir/metadata; OpenAPI has no words for most of it.
router = APIRouter(prefix="/fhir", include_in_schema=False)
IfNoneMatch = Annotated[str | None, Header()]


@router.get("/metadata")
async def get_metadata(request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """What is served here."""
    expect_json(request)
    return _sent(published(request).metadata, if_none_match)


@router.get("/{kind}/{resource_id}")
async def get_resource(request: Request, kind: str, resource_id: str, if_none_match: IfNoneMatch = None) -> Response:
    """One resource, with every language in it."""
    expect_json(request)
    document = published(request).documents.get(f"{kind}/{resource_id}")
    if document is None:
        raise HTTPException(404)
    return _sent(document, if_none_match)


@router.get("/{kind}")
@router.post("/{kind}/_search")
async def search_resources(request: Request, kind: str) -> Response:
    """A searchset; parameters that are not searched by are left aside, as FHIR wants, and do not stand in its self link."""
    expect_json(request)
    if kind not in published_kinds(published(request).names):
        raise HTTPException(404)
    query = await query_of(request, searched_by(kind))
    return Response(published(request).search(kind, query), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-cache"})


def published(request: Request) -> Published:
    """What this app publishes."""
    found = request.app.state.fhir
    assert isinstance(found, Published)  # noqa: S101 - create_app sets nothing else
    return found


def _sent(document: Document, if_none_match: str | None) -> Response:
    headers = {"ETag": document.etag, "Cache-Control": "no-cache"}
    held = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if document.etag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(document.body, media_type=MEDIA_TYPE, headers=headers)
