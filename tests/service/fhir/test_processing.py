"""$process-response keeps what a clinic hands over; $populate begins a draft with what still holds of it."""

from typing import Any

from rules import Pack
from service.fhir.populating import asked_anew
from tests.service.asking import examples
from tests.service.clinic_world import World
from tests.service.fhir.responses import BASE, PATH, Resource, codes, respond

PROCESS, POPULATE = "/fhir/Questionnaire/$process-response", "/fhir/Questionnaire/$populate"
ONE = "/fhir/Questionnaire/lumbar-balance"


def asked(subject: str = "Patient/7", **more: Any) -> Resource:
    """Parameters of $populate."""
    given = [
        {"name": "subject", "valueReference": {"reference": subject}},
        {"name": "questionnaire", "valueUri": f"{BASE}/Questionnaire/lumbar-balance"},
        {
            "name": "context",
            "part": [{"name": "name", "valueString": "patient"}, {"name": "content", "resource": {"resourceType": "Patient"}}],
        },
        *({"name": name, **value} for name, value in more.items()),
    ]
    return {"resourceType": "Parameters", "parameter": given}


def link_ids(resource: Resource) -> list[str]:
    return [found for item in resource.get("item", []) for found in (*([item["linkId"]] if "answer" in item else []), *link_ids(item))]


def test_what_is_handed_over_is_kept_and_the_answer_says_where(both: World, pack: Pack) -> None:
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "response", "resource": respond(pack, both.answers)}]}
    for path, body in ((PROCESS, respond(pack, both.answers)), (f"{ONE}/$process-response", wrapped)):
        answered = both.ask("POST", path, both.ours.key, json=body)
        assert (answered.status_code, codes(answered.json())[0]) == (200, "informational")
        where = answered.json()["issue"][0]["details"]["text"].rsplit(" ", 1)[-1]
        read = both.ask("GET", f"/fhir/{where}", both.ours.key).json()
        assert (read["status"], read["item"]) == ("completed", respond(pack, both.answers)["item"])


def test_it_says_what_was_left_aside(both: World, pack: Pack) -> None:
    draft = respond(pack, {"safety.pain-level": 0, "support.worry": "often"}, "in-progress")
    draft["subject"] = {"reference": "Patient/7", "display": "Secret Name"}
    draft["item"].append({"linkId": "support.signs", "answer": [{"valueInteger": 99}]})
    answered = both.ask("POST", PROCESS, both.ours.key, json=draft)
    assert codes(answered.json()) == ["informational", *["business-rule"] * 3]
    places = [one["expression"][0] for one in answered.json()["issue"][1:]]
    assert places == [
        "QuestionnaireResponse.item[2]",
        "QuestionnaireResponse.subject.display",
        "QuestionnaireResponse.item[1].item[0].answer",
    ]
    assert "Secret" not in answered.text


def test_what_does_not_hold_together_is_not_kept(both: World, pack: Pack) -> None:
    refused = both.ask("POST", PROCESS, both.ours.key, json=respond(pack, {"safety.pain-level": 0, "support.worry": "often"}))
    assert (refused.status_code, codes(refused.json())) == (422, ["invalid"])
    assert both.ask("POST", "/fhir/Questionnaire/other/$process-response", both.ours.key, json=respond(pack, {})).status_code == 404
    assert both.ask("GET", PATH, both.ours.key).json()["total"] == 0


def test_a_draft_begins_with_what_still_holds(both: World, pack: Pack) -> None:
    told = examples(pack)["sweeping-ache"]
    for answers, day in ((told, "2026-03-05T10:00:00Z"), ({"safety.pain-level": 3}, "2026-02-05T10:00:00Z")):
        assert both.ask("POST", PATH, both.ours.key, json=respond(pack, answers, authored=day)).status_code == 201
    for path in (POPULATE, f"{ONE}/$populate"):
        answered = both.ask("POST", path, both.ours.key, json=asked()).json()
        draft = answered["parameter"][0]["resource"]
        assert (draft["status"], draft["subject"]) == ("in-progress", {"reference": "Patient/7"})
        assert set(link_ids(draft)) == {one for one in told if one not in asked_anew(pack)}
        assert len(link_ids(draft)) > 5
    assert both.ask("POST", PATH, both.ours.key, json=draft).status_code == 201


def test_warning_signs_and_measured_values_are_always_asked_anew(pack: Pack) -> None:
    anew = asked_anew(pack)
    assert pack.safety_items | pack.test_of.keys() <= anew
    assert {"back.onset", "back.duration"} <= anew
    assert not anew & {pack.plan.items.age, pack.plan.items.sex, pack.plan.items.kit}


def test_another_persons_another_clinics_and_unfinished_answers_fill_in_nothing(both: World, pack: Pack) -> None:
    told = examples(pack)["sweeping-ache"]
    for key, subject, status in (
        (both.theirs.key, "Patient/7", "completed"),
        (both.ours.key, "Patient/8", "completed"),
        (both.ours.key, "Patient/7", "in-progress"),
    ):
        assert both.ask("POST", PATH, key, json=respond(pack, told, status, subject)).status_code == 201
    answered = both.ask("POST", POPULATE, both.ours.key, json=asked()).json()
    assert "item" not in answered["parameter"][0]["resource"]
    known = both.ask("POST", POPULATE, both.ours.key, json=asked("Patient/8", local={"valueBoolean": False})).json()
    assert "item" not in known["parameter"][0]["resource"]


def test_without_a_key_nothing_is_handed_over_or_filled_in(both: World, pack: Pack) -> None:
    for path, body in ((PROCESS, respond(pack, {})), (POPULATE, asked())):
        for key, status in ((None, 401), ("x", 401), (both.ours.revoked, 401), (both.ours.by_scope["read"], 403)):
            refused = both.ask("POST", path, key, json=body)
            assert (refused.status_code, refused.json()["resourceType"]) == (status, "OperationOutcome")


def test_parameters_that_do_not_fit_are_refused(both: World) -> None:
    bodies: list[Resource] = [
        {},
        {"resourceType": "Parameters"},
        {"resourceType": "Parameters", "parameter": [None, 7, {"name": []}]},
        {"resourceType": "Parameters", "parameter": [{"name": "subject", "valueReference": "Canary"}]},
        {"resourceType": "Parameters", "parameter": [{"name": "subject", "valueReference": {"reference": "Canary Canary"}}]},
        asked(questionnaire={"valueUri": "https://canary.example/q"}),
        asked(questionnaire={"resource": {"url": 7}}),
        asked(questionnaire={"valueReference": []}),
    ]
    for body in bodies:
        refused = both.ask("POST", POPULATE, both.ours.key, json=body)
        assert refused.status_code == 422, body
        assert "canary" not in refused.text.lower()
