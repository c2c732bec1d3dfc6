"""What every operation documents alike: its responses, its errors, its body."""

from typing import Any

from fastapi import Response

from rules import Comparison, Guidance, NextQuestion, Reevaluation, WhatIf
from service.api.shapes import CheckInHistory, CreatedAssessment, StoredAssessment, StoredCheckIn
from service.batch.rows import BatchOutcome
from service.bodies import FORMATS, Format
from service.errors import MEDIA_TYPE

MODELS: dict[str, type] = {
    model.__name__: model
    for model in (
        Guidance,
        CreatedAssessment,
        StoredAssessment,
        NextQuestion,
        WhatIf,
        Comparison,
        Reevaluation,
        StoredCheckIn,
        CheckInHistory,
        BatchOutcome,
    )
}
MEANING = {
    200: "Done",
    201: "Stored; `Location` names it",
    204: "Erased",
    304: "Not changed since the ETag you hold",
    400: "The body or a header cannot be read",
    404: "No such thing, or the token does not open it",
    406: "None of the accepted media types is offered",
    409: "A request with the same Idempotency-Key is still running, or another one came in between; try again",
    413: "The body is too large",
    415: "The body is of another media type",
    422: "The request was read, and something in it does not fit; every fault is listed",
    503: "Busy, or the database is away; try again after `Retry-After` seconds",
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text you choose for this request; repeat it to get the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def documented(
    *statuses: int, guidance: str = "", readable: bool = False, first: Format = "application/json", idempotent: bool = False, form: str = ""
) -> dict[str, Any]:
    """The keyword arguments of a route that describe its responses. `guidance`: the model of the good answer, or `form`: its media type."""
    responses = {status: _response(status, guidance, readable=readable, first=first, form=form) for status in statuses}
    extra: dict[str, Any] = {"parameters": [KEY_HEADER]} if idempotent else {}
    # A class without a media type adds none of its own to the document, so that `first` stays first.
    return {"responses": responses, "openapi_extra": extra, "response_model": None, "response_class": Response}


def _response(status: int, guidance: str, *, readable: bool, first: Format, form: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": MEANING[status]}
    if status >= 400:
        described["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    elif status in (200, 201) and guidance:
        offers: list[Format] = [first, *(one for one in FORMATS if one != first)] if readable else ["application/json"]
        described["content"] = {one: {"schema": _schema(one, guidance)} for one in offers}
    elif status == 200 and form:
        described["content"] = {form: {"schema": {"type": "string"}}}
    if status == 201:
        described["headers"] = {"Location": {"description": "Where it can be read", "schema": {"type": "string"}}}
    if status == 503:
        described["headers"] = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "string"}}}
    return described


def _schema(form: Format, guidance: str) -> dict[str, Any]:
    if form == "application/json":
        return {"$ref": f"#/components/schemas/{guidance}"}
    return {"type": "string", "format": "binary"} if form == "application/pdf" else {"type": "string"}
