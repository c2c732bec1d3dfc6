"""Feedback on our own cards is kept as a code and a time, for the clinic that gave it; nobody else's, and no free text."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from service.cds.giving import forget_cards
from service.clinics.audit import trail
from service.intakes import erase_intake
from service.storage.cds_tables import StoredFeedback
from service.storage.tenancy import OPERATOR
from tests.service.asking import ONE_DATABASE, connected, leaves_a_trace, problem, rows
from tests.service.signing import ENDPOINT, SERVICE, SITE, Ehr, call

FEEDBACK = f"{SERVICE}/feedback"
REASONS = f"{SITE}/fhir/CodeSystem/lumbar-balance-override-reasons"


def now(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def given(ehr: Ehr) -> dict[str, Any]:
    """A card with a suggestion."""
    ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    card, *_ = ehr.cards(call())
    return card


def overridden(card: str, **changed: Any) -> dict[str, Any]:
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": now(), **changed}


def accepted(given: dict[str, Any], /, **changed: Any) -> dict[str, Any]:
    suggested = [{"id": one["uuid"]} for one in given["suggestions"]]
    return {"card": given["uuid"], "outcome": "accepted", "acceptedSuggestions": suggested, "outcomeTimestamp": now(), **changed}


def kept(ehr: Ehr) -> list[StoredFeedback]:
    found = ehr.world.state.database.run_now(lambda session: session.exec(select(StoredFeedback)).all(), ehr.clinic.id)
    return sorted(found, key=lambda one: one.at)


def test_accepted_and_overridden_are_kept_with_their_code_and_time(ehr: Ehr) -> None:
    card = given(ehr)
    ours = {"reason": {"system": REASONS, "code": "already-known"}, "userComment": "seen-by-somebody-last-week"}
    body = {"feedback": [accepted(card), overridden(card["uuid"], overrideReason=ours, outcomeTimestamp=now(hours=-1))]}
    answer = ehr.post(body, FEEDBACK)
    assert (answer.status_code, answer.content) == (200, b"")
    assert [(one.card_id, one.outcome, one.reason) for one in kept(ehr)] == [
        (card["uuid"], "accepted", None),
        (card["uuid"], "overridden", "already-known"),
    ]
    assert not leaves_a_trace(ehr.world.state.settings.url(), "seen-by-somebody-last-week")
    lines = ehr.world.state.database.run_now(lambda session: trail(session, ehr.clinic.id), ehr.clinic.id)
    assert [(one.actor, one.act.what) for one in lines if one.act.kind == "feedback"] == [("cds:ehr.example", card["uuid"])] * 2


def test_a_reason_that_is_not_ours_is_kept_as_another(ehr: Ehr) -> None:
    card = given(ehr)
    for reason, code in (
        ({"reason": {"system": "https://ehr.example/reasons", "code": "anything-at-all"}}, "other"),
        ({"userComment": "words"}, None),
        ({}, None),
    ):
        assert ehr.post({"feedback": [overridden(card["uuid"], overrideReason=reason)]}, FEEDBACK).status_code == 200
        assert kept(ehr)[-1].reason == code


def test_the_same_feedback_again_is_kept_once(ehr: Ehr) -> None:
    body = {"feedback": [overridden(given(ehr)["uuid"])]}
    assert [ehr.post(body, FEEDBACK).status_code for _ in range(3)] == [200] * 3
    assert len(kept(ehr)) == 1


def test_the_token_may_name_either_address(ehr: Ehr) -> None:
    body = {"feedback": [overridden(given(ehr)["uuid"])]}
    for endpoint in (ENDPOINT, f"{ENDPOINT}/feedback"):
        assert ehr.post(body, FEEDBACK, ehr.token(ehr.claims(endpoint))).status_code == 200


def test_another_clinics_card_is_as_if_it_were_not_there(ehr: Ehr, other: Ehr) -> None:
    card = given(ehr)
    foreign, absent = (other.post({"feedback": [overridden(one)]}, FEEDBACK) for one in (card["uuid"], str(uuid4())))
    assert problem(foreign, 422).pointers == ["/feedback/0/card"]
    assert foreign.content == absent.content
    assert rows(ehr.world.state.settings.url(), "cds_feedback") == 0
    assert ehr.post({"feedback": [accepted(card)]}, FEEDBACK).status_code == 200
    assert kept(other) == []


def test_all_of_it_is_kept_or_none(ehr: Ehr) -> None:
    card = given(ehr)
    body = {"feedback": [accepted(card), overridden(str(uuid4()))]}
    assert problem(ehr.post(body, FEEDBACK), 422).pointers == ["/feedback/1/card"]
    assert kept(ehr) == []


@ONE_DATABASE
@pytest.mark.parametrize(
    ("pointer", "changed"),
    [
        ("/feedback/0/acceptedSuggestions", {"acceptedSuggestions": [{"id": str(uuid4())}]}),
        ("/feedback/0/acceptedSuggestions", {"acceptedSuggestions": []}),
        ("/feedback/0", {"acceptedSuggestions": None}),
        ("/feedback/0", {"outcome": "overridden"}),
        ("/feedback/0", {"overrideReason": {"userComment": "x"}}),
        ("/feedback/0/outcome", {"outcome": "ignored"}),
        ("/feedback/0/card", {"card": "1"}),
        ("/feedback/0/overrideReason/reason/code", {"outcome": "overridden", "overrideReason": {"reason": {"system": "s", "code": ""}}}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": "today"}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": "2026-01-01T00:00:00"}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": 1_767_225_600}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": "0001-01-01T00:00:00+14:00"}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": "9999-12-31T23:59:59-14:00"}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": now(days=-2)}),
        ("/feedback/0/outcomeTimestamp", {"outcomeTimestamp": now(days=2)}),
    ],
)
def test_each_fault_of_feedback_is_named(ehr: Ehr, pointer: str, changed: dict[str, Any]) -> None:
    assert pointer in problem(ehr.post({"feedback": [accepted(given(ehr), **changed)]}, FEEDBACK), 422).pointers


@ONE_DATABASE
@pytest.mark.parametrize("body", [{}, {"feedback": []}, {"feedback": {}}, {"feedback": [None]}, {"feedback": [{}] * 101}])
def test_feedback_must_be_a_list_of_some(ehr: Ehr, body: Any) -> None:
    assert problem(ehr.post(body, FEEDBACK), 422).pointers


def test_after_some_days_nobody_can_tell_whom_feedback_was_about(ehr: Ehr) -> None:
    card = given(ehr)
    assert ehr.post({"feedback": [accepted(card)]}, FEEDBACK).status_code == 200
    url, database = ehr.world.state.settings.url(), ehr.world.state.database
    assert database.run_now(forget_cards, OPERATOR) == 0
    with connected(url) as connection:
        connection.execute(text("UPDATE cds_card SET expires_at = '2020-01-01 00:00:00'"))
    assert ehr.post({"feedback": [accepted(card)]}, FEEDBACK).status_code == 422
    assert database.run_now(forget_cards, OPERATOR) == 1
    assert (rows(url, "cds_card"), rows(url, "cds_feedback")) == (0, 1)


def test_a_card_goes_with_the_assessment_it_tells_of(ehr: Ehr) -> None:
    kept = ehr.world.tell(ehr.clinic, subject="Patient/1288992")
    card, *_ = ehr.cards(call())
    assert ehr.world.state.database.run_now(lambda session: erase_intake(session, ehr.clinic.id, kept), ehr.clinic.id) == kept
    assert rows(ehr.world.state.settings.url(), "cds_card") == 0
    assert ehr.post({"feedback": [accepted(card)]}, FEEDBACK).status_code == 422
