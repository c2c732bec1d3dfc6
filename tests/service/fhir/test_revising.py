"""A response that is kept may be revised: a draft is completed, what is completed is amended, and what was entered in error gives nothing any more."""

import json
from typing import Any

import pytest

from rules import Pack
from service.responses import MOST_VERSIONS
from tests.service.asking import connected
from tests.service.clinic_world import World
from tests.service.fhir.responses import PATH, Resource, codes, respond

UNASKED = {"safety.pain-level": 0, "support.worry": "often"}


def create(world: World, resource: Resource, key: str | None = None) -> tuple[str, dict[str, str]]:
    """Where it is kept, and what opens it."""
    created = world.ask("POST", PATH, key, json=resource)
    assert created.status_code == 201, created.text
    assert created.headers["etag"] == 'W/"1"'
    return created.headers["location"], {"Authorization": f"Bearer {key or created.headers['access-token']}"}


def put(world: World, where: str, opens: dict[str, str], resource: Resource, **headers: str) -> Any:
    return world.client.put(where, json={"id": where.rsplit("/", 1)[-1], **resource}, headers={**opens, **headers})


def events(world: World) -> list[str]:
    with connected(world.state.settings.url()) as connection:
        return list(connection.exec_driver_sql("SELECT type FROM event ORDER BY at").scalars())


@pytest.mark.parametrize("clinics", [True, False])
def test_a_draft_keeps_every_answer_and_is_completed_without_those_that_would_not_be_asked(both: World, pack: Pack, clinics: bool) -> None:
    draft = respond(pack, UNASKED, "in-progress")
    where, opens = create(both, draft, both.ours.key if clinics else None)
    assert events(both) == []
    read = both.client.get(where, headers=opens).json()
    assert (read["status"], read["item"], read["meta"]["versionId"]) == ("in-progress", draft["item"], "1")
    completed = respond(pack, {"safety.pain-level": 0})
    answered = put(both, where, opens, completed, **{"If-Match": 'W/"1"'})
    assert (answered.status_code, answered.headers["etag"]) == (200, 'W/"2"')
    assert (answered.json()["status"], answered.json()["item"]) == ("completed", completed["item"])
    assert events(both) == (["assessment.completed", "plan.withheld"] if clinics else [])


def test_a_completed_one_must_hold_together(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, UNASKED, "in-progress"), both.ours.key)
    refused = put(both, where, opens, respond(pack, UNASKED))
    assert (refused.status_code, codes(refused.json())) == (422, ["invalid"])
    assert both.client.get(where, headers=opens).json()["status"] == "in-progress"


def test_a_stale_version_is_refused_and_none_named_is_taken(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, UNASKED, "in-progress"), both.ours.key)
    assert put(both, where, opens, respond(pack, UNASKED, "in-progress")).headers["etag"] == 'W/"2"'
    for stale in ('W/"1"', '"1"', "nonsense", 'W/"999999999999"', ""):
        refused = put(both, where, opens, respond(pack, {}, "in-progress"), **{"If-Match": stale})
        assert (refused.status_code, codes(refused.json())) == (412, ["conflict"])
    for right in ('W/"2"', '"3"', "*"):
        assert put(both, where, opens, respond(pack, UNASKED, "in-progress"), **{"If-Match": right}).status_code == 200


def test_what_is_finished_is_amended_and_never_a_draft_again(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, {"safety.pain-level": 0}), both.ours.key)
    for status in ("in-progress", "stopped"):
        refused = put(both, where, opens, respond(pack, {}, status))
        assert (refused.status_code, codes(refused.json())) == (409, ["conflict"])
    same = put(both, where, opens, respond(pack, {"safety.pain-level": 0}))
    assert (same.json()["status"], same.json()["meta"]["versionId"]) == ("completed", "2")
    other = put(both, where, opens, respond(pack, {"safety.pain-level": 5}))
    assert (other.json()["status"], other.json()["item"][0]["item"][0]["answer"]) == ("amended", [{"valueInteger": 5}])
    assert events(both).count("assessment.completed") == 3


def test_what_was_entered_in_error_stays_and_gives_no_results(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, both.answers), both.ours.key)
    of_it = f"/fhir/Observation?derived-from={where.removeprefix('/fhir/')}"
    assert both.client.get(of_it, headers=opens).json()["entry"]
    withdrawn = put(both, where, opens, {"resourceType": "QuestionnaireResponse", "status": "entered-in-error"})
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "entered-in-error")
    assert both.client.get(where, headers=opens).json()["status"] == "entered-in-error"
    assert "entry" not in both.client.get(of_it, headers=opens).json()
    assert both.client.get(f"{where}/$extract", headers=opens).status_code == 409
    assert both.client.get(PATH, headers=opens).json()["total"] == 0
    assert both.client.get(f"{PATH}?status=entered-in-error", headers=opens).json()["total"] == 1
    assert put(both, where, opens, respond(pack, both.answers)).status_code == 409


def test_an_invitations_response_keeps_what_it_is_about(both: World, pack: Pack) -> None:
    own = both.tell(both.ours, invitation="0123456789abcdef", reference="known", subject="Patient/known")
    where = f"{PATH}/{own.replace('_', '.')}"
    amended = respond(pack, {"safety.pain-level": 1}, about="Patient/other", identifier={"value": "other"})
    answered = put(both, where, both.ours.opens, amended).json()
    assert (answered["subject"], answered["identifier"]) == ({"reference": "Patient/known"}, {"value": "known"})
    assert answered["status"] == "amended"


def test_a_clinics_own_is_about_whom_it_says_anew(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, {}, about=None), both.ours.key)
    assert "subject" not in both.client.get(where, headers=opens).json()
    told = put(
        both, where, opens, respond(pack, {}, identifier={"system": "urn:x", "value": "case-9"}, author={"reference": "Practitioner/3"})
    )
    assert (told.json()["subject"], told.json()["identifier"]) == ({"reference": "Patient/7"}, {"value": "case-9"})
    assert told.json()["author"] == {"reference": "Practitioner/3"}


def test_who_answered_revises_it_too_and_it_stays_the_clinics(both: World, pack: Pack) -> None:
    created = both.ask("POST", PATH, both.ours.key, json=respond(pack, {}, "in-progress"))
    owner = {"Authorization": f"Bearer {created.headers['access-token']}"}
    told = put(both, created.headers["location"], owner, respond(pack, {"safety.pain-level": 2}, about="Patient/other"))
    assert (told.status_code, told.json()["subject"]) == (200, {"reference": "Patient/7"})
    assert both.ask("GET", created.headers["location"], both.ours.key).json() == told.json()
    with connected(both.state.settings.url()) as connection:
        assert list(connection.exec_driver_sql("SELECT actor FROM audit_event WHERE action = 'update'").scalars()) == ["person"]


def test_another_id_in_the_body_is_refused(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, {}), both.ours.key)
    for wrong in ("a" * 22, 7, None, ["x"]):
        refused = both.client.put(where, json={**respond(pack, {}), "id": wrong}, headers=opens)
        assert (refused.status_code, codes(refused.json())) == (400, ["structure"])


def test_nobody_else_revises_it(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, {}))
    for stranger in ({}, {"Authorization": "Bearer wrong"}, both.ours.opens, both.theirs.opens):
        assert put(both, where, stranger, respond(pack, {"safety.pain-level": 9})).status_code == 404
    assert put(both, where, opens, respond(pack, {"safety.pain-level": 9})).status_code == 200


def test_what_is_kept_of_a_person_is_no_name_and_of_nobody_nothing(both: World, pack: Pack) -> None:
    named = respond(
        pack,
        {},
        subject={"reference": "Patient/7", "display": "Secret Name"},
        author={"reference": "Patient/7", "display": "Secret Name"},
        identifier={"value": "case-1"},
        authored="2025-12-31T23:30:00-02:00",
    )
    where, opens = create(both, named, both.ours.key)
    read = both.client.get(where, headers=opens)
    assert "Secret" not in read.text
    assert read.json()["authored"] == "2026-01-01T01:30:00+00:00"
    where, opens = create(both, named)
    kept = both.client.get(where, headers=opens).json()
    assert not kept.keys() & {"subject", "author", "identifier"}


@pytest.mark.parametrize(
    ("member", "value", "place"),
    [
        ("identifier", {"value": "Maria Lopez"}, "identifier.value"),
        ("identifier", {"value": "x" * 65}, "identifier.value"),
        ("identifier", {"value": 7}, "identifier.value"),
        ("subject", {"reference": "no reference"}, "subject.reference"),
        ("subject", {"reference": "Patient/" + "x" * 200}, "subject.reference"),
    ],
)
def test_whom_it_is_about_must_fit(both: World, pack: Pack, member: str, value: Any, place: str) -> None:
    refused = both.ask("POST", PATH, both.ours.key, json=respond(pack, {}, **{member: value}))
    assert refused.status_code == 422
    assert [one["expression"] for one in refused.json()["issue"]] == [[f"QuestionnaireResponse.{place}"]]
    assert json.dumps(value) not in refused.text


def test_every_use_of_a_key_leaves_its_line(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, {}), both.ours.key)
    both.client.get(where, headers=opens)
    put(both, where, opens, respond(pack, {}))
    both.client.get(PATH, headers=opens)
    with connected(both.state.settings.url()) as connection:
        lines = connection.exec_driver_sql("SELECT action, what FROM audit_event ORDER BY id").all()
    own = where.rsplit("/", 1)[-1].replace(".", "_")
    assert [tuple(line) for line in lines] == [
        *[("create", own)] * 2,  # the token, too
        *[("read", own), ("update", own)],
        *[("read", own), ("search", "")],  # what a search finds is read
    ]


def test_what_was_thought_of_other_answers_is_not_shown_beside_these(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, both.answers), both.ours.key)
    intake = where.rpartition("/")[2].replace(".", "_")
    finding = both.client.get(f"/v1/intakes/{intake}", headers=opens).json()["guidance"]["findings"][0]["id"]
    opinion = f"/v1/intakes/{intake}/findings/{finding}/opinion"
    assert both.client.put(opinion, json={"verdict": "agree"}, headers=opens).status_code == 200
    assert put(both, where, opens, respond(pack, both.answers)).status_code == 200
    assert len(both.client.get(f"/v1/intakes/{intake}/opinions", headers=opens).json()["opinions"]) == 1
    assert put(both, where, opens, respond(pack, {**both.answers, "safety.pain-level": 1})).status_code == 200
    assert both.client.get(f"/v1/intakes/{intake}/opinions", headers=opens).json()["opinions"] == []


def test_nobody_revises_for_ever(both: World, pack: Pack) -> None:
    where, opens = create(both, respond(pack, {}, "in-progress"), both.ours.key)
    with connected(both.state.settings.url()) as connection:
        connection.exec_driver_sql(f"UPDATE assessment SET version = {MOST_VERSIONS - 1}")  # noqa: S608 - a number of ours
    assert put(both, where, opens, respond(pack, {}, "in-progress")).status_code == 200
    refused = put(both, where, opens, respond(pack, {}, "in-progress"))
    assert (refused.status_code, codes(refused.json())) == (409, ["conflict"])


def test_a_token_that_a_key_makes_is_written_down(both: World, pack: Pack) -> None:
    where, _ = create(both, respond(pack, {}), both.ours.key)
    own = where.rpartition("/")[2].replace(".", "_")
    assert [one[1:] for one in both.trail(both.ours)] == [("create", "token", own), ("create", "assessment", own)]
