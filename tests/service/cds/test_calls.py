"""A call that is faulty, hostile or from somewhere else is answered as one that is not; each stands in the audit trail; the operator says who may call."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from rules import Pack
from service.clinics.audit import trail
from tests.service.asking import ONE_DATABASE, examples, problem, rows
from tests.service.cds.sending import PATIENT, Resource, sent, with_response
from tests.service.cds.specified import faults
from tests.service.clinic_world import OPERATORS_KEY, World
from tests.service.signing import ENDPOINT, ISSUER, SERVICE, Ehr, call, public


def test_every_call_stands_in_the_audit_trail(ehr: Ehr, pack: Pack) -> None:
    kept = ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    ehr.cards(call())
    ehr.cards(with_response(sent(pack, {}, patient="Patient/x"), "x"))
    lines = ehr.world.state.database.run_now(lambda session: trail(session, ehr.clinic.id), ehr.clinic.id)
    told = [(one.act.action, one.act.kind, one.act.what) for one in reversed(lines) if one.actor == "cds:ehr.example"]
    assert told[0] == ("read", "assessment", kept)
    assert [one[:2] for one in told[1:]] == [("create", "link"), ("search", "assessment")]


FAULTY: dict[str, dict[str, Any]] = {
    "/hook": {"hook": "order-sign"},
    "/hookInstance": {"hookInstance": "17"},
    "/context": {"context": None},
    "/context/patientId": {"context": {"userId": "Practitioner/a", "patientId": "Patient/1"}},
    "/context/userId": {"context": {"userId": "somebody", "patientId": "1"}},
    "/context/encounterId": {"context": {"userId": "Practitioner/a", "patientId": "1", "encounterId": ""}},
    "/prefetch": {"prefetch": []},
    "/prefetch/response": {"prefetch": {"response": "none"}},
    "/prefetch/patient": {"prefetch": {"patient": ["x"]}},
    "/prefetch/patient/id": {"prefetch": {"patient": {"resourceType": "Patient", "id": "another"}}},
    "/fhirServer": {"fhirServer": "ehr.example"},
    "": {"fhirServer": None},
    "/fhirAuthorization": {"fhirAuthorization": "Bearer x"},
}


@ONE_DATABASE
@pytest.mark.parametrize("pointer", FAULTY)
def test_each_fault_of_a_call_is_named(ehr: Ehr, pointer: str) -> None:
    assert problem(ehr.post(call(**FAULTY[pointer])), 422).pointers == [pointer]


def test_what_is_not_known_is_passed_over(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    context = {"userId": "Practitioner/a", "patientId": PATIENT, "ward": "7"}
    body = call(context=context, extension={"com.example": {}}, hookVersion="1.0", prefetch={"else": "x", "patient": None})
    assert ehr.post(body).status_code == 200


HOSTILE = [
    b"", b"null", b"[]", b"{", b"\xff", b'{"hook":1,"hook":2}', b'{"hook":NaN}', b"[" * 60_000, b'{"hook":"patient-view\\u0000"}',
    b'{"hook":"\\ud800"}', b'{"hook":' + b"9" * 5000 + b"}",
]  # fmt: skip


@ONE_DATABASE
@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("path", [SERVICE, f"{SERVICE}/feedback"])
def test_no_hostile_body_breaks_anything(ehr: Ehr, body: bytes, path: str) -> None:
    headers = {"Authorization": f"Bearer {ehr.token()}", "Content-Type": "application/json"}
    assert ehr.world.client.post(path, content=body, headers=headers).status_code in (400, 422)


@ONE_DATABASE
def test_hostile_resources_that_are_sent_along_break_nothing(ehr: Ehr, pack: Pack) -> None:
    good = sent(pack, examples(pack)["sweeping-ache"])
    nothing: list[Resource] = [
        {"resourceType": None},
        {"resourceType": "Bundle", "entry": {"resource": good}},
        {"resourceType": "Bundle", "entry": [None, 7, "x", [], {"resource": None}, {"resource": []}]},
        {**good, "subject": "Patient/1288992"},
        {**good, "subject": {"reference": [f"Patient/{PATIENT}"]}},
        {**good, "questionnaire": {"url": good["questionnaire"]}},
        {**good, "authored": 10**30},
        {**good, "authored": "9999-12-31T23:59:59-14:00"},
        {**good, "status": ["completed"]},
        {**good, "status": {"a": 1}},
    ]
    for strange in nothing:
        assert ehr.cards(with_response(strange)) == [], strange
    for odd in (
        {**good, "item": "x"},
        {**good, "item": [{"linkId": "a\0"}]},
        {**good, "id": {"a": 1}},
        {**good, "id": "\ud800"},
        {**good, "id": ""},
    ):
        answer = ehr.post(with_response(odd))
        assert (answer.status_code, faults(answer.json())) == (200, []), odd


@ONE_DATABASE
def test_a_body_of_another_media_type_or_size_is_refused(ehr: Ehr) -> None:
    def send(content: bytes, kind: str) -> int:
        headers = {"Authorization": f"Bearer {ehr.token()}", "Content-Type": kind}
        return ehr.world.client.post(SERVICE, content=content, headers=headers).status_code

    assert send(b"{}", "text/plain") == 415
    assert send(b'{"x":"' + b"x" * 600_000 + b'"}', "application/json") == 413


@ONE_DATABASE
def test_pages_of_every_site_may_call(ehr: Ehr) -> None:
    origin = {"Origin": "https://ehr.example"}
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    for path in ("/cds-services", SERVICE, f"{SERVICE}/feedback"):
        allowed = ehr.world.client.options(path, headers={**origin, **asks})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == "*"
        assert {"Authorization", "Content-Type"} <= set(re.split(r", *", allowed.headers["access-control-allow-headers"]))
        assert "access-control-allow-credentials" not in allowed.headers
    answer = ehr.post(call(), **origin)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (412, "*")
    assert ehr.post(call(), token="x", **origin).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ehr.world.client.get("/v1/about", headers=origin).headers


def test_the_operator_lists_a_system_and_it_may_call(both: World) -> None:
    listed = {"cds": [{"issuer": ISSUER, "jwks": {"keys": [public("ES384", "ES384-2026")]}}]}
    path = f"/v1/admin/clinics/{both.ours.id}/settings"
    answer = both.ask("PUT", path, OPERATORS_KEY, json=listed)
    assert (answer.status_code, answer.json()["settings"]) == (200, listed)
    both.tell(both.ours, subject=f"Patient/{PATIENT}")
    assert Ehr(both, both.ours).post(call()).status_code == 200
    stolen = both.ask("PUT", path.replace(both.ours.id, both.theirs.id), OPERATORS_KEY, json=listed)
    assert problem(stolen, 409).type == "urn:muscle-balance:problem:issuer-taken"
    assert both.ask("PUT", path, OPERATORS_KEY, json={}).status_code == 200
    assert Ehr(both, both.ours).post(call()).status_code == 401
    assert both.ask("PUT", path.replace(both.ours.id, both.theirs.id), OPERATORS_KEY, json=listed).status_code == 200


def test_a_clinic_that_is_removed_frees_its_issuer_and_takes_what_was_given(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    card = ehr.cards(call())[0]["uuid"]
    told = {"card": card, "outcome": "overridden", "outcomeTimestamp": datetime.now(UTC).isoformat()}
    assert ehr.post({"feedback": [told]}, f"{SERVICE}/feedback").status_code == 200
    assert ehr.world.ask("DELETE", f"/v1/admin/clinics/{ehr.clinic.id}", OPERATORS_KEY).status_code == 204
    url = ehr.world.state.settings.url()
    assert [rows(url, table) for table in ("cds_issuer", "cds_token", "cds_card", "cds_feedback")] == [0, 0, 0, 0]
    assert ehr.post(call(), token=ehr.token(ehr.claims(ENDPOINT))).status_code == 401
