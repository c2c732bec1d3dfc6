"""POST /v1/next says what the rules say, and keeps to what the caller wants to spend."""

import pytest
from starlette.testclient import TestClient

from rules import Pack, next_question
from tests.service.asking import examples, problem


def test_each_practice_case_is_asked_what_the_rules_ask(stateless: TestClient, pack: Pack) -> None:
    for answers in examples(pack).values():
        for budget in ({}, {"max_seconds": 60}, {"self_tests": False}, {"max_items": 200, "max_seconds": 100_000}):
            response = stateless.post("/v1/next", json={"answers": answers, **budget})
            assert response.status_code == 200
            assert response.headers["cache-control"] == "no-store"
            assert response.json() == next_question(pack, answers, **budget)


def test_a_whole_interview_ends(stateless: TestClient, pack: Pack) -> None:
    answers: dict[str, object] = {}
    for _ in range(len(pack.items)):
        step = stateless.post("/v1/next", json={"answers": answers, "max_seconds": 300}).json()
        if step["should_stop"]:
            break
        answers |= {item["link_id"]: "not-sure" for item in step["items"]}
    assert step["stop_because"] in ("budget", "nothing-left")


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "60", None, 100_001, []])
@pytest.mark.parametrize("name", ["max_items", "max_seconds"])
def test_a_bound_that_is_no_count_is_named(stateless: TestClient, name: str, wrong: object) -> None:
    assert problem(stateless.post("/v1/next", json={"answers": {}, name: wrong}), 422).pointers == [f"/{name}"]


@pytest.mark.parametrize("wrong", [0, 1, "no", None, []])
def test_whether_self_tests_are_asked_is_true_or_false(stateless: TestClient, wrong: object) -> None:
    assert problem(stateless.post("/v1/next", json={"answers": {}, "self_tests": wrong}), 422).pointers == ["/self_tests"]


def test_answers_that_cannot_be_read_are_named(stateless: TestClient) -> None:
    assert problem(stateless.post("/v1/next", json={"answers": {"back.onset": "x"}}), 422).pointers == ["/answers/back.onset"]
    assert problem(stateless.post("/v1/next", json={"answers": {}, "most": 1}), 422).pointers == [""]
