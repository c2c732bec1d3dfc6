"""The audit trail over HTTP: the clinic's own, newest first, page by page; and nobody can change it, not even with the database in hand."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from service.settings import Settings
from tests.service.asking import connected, problem
from tests.service.clinic_world import World


def events(at: World, key: str = "", **query: Any) -> list[dict[str, Any]]:
    """Lines of the trail."""
    response = at.ask("GET", "/v1/audit", key or at.ours.key, params=query)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["events"]
    return found


def test_the_trail_tells_who_did_what_in_which_request_and_what_was_refused(at: World) -> None:
    intake = at.tell(at.ours)
    read = at.ask("GET", f"/v1/intakes/{intake}", at.ours.key)
    at.ask("DELETE", f"/v1/intakes/{intake}", at.ours.by_scope["read"])
    at.ask("GET", f"/v1/intakes/{'a' * 22}", at.ours.key)
    absent, refused, shown, created = events(at)[:4]
    assert (created["actor"], created["action"], created["kind"], created["what"]) == ("person", "create", "assessment", intake)
    assert (shown["actor"], shown["action"], shown["outcome"]) == (at.ours.key.rpartition("_")[0], "read", "done")
    assert shown["request_id"] == read.headers["x-request-id"]
    assert (refused["actor"], refused["action"], refused["outcome"]) == (at.ours.by_scope["read"].rpartition("_")[0], "erase", "refused")
    assert (absent["action"], absent["what"], absent["outcome"]) == ("read", "a" * 22, "refused")
    assert events(at)[0]["kind"] == "audit"  # reading the trail stands in it too


def test_a_clinic_reads_its_own_trail_only(at: World) -> None:
    intake = at.tell(at.ours)
    assert events(at, at.theirs.key) == []
    assert all(one["what"] != intake for one in events(at, at.theirs.key))


def test_page_by_page_every_line_comes_once(at: World) -> None:
    for _ in range(5):
        at.tell(at.ours)
    response = at.ask("GET", "/v1/audit", at.ours.key, params={"limit": 2})
    first = response.json()
    assert [one["id"] for one in first["events"]] == sorted((one["id"] for one in first["events"]), reverse=True)
    second = at.ask("GET", "/v1/audit", at.ours.key, params={"limit": 100, "before": first["next"]}).json()
    assert len(second["events"]) == 3
    assert second["next"] is None
    assert len({one["id"] for one in (*first["events"], *second["events"])}) == 5
    assert events(at, since="2099-01-01T00:00:00Z") == []
    assert len(events(at, since=second["events"][-1]["at"])) >= 5


def test_what_cannot_be_meant_is_refused(at: World) -> None:
    for name, value in (("limit", "101"), ("before", "0"), ("before", "x"), ("before", str(2**63)), ("since", "now")):
        assert problem(at.ask("GET", "/v1/audit", at.ours.key, params={name: value}), 422).pointers == [f"/query/{name}"]


def test_no_line_is_ever_changed_or_removed(at: World, settings: Settings) -> None:
    at.tell(at.ours)
    before = at.trail(at.ours)
    for statement in ("UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event"):
        if settings.url().startswith("sqlite"):
            with pytest.raises(DatabaseError, match="never changed"), connected(settings.url()) as connection:
                connection.execute(text(statement))
            continue
        for who in ("", "*", at.ours.id):
            with connected(settings.url()) as connection:
                connection.execute(text("SELECT set_config('app.clinic', :who, false)"), {"who": who})
                assert connection.execute(text(statement)).rowcount == 0
    assert at.trail(at.ours) == before
    assert before
