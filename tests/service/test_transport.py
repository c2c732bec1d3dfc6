"""Around every request: headers that protect, a log line that tells nothing of anybody, and a last resort."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.asking import Answers, problem

SECRET = "Canary-told-in-confidence"
PATHS = ["/", "/docs", "/livez", "/openapi.json", "/static/guidance.css", "/v1/about", "/v1/evaluate", "/v1/assessments", "/nowhere"]
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cross-origin-opener-policy": "same-origin",
}


async def fail(request: Request) -> None:
    """Breaks, with what it was told in its message."""
    raise RuntimeError(f"{SECRET} {request.query_params}")


async def fail_halfway() -> StreamingResponse:
    """Breaks when the answer has begun."""

    async def halves() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError(SECRET)

    return StreamingResponse(halves())


@pytest.fixture
def breaking(pack: Pack) -> Iterator[TestClient]:
    """A service with a hole in it."""
    app: FastAPI = create_app(Settings(database_url="sqlite://"), pack)
    app.add_api_route("/fail", fail, response_model=None)
    app.add_api_route("/fail-halfway", fail_halfway, response_model=None)
    with TestClient(app) as running:
        yield running


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_every_response_carries_the_headers_that_protect(stateless: TestClient, method: str, path: str) -> None:
    response = stateless.request(method, path, follow_redirects=False)
    assert HEADERS.items() <= dict(response.headers).items()
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "server" not in response.headers


def test_only_the_docs_page_may_style_itself(stateless: TestClient) -> None:
    styled = [path for path in PATHS if "unsafe-inline" in stateless.get(path, follow_redirects=False).headers["content-security-policy"]]
    assert styled == ["/docs"]


def test_what_holds_answers_is_never_kept_on_the_way(stateless: TestClient, answers: Answers) -> None:
    responses = [stateless.post(f"/v1/{path}", json={"answers": answers}) for path in ("evaluate", "assessments")]
    opens = {"Authorization": f"Bearer {responses[1].json()['access_token']}"}
    location = responses[1].headers["location"]
    responses.append(stateless.post("/v1/evaluate/form", data={"tests.trunk-hold.seconds": "38"}))
    responses.extend(stateless.get(location, headers=opens | {"Accept": accept}) for accept in ("application/json", "text/html"))
    responses.append(stateless.delete(location, headers=opens))
    assert [response.status_code for response in responses] == [200, 201, 200, 200, 200, 204]
    assert {response.headers["cache-control"] for response in responses} == {"no-store"}


def test_an_unforeseen_failure_is_a_problem_without_its_message(breaking: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    response = breaking.get(f"/fail?q={SECRET}")
    assert problem(response, 500).title == "Something went wrong on our side"
    assert HEADERS.items() <= dict(response.headers).items()
    assert SECRET not in response.text
    logged = [record for record in caplog.records if record.name == "muscle_balance.requests"]
    assert logged[0].levelname == "ERROR"
    assert "kind=RuntimeError at=test_transport.py:" in logged[0].getMessage()
    assert not any(SECRET in repr(record.__dict__) for record in logged)


def test_a_failure_halfway_ends_the_answer_and_tells_nothing(breaking: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    assert breaking.get("/fail-halfway").content == b"half"
    assert "kind=RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_the_service_goes_on_after_a_failure(breaking: TestClient, answers: Answers) -> None:
    breaking.get("/fail")
    assert breaking.post("/v1/evaluate", json={"answers": answers}).status_code == 200


def test_a_request_is_one_line_with_the_route_and_no_value(stateless: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="muscle_balance.requests"):
        stateless.request("GET", f"/v1/exercises/bird-dog?{SECRET}")
        stateless.request("GET", f"/{SECRET}")
        stateless.request(SECRET.upper(), "/v1/about")
    lines = [record.getMessage().rsplit(" ms=", 1)[0] for record in caplog.records if record.name == "muscle_balance.requests"]
    assert lines == [
        "method=GET route=/v1/exercises/{exercise_id} status=200",
        "method=GET route=- status=404",
        "method=- route=/v1/about status=405",
    ]


def test_an_answer_and_its_line_in_the_log_share_an_id_that_the_caller_cannot_choose(
    stateless: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="muscle_balance.requests"):
        answers = [stateless.get(path, headers={"X-Request-Id": SECRET}) for path in ("/livez", "/nowhere")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(ids)) == 2
    assert [record.getMessage().rsplit("id=", 1)[1] for record in caplog.records] == ids
    assert SECRET not in "".join(ids)
