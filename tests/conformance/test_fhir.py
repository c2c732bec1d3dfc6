"""What goes out as FHIR R4 before judges of other make; and the judges before planted faults."""

import copy
from functools import partial
from itertools import product
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from rules import load_pack
from service.app import create_app
from service.clinics.audit import Act, Action, note
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from service.settings import Settings
from tests.conformance.fhir_judges import Resource, verdicts
from tests.service.asking import examples
from tests.service.clinic_world import world
from tests.service.signing import Ehr, call

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
    assert [len(one["entry"]) for one in found] == [1, 7, 7]
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


def test_every_judge_accepts_the_audit_trail_and_the_plans_of_cards(in_every_language: TestClient) -> None:
    pack = load_pack()
    at = world(in_every_language, in_every_language.app.state.service, examples(pack)["sweeping-ache"])  # type: ignore[attr-defined]
    ehr = Ehr(at, at.ours)
    ehr.trust()
    acts = [Act(action, "assessment", "a_1") for action in get_args(Action)]
    others = [Act("search", "assessment"), Act("export", "assessment"), Act("create", "key", "0123456789ab")]
    for act, actor in product([*acts, *others], ("mbk_0123456789abcdef_0123456789ab", "person", "operator", "service")):
        at.state.database.run_now(partial(note, clinic=at.ours.id, actor=actor, act=act), at.ours.id)
    at.ask("GET", "/fhir/AuditEvent", at.ours.by_scope["read"])
    at.tell(at.ours, subject="Patient/1288992")
    plans = [one["actions"][0]["resource"] for card in ehr.cards(call()) for one in card["suggestions"]]
    pages = [at.ask("GET", f"/fhir/AuditEvent{query}", at.ours.key).json() for query in ("?_count=100", "?_count=1", "?agent=nobody")]
    one = at.ask("GET", f"/fhir/AuditEvent/{pages[1]['entry'][0]['resource']['id']}", at.ours.key).json()
    assert len(pages[0]["entry"]) > 40
    assert {entry["resource"]["outcome"] for entry in pages[0]["entry"]} == {"0", "4"}
    assert [plan["resourceType"] for plan in plans] == ["CarePlan"]
    assert verdicts(*pages, one, *plans) == []


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
