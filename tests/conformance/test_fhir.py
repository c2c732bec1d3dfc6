"""What goes out as FHIR R4 before judges of other make; and the judges before planted faults."""

import copy
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from rules import load_pack
from service.app import create_app
from service.assessments import Kept
from service.clinics.audit import Act, Action, note
from service.delivering.pushing import once
from service.fhir.calculating import SIGNS, worked_out
from service.fhir.codes import Names
from service.fhir.extracting import result_bundle
from service.fhir.questionnaire import questionnaire
from service.fhir.responding import write_response
from service.fhir.response import Told
from service.intakes import find_intake
from service.settings import Settings
from tests.conformance.fhir_judges import HERE, Resource, verdicts
from tests.service.asking import examples
from tests.service.clinic_world import World, world
from tests.service.fhir.interviewing import answered, first
from tests.service.fhir.responses import PATH as RESPONSES
from tests.service.fhir.responses import respond
from tests.service.signing import Ehr, call

pytestmark = pytest.mark.slow
PUBLISHED = ("Questionnaire", "CodeSystem", "ValueSet", "ConceptMap", "PlanDefinition", "ActivityDefinition", "SearchParameter")


@pytest.fixture(scope="module")
def in_every_language() -> Any:
    with TestClient(create_app(Settings(database_url="sqlite://", terminologies="snomed,loinc"))) as running:
        yield running


def _get(client: TestClient, path: str) -> Resource:
    resource: Resource = client.get(path).json()
    return resource


def test_every_judge_accepts_what_is_open_to_reading(in_every_language: TestClient) -> None:
    found = [_get(in_every_language, f"/fhir/{kind}") for kind in PUBLISHED]
    refused = [_get(in_every_language, path) for path in ("/fhir/Questionnaire/none", "/fhir/Patient", "/fhir/Questionnaire?_format=xml")]
    assert [len(one["entry"]) for one in found] == [2, 10, 10, 2, 1, 67, 1]
    assert {one["resourceType"] for one in refused} == {"OperationOutcome"}
    assert verdicts(_get(in_every_language, "/fhir/metadata"), *found, *refused) == []


def test_every_judge_accepts_what_is_said_to_a_response(in_every_language: TestClient) -> None:
    pack = load_pack()
    people = [*examples(pack).values(), {}, {"safety.saddle-numbness": "yes"}, {"safety.saddle-numbness": "not-sure"}]
    names = Names("https://muscle-balance.example/fhir", pack)
    responses = [write_response(names, Told(answers, "completed", None, None), "2026-05-05T10:00:00Z") for answers in people]
    said = [in_every_language.post("/fhir/QuestionnaireResponse/$extract", json=one).json() for one in responses]
    kinds = {entry["resource"]["resourceType"] for bundle in said for entry in bundle["entry"]}
    assert kinds == {"QuestionnaireResponse", "Observation", "CarePlan", "Flag", "DocumentReference", "Provenance"}
    refused = in_every_language.post("/fhir/QuestionnaireResponse/$extract", json={"resourceType": "QuestionnaireResponse"}).json()
    assert verdicts(*said, refused) == []


def test_every_judge_accepts_what_a_clinic_gets(in_every_language: TestClient) -> None:
    pack = load_pack()
    clinics = world(in_every_language, in_every_language.app.state.service, examples(pack)["sweeping-ache"])  # type: ignore[attr-defined]
    key = clinics.ours.key
    flagged = clinics.tell(clinics.ours, {"safety.saddle-numbness": "yes"}, invitation="0123456789abcdef").replace("_", ".")
    kept = clinics.ask(
        "POST", RESPONSES, key, json=respond(pack, clinics.answers, identifier={"value": "case-1"}, author={"reference": "Patient/7"})
    )
    draft = clinics.ask("POST", RESPONSES, key, json=respond(pack, {"safety.pain-level": 0, "support.worry": "often"}, "in-progress"))
    where = kept.headers["location"]
    amended = clinics.ask("PUT", where, key, json=respond(pack, {**clinics.answers, "safety.pain-level": 1}))
    handed = clinics.ask("POST", "/fhir/Questionnaire/$process-response", key, json=respond(pack, clinics.answers))
    subject = {"name": "subject", "valueReference": {"reference": "Patient/7"}}
    filled = clinics.ask(
        "POST", f"/fhir/Questionnaire/{pack.label.id}/$populate", key, json={"resourceType": "Parameters", "parameter": [subject]}
    )
    found = [clinics.ask("GET", f"/fhir/{kind}?_count=20", key) for kind in ("QuestionnaireResponse", "Observation", "CarePlan", "Flag")]
    read = clinics.ask(
        "GET", f"/fhir/{found[1].json()['entry'][0]['resource']['resourceType']}/{found[1].json()['entry'][0]['resource']['id']}", key
    )
    extracted = [clinics.ask("GET", f"{RESPONSES}/{one}/$extract", key) for one in (where.rsplit("/", 1)[-1], flagged, draft.json()["id"])]
    assert {one.status_code for one in (amended, handed, filled, *found, read, *extracted)} == {200}
    pushed = once(result_bundle(clinics.state, _kept(clinics, flagged)), f"{clinics.state.settings.canonical}/result", "a.1")
    assert all("ifNoneExist" in entry["request"] for entry in pushed["entry"])
    outcomes = [
        clinics.ask("GET", path, one) for path, one in ((f"{RESPONSES}?_sort=x", key), (RESPONSES, None), (f"{RESPONSES}/{'a' * 22}", key))
    ]
    assert [one.status_code for one in outcomes] == [400, 401, 404]
    everything = (kept, draft, amended, handed, filled, *found, read, *extracted, *outcomes)
    assert verdicts(*(one.json() for one in everything), pushed) == []


def _kept(clinics: World, response: str) -> Kept:
    kept = clinics.state.database.run_now(
        lambda session: find_intake(session, clinics.ours.id, response.replace(".", "_")), clinics.ours.id
    )
    assert kept
    return kept


def test_every_judge_accepts_each_step_of_the_interview(in_every_language: TestClient) -> None:
    steps = [in_every_language.post("/fhir/Questionnaire/$next-question", json=first()).json()]
    answers = examples(load_pack())["sweeping-ache"]
    while steps[-1]["status"] != "completed" and len(steps) < 100:
        steps.append(in_every_language.post("/fhir/Questionnaire/$next-question", json=answered(steps[-1], answers)).json())
    assert len(steps) > 10
    assert verdicts(*steps[:4], steps[len(steps) // 2], steps[-1]) == []


def test_calculated_items_hold_what_other_programs_work_out() -> None:
    pack = load_pack()
    names = Names("https://muscle-balance.example/fhir", pack)
    heavy = {"safety.pain-level": 6, "support.fear": "often", "support.outlook": "little-hope", "support.trouble": 7, "support.sleep": 4}
    legs = {"safety.legs": "some", "safety.leg-pain-below-knee": "checked", "about-you.widespread-pain": "yes"}
    people = [*examples(pack).values(), heavy, legs, {}]
    responses = [write_response(names, Told(answers, "completed", None, None), "2026-05-05T10:00:00Z") for answers in people]
    told = json.dumps({"questionnaire": questionnaire(names), "responses": responses})
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node
    worked = subprocess.run([node, HERE / "calculate_fhir.mjs"], input=told, text=True, capture_output=True, check=True)
    for answers, engines in zip(people, json.loads(worked.stdout), strict=True):
        for found in engines:
            assert {name: round(value, 6) for name, value in found.items()} == {SIGNS: 0, **worked_out(pack, answers)}
    assert worked_out(pack, heavy)[SIGNS] == 4


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
        **_planted_elsewhere(in_every_language),
    }
    marked = [{**resource, "id": name} for name, resource in faulty.items()]
    found = verdicts(*marked)
    assert [name for name, one in faulty.items() if not any(f"{one['resourceType']}/{name}: " in line for line in found)] == []


def _planted_elsewhere(client: TestClient) -> dict[str, Resource]:
    """One fault in each other kind."""
    activity, plan = _get(client, "/fhir/ActivityDefinition/walking"), _get(client, "/fhir/PlanDefinition/lumbar-balance")
    parameter = _get(client, "/fhir/SearchParameter/lumbar-balance-supporting-info")
    said = client.post("/fhir/QuestionnaireResponse/$extract", json=respond(load_pack(), {"safety.saddle-numbness": "yes"})).json()
    by_kind = {entry["resource"]["resourceType"]: entry["resource"] for entry in said["entry"]}
    document, flag, response = by_kind["DocumentReference"], by_kind["Flag"], by_kind["QuestionnaireResponse"]
    return {
        "no-such-kind": {**activity, "kind": "Exercise"},
        "r4b-only": {**activity, "subjectCanonical": "https://x.example"},
        "no-such-selection": {**plan, "action": [{**plan["action"][0], "selectionBehavior": "some"}]},
        "no-code": {key: value for key, value in parameter.items() if key != "code"},
        "no-content": {**document, "content": []},
        "no-subject": {key: value for key, value in flag.items() if key != "subject"},
        "text-for-number": {**response, "item": [{"linkId": "a", "answer": [{"valueInteger": "3"}]}]},
        "no-such-response-status": {**response, "status": "final"},
    }
