"""The OpenAPI document: what FastAPI derives from the routes, plus the questionnaire as the type of every body."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from rules import Pack
from service.api.contract import Schema, answers_schema, batch_row_schema, check_in_schema, form_schema, next_schema, what_if_schema
from service.api.hooked import WebhookEvent
from service.api.operations import MODELS, OPENERS
from service.bodies import NDJSON
from service.errors import Problem

REF = "#/components/schemas/{model}"
EVALUATED = ("/v1/evaluate", "/v1/assessments")
NEXT = "/v1/next"
WHAT_IF = "/v1/what-if"
CHECK_IN = "/v1/assessments/{assessment_id}/check-ins"
FORM = "/v1/evaluate/form"
BATCH = "/v1/batch"


def install(app: FastAPI, pack: Pack) -> None:
    """Let the app serve this document; it is built once, when first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, pack)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def _document(app: FastAPI, pack: Pack) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": "/", "description": "This service"}],
        license_info=app.license_info,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (*MODELS.values(), Problem, WebhookEvent):
        _add(schemas, model)
    schemas["Answers"] = answers_schema(pack)
    schemas["AssessmentForm"] = form_schema(pack)
    schemas["EvaluateRequest"] = {
        "type": "object",
        "title": "EvaluateRequest",
        "properties": {"answers": {"$ref": REF.format(model="Answers")}},
        "required": ["answers"],
        "additionalProperties": False,
    }
    schemas["NextRequest"] = next_schema()
    schemas["WhatIfRequest"] = what_if_schema(pack)
    schemas["CheckInRequest"] = check_in_schema(pack)
    for path in EVALUATED:
        document["paths"][path]["post"]["requestBody"] = _json_body("EvaluateRequest", _people(pack))
    document["paths"][NEXT]["post"]["requestBody"] = _json_body("NextRequest", _people(pack))
    document["paths"][WHAT_IF]["post"]["requestBody"] = _json_body("WhatIfRequest", _people(pack))
    document["paths"][CHECK_IN]["post"]["requestBody"] = _json_body("CheckInRequest", _weeks(pack))
    document["paths"][FORM]["post"]["requestBody"] = _form_body(pack)
    schemas["BatchRow"] = batch_row_schema()
    batch = document["paths"][BATCH]["post"]
    batch["requestBody"] = {"required": True, "content": {NDJSON: {**_lines("BatchRow"), "example": _example_batch(pack)}}}
    batch["responses"]["200"]["content"][NDJSON] = _lines("BatchOutcome")
    schemes = document["components"].setdefault("securitySchemes", {})
    schemes |= {name: {"type": "http", "scheme": "bearer", "description": about} for name, about in OPENERS.items()}
    document["security"] = []  # none but where an operation names one
    document["webhooks"] = {"event": {"post": _event()}}
    _drop_the_frameworks_own_errors(document)
    return document


def _event() -> Schema:
    """What we send to the endpoints of clinics, by Standard Webhooks 1.0."""
    headers = {
        "webhook-id": "The same at every attempt and at every replay.",
        "webhook-timestamp": "The moment of this attempt, in seconds since 1970.",
        "webhook-signature": "`v1,` and the HMAC-SHA256 of `id.timestamp.body`; while a secret is being changed two of them.",
    }
    described = [
        {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
        for name, about in headers.items()
    ]
    return {
        "operationId": "receiveEvent",
        "tags": ["Webhooks"],
        "summary": "An event, as an endpoint gets it",
        "description": "Answer with a 2xx within 15 seconds. Whatever else you answer, it comes again; a 410 switches the endpoint off.",
        "security": [],
        "parameters": described,
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": REF.format(model="WebhookEvent")}}}},
        "responses": {"204": {"description": "Taken"}, "410": {"description": "Never again"}},
    }


def _drop_the_frameworks_own_errors(document: Schema) -> None:
    """FastAPI adds a 422 to every route with a parameter, also where any text will do."""
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        if "application/json" in operation["responses"].get("422", {}).get("content", {}):
            del operation["responses"]["422"]


def _add(schemas: Schema, model: type) -> None:
    schema = TypeAdapter(model).json_schema(ref_template=REF)
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema


def _json_body(model: str, examples: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": REF.format(model=model)}, "examples": examples}}}


def _lines(model: str) -> Schema:
    schema = {
        "type": "string",
        "description": f"A {model} a line.",
        "contentMediaType": NDJSON,
        "contentSchema": {"$ref": REF.format(model=model)},
    }
    return {"schema": schema}


def _example_batch(pack: Pack) -> str:
    """The two shortest practice cases, a line each."""
    shortest = sorted(pack.examples, key=lambda example: len(example.answers))[:2]
    return "".join(json.dumps({"id": one.id, "answers": one.model_dump(mode="json")["answers"]}) + "\n" for one in shortest)


def _people(pack: Pack) -> Schema:
    """The practice cases."""
    return {
        example.id: {"summary": example.title, "description": example.about, "value": {"answers": dict(example.answers)}}
        for example in pack.examples
    }


def _weeks(pack: Pack) -> Schema:
    """The practice weeks of the content."""
    return {one.id: {"summary": one.title, "value": dict(one.told)} for one in pack.follow_up.check_in.examples}


def _form_body(pack: Pack) -> Schema:
    several = {item.link_id: {"style": "form", "explode": True} for item in pack.items.values() if item.type == "choices"}
    media = {"schema": {"$ref": REF.format(model="AssessmentForm")}, "encoding": several}
    return {"required": False, "content": {"application/x-www-form-urlencoded": media}}
