"""What every operation documents alike: its responses, its errors, its body."""

from typing import Any, Literal

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
Opener = Literal["clinicKey", "operatorKey"]
OPENERS: dict[Opener, str] = {
    "clinicKey": (
        "The API key of a clinic, `mbk_...`. What it opens depends on its scopes. `invite`: invitations, and erasing intakes. "
        "`read`: intakes with answers, records, links for clinicians, opinions, the audit trail. `webhooks`: endpoints, events, pushes. "
        "`fhir`: the clinic's own at `/fhir`, with the audit trail. `batch`: `POST /v1/batch`. Every key reads `GET /v1/clinic`."
    ),
    "operatorKey": "The key of whoever runs this service.",
}
MEANING = {
    200: "Done",
    201: "Stored; `Location` names it",
    202: "On its way",
    204: "Done",
    304: "Not changed since the ETag you hold",
    400: "The body or a header cannot be read",
    401: "No key, or none that opens this",
    403: "The key is not meant for this",
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
    *statuses: int,
    guidance: str | type = "",
    readable: bool = False,
    also: tuple[Format, ...] = (),
    first: Format = "application/json",
    idempotent: bool = False,
    form: str = "",
    body: type | None = None,
    pictures: tuple[str, ...] = (),
    opened_by: Opener | None = None,
    conflict: str = "",
) -> dict[str, Any]:
    """The keyword arguments of a route that describe its responses. `guidance`: the model of the good answer, or `form`: its media type.

    `readable`: it comes in every format; `also`: in these beside JSON. `body`: the model of what is sent, or `pictures`: its media types;
    `opened_by`: whose key it needs, which adds the refusals that come with it; `conflict`: what a 409 means here.
    """
    named = guidance if isinstance(guidance, str) else _known(guidance)
    refusals = {"operatorKey": (401, 503), "clinicKey": (401, 403, 503), None: ()}[opened_by]
    taken = (400, 413, 415, 422) if body else ()
    every = sorted({*statuses, *refusals, *taken, *((409,) if conflict else ())})
    offers = (first, *(one for one in FORMATS if one != first)) if readable else ("application/json", *also)
    responses = {status: _response(status, named, offers, form=form) for status in every}
    if conflict:
        responses[409]["description"] = conflict
    extra: dict[str, Any] = {"parameters": [KEY_HEADER]} if idempotent else {}
    if body:
        schema = {"$ref": f"#/components/schemas/{_known(body)}"}
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if pictures:
        extra["requestBody"] = {"required": True, "content": {one: {"schema": {"type": "string", "format": "binary"}} for one in pictures}}
    if opened_by:
        extra["security"] = [{opened_by: []}]
    # A class without a media type adds none of its own to the document, so that `first` stays first.
    return {"responses": responses, "openapi_extra": extra, "response_model": None, "response_class": Response}


def _known(model: type) -> str:
    """The model's name in the document, which will describe it."""
    MODELS.setdefault(model.__name__, model)
    return model.__name__


def _response(status: int, guidance: str, offers: tuple[Format, ...], *, form: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": MEANING[status]}
    if status >= 400:
        described["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    elif status in (200, 201, 202) and guidance:
        described["content"] = {one: {"schema": _schema(one, guidance)} for one in offers}
    elif status == 200 and form:
        described["content"] = {form: {"schema": {"type": "string"}}}
    if status == 201:
        described["headers"] = {"Location": {"description": "Where it can be read", "schema": {"type": "string"}}}
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"description": "Always `Bearer`", "schema": {"type": "string"}}}
    if status == 503:
        described["headers"] = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "string"}}}
    return described


def _schema(form: Format, guidance: str) -> dict[str, Any]:
    if form == "application/json":
        return {"$ref": f"#/components/schemas/{guidance}"}
    return {"type": "string", "format": "binary"} if form == "application/pdf" else {"type": "string"}
