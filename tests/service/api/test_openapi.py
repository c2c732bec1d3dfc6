"""The document and the service say the same: every operation works, on each database, and answers as documented."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from rules import Pack
from service.api.openapi import REF
from service.api.operations import MODELS, OPENERS
from tests.service.asking import Answers, Posted, examples, post

NAMES = ["healthy", "sweeping-ache", "tight-hamstrings", "walking-ache-eased-by-sitting", "emergency", "side-hip-pain", "after-birth"]
SUCCESS = {"createAssessment": 201, "createCheckIn": 201, "eraseAssessment": 204}
PARAMETERS = {"exercise_id": "bird-dog", "rule_id": "R039", "name": "thomas"}


@pytest.fixture(scope="session")
def document(stateless: TestClient) -> dict[str, Any]:
    """The OpenAPI document."""
    described: dict[str, Any] = stateless.get("/openapi.json").json()
    return described


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each operation; erasing comes last."""
    found = [(method.upper(), path, operation) for path, methods in document["paths"].items() for method, operation in methods.items()]
    yield from sorted(found, key=lambda one: one[0] == "DELETE")


def called(client: TestClient, method: str, path: str, posted: Posted, answers: Answers) -> Response:
    """A good request to an operation."""
    filled = path.format_map({**PARAMETERS, "assessment_id": posted.id})
    if filled.endswith("/form"):
        return client.request(method, filled, data={"tests.trunk-hold.seconds": "38"})
    if filled.endswith("/batch"):
        return client.request(method, filled, content=json.dumps({"answers": answers}), headers={"Content-Type": "application/x-ndjson"})
    if filled.endswith("/compare"):
        other = post(client, answers)
        both = posted.opens | {"Compare-Authorization": f"Bearer {other.token}"}
        return client.request(method, filled, params={"to": other.id}, headers=both)
    body = {"done": "all"} if filled.endswith("/check-ins") else {"answers": answers}
    return client.request(method, filled, headers=posted.opens, json=body if method == "POST" else None)


def keys_open(operation: dict[str, Any]) -> bool:
    """Whether it is for clinics or the operator: those are called in test_tenancy.py."""
    return any(name in OPENERS for one in operation.get("security", []) for name in one)


def test_every_operation_works(client: TestClient, document: dict[str, Any], posted: Posted, answers: Answers) -> None:
    for method, path, operation in operations(document):
        if keys_open(operation):
            continue
        response = called(client, method, path, posted, answers)
        status = SUCCESS.get(operation["operationId"], 200)
        assert response.status_code == status, (method, path, response.text)
        media_type = response.headers.get("content-type", "").split(";")[0]
        assert media_type in operation["responses"][str(status)].get("content", {"": None}), (method, path)


def test_the_document_needs_no_database_and_is_the_same_each_time(client: TestClient, stateless: TestClient) -> None:
    assert client.get("/openapi.json").content == stateless.get("/openapi.json").content


def test_no_two_shapes_hide_behind_one_name(document: dict[str, Any]) -> None:
    for model in MODELS.values():
        schema = TypeAdapter(model).json_schema(ref_template=REF)
        for name, part in {**schema.pop("$defs", {}), model.__name__: schema}.items():
            assert document["components"]["schemas"][name] == part, f"{name}, as {model.__name__} means it"


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(document: dict[str, Any]) -> None:
    described = [operation for _, _, operation in operations(document)]
    assert len({operation["operationId"] for operation in described}) == len(described)
    assert all(operation["summary"] and operation["description"] and operation["tags"] for operation in described)


def test_the_seven_practice_cases_are_the_named_examples(document: dict[str, Any], pack: Pack) -> None:
    for path in ("/v1/evaluate", "/v1/assessments", "/v1/next", "/v1/what-if"):
        named = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]
        assert list(named) == NAMES
        assert {name: example["value"]["answers"] for name, example in named.items()} == examples(pack)


def test_every_error_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        for status, described in operation["responses"].items():
            if status >= "400":
                assert list(described["content"]) == ["application/problem+json"], path


def test_every_reference_points_at_something(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert references
    assert references <= document["components"]["schemas"].keys()


def test_every_shape_is_documented_as_it_is_though_another_may_have_a_like_name(document: dict[str, Any]) -> None:
    for model in MODELS.values():
        own = TypeAdapter(model).json_schema(ref_template="#/components/schemas/{model}")
        for name, shape in {model.__name__: own, **own.pop("$defs", {})}.items():
            assert document["components"]["schemas"][name] == shape, name


def test_only_what_belongs_to_somebody_asks_for_a_token(document: dict[str, Any]) -> None:
    guarded = [
        operation["operationId"] for _, _, operation in operations(document) if operation.get("security") and not keys_open(operation)
    ]
    assert sorted(guarded) == [
        "compareAssessments",
        "createCheckIn",
        "eraseAssessment",
        "getAssessment",
        "getBodyMap",
        "listCheckIns",
        "reevaluateAssessment",
    ]


def test_nothing_but_pages_and_health_is_undocumented(document: dict[str, Any], stateless: TestClient) -> None:
    assert all(path.startswith("/v1/") for path in document["paths"])
    for path in ("/", "/docs", "/livez", "/readyz"):
        assert stateless.get(path, follow_redirects=False).status_code in (200, 307)
