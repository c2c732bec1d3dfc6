"""An open chart gets the latest self-assessment of its patient as cards: what the clinic keeps here, or what its system sent along."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.clinics.secrets import fits
from service.settings import Settings
from service.storage.clinic_tables import StoredLink
from service.storage.tables import StoredAssessment
from service.storage.tenancy import OPERATOR
from tests.service.asking import Answers, connected, examples, problem, rows
from tests.service.cds.sending import BASE, PATIENT, bundle, sent, told, with_response
from tests.service.cds.specified import DISCOVERY, faults
from tests.service.clinic_world import World, world
from tests.service.signing import SITE, Ehr, call


def test_everybody_may_discover_the_service(ehr: Ehr) -> None:
    answer = ehr.world.client.get("/cds-services")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert faults(answer.json(), DISCOVERY) == []
    [service] = answer.json()["services"]
    assert (service["hook"], service["id"]) == ("patient-view", "muscle-balance-summary")
    questionnaire = f"{BASE}/Questionnaire/{ehr.world.state.pack.label.id}"
    assert service["prefetch"] == {
        "patient": "Patient/{{context.patientId}}",
        "response": f"QuestionnaireResponse?patient={{{{context.patientId}}}}&questionnaire={questionnaire}&_sort=-authored&_count=1",
    }


@pytest.mark.parametrize("about", [{"subject": f"Patient/{PATIENT}", "reference": "x"}, {"subject": None, "reference": PATIENT}])
def test_what_the_clinic_keeps_is_told(ehr: Ehr, about: dict[str, Any]) -> None:
    kept = ehr.world.tell(ehr.clinic, **about)
    answer = ehr.post(call())
    assert answer.status_code == 200, answer.text
    assert faults(answer.json()) == []
    assert answer.headers["cache-control"] == "no-store"
    [card] = answer.json()["cards"]
    assert card["indicator"] == "info"
    assert "4 findings" in card["summary"]
    assert "**Strong signs**: " in card["detail"]
    assert "(weak, right)" in card["detail"]
    assert "not a clinician's assessment" in card["detail"]
    assert all(limit in card["detail"] for limit in ehr.world.state.pack.label.limits)
    [suggestion] = card["suggestions"]
    [action] = suggestion["actions"]
    plan = action["resource"]
    assert (action["type"], card["selectionBehavior"]) == ("create", "at-most-one")
    assert (plan["resourceType"], plan["status"], plan["intent"]) == ("CarePlan", "draft", "proposal")
    assert plan["subject"] == {"reference": f"Patient/{PATIENT}"}
    assert plan["supportingInfo"] == [{"reference": f"{BASE}/QuestionnaireResponse/{kept.replace('_', '.')}"}]


def test_each_practice_case_is_told_as_specified(ehr: Ehr, pack: Pack) -> None:
    people = [*examples(pack).values(), {}, {"safety.saddle-numbness": "yes"}, {"safety.saddle-numbness": "not-sure"}]
    for number, answers in enumerate(people):
        ehr.world.tell(ehr.clinic, answers, subject=f"Patient/case-{number}")
        for body in (
            call(f"case-{number}"),
            with_response(sent(pack, answers, patient=f"Patient/case-{number}", days=-0.01), f"case-{number}"),
        ):
            answer = ehr.post(body)
            assert answer.status_code == 200, answer.text
            assert faults(answer.json()) == []
            assert answer.json()["cards"]


def test_red_flags_come_first_and_an_emergency_shows_nothing_beside_them(ehr: Ehr, pack: Pack) -> None:
    ehr.world.tell(ehr.clinic, examples(pack)["emergency"], subject=f"Patient/{PATIENT}")
    cards = ehr.cards(call())
    assert [one["indicator"] for one in cards] == ["critical", "critical"]
    assert [one["summary"].split(",")[0] for one in cards] == ["Emergency: 3 red flags", "Same-day care: 1 red flag"]
    for one in cards:
        assert "**No exercise plan was issued.**" in one["detail"]
        assert "suggestions" not in one
    assert pack.safety.advice.emergency in cards[0]["detail"]
    assert pack.safety.advice.emergency not in cards[1]["detail"]
    assert "no findings" not in told(cards)


def test_a_plan_that_is_held_back_is_said_to_be(ehr: Ehr, pack: Pack) -> None:
    ehr.world.tell(ehr.clinic, examples(pack)["walking-ache-eased-by-sitting"], subject=f"Patient/{PATIENT}")
    flagged, found = ehr.cards(call())
    assert (flagged["indicator"], found["indicator"]) == ("critical", "info")
    assert all("**No exercise plan was issued.**" in one["detail"] and "suggestions" not in one for one in (flagged, found))


def test_a_flag_that_leaves_a_plan_is_a_warning(ehr: Ehr, pack: Pack) -> None:
    ehr.world.tell(ehr.clinic, examples(pack)["after-birth"], subject=f"Patient/{PATIENT}")
    flagged, found = ehr.cards(call())
    assert (flagged["indicator"], found["indicator"]) == ("warning", "info")
    assert "suggestions" in found


def test_measured_values_are_told_with_their_sides(ehr: Ehr, pack: Pack) -> None:
    ehr.world.tell(ehr.clinic, examples(pack)["tight-hamstrings"], subject=f"Patient/{PATIENT}")
    detail = ehr.cards(call())[0]["detail"]
    lines = detail.partition("**What was measured**")[2].partition("**Good to know**")[0].split("\n")
    assert any(re.match(r"- .+: left .+, right .+", line) for line in lines), lines


def test_the_reasons_to_set_a_card_aside_are_published(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    offered = ehr.cards(call())[0]["overrideReasons"]
    [system] = {one["system"] for one in offered}
    published = ehr.world.client.get(system.removeprefix(SITE)).json()
    assert published["url"] == system
    assert [(one["code"], one["display"]) for one in offered] == [(one["code"], one["display"]) for one in published["concept"]]


@pytest.mark.parametrize("form", ["a resource", "a Bundle"])
def test_what_is_sent_along_is_evaluated_and_not_kept(ehr: Ehr, pack: Pack, form: str) -> None:
    response = sent(pack, examples(pack)["sweeping-ache"])
    [card] = ehr.cards(with_response(response if form == "a resource" else bundle(response)))
    assert "4 findings" in card["summary"]
    assert "links" not in card
    [suggestion] = card["suggestions"]
    assert suggestion["actions"][0]["resource"]["supportingInfo"] == [{"reference": "QuestionnaireResponse/kept-by-them"}]
    assert rows(ehr.world.state.settings.url(), "assessment") == 0


def test_of_a_bundle_the_newest_that_is_ours_finished_and_about_the_patient_counts(ehr: Ehr, pack: Pack) -> None:
    known = examples(pack)
    newest, urgent = known["tight-hamstrings"], known["emergency"]
    others = [
        sent(pack, urgent, days=20),
        sent(pack, urgent, days=1, patient="Patient/somebody-else"),
        sent(pack, urgent, days=1, patient=f"Patient/x{PATIENT}"),
        sent(pack, urgent, days=1, status="in-progress"),
        sent(pack, urgent, days=1, status="entered-in-error"),
        sent(pack, urgent, days=1, questionnaire="https://else.example/Questionnaire/back|1"),
        sent(pack, urgent, days=1, resourceType="Observation"),
        sent(pack, urgent, days=1, subject=None),
        sent(pack, urgent, days=1, authored="yesterday"),
        sent(pack, urgent, days=1, authored=None),
        sent(pack, urgent, days=-30),
        sent(pack, urgent, days=1, authored="0001-01-01T00:00:00+14:00"),
    ]
    ours = sent(pack, newest, days=2, patient=f"https://ehr.example/fhir/Patient/{PATIENT}")
    [card] = ehr.cards(with_response(bundle(*others[:6], ours, *others[6:])))
    assert "1 finding:" in card["summary"]
    assert ehr.cards(with_response(bundle(*others[1:]))) == []


def test_the_newer_of_the_two_counts(ehr: Ehr, pack: Pack) -> None:
    known = examples(pack)
    ehr.world.tell(ehr.clinic, known["sweeping-ache"], subject=f"Patient/{PATIENT}")
    older, newer = (sent(pack, known["tight-hamstrings"], days=days) for days in (3, -0.02))
    assert "4 findings" in ehr.cards(with_response(older))[0]["summary"]
    assert "1 finding:" in ehr.cards(with_response(newer))[0]["summary"]


def test_what_came_here_late_is_as_old_as_its_answers(ehr: Ehr, pack: Pack) -> None:
    known = examples(pack)
    ehr.world.tell(ehr.clinic, known["sweeping-ache"], subject=f"Patient/{PATIENT}")
    earlier = update(StoredAssessment).values(authored_at=datetime.now(UTC) - timedelta(days=20))
    ehr.world.state.database.run_now(lambda session: session.exec(earlier), OPERATOR)
    assert "(20 days ago)" in ehr.cards(call())[0]["detail"]
    assert "1 finding:" in ehr.cards(with_response(sent(pack, known["tight-hamstrings"], days=10)))[0]["summary"]
    ehr.world.tell(ehr.clinic, known["tight-hamstrings"], subject=f"Patient/{PATIENT}")
    assert "1 finding:" in ehr.cards(call())[0]["summary"]


def test_nothing_that_we_would_have_erased_is_told(ehr: Ehr, pack: Pack) -> None:
    answers = examples(pack)["sweeping-ache"]
    [card] = ehr.cards(with_response(sent(pack, answers, days=99)))
    assert "(99 days ago)" in card["detail"]
    assert ehr.cards(with_response(sent(pack, answers, days=101))) == []
    ehr.trust(retention_days=10)
    assert ehr.cards(with_response(sent(pack, answers, days=11))) == []
    assert "(9 days ago)" in ehr.cards(with_response(sent(pack, answers, days=9)))[0]["detail"]
    assert " ago)" not in ehr.cards(with_response(sent(pack, answers, days=0)))[0]["detail"]


def test_what_has_expired_here_is_not_told(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    with connected(ehr.world.state.settings.url()) as connection:
        connection.execute(text("UPDATE assessment SET expires_at = '2020-01-01 00:00:00'"))
    assert ehr.cards(call()) == []


def test_answers_to_questions_of_then_are_said_to_be_there(ehr: Ehr, pack: Pack) -> None:
    response = sent(pack, examples(pack)["emergency"], questionnaire=f"{BASE}/Questionnaire/{pack.label.id}|0.0.1")
    answer = ehr.post(with_response(response))
    assert faults(answer.json()) == []
    [card] = answer.json()["cards"]
    assert "changed since" in card["detail"]


def test_who_knows_nothing_and_was_told_nothing_says_so(ehr: Ehr) -> None:
    for body in (call(), call(prefetch={}), {name: value for name, value in call().items() if name != "prefetch"}):
        assert problem(ehr.post(body), 412).type == "urn:muscle-balance:problem:nothing-known"
    for found in (None, bundle(), {"resourceType": "Bundle", "type": "searchset", "total": 0}):
        assert ehr.cards(with_response(found)) == []
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    with connected(ehr.world.state.settings.url()) as connection:
        connection.execute(text("UPDATE assessment SET status = 'in-progress'"))
    assert ehr.cards(call()) == []


def test_another_clinics_token_sees_nothing_of_ours(ehr: Ehr, other: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    assert other.post(call()).status_code == 412
    assert other.cards(with_response(None)) == []
    assert "4 findings" in told(ehr.cards(call()))
    other.world.tell(other.clinic, {"safety.saddle-numbness": "yes"}, subject=f"Patient/{PATIENT}")
    assert "4 findings" not in told(other.cards(call()))


def test_a_link_opens_what_the_card_tells_of_for_some_hours(ehr: Ehr) -> None:
    kept = ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    first, second = (ehr.cards(call())[0]["links"][0] for _ in range(2))
    assert first["type"] == "absolute"
    assert first["url"] != second["url"]
    clinic, link, secret = first["url"].removeprefix(f"{SITE}/intake/").split(".")
    assert clinic == ehr.clinic.id
    row = ehr.world.state.database.run_now(lambda session: session.get(StoredLink, link), clinic)
    assert row
    assert row.assessment_id == kept
    assert fits(secret, row.secret_hash)
    assert timedelta(hours=11) < row.expires_at - datetime.now(UTC) <= timedelta(hours=12)


def test_a_link_opens_the_clinicians_page(ehr: Ehr) -> None:
    ehr.world.tell(ehr.clinic, subject=f"Patient/{PATIENT}")
    link = ehr.cards(call())[0]["links"][0]["url"].removeprefix(SITE)
    page = ehr.world.client.get(link)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert ehr.world.client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404


@pytest.fixture
def speaking(answers: Answers) -> Iterator[World]:
    """Every language."""
    app = create_app(Settings(database_url="sqlite://"))
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


@pytest.mark.parametrize("language", ["es", "de"])
def test_no_word_of_ours_is_left_in_english(speaking: World, pack: Pack, language: str) -> None:
    ehr = Ehr(speaking, speaking.ours)
    ehr.trust()
    for name, answers in examples(pack).items():
        speaking.tell(speaking.ours, answers, subject=f"Patient/{name}")
        english, spoken = (ehr.cards(call(name), **{"Accept-Language": one}) for one in ("en", language))
        assert len(english) == len(spoken)
        for ours, theirs in zip(english, spoken, strict=True):
            for line in ours["detail"].split("\n"):
                assert not line.strip() or line not in theirs["detail"].split("\n"), line
            for part in ("links", "overrideReasons", "suggestions"):
                labels = [[one.get("label", one.get("display")) for one in card.get(part, [])] for card in (ours, theirs)]
                assert not set(labels[0]) & set(labels[1])


@pytest.mark.parametrize(
    ("language", "words"), [("es", "4 hallazgos"), ("de", "4 Auffälligkeiten"), ("en", "4 findings"), ("fr", "4 findings")]
)
def test_cards_are_in_the_readers_language(speaking: World, pack: Pack, language: str, words: str) -> None:
    ehr = Ehr(speaking, speaking.ours)
    ehr.trust()
    speaking.tell(speaking.ours, subject=f"Patient/{PATIENT}")
    for body in (call(), with_response(sent(pack, speaking.answers, days=-0.01))):
        answer = ehr.post(body, **{"Accept-Language": language})
        assert words in answer.json()["cards"][0]["summary"]
        assert faults(answer.json()) == []
    assert speaking.client.get("/cds-services", headers={"Accept-Language": language}).headers["content-language"] in (language, "en")
