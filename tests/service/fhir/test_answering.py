"""$extract: the same guidance as everywhere else, as resources; every fault at its place and no answer repeated."""

import copy
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack, evaluate
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from tests.service.asking import examples

BASE = "https://muscle-balance.example/fhir"
EXTRACT = "/fhir/QuestionnaireResponse/$extract"
Resource = dict[str, Any]


def respond(pack: Pack, answers: dict[str, Any], status: str = "completed") -> Resource:
    """A response as a form filler would send it."""
    return write_response(Names(BASE, pack), Told(answers, status, "Patient/7", None), "2026-05-05T10:00:00Z")


def extract(client: TestClient, response: Resource) -> list[Resource]:
    answered = client.post(EXTRACT, json=response, headers={"Content-Type": "application/fhir+json"})
    assert answered.status_code == 200, answered.text
    bundle = answered.json()
    assert bundle["type"] == "transaction"
    return [entry["resource"] for entry in bundle["entry"]]


def of(resources: list[Resource], kind: str) -> list[Resource]:
    return [one for one in resources if one["resourceType"] == kind]


def test_each_practice_case_gets_the_guidance_it_gets_elsewhere(stateless: TestClient, pack: Pack) -> None:
    for answers in examples(pack).values():
        guidance = evaluate(pack, answers)
        found = extract(stateless, respond(pack, answers))
        told = [one for one in of(found, "Observation") if one["code"].get("coding", [{}])[0].get("system", "").endswith("-imbalances")]
        assert [(one["code"]["coding"][0]["code"], one["valueCodeableConcept"]["coding"][0]["code"]) for one in told] == [
            (f"{one['muscle']}.{one['state']}", one["band"]) for one in guidance["findings"]
        ]
        assert [one["valueQuantity"]["value"] for one in of(found, "Observation") if "valueQuantity" in one] == [
            one["value"] for one in guidance["measured"]
        ]
        assert len(of(found, "Flag")) == len(guidance["triage"]["red_flags"])
        activities = [one["detail"] for plan in of(found, "CarePlan") for one in plan["activity"]]
        assert [one["code"]["text"] for one in activities if not one["doNotPerform"]] == [
            one["name"] for one in guidance["plan"]["prescriptions"]
        ]
        assert [one["statusReason"]["text"] for one in activities if one["doNotPerform"]] == [
            one["text"] for one in guidance["plan"]["left_out"] if one["gate"] and activities
        ]
        assert of(found, "Condition") == []


def test_without_a_plan_there_is_no_care_plan_but_a_flag_and_the_advice(stateless: TestClient, pack: Pack) -> None:
    found = extract(stateless, respond(pack, {"safety.saddle-numbness": "yes"}))
    assert of(found, "CarePlan") == []
    assert of(found, "Flag")
    urgency = of(found, "Observation")[0]
    assert urgency["valueCodeableConcept"]["coding"][0]["code"] == "emergency"
    assert urgency["note"]


def test_everything_is_about_the_same_person_and_from_the_same_response(stateless: TestClient, pack: Pack) -> None:
    answers = examples(pack)["sweeping-ache"]
    bundle = stateless.post(EXTRACT, json=respond(pack, answers)).json()
    response = bundle["entry"][0]["fullUrl"]
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert {one["subject"]["reference"] for one in resources if "subject" in one} == {"Patient/7"}
    assert {one["derivedFrom"][0]["reference"] for one in of(resources, "Observation")} == {response}
    (provenance,) = of(resources, "Provenance")
    assert provenance["entity"][0]["what"]["reference"] == response
    assert [one["reference"] for one in provenance["target"]] == [entry["fullUrl"] for entry in bundle["entry"][1:-1]]


def test_a_response_may_be_as_other_programs_write_it(stateless: TestClient, pack: Pack) -> None:
    answers = {"safety.saddle-numbness": "yes", "tests.trunk-hold.seconds": 38}
    plain = respond(pack, answers)
    other = copy.deepcopy(plain)
    other |= {"id": "their-own", "questionnaire": other["questionnaire"].partition("|")[0], "author": {"display": "x"}}
    other["item"][0]["id"] = "x1"
    other["item"][0]["item"].append({"linkId": "safety.bladder", "answer": []})
    other["item"][0]["item"].append({"linkId": "safety-below-waist/intro", "text": "read by a person"})
    held = other["item"][-1]["item"][0]["item"][0]
    held["answer"] = [{"valueQuantity": {"value": 38, "unit": "s", "code": "s"}}]
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": other}]}
    for sent in (other, wrapped):
        assert extract(stateless, sent)[0]["item"] == plain["item"]


def test_in_progress_may_hold_what_would_not_be_asked_but_a_finished_one_may_not(stateless: TestClient, pack: Pack) -> None:
    answers = {"safety.pain-level": 0, "support.worry": "often"}
    assert extract(stateless, respond(pack, answers, "in-progress"))
    refused = stateless.post(EXTRACT, json=respond(pack, answers))
    assert refused.status_code == 422
    assert refused.json()["issue"][0]["expression"] == ["QuestionnaireResponse.item[1].item[0].answer"]


def test_not_sure_is_never_no(stateless: TestClient, pack: Pack) -> None:
    found = extract(stateless, respond(pack, {"safety.saddle-numbness": "not-sure"}))
    assert found[0]["item"][0]["item"][0]["answer"][0]["valueCoding"]["code"] == "asked-unknown"
    assert of(found, "CarePlan") == []


@pytest.mark.parametrize("alone", ["none", "not-sure"])
def test_what_excludes_the_other_options_is_refused_beside_them_with_that_reason(stateless: TestClient, pack: Pack, alone: str) -> None:
    response = respond(pack, {"about-you.kit": ["mat"]})
    (kept,) = respond(pack, {"about-you.kit": alone if alone == "not-sure" else [alone]})["item"][0]["item"]
    response["item"][0]["item"][0]["answer"] += kept["answer"]
    refused = stateless.post(EXTRACT, json=response)
    assert refused.status_code == 422
    (issue,) = refused.json()["issue"]
    assert issue["details"]["text"].endswith(": an option that excludes the others stands beside them")
    assert issue["expression"] == ["QuestionnaireResponse.item[0].item[0].answer"]


def test_every_fault_is_named_at_its_place_and_nothing_is_repeated(stateless: TestClient, pack: Pack) -> None:
    response = respond(pack, {"safety.saddle-numbness": "yes", "tests.trunk-hold.seconds": 38})
    response |= {"status": "Canary", "questionnaire": "https://canary.example/q"}
    items = response["item"][0]["item"]
    items[0]["answer"] = [{"valueCoding": {"system": "canary", "code": "canary"}}]
    items.append({"linkId": "canary", "answer": [{"valueString": "canary"}]})
    items.append({"answer": "canary"})
    response["item"][-1]["item"][0]["item"][0]["answer"] = [{"valueString": "canary"}, {"valueInteger": 1}]
    refused = stateless.post(EXTRACT, json=response)
    assert refused.status_code == 422
    assert [one["expression"][0].removeprefix("QuestionnaireResponse.") for one in refused.json()["issue"]] == [
        "status",
        "questionnaire",
        "item[0].item[0].answer[0]",
        "item[0].item[1].linkId",
        "item[0].item[2]",
        "item[1].item[0].item[0].answer",
    ]
    assert "canary" not in refused.text.lower()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"resourceType":"Patient"}', b'{"resourceType":"Parameters","parameter":[]}'])
def test_what_is_no_response_is_refused_as_an_outcome(stateless: TestClient, body: bytes) -> None:
    refused = stateless.post(EXTRACT, content=body, headers={"Content-Type": "application/fhir+json"})
    assert refused.status_code in (400, 422)
    assert refused.json()["resourceType"] == "OperationOutcome"


def test_another_version_is_not_read_as_todays(stateless: TestClient, pack: Pack) -> None:
    response = respond(pack, {"safety.saddle-numbness": "yes"})
    response["questionnaire"] = response["questionnaire"].replace("|", "|0.")
    refused = stateless.post(EXTRACT, json=response)
    assert [one["expression"] for one in refused.json()["issue"]] == [["QuestionnaireResponse.questionnaire"]]


def test_a_whole_questionnaire_fits_into_one_body(stateless: TestClient, pack: Pack) -> None:
    answers: dict[str, Any] = {link_id: "not-sure" for link_id, item in pack.items.items() if not item.enable_when}
    assert extract(stateless, respond(pack, answers))


def test_a_time_that_is_none_and_a_person_who_is_no_reference_are_left_out(stateless: TestClient, pack: Pack) -> None:
    response = respond(pack, {"safety.saddle-numbness": "no"})
    response |= {"authored": "2026-13-45T10:00:00Z", "subject": {"reference": "not a reference"}}
    observation = of(extract(stateless, response), "Observation")[0]
    assert "reference" not in observation["subject"]
    assert observation["effectiveDateTime"] == observation["issued"]
