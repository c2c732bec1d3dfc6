"""What goes out as FHIR R4 before judges of other make; and the judges before planted faults."""

import copy
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import load_pack
from service.app import create_app
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from service.settings import Settings
from tests.conformance.fhir_judges import Resource, verdicts
from tests.service.asking import examples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def in_every_language() -> Any:
    with TestClient(create_app(Settings(database_url="sqlite://"))) as running:
        yield running


def _get(client: TestClient, path: str) -> Resource:
    resource: Resource = client.get(path).json()
    return resource


def test_every_judge_accepts_what_is_open_to_reading(in_every_language: TestClient) -> None:
    found = [_get(in_every_language, f"/fhir/{kind}") for kind in ("Questionnaire", "CodeSystem", "ValueSet")]
    refused = [_get(in_every_language, path) for path in ("/fhir/Questionnaire/none", "/fhir/Patient", "/fhir/Questionnaire?_format=xml")]
    assert [len(one["entry"]) for one in found] == [2, 9, 9]
    assert {one["resourceType"] for one in refused} == {"OperationOutcome"}
    assert verdicts(_get(in_every_language, "/fhir/metadata"), *found, *refused) == []


def test_every_judge_accepts_what_is_said_to_a_response(in_every_language: TestClient) -> None:
    pack = load_pack()
    people = [*examples(pack).values(), {}, {"safety.saddle-numbness": "yes"}, {"safety.saddle-numbness": "not-sure"}]
    names = Names("https://muscle-balance.example/fhir", pack)
    responses = [write_response(names, Told(answers, "completed", None, None), "2026-05-05T10:00:00Z") for answers in people]
    said = [in_every_language.post("/fhir/QuestionnaireResponse/$extract", json=one).json() for one in responses]
    kinds = {entry["resource"]["resourceType"] for bundle in said for entry in bundle["entry"]}
    assert kinds == {"QuestionnaireResponse", "Observation", "CarePlan", "Flag", "Provenance"}
    refused = in_every_language.post("/fhir/QuestionnaireResponse/$extract", json={"resourceType": "QuestionnaireResponse"}).json()
    kept = in_every_language.post("/fhir/QuestionnaireResponse", json=responses[0])
    assert kept.status_code == 201
    assert verdicts(*said, refused, kept.json()) == []


def test_the_judges_refuse_planted_faults(in_every_language: TestClient) -> None:
    pack = load_pack()
    good = _get(in_every_language, f"/fhir/Questionnaire/{pack.label.id}")
    good["item"] = good["item"][:2]

    def planted(**changed: object) -> Resource:
        return {**copy.deepcopy(good), **changed}

    first = good["item"][0]
    faulty = {
        "no-status": {key: value for key, value in good.items() if key != "status"},
        "no-such-status": planted(status="finished"),
        "same-link-id": planted(item=[first, first]),
        "null": planted(title=None),
        "empty-list": planted(code=[]),
        "unknown-member": planted(version_of="1"),
        "number-as-text": planted(item=[{"linkId": "a", "type": "integer", "maxLength": "5"}]),
        "group-with-options": planted(item=[{"linkId": "a", "type": "group", "answerOption": [{"valueString": "x"}]}]),
    }
    marked = [{**resource, "id": name} for name, resource in faulty.items()]
    found = verdicts(*marked)
    assert [name for name in faulty if not any(f"Questionnaire/{name}: " in one for one in found)] == []
