"""Results go to a clinic's own FHIR server: with a token that only our key gets, and once, however often they are sent."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlmodel import Session

from service.intakes import erase_intake
from service.responses import withdraw
from service.storage.tables import StoredAssessment
from tests.service.delivering.fhir_server import CLIENT, SCOPE, FhirServer
from tests.service.delivering.house import Clinic, House
from tests.service.receiving import receiving, until

# What is queued differs in nothing from events; here the stricter database is enough.
pytestmark = pytest.mark.parametrize("house", ["postgresql"], indirect=True, scope="session")


@contextmanager
def pushed_to(house: House, algorithm: str = "ES384", **wanted: Any) -> Iterator[tuple[Clinic, FhirServer]]:
    """A clinic whose results go to a server of its own."""
    clinic = house.clinic()
    server = FhirServer(lambda: house.client.get("/.well-known/jwks.json").json(), algorithm, **wanted)
    with receiving(server) as receiver:
        server.url = receiver.url
        fhir = {"url": f"{receiver.url}/fhir", "client_id": CLIENT, "scope": SCOPE, "algorithm": algorithm}
        assert house.operate("PUT", f"/{clinic.id}/settings", {"fhir": fhir}).status_code == 200
        yield clinic, server


def pushes(clinic: Clinic) -> list[Any]:
    """The newest first."""
    found: list[Any] = clinic.ask("GET", "/v1/pushes")["deliveries"]
    return found


@pytest.mark.parametrize("algorithm", ["RS384", "ES384"])
def test_a_result_arrives_whole_and_a_repeat_makes_nothing_new(house: House, algorithm: str) -> None:
    with pushed_to(house, algorithm) as (clinic, server):
        assessment = clinic.is_told()
        until(lambda: pushes(clinic)[0]["status"] == "delivered")
        push = pushes(clinic)[0]
        made = dict(server.made)
        clinic.ask("POST", f"/v1/pushes/{push['id']}/replay", status=202)
        until(lambda: len(pushes(clinic)[0]["attempts"]) == 2)
    assert server.refused == []
    assert len(server.tokens) == 1  # kept until it ends
    kinds = Counter(one["resourceType"] for one in made.values())
    assert kinds["QuestionnaireResponse"] == kinds["CarePlan"] == kinds["Provenance"] == 1
    assert kinds["Observation"] > 2
    assert server.made == made
    assert len(server.bundles) == 2
    assert [len(one["entry"]) for one in server.bundles] == [len(made)] * 2
    response = next(one for one in made.values() if one["resourceType"] == "QuestionnaireResponse")
    assert response["subject"] == {"reference": "Patient/7"}
    assert response["identifier"]["value"] == "case-7"
    assert response["meta"]["tag"][-1]["code"].startswith(f"{assessment}.1.")
    assert [one["status_code"] for one in pushes(clinic)[0]["attempts"]] == [200, 200]


def test_what_leaves_stands_in_the_audit_trail_first(house: House) -> None:
    with pushed_to(house) as (clinic, server):
        server.statuses = [500]
        assessment = clinic.is_told()
        until(lambda: pushes(clinic)[0]["status"] == "delivered")
    from service.clinics.audit import trail

    database = house.client.app.state.service.database  # type: ignore[attr-defined]
    sent = [one for one in database.run_now(lambda session: trail(session, clinic.id), clinic.id) if one.act.action == "send"]
    assert [(one.actor, one.act.kind, one.act.what) for one in sent] == [("service", "assessment", assessment)] * 2


def test_a_server_that_fails_is_asked_again(house: House) -> None:
    with pushed_to(house) as (clinic, server):
        server.statuses = [503, 422]
        clinic.is_told()
        until(lambda: pushes(clinic)[0]["status"] == "delivered")
    assert [one["status_code"] for one in pushes(clinic)[0]["attempts"]] == [503, 422, 200]
    assert len(server.bundles) == 1


def test_a_token_that_opens_nothing_any_more_is_asked_for_anew(house: House) -> None:
    with pushed_to(house) as (clinic, server):
        clinic.is_told()
        until(lambda: len(server.bundles) == 1)
        server.tokens.append("a newer one")
        clinic.is_told()
        until(lambda: len(server.bundles) == 2 and pushes(clinic)[0]["status"] == "delivered")
    assert [one["status_code"] for one in pushes(clinic)[0]["attempts"]] == [401, 200]


def test_a_token_is_used_no_longer_than_it_lives(house: House) -> None:
    with pushed_to(house, life=1) as (clinic, server):
        for place in (1, 2):
            clinic.is_told()
            until(lambda count=place: len(server.bundles) == count)  # type: ignore[misc]
    assert len(server.tokens) == 2
    assert len(server.used) == 2


def test_who_does_not_know_our_key_grants_nothing_and_we_say_no_more_than_that(house: House) -> None:
    with pushed_to(house) as (clinic, server):
        server.keys = lambda: {"keys": []}
        clinic.is_told()
        until(lambda: pushes(clinic)[0]["status"] == "failed")
    assert server.bundles == []
    assert set(server.refused) == {"signature"}
    assert [(one["status_code"], one["reason"]) for one in pushes(clinic)[0]["attempts"]] == [(None, "token-refused")] * 4
    assert "invalid_client" not in json.dumps(pushes(clinic))


def enter_in_error(session: Session, _: str, assessment: str) -> None:
    withdraw(session, session.get_one(StoredAssessment, assessment), None)


@pytest.mark.parametrize(("done", "reason"), [(erase_intake, "assessment-erased"), (enter_in_error, "entered-in-error")])
def test_what_is_erased_or_was_an_error_does_not_leave(house: House, done: Callable[[Session, str, str], object], reason: str) -> None:
    with pushed_to(house) as (clinic, server):
        server.statuses = [500] * 2
        assessment = clinic.is_told()
        until(lambda: pushes(clinic)[0]["attempts"])
        house.client.app.state.service.database.run_now(  # type: ignore[attr-defined]
            lambda session: done(session, clinic.id, assessment), clinic.id
        )
        until(lambda: pushes(clinic)[0]["status"] == "failed")
    assert pushes(clinic)[0]["attempts"][-1]["reason"] == reason
    assert server.bundles == []


def test_our_public_keys_are_open_to_reading_and_the_private_ones_are_not(house: House) -> None:
    answer = house.client.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    keys = answer.json()["keys"]
    assert [(one["kty"], one["alg"], one["use"]) for one in keys] == [("RSA", "RS384", "sig"), ("EC", "ES384", "sig")]
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {member for one in keys for member in one}
    assert len({one["kid"] for one in keys}) == 2
