"""GET below /fhir: the whole questionnaire in every language, found by its address, with ETags; and OperationOutcomes."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from rules import Pack, languages, load_pack
from rules.content import SEEDS
from service.app import create_app
from service.settings import Settings
from tests.strategies import PACK

FHIR_JSON = "application/fhir+json"
Resource = dict[str, Any]
VERSION = PACK.label.versions.questionnaire


@pytest.fixture(scope="module")
def whole() -> Iterator[TestClient]:
    """The service as it is shipped, in every language."""
    with TestClient(create_app(Settings(database_url="sqlite://", canonical="https://clinic.example/fhir"))) as running:
        yield running


@pytest.fixture(scope="module")
def questionnaire(whole: TestClient, pack: Pack) -> Resource:
    resource: Resource = whole.get(f"/fhir/Questionnaire/{pack.label.id}").json()
    return resource


def items_of(resource: Resource) -> Iterator[Resource]:
    for item in resource.get("item", []):
        yield item
        yield from items_of(item)


def test_every_question_is_there_once_in_the_order_of_the_pack(questionnaire: Resource, pack: Pack) -> None:
    asked = [item["linkId"] for item in items_of(questionnaire) if item["type"] not in ("group", "display") and not item.get("readOnly")]
    everything = [item["linkId"] for item in items_of(questionnaire)]
    assert asked == list(pack.items)
    assert len(set(everything)) == len(everything)


def test_every_choice_offers_its_options_and_not_sure(questionnaire: Resource, pack: Pack) -> None:
    for item in items_of(questionnaire):
        if item["type"] == "choice":
            shown = [option["valueCoding"]["display"] for option in item["answerOption"]]
            own = [option.text for option in pack.options(item["linkId"]).values()]
            assert shown == [*own, pack.label.not_sure]
            assert item["answerOption"][-1]["valueCoding"]["code"] == "asked-unknown"


def test_every_number_has_its_unit_and_limits(questionnaire: Resource, pack: Pack) -> None:
    for item in items_of(questionnaire):
        if item["type"] in ("integer", "decimal") and not item.get("readOnly"):
            own = pack.items[item["linkId"]]
            told = {one["url"].rsplit("/", 1)[-1]: one for one in item["extension"]}
            key = "valueInteger" if own.type == "integer" else "valueDecimal"
            assert (told["minValue"][key], told["maxValue"][key]) == (own.min, own.max)
            assert told["questionnaire-unit"]["valueCoding"]["display"] == pack.label.units[own.unit or ""]


def test_no_question_must_be_answered_and_none_is_answered_beforehand(questionnaire: Resource) -> None:
    asked = [item for item in items_of(questionnaire) if item["type"] not in ("group", "display")]
    assert not any(item.get("required") or "initial" in item or "initialSelected" in str(item) for item in asked)


def test_several_conditions_say_how_they_go_together_and_one_does_not(questionnaire: Resource, pack: Pack) -> None:
    for item in items_of(questionnaire):
        conditions = item.get("enableWhen", [])
        assert ("enableBehavior" in item) == (len(conditions) > 1)
        assert len(conditions) == (len(pack.items[item["linkId"]].enable_when) if item["linkId"] in pack.items else 0)


def test_every_text_comes_in_every_language(questionnaire: Resource) -> None:
    packs = {language: load_pack(SEEDS, language) for language in languages(SEEDS) if language != "en"}
    assert packs
    for item in items_of(questionnaire):
        said = {one["extension"][0]["valueCode"]: one["extension"][1]["valueString"] for one in item["_text"]["extension"]}
        assert said.keys() == packs.keys()
        if item["linkId"] in packs["es"].items:
            assert said == {language: one.items[item["linkId"]].text for language, one in packs.items()}


def test_a_self_test_opens_with_its_steps_and_says_when_to_stop(questionnaire: Resource, pack: Pack) -> None:
    groups = {item["linkId"]: item for item in items_of(questionnaire)}
    for test in pack.tests.values():
        shown = [item["text"] for item in groups[f"tests.{test.name}"]["item"] if item["type"] == "display"]
        assert shown == [*test.steps, *test.stop_rules, test.cannot_tell]


def marks_of(item: Resource) -> dict[str, str]:
    coded = [one for one in item["extension"] if "valueCodeableConcept" in one]
    return {one["url"].rsplit("/", 1)[-1]: one["valueCodeableConcept"]["coding"][0]["code"] for one in coded}


def test_every_page_is_a_page_and_help_is_marked_as_either_kind_of_form_filler_looks_for_it(questionnaire: Resource, pack: Pack) -> None:
    assert [page["linkId"] for page in questionnaire["item"]] == [group.id for group in pack.groups]
    assert all(marks_of(page) == {"questionnaire-itemControl": "page"} for page in questionnaire["item"])
    helped = {item["linkId"]: item["item"] for item in items_of(questionnaire) if item["linkId"] in pack.items and "item" in item}
    assert list(helped) == [item.link_id for item in pack.items.values() if item.help]
    for (shown,) in helped.values():
        assert marks_of(shown) == {"questionnaire-itemControl": "help", "questionnaire-displayCategory": "instructions"}


def test_every_code_stands_in_a_code_system_with_the_same_words(whole: TestClient, questionnaire: Resource) -> None:
    systems = {entry["resource"]["url"]: entry["resource"] for entry in whole.get("/fhir/CodeSystem").json()["entry"]}
    known = {(url, one["code"]): one["display"] for url, system in systems.items() for one in system["concept"]}
    used = [option["valueCoding"] for item in items_of(questionnaire) for option in item.get("answerOption", [])]
    used += [one["answerCoding"] for item in items_of(questionnaire) for one in item.get("enableWhen", []) if "answerCoding" in one]
    ours = [one for one in used if one["system"] in systems]
    assert len(ours) > 300
    assert all(known[one["system"], one["code"]] == one["display"] for one in ours)


def test_it_says_what_it_is_for_and_that_no_clinician_signed_it(questionnaire: Resource, pack: Pack) -> None:
    assert questionnaire["purpose"] == pack.label.intended_use
    assert questionnaire["version"] == pack.label.versions.questionnaire
    assert questionnaire["status"] == "draft"
    assert questionnaire["url"] == f"https://clinic.example/fhir/Questionnaire/{pack.label.id}"


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ({}, 2),
        ({"url": "https://clinic.example/fhir/Questionnaire/lumbar-balance"}, 1),
        ({"url": "https://clinic.example/fhir/Questionnaire/lumbar-balance", "version": VERSION, "status": "draft"}, 1),
        ({"status": "active,draft"}, 2),
        ({"status": "http://hl7.org/fhir/publication-status|draft", "experimental": "false"}, 2),
        ({"version": "0.0.1"}, 0),
        ({"url": "https://clinic.example/other"}, 0),
        ({"status": "retired"}, 0),
    ],
)
def test_it_is_found_by_its_address_version_and_status(whole: TestClient, query: dict[str, str], hits: int) -> None:
    found = whole.get("/fhir/Questionnaire", params=query).json()
    assert (found["type"], found["total"], len(found.get("entry", []))) == ("searchset", hits, hits)


def test_unchanged_content_is_sent_once(whole: TestClient) -> None:
    for path in ("metadata", "Questionnaire/lumbar-balance", "CodeSystem/lumbar-balance-answers", "ValueSet/lumbar-balance-bands"):
        first = whole.get(f"/fhir/{path}")
        assert (first.status_code, first.headers["content-type"]) == (200, FHIR_JSON)
        again = whole.get(f"/fhir/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("wanted", ["json", "application/json", "application/fhir+json", "application/fhir json"])
def test_json_may_be_asked_for_in_any_of_its_names(whole: TestClient, wanted: str) -> None:
    assert whole.get("/fhir/metadata", params={"_format": wanted}).status_code == 200
    assert whole.get("/fhir/metadata", headers={"Accept": wanted.replace(" ", "+") if "/" in wanted else "*/*"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("Questionnaire/none", 404, "not-found"),
        ("Patient/1", 404, "not-found"),
        ("metadata?_format=xml", 406, "not-supported"),
    ],
)
def test_what_is_not_here_is_an_operation_outcome(whole: TestClient, path: str, status: int, code: str) -> None:
    refused = whole.get(f"/fhir/{path}")
    assert (refused.status_code, refused.headers["content-type"]) == (status, FHIR_JSON)
    assert [one["code"] for one in refused.json()["issue"]] == [code]


def test_the_statement_names_exactly_what_is_served(whole: TestClient) -> None:
    served = {one["type"]: one for one in whole.get("/fhir/metadata").json()["rest"][0]["resource"]}
    for kind in ("Questionnaire", "CodeSystem", "ValueSet", "PlanDefinition", "ActivityDefinition", "SearchParameter"):
        assert whole.get(f"/fhir/{kind}").json()["total"] > 0
        assert [one["code"] for one in served[kind]["interaction"]] == ["read", "search-type"]
    for kind in ("ConceptMap", "Patient", "Condition", "RiskAssessment"):
        assert kind not in served
        assert whole.get(f"/fhir/{kind}").status_code == 404
    paths = {(method, route.path) for route in iter_route_contexts(whole.app.routes) if route.path for method in route.methods or ()}  # type: ignore[attr-defined]
    for kind, one in served.items():
        for operation in one.get("operation", []):
            assert ("POST", f"/fhir/{kind}/${operation['name']}") in paths
    assert [one["code"] for one in served["QuestionnaireResponse"]["interaction"]] == ["create", "read", "update", "search-type"]


def test_a_published_resource_may_be_searched_for_by_post(whole: TestClient) -> None:
    found = whole.post("/fhir/ActivityDefinition/_search", data={"_id": "walking,bird-dog"}).json()
    assert found["total"] == 2
    assert whole.post("/fhir/Patient/_search", data={}).status_code == 404


def test_each_exercise_and_the_programme_are_published_with_sources_in_every_language(whole: TestClient, pack: Pack) -> None:
    found = {one["resource"]["id"]: one["resource"] for one in whole.get("/fhir/ActivityDefinition").json()["entry"]}
    assert list(found) == list(pack.exercises)
    for one in pack.exercises.values():
        said = found[one.id]
        assert all(step in said["description"] for step in one.steps)
        assert one.stop_if in said["usage"]
        assert {artifact["label"] for artifact in said["relatedArtifact"]} == {name for name in one.sources if name in pack.sources}
        assert said["timingTiming"]["repeat"]["frequency"] == one.dose.days_a_week
        assert {spoken["extension"][0]["valueCode"] for spoken in said["_title"]["extension"]} == {"de", "es"}
    programme = whole.get(f"/fhir/PlanDefinition/{pack.label.id}").json()
    linked = [action["definitionCanonical"].partition("|")[0] for action in programme["action"][0]["action"]]
    assert linked == [one["url"] for one in found.values()]
