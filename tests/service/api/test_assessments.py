"""An assessment belongs to whoever holds its token: they read it as it was given, and erase it to the last byte."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from pydantic_core import from_json
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.asking import STRANGER, Answers, Posted, all_told, examples, expire, leaves_a_trace, post, problem, rows

GUIDANCE = b',"guidance":'


def guidance_in(response: Response) -> bytes:
    """The bytes of the guidance."""
    return response.content.split(GUIDANCE, 1)[1]


def test_what_is_stored_is_acknowledged_with_its_place_and_token(client: TestClient, posted: Posted, answers: Answers) -> None:
    body = posted.response.json()
    assert list(body) == ["id", "access_token", "expires_at", "guidance"]
    assert posted.path == f"/v1/assessments/{body['id']}"
    assert len(posted.token) >= 43  # 256 bits
    assert body["guidance"] == client.post("/v1/evaluate", json={"answers": answers}).json()


def test_it_is_read_as_it_was_given(client: TestClient, pack: Pack) -> None:
    for answers in examples(pack).values():
        posted = post(client, answers)
        response = client.get(posted.path, headers=posted.opens)
        assert response.status_code == 200
        assert response.json()["answers"] == answers
        assert guidance_in(response) == guidance_in(posted.response)
        assert response.json()["expires_at"] == posted.response.json()["expires_at"]


def test_it_expires_after_the_days_that_are_set(posted: Posted, settings: Settings) -> None:
    expires_at = datetime.fromisoformat(posted.response.json()["expires_at"])
    left = expires_at - datetime.now(UTC)
    assert timedelta(days=settings.retention_days - 1) < left <= timedelta(days=settings.retention_days)


@pytest.mark.parametrize("media_type", ["text/markdown", "text/html"])
def test_it_can_be_read_in_words(client: TestClient, posted: Posted, media_type: str) -> None:
    response = client.get(posted.path, headers={**posted.opens, "Accept": media_type})
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    finding = posted.response.json()["guidance"]["findings"][0]
    assert finding["name"] in response.text


def test_its_findings_are_shown_on_the_body_to_its_owner_alone(client: TestClient, posted: Posted) -> None:
    response = client.get(f"{posted.path}/body-map.svg", headers=posted.opens)
    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")
    assert response.headers["cache-control"] == "no-store"
    findings = posted.response.json()["guidance"]["findings"]
    assert findings
    assert all(finding["name"] in response.text for finding in findings)
    assert response.text.count("body-map-finding") == len(findings)


def test_the_body_map_speaks_the_language_of_its_reader(settings: Settings, answers: Answers) -> None:
    with TestClient(create_app(settings)) as client:
        posted = post(client, answers)
        response = client.get(f"{posted.path}/body-map.svg", headers=posted.opens | {"Accept-Language": "de"})
    assert (response.headers["content-language"], response.headers["vary"]) == ("de", "Accept-Language, Cookie, Accept-Encoding")
    assert "Von vorn" in response.text
    assert not re.search(r"usual|>Left|From|Erector spinae", response.text)


def test_no_other_format_is_offered(client: TestClient, posted: Posted) -> None:
    assert problem(client.get(posted.path, headers={**posted.opens, "Accept": "image/png"}), 406).title


def wrong_headers(posted: Posted, other: Posted) -> list[dict[str, str]]:
    """Tokens that must not open `posted`."""
    almost = posted.token[:-1] + ("A" if posted.token[-1] != "A" else "B")
    wrong = [other.token, "", almost, posted.token[:-1], posted.token.swapcase(), "é", f"{posted.token} {posted.token}"]
    return [
        {},
        {"Authorization": posted.token},
        {"Authorization": f"Basic {posted.token}"},
        *({"Authorization": f"Bearer {one}"} for one in wrong),
    ]


def encoded(headers: dict[str, str]) -> dict[bytes, bytes]:
    """Header values as bytes, whatever they hold."""
    return {name.encode(): value.encode("latin-1") for name, value in headers.items()}


@pytest.mark.parametrize(("method", "part"), [("GET", ""), ("DELETE", ""), ("GET", "/body-map.svg")])
def test_wrong_tokens_and_wrong_ids_are_told_the_very_same(
    client: TestClient, posted: Posted, answers: Answers, method: str, part: str
) -> None:
    other = post(client, answers)
    refused = [client.request(method, posted.path + part, headers=encoded(headers)) for headers in wrong_headers(posted, other)]
    refused.append(client.request(method, f"/v1/assessments/{STRANGER}{part}", headers=posted.opens))
    assert problem(refused[0], 404).type.endswith(":assessment-not-found")
    assert [all_told(one) for one in refused] == [all_told(refused[0])] * len(refused)
    assert client.get(posted.path, headers=posted.opens).status_code == 200


def test_an_id_that_cannot_be_one_is_refused(client: TestClient) -> None:
    assert problem(client.get("/v1/assessments/short"), 422).pointers == ["/path/assessment_id"]


def test_the_scheme_of_the_token_may_be_written_either_way(client: TestClient, posted: Posted) -> None:
    assert client.get(posted.path, headers={"Authorization": f"bearer {posted.token}"}).status_code == 200


def test_neither_token_nor_key_can_be_found_in_the_database(client: TestClient, settings: Settings, answers: Answers) -> None:
    secrets = [post(client, answers).token, post(client, answers, "a-key-worth-keeping").token, "a-key-worth-keeping"]
    assert leaves_a_trace(settings.url(), "within-15-min")  # the search finds what is there
    pieces = [piece for secret in secrets for piece in (secret[:16], secret[-16:])]
    assert not any(leaves_a_trace(settings.url(), piece) for piece in pieces)


def test_erasing_leaves_no_row_and_no_byte(client: TestClient, settings: Settings, answers: Answers) -> None:
    posted = post(client, answers, "a-key")
    digest = posted.response.json()["guidance"]["versions"]["digest"]
    traces = [posted.path.rsplit("/", 1)[-1], "within-15-min", digest]
    assert all(leaves_a_trace(settings.url(), trace) for trace in traces)
    response = client.delete(posted.path, headers=posted.opens)
    assert (response.status_code, response.content, response.headers["cache-control"]) == (204, b"", "no-store")
    assert not any(leaves_a_trace(settings.url(), trace) for trace in traces)
    assert (rows(settings.url(), "assessment"), rows(settings.url(), "idempotent_request")) == (0, 0)


def test_what_is_erased_is_gone_for_its_owner_too(client: TestClient, posted: Posted) -> None:
    client.delete(posted.path, headers=posted.opens)
    assert problem(client.get(posted.path, headers=posted.opens), 404).title
    assert problem(client.delete(posted.path, headers=posted.opens), 404).title


def test_what_has_expired_can_neither_be_read_nor_erased(client: TestClient, settings: Settings, posted: Posted) -> None:
    expire(settings.url(), posted)
    assert problem(client.get(posted.path, headers=posted.opens), 404).title
    assert problem(client.delete(posted.path, headers=posted.opens), 404).title


def test_refused_answers_are_not_stored(client: TestClient, settings: Settings) -> None:
    response = client.post("/v1/assessments", json={"answers": {"back.sweeping-ache": "sometimes"}})
    assert problem(response, 422).pointers == ["/answers/back.sweeping-ache"]
    assert rows(settings.url(), "assessment") == 0


def test_two_services_on_one_database_know_the_same_assessments(client: TestClient, settings: Settings, pack: Pack, posted: Posted) -> None:
    with TestClient(create_app(settings, pack)) as second:
        assert second.get(posted.path, headers=posted.opens).content == client.get(posted.path, headers=posted.opens).content


def test_two_services_in_one_process_keep_their_assessments_apart(client: TestClient, stateless: TestClient, posted: Posted) -> None:
    assert from_json(client.get(posted.path, headers=posted.opens).content)["id"]
    assert problem(stateless.get(posted.path, headers=posted.opens), 404).title
