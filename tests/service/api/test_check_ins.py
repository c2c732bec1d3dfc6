"""Check-ins belong to an assessment: they open with its token, are kept as they were said, and go when it goes."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from service.assessments import purge
from service.check_ins import MOST
from service.settings import Settings
from service.storage.database import Database
from tests.service.asking import STRANGER, Answers, Posted, all_told, connected, expire, leaves_a_trace, post, problem, rows

Told = dict[str, object]
EASY: Told = {"done": "all", "pain_after": 0, "effort": 3, "signs": "none"}
TRACE = "pain_after"


@pytest.fixture
def with_plan(client: TestClient, safe: Answers) -> Posted:
    """Somebody's assessment that led to a plan."""
    return post(client, safe | {"about-you.minutes": 30})


def tell(client: TestClient, posted: Posted, told: Told, **headers: str) -> Response:
    """POST a check-in."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"{posted.path}/check-ins", json=told, headers=posted.opens | named)


def history(client: TestClient, posted: Posted) -> list[dict[str, object]]:
    """Every check-in so far."""
    response = client.get(f"{posted.path}/check-ins", headers=posted.opens)
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    check_ins: list[dict[str, object]] = response.json()["check_ins"]
    return check_ins


def a_week_passes(url: str) -> None:
    """Everything that is stored was stored a week earlier."""
    with connected(url) as connection:
        for table, key in (("assessment", "id"), ("check_in", "place")):
            for one, moment in connection.execute(text(f"SELECT {key}, created_at FROM {table}")).all():  # noqa: S608 - names of ours
                earlier = (moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)) - timedelta(days=7)
                statement = text(f"UPDATE {table} SET created_at = :at WHERE {key} = :one")  # noqa: S608
                connection.execute(statement, {"at": earlier if connection.dialect.name != "sqlite" else str(earlier), "one": one})


def test_what_is_told_is_answered_kept_and_can_be_read_again(client: TestClient, with_plan: Posted) -> None:
    response = tell(client, with_plan, EASY)
    assert response.status_code == 201
    assert response.headers["location"] == f"{with_plan.path}/check-ins"
    body = response.json()
    assert (body["place"], body["told"], body["outcome"]["decision"]) == (1, EASY, "hold")
    assert datetime.now(UTC) - datetime.fromisoformat(body["created_at"]) < timedelta(minutes=5)
    assert history(client, with_plan) == [body]


def test_easy_weeks_make_the_plan_harder_and_the_next_check_in_goes_on_from_there(
    client: TestClient, settings: Settings, with_plan: Posted
) -> None:
    decisions, plans = [], []
    for told in (EASY, EASY, EASY | {"effort": 9}):
        a_week_passes(settings.url())
        outcome = tell(client, with_plan, told).json()["outcome"]
        decisions.append(outcome["decision"])
        plans.append({one["exercise"] for one in outcome["plan"]["prescriptions"]})
    assert decisions == ["hold", "harder", "easier"]
    assert ["bridge-march" in plan for plan in plans] == [False, True, False]
    assert [one["place"] for one in history(client, with_plan)] == [1, 2, 3]


def test_twice_on_one_day_is_not_two_weeks(client: TestClient, with_plan: Posted) -> None:
    assert [tell(client, with_plan, EASY).json()["outcome"]["decision"] for _ in range(3)] == ["hold"] * 3


def test_a_plan_that_was_stopped_is_not_gone_on_with(client: TestClient, settings: Settings, with_plan: Posted) -> None:
    assert tell(client, with_plan, EASY | {"signs": "some"}).json()["outcome"]["decision"] == "stop-and-see-a-clinician"
    assert problem(tell(client, with_plan, EASY), 422).type.endswith(":no-plan")
    assert rows(settings.url(), "check_in") == 1


def test_an_assessment_without_a_plan_has_nothing_to_check_in_on(client: TestClient) -> None:
    assert problem(tell(client, post(client, {}), EASY), 422).type.endswith(":no-plan")


def test_the_original_assessment_stays_as_it_was(client: TestClient, with_plan: Posted) -> None:
    before = client.get(with_plan.path, headers=with_plan.opens).content
    tell(client, with_plan, EASY)
    assert client.get(with_plan.path, headers=with_plan.opens).content == before


@pytest.mark.parametrize(
    ("told", "pointers"),
    [
        ({"done": "half"}, ["/done"]),
        ({"pain_after": 11, "effort": "x"}, ["/pain_after", "/effort"]),
        ({"pain_after": 3.5}, ["/pain_after"]),
        ({"mood": 3}, [""]),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(
    client: TestClient, settings: Settings, with_plan: Posted, told: Told, pointers: list[str]
) -> None:
    assert problem(tell(client, with_plan, told), 422).pointers == pointers
    assert rows(settings.url(), "check_in") == 0


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"x"'])
def test_a_body_that_is_no_object_is_refused(client: TestClient, with_plan: Posted, body: bytes) -> None:
    headers = with_plan.opens | {"Content-Type": "application/json"}
    assert problem(client.post(f"{with_plan.path}/check-ins", content=body, headers=headers), 422).pointers == [""]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_wrong_tokens_and_wrong_ids_are_told_the_very_same(client: TestClient, with_plan: Posted, answers: Answers, method: str) -> None:
    other = post(client, answers)
    own = f"{with_plan.path}/check-ins"
    tries = [(own, {}), (own, other.opens), (own, {"Authorization": "Bearer "}), (f"/v1/assessments/{STRANGER}/check-ins", with_plan.opens)]
    body = EASY if method == "POST" else None
    refused = [client.request(method, path, json=body, headers=headers) for path, headers in tries]
    assert problem(refused[0], 404).type.endswith(":assessment-not-found")
    assert [all_told(one) for one in refused] == [all_told(refused[0])] * len(refused)
    assert history(client, with_plan) == []


def test_the_same_key_gets_the_first_answer_again(client: TestClient, settings: Settings, with_plan: Posted) -> None:
    first, second = tell(client, with_plan, EASY, Idempotency_Key="week-1"), tell(client, with_plan, EASY, Idempotency_Key="week-1")
    assert (first.status_code, second.content) == (201, first.content)
    assert problem(tell(client, with_plan, {}, Idempotency_Key="week-1"), 422).type.endswith(":key-reused")
    assert tell(client, with_plan, EASY, Idempotency_Key="week-2").json()["place"] == 2
    assert rows(settings.url(), "check_in") == 2
    assert not leaves_a_trace(settings.url(), "week-1")


def test_a_key_belongs_to_its_assessment(client: TestClient, with_plan: Posted, safe: Answers) -> None:
    other = post(client, safe)
    first, second = (tell(client, each, EASY, Idempotency_Key="week-1") for each in (with_plan, other))
    assert (first.status_code, second.status_code, second.json()["place"]) == (201, 201, 1)


def test_a_repeated_key_is_answered_also_after_the_plan_was_stopped(client: TestClient, with_plan: Posted) -> None:
    first, second = (tell(client, with_plan, EASY | {"signs": "some"}, Idempotency_Key="k") for _ in range(2))
    assert (second.status_code, second.content) == (201, first.content)


def test_check_ins_are_erased_with_their_assessment_to_the_last_byte(client: TestClient, settings: Settings, with_plan: Posted) -> None:
    tell(client, with_plan, EASY)
    assert leaves_a_trace(settings.url(), TRACE)
    client.delete(with_plan.path, headers=with_plan.opens)
    assert rows(settings.url(), "check_in") == 0
    assert not leaves_a_trace(settings.url(), TRACE)
    assert problem(client.get(f"{with_plan.path}/check-ins", headers=with_plan.opens), 404).title


def test_check_ins_expire_with_their_assessment(client: TestClient, settings: Settings, with_plan: Posted) -> None:
    tell(client, with_plan, EASY)
    expire(settings.url(), with_plan)
    assert problem(client.get(f"{with_plan.path}/check-ins", headers=with_plan.opens), 404).title
    assert problem(tell(client, with_plan, EASY), 404).title
    database = Database(settings.url())
    assert database.run_now(purge) == 1
    database.close()
    assert rows(settings.url(), "check_in") == 0
    assert not leaves_a_trace(settings.url(), TRACE)


def test_check_ins_come_to_an_end(client: TestClient, with_plan: Posted, settings: Settings) -> None:
    assert tell(client, with_plan, EASY).status_code == 201
    with connected(settings.url()) as connection:
        first = connection.execute(text("SELECT assessment_id, told, outcome, created_at FROM check_in")).one()
        for place in range(2, MOST + 1):
            more = text(
                "INSERT INTO check_in (assessment_id, place, told, outcome, created_at) VALUES (:one, :place, :told, :outcome, :at)"
            )
            connection.execute(more, {"one": first[0], "place": place, "told": first[1], "outcome": first[2], "at": first[3]})
    assert problem(tell(client, with_plan, EASY), 409).type == "urn:muscle-balance:problem:too-often"
    assert len(history(client, with_plan)) == MOST
