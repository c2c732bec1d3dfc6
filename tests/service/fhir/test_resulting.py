"""What follows from a response is read and searched for under ids that stay the same, by its clinic and by its owner."""

import pytest

from rules import Pack
from rules.content import Urgency
from tests.service.asking import rows
from tests.service.clinic_world import World
from tests.service.fhir.responses import PATH, resources, respond

RED = {"safety.saddle-numbness": "yes"}
URGENCY: Urgency = "emergency"


def test_a_clinic_reads_what_follows_from_each_of_its_responses(both: World, pack: Pack) -> None:
    own = both.tell(both.ours).replace("_", ".")
    both.tell(both.theirs)
    for kind, link in (("Observation", "derived-from"), ("CarePlan", "supporting-info")):
        found = resources(both.ask("GET", f"/fhir/{kind}?{link}=QuestionnaireResponse/{own}&_count=200", both.ours.key).json())
        assert found
        assert resources(both.ask("GET", f"/fhir/{kind}?_count=200", both.ours.key).json()) == found
        assert both.ask("GET", f"/fhir/{kind}?{link}=QuestionnaireResponse/{own}", both.theirs.key).json().get("entry") is None
        for one in found[:3]:
            read = both.ask("GET", f"/fhir/{kind}/{one['id']}", both.ours.key)
            assert (read.status_code, read.json()) == (200, one)
            for stranger in (both.theirs.key, None, "wrong"):
                assert both.ask("GET", f"/fhir/{kind}/{one['id']}", stranger).status_code == 404
    assert len(pack.items) > rows(both.state.settings.url(), "assessment") == 2


def test_what_is_read_is_what_extract_says(both: World) -> None:
    own = both.tell(both.ours).replace("_", ".")
    bundle = both.ask("POST", f"{PATH}/{own}/$extract", both.ours.key).json()
    said = [one for one in resources(bundle) if one["resourceType"] == "Observation"]
    found = resources(both.ask("GET", f"/fhir/Observation?derived-from={own}&_count=200", both.ours.key).json())

    def plain(observation: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in observation.items() if key not in ("id", "derivedFrom")}

    assert [plain(one) for one in found] == [plain(one) for one in said]
    assert {one["derivedFrom"][0]["reference"] for one in found} == {f"QuestionnaireResponse/{own}"}


def test_an_owner_finds_what_follows_from_the_response_that_the_token_opens(both: World, pack: Pack) -> None:
    created = both.ask("POST", PATH, None, json=respond(pack, RED))
    where, opens = created.json()["id"], {"Authorization": f"Bearer {created.headers['access-token']}"}
    flags = resources(both.client.get(f"/fhir/Flag?supporting-info=QuestionnaireResponse/{where}", headers=opens).json())
    assert [one["code"]["coding"][0]["code"] for one in flags] == ["RF01"]
    assert flags[0]["extension"][0]["valueReference"] == {"reference": f"QuestionnaireResponse/{where}"}
    assert both.client.get(f"/fhir/Flag/{flags[0]['id']}", headers=opens).json() == flags[0]
    assert both.client.get(f"/fhir/Flag?supporting-info={where}").status_code == 404
    assert both.client.get("/fhir/Flag", headers=opens).status_code == 401
    assert both.client.get(f"/fhir/CarePlan?supporting-info={where}", headers=opens).json().get("entry") is None


def test_observations_are_found_by_code_category_subject_date_and_status(both: World) -> None:
    both.tell(both.ours)

    def count(query: str) -> int:
        answer = both.ask("GET", f"/fhir/Observation?_count=200&{query}", both.ours.key)
        assert answer.status_code == 200, answer.text
        return len(resources(answer.json()))

    everything = count("")
    assert everything > 10
    assert count("code=urgency") == 1
    assert count("code=https://muscle-balance.example/fhir/CodeSystem/lumbar-balance-results|urgency") == 1
    assert count("code=https://other.example|urgency") == 0
    assert count("code=urgency,tests.trunk-hold.seconds") == 2
    assert count("category=survey") == count("subject=Patient/1") == count("status=final") == count("date=ge2026") == everything
    assert count("category=vital-signs") == count("subject=Patient/2") == count("status=preliminary") == count("date=lt2026") == 0


def test_pages_of_results_hold_each_once(both: World) -> None:
    for subject in range(3):
        both.tell(both.ours, subject=f"Patient/{subject}")
    whole = [one["id"] for one in resources(both.ask("GET", "/fhir/Observation?_count=200", both.ours.key).json())]
    seen: list[str] = []
    where = "/fhir/Observation?_count=7"
    while where:
        answer = both.ask("GET", where, both.ours.key).json()
        seen += [one["id"] for one in resources(answer)]
        assert len(resources(answer)) <= 7
        where = next((f"/fhir{link['url'].partition('/fhir')[2]}" for link in answer["link"] if link["relation"] == "next"), "")
    assert seen == whole
    assert len(set(seen)) == len(seen) > 30


def test_nothing_follows_from_a_draft(both: World, pack: Pack) -> None:
    draft = both.ask("POST", PATH, both.ours.key, json=respond(pack, RED, "in-progress"))
    assert "entry" not in both.ask("GET", f"/fhir/Observation?derived-from={draft.json()['id']}", both.ours.key).json()
    extracted = both.ask("GET", f"{draft.headers['location']}/$extract", both.ours.key)
    observations = [one for one in resources(extracted.json()) if one["resourceType"] == "Observation"]
    assert {one["status"] for one in observations} == {"preliminary"}
    assert observations[0]["valueCodeableConcept"]["coding"][0]["code"] == URGENCY


def test_what_would_not_be_asked_stays_in_a_draft_but_nothing_follows_from_it(both: World, pack: Pack) -> None:
    draft = respond(pack, {"safety.pain-level": 0, "support.worry": "often"}, "in-progress")
    kept = both.ask("POST", PATH, both.ours.key, json=draft)
    assert "support.worry" in kept.text
    extracted = both.ask("GET", f"{kept.headers['location']}/$extract", both.ours.key)
    told = both.ask("POST", f"{PATH}/$extract", None, json=draft)
    assert [one.status_code for one in (extracted, told)] == [200, 200]
    assert "support.worry" not in extracted.text + told.text


def test_a_made_up_id_is_not_there(both: World) -> None:
    own = both.tell(both.ours).replace("_", ".")
    for wrong in ("x", own, f"{own}-", f"{own}-000000000000", "a" * 300, "\N{SNOWMAN}" * 30, f"{own}-\x00"):
        answer = both.ask("GET", f"/fhir/Observation/{wrong.encode().hex() if chr(0) in wrong else wrong}", both.ours.key)
        assert (answer.status_code, answer.json()["resourceType"]) in ((404, "OperationOutcome"), (422, "OperationOutcome"))


@pytest.mark.parametrize("odd", ["%1b%5b2J", "%0a", "é", "*"])
def test_nothing_odd_comes_into_the_audit_trail_through_an_id(both: World, odd: str) -> None:
    before = both.trail(both.ours)
    assert both.ask("GET", f"/fhir/Flag/{odd}{'a' * 30}", both.ours.key).status_code == 404
    assert both.trail(both.ours) == before
