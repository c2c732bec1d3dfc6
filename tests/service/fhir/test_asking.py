"""$next-question: a plain client is led to the end, and its guidance is the one that the same answers get elsewhere."""

import random
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack, next_question
from rules.answers import NOT_SURE
from tests.service.asking import examples
from tests.service.fhir.interviewing import answered, first, questions
from tests.service.fhir.responses import BASE, Resource, codes, resources

NEXT = "/fhir/Questionnaire/$next-question"
EXTRACT = "/fhir/QuestionnaireResponse/$extract"


def ask(client: TestClient, resource: Resource) -> Resource:
    answered = client.post(NEXT, json=resource, headers={"Content-Type": "application/fhir+json"})
    assert answered.status_code == 200, answered.text
    return dict(answered.json())


def interview(client: TestClient, answers: dict[str, Any]) -> tuple[Resource, dict[str, Any]]:
    """Every question answered as this person would, one page after another; says the end, and what was answered."""
    response = ask(client, first())
    for _ in range(300):
        before = [item["linkId"] for item in questions(response["contained"][0])]
        if response["status"] == "completed":
            return response, {link_id: answers[link_id] for link_id in before if link_id in answers}
        response = ask(client, answered(response, answers))
        assert [item["linkId"] for item in questions(response["contained"][0])][: len(before)] == before
    raise AssertionError("it never ends")


def test_each_practice_case_comes_to_the_guidance_it_gets_elsewhere(stateless: TestClient, pack: Pack) -> None:
    for answers in examples(pack).values():
        response, given = interview(stateless, answers)
        kept = {link_id: answer for link_id, answer in given.items() if not (pack.items[link_id].unit and answer == NOT_SURE)}
        guidance = stateless.post("/v1/evaluate", json={"answers": kept}).json()
        found = resources(stateless.post(EXTRACT, json=response).json())
        bands = [one for one in found if one["resourceType"] == "Observation" and "imbalances" in str(one["code"])]
        assert [(one["code"]["coding"][0]["code"], one["valueCodeableConcept"]["coding"][0]["code"]) for one in bands] == [
            (f"{one['muscle']}.{one['state']}", one["band"]) for one in guidance["findings"]
        ]
        assert found[1]["valueCodeableConcept"]["coding"][0]["code"] == guidance["triage"]["urgency"]
        said = {code["code"] for one in found for plan in one.get("activity", []) for code in plan["detail"]["code"]["coding"]}
        assert {one["exercise"] for one in guidance["plan"]["prescriptions"]} <= said


def test_it_asks_what_the_interview_asks(stateless: TestClient, pack: Pack) -> None:
    response = ask(stateless, first())
    assert [item["linkId"] for item in questions(response["contained"][0])] == [
        one["link_id"] for one in next_question(pack, {}, together=6)["items"]
    ]
    assert response["status"] == "in-progress"
    assert "item" not in response


def test_what_is_not_answered_counts_as_not_sure_and_the_end_comes(stateless: TestClient) -> None:
    response, _ = interview(stateless, {})
    assert response["status"] == "completed"
    assert "item" not in response


def test_a_warning_sign_ends_it(stateless: TestClient) -> None:
    response, _ = interview(stateless, {"safety.below-waist": "some", "safety.saddle-numbness": "yes"})
    assert response["status"] == "completed"
    assert len(questions(response["contained"][0])) < 20


def test_the_questionnaire_inside_has_no_address_and_grew_from_ours(stateless: TestClient) -> None:
    inside = ask(stateless, first())["contained"][0]
    searchable = stateless.get("/fhir/Questionnaire/lumbar-balance-adaptive").json()
    assert not inside.keys() & {"url", "version"}
    assert inside["derivedFrom"] == [f"{searchable['url']}|{searchable['version']}"]
    assert (
        inside["extension"][0]
        == searchable["extension"][1]
        == {
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive",
            "valueUrl": f"{BASE}/Questionnaire/$next-question",
        }
    )
    assert "item" not in searchable
    assert not any("enableWhen" in item for item in questions(inside))


def test_a_changed_answer_takes_away_what_would_not_be_asked_any_more(stateless: TestClient, pack: Pack) -> None:
    asked = {"linkId": "g", "type": "group", "item": [{"linkId": one, "type": "choice"} for one in ("safety.pain-level", "support.worry")]}
    told = [
        {"linkId": "safety.pain-level", "answer": [{"valueInteger": 0}]},
        {"linkId": "support.worry", "answer": [{"valueCoding": {"code": "how-often.often"}}]},
    ]
    started = first()
    started["contained"][0]["item"] = [asked]
    response = ask(stateless, {**started, "item": told})
    assert [item["linkId"] for item in response["item"]] == ["safety.pain-level"]
    assert pack.items["support.worry"].enable_when


@pytest.mark.parametrize(
    "wrong",
    [
        {"contained": []},
        {"contained": "Canary"},
        {"contained": [{"resourceType": "Questionnaire", "id": "a", "derivedFrom": []}]},
        {"contained": [{"resourceType": "Questionnaire", "id": "a", "derivedFrom": ["https://canary.example/q"]}]},
        {"contained": [{"resourceType": "Questionnaire", "id": "a", "derivedFrom": [7]}]},
        {"contained": [{"resourceType": "Questionnaire", "id": "b"}, None]},
        {"questionnaire": 7},
        {"questionnaire": "#b"},
        {"status": "Canary"},
        {"item": [{"linkId": "Canary", "answer": [{"valueString": "Canary"}]}]},
    ],
)
def test_what_is_no_interview_of_ours_is_refused(stateless: TestClient, wrong: Resource) -> None:
    refused = stateless.post(NEXT, json=first(**wrong))
    assert (refused.status_code, codes(refused.json())) == (422, ["invalid"])
    assert "canary" not in refused.text.lower()


def test_whatever_stands_in_the_questionnaire_that_comes_along_breaks_nothing(stateless: TestClient) -> None:
    dice = random.Random(3)
    odd: list[Any] = [
        None,
        True,
        "Canary",
        "\x00",
        [],
        {},
        [[]],
        {"linkId": []},
        {"item": [{"item": [7]}]},
        {"linkId": "Canary", "item": {}},
    ]
    for _ in range(60):
        started = first()
        started["contained"][0]["item"] = [dice.choice(odd) for _ in range(4)]
        answered = stateless.post(NEXT, json=started)
        assert (answered.status_code, "Canary" in answered.text) == (200, False)


def test_it_may_come_as_a_parameter(stateless: TestClient) -> None:
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": first()}]}
    plain, also = ask(stateless, first()), ask(stateless, wrapped)
    assert {**plain, "authored": ""} == {**also, "authored": ""}
