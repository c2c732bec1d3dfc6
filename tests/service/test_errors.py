"""Whatever goes wrong becomes a problem with its status; a path knows every method it offers."""

import pytest
from sqlalchemy import make_url, text
from starlette.testclient import TestClient

from service.errors import pointer
from service.settings import Settings
from tests.service.asking import STRANGER, Answers, Posted, connected, held_up, problem, rows
from tests.service.telltale import drop_the_tables

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
OFFERED = {
    "/": "GET",
    "/docs": "GET",
    "/livez": "GET",
    "/readyz": "GET",
    "/openapi.json": "GET, HEAD",
    "/static/guidance.css": "GET, HEAD",
    "/docs/swagger/swagger-ui.css": "GET, HEAD",
    "/v1/about": "GET",
    "/v1/questionnaire": "GET",
    "/v1/imbalances": "GET",
    "/v1/exercises": "GET",
    "/v1/exercises/bird-dog": "GET",
    "/v1/rules": "GET",
    "/v1/rules/R039": "GET",
    "/v1/sources": "GET",
    "/v1/article": "GET",
    "/v1/evaluate": "POST",
    "/v1/evaluate/form": "POST",
    "/v1/assessments": "POST",
    f"/v1/assessments/{STRANGER}": "DELETE, GET",
    f"/v1/assessments/{STRANGER}/check-ins": "GET, POST",
    f"/v1/assessments/{STRANGER}/compare": "GET",
    f"/v1/assessments/{STRANGER}/reevaluate": "POST",
    "/v1/next": "POST",
    "/v1/what-if": "POST",
}
NOWHERE = [
    "/v1",
    "/v1/",
    "/v2/about",
    "/v1/about/",
    "/V1/about",
    "/v1//about",
    "/admin",
    "/docs/",
    "/redoc",
    "/static",
    "/static/",
    "/metrics",
]
NOWHERE += [
    "/static/%00",
    "/static/..%2f..%2fsettings.py",
    "/static/../settings.py",
    "/v1/assessments/",
    "/v1/assessments/../../etc/passwd",
    "/%ff",
]


@pytest.mark.parametrize(("path", "offered"), OFFERED.items())
def test_a_method_that_is_not_offered_is_told_all_that_are(stateless: TestClient, path: str, offered: str) -> None:
    for method in METHODS:
        if method not in offered.split(", "):
            response = stateless.request(method, path)
            assert response.headers["allow"] == offered, method
            if method == "HEAD":
                assert (response.status_code, response.content) == (405, b"")
            else:
                assert problem(response, 405).title == "This method is not offered here"


@pytest.mark.parametrize("path", NOWHERE)
def test_where_nothing_is_nothing_is_found(stateless: TestClient, path: str) -> None:
    response = stateless.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
    assert problem(response, 404).title == "There is nothing here"
    assert "location" not in response.headers


@pytest.mark.parametrize("path", ["/", "/v1/about", "/docs"])
def test_no_answer_repeats_the_host(stateless: TestClient, path: str) -> None:
    response = stateless.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
    assert "evil.example" not in f"{response.headers}{response.text}"


def test_the_front_door_says_what_this_is_and_leads_to_the_questions(stateless: TestClient) -> None:
    response = stateless.get("/")
    assert response.status_code == 200
    assert 'href="/take"' in response.text


def test_a_pointer_escapes_what_would_lead_astray() -> None:
    assert pointer("answers", "a/b~c") == "/answers/a~1b~0c"
    assert pointer() == ""


def test_a_database_that_does_not_answer_is_busy_and_comes_back(
    client: TestClient, settings: Settings, posted: Posted, answers: Answers
) -> None:
    with held_up(settings.url()):
        response = client.get(posted.path, headers=posted.opens)
        assert client.get("/livez").status_code == 200
        assert client.post("/v1/evaluate", json={"answers": answers}).status_code == 200
    assert problem(response, 503).type.endswith(":busy")
    assert response.headers["retry-after"] == "1"
    assert client.get(posted.path, headers=posted.opens).status_code == 200


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_a_database_without_its_tables_is_away(
    client: TestClient, settings: Settings, posted: Posted, answers: Answers, method: str
) -> None:
    drop_the_tables(settings.url())
    path = "/v1/assessments" if method == "POST" else posted.path
    response = client.request(method, path, headers=posted.opens, json={"answers": answers} if method == "POST" else None)
    assert problem(response, 503).type.endswith(":busy")


REFUSING = {
    "sqlite": ("CREATE TRIGGER full_up BEFORE INSERT ON assessment BEGIN SELECT RAISE(ABORT, 'full'); END", 409, "clash"),
    "postgresql": ("ALTER TABLE assessment ALTER COLUMN pack TYPE varchar(1)", 422, "unstorable"),
}


def test_a_database_that_refuses_a_row_is_not_said_to_have_it(client: TestClient, settings: Settings, answers: Answers) -> None:
    statement, status, kind = REFUSING[make_url(settings.url()).get_backend_name()]
    with connected(settings.url()) as connection:
        connection.execute(text(statement))
    response = client.post("/v1/assessments", json={"answers": answers})
    assert problem(response, status).type.endswith(f":{kind}")
    assert rows(settings.url(), "assessment") == 0
