"""Opinions over HTTP, from a front end of the clinic's own; and what everybody may read of them beside a rule."""

from typing import Any

from httpx2 import Response

from service.clinics.opinions import FEWEST
from tests.service.asking import problem
from tests.service.clinic_world import World

FINDING = "gluteus-maximus.weak.left"
RULE = "R036"  # speaks for that finding
NONE: list[dict[str, Any]] = [
    {"verdict": "disagree"},
    {"verdict": "disagree", "reason": None},
    {"verdict": "agree", "reason": "other"},
    {"verdict": "disagree", "reason": "because"},
    {"verdict": "maybe"},
    {"reason": "other"},
    {},
    {"verdict": "agree", "why": "x"},
    {"verdict": ["agree"]},
]


def put(at: World, intake: str, finding: str = FINDING, **body: Any) -> Response:
    """An opinion."""
    return at.ask("PUT", f"/v1/intakes/{intake}/findings/{finding}/opinion", at.ours.by_scope["read"], json=body)


def opinions(at: World, intake: str) -> list[dict[str, Any]]:
    """What is said of the findings, without when."""
    response = at.ask("GET", f"/v1/intakes/{intake}/opinions", at.ours.key)
    assert response.status_code == 200
    return [{name: value for name, value in one.items() if name != "given_at"} for one in response.json()["opinions"]]


def rule(at: World, **headers: str) -> Response:
    """What everybody may read."""
    return at.client.get(f"/v1/rules/{RULE}", headers=headers)


def test_an_opinion_is_given_changed_listed_and_taken_back_and_each_step_stands_in_the_trail(at: World) -> None:
    intake = at.tell(at.ours)
    first = put(at, intake, verdict="disagree", reason="other-side")
    assert first.status_code == 200
    assert first.json().items() >= {"finding": FINDING, "verdict": "disagree", "reason": "other-side"}.items()
    assert put(at, intake, verdict="agree").json()["reason"] is None
    assert opinions(at, intake) == [{"finding": FINDING, "verdict": "agree", "reason": None}]
    path = f"/v1/intakes/{intake}/findings/{FINDING}/opinion"
    assert at.ask("DELETE", path, at.ours.key).status_code == 204
    problem(at.ask("DELETE", path, at.ours.key), 404)
    assert opinions(at, intake) == []
    steps = [(action, what) for _, action, kind, what in at.trail(at.ours) if kind == "opinion"]
    own = f"{intake}/{FINDING}"
    assert steps == [("update", own), ("update", own), ("read", intake), ("erase", own), ("erase", own), ("read", intake)]


def test_an_opinion_that_is_none_is_refused(at: World) -> None:
    intake = at.tell(at.ours)
    for body in NONE:
        problem(put(at, intake, **body), 422)
    assert opinions(at, intake) == []


def test_a_finding_that_is_not_there_has_no_opinion(at: World) -> None:
    intake = at.tell(at.ours)
    problem(put(at, intake, "gluteus-maximus.tight.left", verdict="agree"), 404)
    problem(put(at, intake, "x", verdict="agree"), 422)


def test_a_rule_tells_how_clinicians_agreed_once_there_are_enough_of_them_and_its_etag_follows(at: World) -> None:
    intakes = [at.tell(at.ours) for _ in range(FEWEST)]
    before = rule(at)
    assert before.json()["agreement"] == {"status": "too-few"}
    for intake in intakes[:-1]:
        put(at, intake, verdict="agree")
        assert rule(at, **{"If-None-Match": before.headers["etag"]}).status_code == 304  # nothing that could be told has changed
    put(at, intakes[-1], verdict="disagree", reason="examined-and-normal")
    after = rule(at, **{"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["agreement"] == {
        "status": "counted",
        "agree": FEWEST - 1,
        "disagree": 1,
        "reasons": {"examined-and-normal": 1},
    }
    assert after.headers["etag"] != before.headers["etag"]
    assert rule(at, **{"If-None-Match": after.headers["etag"]}).status_code == 304
    assert {**after.json(), "agreement": None} == {**before.json(), "agreement": None}
