"""Whatever comes as a response gets an answer: guidance or an OperationOutcome, never a failure, and never its own words."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from tests.service.asking import Answers
from tests.service.fhir.responses import respond

CREATE = "/fhir/QuestionnaireResponse"
EXTRACT = f"{CREATE}/$extract"
ODD: list[Any] = [None, True, 0, -1, 1e300, "", "Canary", "\x00", "\ud800", [], {}, [[]], [None], {"a": None}, {"valueCoding": "Canary"}]


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every member of everything in it, with what holds it."""
    for key, value in list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []:
        yield node, key
        yield from places(value)


def test_any_member_may_be_anything(stateless: TestClient, pack: Pack, answers: Answers) -> None:
    told = Told(answers, "in-progress", "Patient/1", None)
    good = write_response(Names("https://muscle-balance.example/fhir", pack), told, "2026-05-05T10:00:00Z")
    dice = random.Random(7)
    refused = 0
    for _ in range(400):
        bad = copy.deepcopy(good)
        holder, key = dice.choice(list(places(bad)))
        holder[key] = dice.choice(ODD)
        answered = stateless.post(CREATE, content=json.dumps(bad), headers={"Content-Type": "application/fhir+json"})
        assert answered.status_code in (201, 400, 422)
        if answered.status_code != 201:
            refused += 1
            assert answered.json()["resourceType"] == "OperationOutcome"
            assert "Canary" not in answered.text
    assert refused > 100


@pytest.mark.parametrize("deep", [50, 200, 900, 9_000])
@pytest.mark.parametrize("path", [EXTRACT, CREATE, "/fhir/Questionnaire/$next-question"])
def test_depth_breaks_nothing(stateless: TestClient, deep: int, path: str) -> None:
    nested = '[{"linkId":"a","item":' * deep + "[]" + "}]" * deep
    inside = '{"resourceType":"Questionnaire","id":"a","item":' + nested + "}"
    body = '{"resourceType":"QuestionnaireResponse","status":"completed","contained":[' + inside + '],"item":' + nested + "}"
    answered = stateless.post(path, content=body, headers={"Content-Type": "application/fhir+json"})
    assert answered.status_code in (400, 422)
    assert answered.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("path", [EXTRACT, CREATE, "/fhir/Questionnaire/$next-question"])
@pytest.mark.parametrize("item", ["0", '{"linkId":"x","answer":[0]}', '{"linkId":"calculated.urgency","answer":[0]}'])
def test_faults_without_end_are_not_all_listed(stateless: TestClient, path: str, item: str) -> None:
    items = ",".join([item] * (400_000 // (len(item) + 1)))
    body = f'{{"resourceType":"QuestionnaireResponse","status":"completed","item":[{items}]}}'
    answered = stateless.post(path, content=body, headers={"Content-Type": "application/fhir+json"})
    assert answered.status_code == 422
    assert 100 <= len(answered.json()["issue"]) <= 101
    assert "more faults" in answered.text


@pytest.mark.parametrize("authored", ["9000-01-01T00:00:00Z", "1066-10-14T09:00:00Z"])
def test_nobody_has_answered_in_the_future_or_before_there_were_computers(stateless: TestClient, pack: Pack, authored: str) -> None:
    refused = stateless.post(CREATE, json=respond(pack, {}, authored=authored), headers={"Content-Type": "application/fhir+json"})
    assert refused.status_code == 422
    assert [one["expression"] for one in refused.json()["issue"]] == [["QuestionnaireResponse.authored"]]
