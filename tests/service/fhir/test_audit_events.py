"""A clinic reads its audit trail as AuditEvents: who, what and when, page by page; no other clinic's, and nothing that was answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.clinics.audit import Act, note
from service.settings import Settings
from tests.service.asking import Answers
from tests.service.clinic_world import World, operated, world

BASE = "https://muscle-balance.example/fhir"
Resource = dict[str, Any]


@pytest.fixture
def both(settings: Settings, pack: Pack, answers: Answers, tmp_path: Path) -> Iterator[World]:
    """Two clinics on each database."""
    app = create_app(operated(settings, tmp_path), pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


def ask(both: World, query: str = "") -> Resource:
    answer = both.ask("GET", f"/fhir/AuditEvent{query}", both.ours.by_scope["fhir"])
    assert answer.status_code == 200, answer.text
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("application/fhir+json", "no-store")
    bundle: Resource = answer.json()
    return bundle


def found(bundle: Resource) -> list[Resource]:
    return [entry["resource"] for entry in bundle.get("entry", [])]


def acted(event: Resource) -> tuple[str, str, str]:
    """Who did what to what."""
    entity = event["entity"][0]
    what = entity.get("what", {})
    return (
        event["agent"][0]["who"]["identifier"]["value"],
        f"{event['action']} {event['subtype'][0]['code']} {event['outcome']}",
        what.get("reference") or what.get("identifier", {}).get("value") or entity["name"],
    )


def noted(both: World, *acts: Act, actor: str = "service") -> None:
    for act in acts:
        both.state.database.run_now(partial(note, clinic=both.ours.id, actor=actor, act=act), both.ours.id)


def test_each_line_is_an_event(both: World) -> None:
    kept = both.tell(both.ours)
    noted(
        both,
        Act("update", "assessment", kept),
        Act("erase", "key", "0123456789ab"),
        Act("send", "event", "e-1"),
        Act("export", "assessment"),
    )
    noted(both, Act("read", "assessment", kept), actor="mbk_1_2")
    both.ask("GET", "/fhir/AuditEvent", both.ours.by_scope["read"])
    reference = f"QuestionnaireResponse/{kept.replace('_', '.')}"
    events = found(ask(both))
    reading = "_".join(both.ours.by_scope["read"].split("_")[:3])
    assert [acted(one) for one in reversed(events)] == [
        ("person", "C create 0", reference),
        ("service", "U update 0", reference),
        ("service", "D delete 0", "0123456789ab"),
        ("service", "E operation 0", "e-1"),
        ("service", "E operation 0", "assessment"),
        ("mbk_1_2", "R read 0", reference),
        (reading, "E search-type 4", "audit"),
    ]
    assert [one["requestor"] for one in events[0]["agent"]] == [True, False]
    assert events[0]["entity"][1]["what"]["identifier"]["value"]
    assert all(datetime.fromisoformat(one["recorded"]).tzinfo for one in events)


def test_reading_the_trail_stands_in_the_trail(both: World) -> None:
    assert found(ask(both)) == []
    [event] = found(ask(both))
    assert acted(event)[1:] == ("E search-type 0", "audit")
    one = both.ask("GET", f"/fhir/AuditEvent/{event['id']}", both.ours.by_scope["fhir"])
    assert one.json() == event
    assert acted(found(ask(both))[0])[1:] == ("R read 0", f"AuditEvent/{event['id']}")


def test_pages_lead_on_until_the_end(both: World) -> None:
    noted(both, *(Act("read", "assessment", f"a{number}") for number in range(7)))
    told, path = [], "?_count=3&action=R&unknown=1"
    pages = 0
    while path:
        bundle = ask(both, path)
        told += [acted(one)[2] for one in found(bundle)]
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        assert "unknown" not in str(links)
        path = links.get("next", "").removeprefix(f"{BASE}/AuditEvent")
        pages += 1
    assert told == [f"QuestionnaireResponse/a{number}" for number in reversed(range(7))]
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "whats"),
    [
        ("?action=C", ["a_1"]),
        ("?action=C,D", ["b", "a_1"]),
        ("?action=http://hl7.org/fhir/audit-event-action|D", ["b"]),
        ("?entity=QuestionnaireResponse/a.1", ["a_1"]),
        (f"?entity={BASE}/QuestionnaireResponse/a.1,b", ["b", "a_1"]),
        ("?entity=a.1&action=D", []),
        ("?agent=service", ["b"]),
        (f"?agent:identifier={BASE}/agents|person", ["a_1"]),
        ("?agent=nobody", []),
        ("?entity=%00", []),
    ],
)
def test_lines_are_found_by_action_entity_and_agent(both: World, query: str, whats: list[str]) -> None:
    noted(both, Act("create", "assessment", "a_1"), actor="person")
    noted(both, Act("erase", "key", "b"))
    if query == "?entity=%00" and not both.state.database.is_sqlite:
        assert both.ask("GET", f"/fhir/AuditEvent{query}", both.ours.key).status_code == 422
        return
    told = [one["entity"][0]["what"] for one in found(ask(both, query))]
    assert [one.get("reference", "").removeprefix("QuestionnaireResponse/").replace(".", "_") or "b" for one in told] == whats


def test_lines_are_found_by_date(both: World) -> None:
    noted(both, Act("read", "assessment", "a"))
    now = datetime.now(UTC)
    day, tomorrow, yesterday = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (0, 1, -1))
    minute = f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    within = [
        day,
        f"eq{day}",
        day[:7],
        day[:4],
        f"ge{day}",
        f"le{day}",
        f"lt{tomorrow}",
        f"gt{yesterday}",
        f"sa{yesterday}",
        f"eb{tomorrow}",
    ]
    within += [f"ne{yesterday}", f"lt{minute}", f"le{minute}:00Z", f"lt{minute}:00%2B00:00", f"ge{yesterday}&date=le{tomorrow}"]
    outside = [tomorrow, f"ne{day}", f"gt{day}", f"lt{day}", f"ge{minute}", f"eb{day}", f"sa{day}", f"ge{tomorrow}&date=le{tomorrow}"]
    outside += ["1999", "9998-12", f"lt{minute}:00%2B14:00"]
    assert [one for one in within if not found(ask(both, f"?action=R&date={one}"))] == []
    assert [one for one in outside if found(ask(both, f"?action=R&date={one}"))] == []


@pytest.mark.parametrize(
    "query",
    [
        *(
            f"date={one}"
            for one in ("today", "2026-13", "2026-02-30", "0000", "9999-12-31", "ap2026", "20260101", "ge", "2026-01-01T25:00")
        ),
        *(f"action={one}" for one in ("X", "CR", "create", "c")),
        *(f"_count={one}" for one in ("0", "-1", "x", "99999999999")),
        "_before=x",
    ],
)
def test_what_cannot_be_searched_for_is_refused(both: World, query: str) -> None:
    answer = both.ask("GET", f"/fhir/AuditEvent?{query}", both.ours.key)
    assert (answer.status_code, answer.json()["resourceType"]) == (422, "OperationOutcome")


@pytest.mark.parametrize("event", ["0", "x", "-1", "1.5", "2147483647", "2147483648", "99999999999", "%00", "1%0a"])
def test_what_is_not_there_is_not_found(both: World, event: str) -> None:
    answer = both.ask("GET", f"/fhir/AuditEvent/{event}", both.ours.key)
    assert (answer.status_code, answer.json()["resourceType"]) == (404, "OperationOutcome")
    assert both.ask("GET", f"/fhir/AuditEvent/{event}", None).status_code == 401


def test_nothing_that_was_answered_or_whom_it_is_about_is_told(both: World) -> None:
    both.tell(both.ours, reference="ref-7", subject="Patient/7")
    told = both.ask("GET", "/fhir/AuditEvent", both.ours.key).text
    assert "ref-7" not in told
    assert "Patient" not in told
    assert "sweeping" not in told
