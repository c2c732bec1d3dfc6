"""Codes of other terminologies go out only where the setting names them, and then with a map that says how they match ours."""

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.asking import Answers
from tests.service.fhir.responses import PATH, resources, respond

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"


def everything(client: TestClient, pack: Pack, answers: Answers) -> str:
    """All that goes out about one person, and what is published."""
    extracted = client.post(f"{PATH}/$extract", json=respond(pack, answers)).text
    return extracted + "".join(
        client.get(f"/fhir/{kind}").text for kind in ("Questionnaire", "CodeSystem", "PlanDefinition", "ActivityDefinition")
    )


def test_none_goes_out_unless_it_is_named(stateless: TestClient, pack: Pack, answers: Answers) -> None:
    said = everything(stateless, pack, answers)
    assert SNOMED not in said
    assert LOINC not in said


@pytest.mark.parametrize(("named", "system", "other"), [("snomed", SNOMED, LOINC), ("loinc", LOINC, SNOMED)])
def test_one_that_is_named_goes_out_with_its_map(pack: Pack, answers: Answers, named: str, system: str, other: str) -> None:
    with TestClient(create_app(Settings(database_url="sqlite://", terminologies=named), pack)) as client:
        said = everything(client, pack, answers)
        assert system in said
        assert other not in said
        (found,) = resources(client.get("/fhir/ConceptMap", params={"target-system": system}).json())
        assert client.get("/fhir/ConceptMap", params={"target-system": other}).json()["total"] == 0
        (terminology,) = [one for one in pack.terminologies if one.id == named]
        assert found["copyright"] == terminology.licence
        assert {
            (element["code"], target["code"]) for group in found["group"] for element in group["element"] for target in element["target"]
        } == {(match.ours, match.code) for match in terminology.matches}
        assert "ConceptMap" in [one["type"] for one in client.get("/fhir/metadata").json()["rest"][0]["resource"]]


def test_a_measured_side_is_left_in_both_words(pack: Pack, answers: Answers) -> None:
    with TestClient(create_app(Settings(database_url="sqlite://", terminologies="snomed,loinc"), pack)) as client:
        found = resources(client.post(f"{PATH}/$extract", json=respond(pack, answers)).json())
    sides = [one["bodySite"]["coding"] for one in found if "valueQuantity" in one and one.get("bodySite", {}).get("text") == "left"]
    assert sides
    assert all(
        [(one["system"].rsplit("-", 1)[-1], one["code"]) for one in side] == [("sites", "left"), (SNOMED, "7771000")] for side in sides
    )


def test_a_terminology_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(terminologies="icd")
