"""A response is stored for whoever holds its token, on each database, and is the same assessment as at /v1."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from tests.service.asking import Answers

PATH = "/fhir/QuestionnaireResponse"


def respond(pack: Pack, answers: Answers, status: str = "completed") -> dict[str, Any]:
    return write_response(
        Names("https://muscle-balance.example/fhir", pack), Told(answers, status, "Patient/secret", None), "2026-05-05T10:00:00Z"
    )


def test_what_was_answered_comes_back_to_its_owner_alone(client: TestClient, pack: Pack, answers: Answers) -> None:
    sent = respond(pack, answers)
    created = client.post(PATH, json=sent, headers={"Content-Type": "application/fhir+json"})
    assert created.status_code == 201
    where, token = created.headers["location"], created.headers["access-token"]
    read = client.get(where, headers={"Authorization": f"Bearer {token}"})
    assert read.status_code == 200
    assert read.json() == created.json()
    assert (read.json()["item"], read.json()["questionnaire"]) == (sent["item"], sent["questionnaire"])
    assert (where.rsplit("/", 1)[-1], "subject" in read.json()) == (read.json()["id"], False)
    assert token not in read.text
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {token}"}):
        refused = client.get(where, headers=headers)
        assert (refused.status_code, refused.json()["resourceType"]) == (404, "OperationOutcome")


def test_it_is_the_same_assessment_as_elsewhere(client: TestClient, pack: Pack, answers: Answers) -> None:
    for _ in range(8):  # ids with an underscore come now and then
        created = client.post(PATH, json=respond(pack, answers))
        own = created.json()["id"].replace(".", "_")
        opens = {"Authorization": f"Bearer {created.headers['access-token']}"}
        assert client.get(f"/v1/assessments/{own}", headers=opens).json()["answers"] == answers
        assert client.get(created.headers["location"], headers=opens).status_code == 200
        assert client.delete(f"/v1/assessments/{own}", headers=opens).status_code == 204
        assert client.get(created.headers["location"], headers=opens).status_code == 404


@pytest.mark.parametrize("status", ["in-progress", "stopped"])
def test_a_draft_is_kept_with_every_answer(stateless: TestClient, pack: Pack, answers: Answers, status: str) -> None:
    created = stateless.post(PATH, json=respond(pack, answers, status))
    read = stateless.get(created.headers["location"], headers={"Authorization": f"Bearer {created.headers['access-token']}"}).json()
    assert (created.status_code, read["status"], read["item"]) == (201, status, respond(pack, answers)["item"])


@pytest.mark.parametrize("status", ["entered-in-error", "final", None, 7])
def test_a_response_begins_with_no_other_status(stateless: TestClient, pack: Pack, status: object) -> None:
    refused = stateless.post(PATH, json={**respond(pack, {}), "status": status})
    assert refused.status_code == 422
    assert refused.json()["issue"][0]["expression"] == ["QuestionnaireResponse.status"]


def test_a_number_that_was_not_sure_at_v1_is_left_out(client: TestClient) -> None:
    posted = client.post("/v1/assessments", json={"answers": {"tests.trunk-hold.seconds": "not-sure", "back.sweeping-ache": "not-sure"}})
    where = f"{PATH}/{posted.json()['id'].replace('_', '.')}"
    read = client.get(where, headers={"Authorization": f"Bearer {posted.json()['access_token']}"}).json()
    assert [item["linkId"] for group in read["item"] for item in group["item"]] == ["back.sweeping-ache"]


@pytest.mark.parametrize("wrong", ["x", "a" * 22, "a" * 300, "..%2f..", "%00" * 22])
def test_a_made_up_id_opens_nothing(stateless: TestClient, wrong: str) -> None:
    refused = stateless.get(f"{PATH}/{wrong}", headers={"Authorization": "Bearer abc"})
    assert refused.status_code in (404, 422)
    assert refused.json()["resourceType"] == "OperationOutcome"
    assert "abc" not in refused.text
