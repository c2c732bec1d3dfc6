"""A page of another site may call the API only when a setting names the site."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings

SITE = "https://clinic.example"
ASKS = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type, idempotency-key"}


@pytest.fixture
def serving(pack: Pack) -> Callable[[str], TestClient]:
    """The service with this setting."""
    return lambda origins: TestClient(create_app(Settings(database_url="sqlite://", cors_origins=origins), pack))


def allowed(client: TestClient, origin: str) -> list[str | None]:
    """Whose pages a browser would let ask, and read the answer, and an error."""
    asked = client.options("/v1/evaluate", headers={"Origin": origin, **ASKS})
    answer = client.get("/v1/about", headers={"Origin": origin})
    error = client.post("/v1/evaluate", json=[], headers={"Origin": origin})
    assert (answer.status_code, error.status_code) == (200, 422)
    return [response.headers.get("Access-Control-Allow-Origin") for response in (asked, answer, error)]


def test_no_site_may_unless_it_is_named(serving: Callable[[str], TestClient]) -> None:
    with serving("") as client:
        assert allowed(client, SITE) == [None] * 3
    with serving("https://other.example") as client:
        assert allowed(client, SITE) == [None] * 3


@pytest.mark.parametrize("origins", [SITE, f"http://localhost:3000,{SITE}"])
def test_a_site_that_is_named_may(serving: Callable[[str], TestClient], origins: str) -> None:
    with serving(origins) as client:
        assert allowed(client, SITE) == [SITE] * 3
        assert "Location" in client.get("/v1/about", headers={"Origin": SITE}).headers["Access-Control-Expose-Headers"]
        assert allowed(client, "https://evil.example") == [None] * 3


def test_every_header_that_is_described_may_be_sent_and_those_with_an_answer_may_be_read(serving: Callable[[str], TestClient]) -> None:
    with serving(SITE) as client:
        described = client.get("/openapi.json").json()["paths"].values()
        parameters = [one for path in described for operation in path.values() for one in operation.get("parameters", ())]
        named = {one["name"].lower() for one in parameters if one["in"] == "header"} | {
            "authorization",
            "content-type",
            "if-match",
            "prefer",
        }
        asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": ", ".join(sorted(named))}
        assert client.options("/v1/about", headers={"Origin": SITE, **asks}).status_code == 200
        told = client.get("/v1/about", headers={"Origin": SITE}).headers["Access-Control-Expose-Headers"]
    assert {"compare-authorization", "idempotency-key", "if-none-match"} <= named
    assert {"Access-Token", "ETag", "Location", "Retry-After", "X-Request-Id"} <= set(told.split(", "))


def test_every_site_may_when_the_setting_says_so(serving: Callable[[str], TestClient]) -> None:
    with serving("*") as client:
        assert allowed(client, SITE) == ["*"] * 3
