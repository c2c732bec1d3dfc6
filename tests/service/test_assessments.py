"""One Idempotency-Key makes one assessment; what has expired is purged, with its key."""

import pytest
from starlette.testclient import TestClient

from service.assessments import purge
from service.settings import Settings
from service.storage.database import Database
from tests.service.asking import Answers, all_told, expire, leaves_a_trace, post, problem, rows

KEY = {"Idempotency-Key": "c1f2"}


def test_the_same_key_and_body_get_the_very_same_response(client: TestClient, settings: Settings, answers: Answers) -> None:
    first, second = post(client, answers, "c1f2"), post(client, dict(reversed(answers.items())), "c1f2")
    assert all_told(first.response) == all_told(second.response)
    assert client.get(second.path, headers=second.opens).status_code == 200
    assert rows(settings.url(), "assessment") == 1


def test_without_a_key_every_request_is_a_new_assessment(client: TestClient, answers: Answers) -> None:
    assert len({post(client, answers).path for _ in range(3)}) == 3


def test_two_keys_have_different_tokens(client: TestClient, answers: Answers) -> None:
    assert post(client, answers, "one").token != post(client, answers, "two").token


def test_the_same_key_with_another_body_is_refused(client: TestClient, settings: Settings, answers: Answers) -> None:
    first = post(client, answers, "c1f2")
    other = client.post("/v1/assessments", json={"answers": {}}, headers=KEY)
    assert problem(other, 422).type.endswith(":key-reused")
    assert post(client, answers, "c1f2").response.content == first.response.content
    assert rows(settings.url(), "assessment") == 1


def test_a_key_of_refused_answers_is_free(client: TestClient, answers: Answers) -> None:
    refused = client.post("/v1/assessments", json={"answers": {"back.sweeping-ache": 3}}, headers=KEY)
    assert refused.status_code == 422
    assert post(client, answers, "c1f2").token


@pytest.mark.parametrize("keys", [[b""], [b" "], [b"a b"], [b"x" * 256], [b"\xc3\xa9"], [b"a\tb"], [b"one", b"two"], [b"one", b"one"]])
def test_bad_keys_are_refused(stateless: TestClient, keys: list[bytes]) -> None:
    response = stateless.post("/v1/assessments", json={"answers": {}}, headers=[(b"Idempotency-Key", key) for key in keys])
    assert problem(response, 400).type.endswith(":bad-key")


def test_a_key_may_have_255_characters(client: TestClient, answers: Answers) -> None:
    assert post(client, answers, "~" * 255).token


def test_a_key_is_erased_with_its_assessment(client: TestClient, settings: Settings, answers: Answers) -> None:
    first = post(client, answers, "c1f2")
    client.delete(first.path, headers=first.opens)
    assert rows(settings.url(), "idempotent_request") == 0
    assert post(client, {}, "c1f2").path != first.path


def test_a_key_is_free_again_when_its_assessment_has_expired(client: TestClient, settings: Settings, answers: Answers) -> None:
    first = post(client, answers, "c1f2")
    expire(settings.url(), first)
    second = post(client, answers, "c1f2")
    assert second.path != first.path
    assert second.token != first.token
    assert (rows(settings.url(), "assessment"), rows(settings.url(), "idempotent_request")) == (1, 1)


def test_purging_erases_what_has_expired_and_nothing_else(client: TestClient, settings: Settings, answers: Answers) -> None:
    old, young = post(client, answers, "old"), post(client, {}, "young")
    expire(settings.url(), old)
    database = Database(settings.url())
    assert (database.run_now(purge), database.run_now(purge)) == (1, 0)
    database.close()
    assert not leaves_a_trace(settings.url(), "within-15-min")
    assert client.get(young.path, headers=young.opens).status_code == 200
    assert rows(settings.url(), "idempotent_request") == 1
