"""The knowledge behind the guidance: complete, open, and sent again only when it has changed."""

from itertools import chain

import pytest
from starlette.testclient import TestClient

from rules import Pack
from tests.service.asking import problem

PATHS = ["about", "questionnaire", "imbalances", "exercises", "exercises/bird-dog", "rules", "rules/R039", "sources", "article"]


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    """Each document."""
    return f"/v1/{request.param}"


def test_a_document_has_a_strong_etag_and_may_be_kept_if_asked_for_again(stateless: TestClient, path: str) -> None:
    response = stateless.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["etag"].startswith('"')


@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}', "*"])
def test_who_holds_the_present_version_gets_304_and_no_body(stateless: TestClient, path: str, held: str) -> None:
    etag = stateless.get(path).headers["etag"]
    response = stateless.get(path, headers={"If-None-Match": held.format(etag)})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == etag


@pytest.mark.parametrize("held", ['"other"', "other", "", '""', ",,"])
def test_who_holds_another_version_gets_the_document(stateless: TestClient, path: str, held: str) -> None:
    response = stateless.get(path, headers={"If-None-Match": held})
    assert response.status_code == 200
    assert response.content == stateless.get(path).content


def test_documents_are_json_only(stateless: TestClient, path: str) -> None:
    assert stateless.get(path, headers={"Accept": "text/html, */*;q=0.1"}).headers["content-type"] == "application/json"
    assert problem(stateless.get(path, headers={"Accept": "text/html"}), 406).title


def test_no_two_documents_share_an_etag(stateless: TestClient) -> None:
    etags = {stateless.get(f"/v1/{path}").headers["etag"] for path in PATHS}
    assert len(etags) == len(PATHS)


def test_every_entry_of_the_pack_can_be_read(stateless: TestClient, pack: Pack) -> None:
    listed = {kind: [one["id"] for one in stateless.get(f"/v1/{kind}").json()] for kind in ("exercises", "rules", "sources")}
    assert listed == {"exercises": list(pack.exercises), "rules": [rule.id for rule in pack.rules], "sources": list(pack.sources)}
    for kind, one in chain((("exercises", one) for one in pack.exercises), (("rules", rule.id) for rule in pack.rules)):
        assert stateless.get(f"/v1/{kind}/{one}").json()["id"] == one


def test_the_questionnaire_holds_every_question_in_order_with_its_options(stateless: TestClient, pack: Pack) -> None:
    groups = stateless.get("/v1/questionnaire").json()["groups"]
    items = [item for group in groups for item in group["items"]]
    assert [item["link_id"] for item in items] == list(pack.items)
    assert all(
        [option["code"] for option in item["options"][:-1]] == list(pack.options(item["link_id"])) for item in items if "options" in item
    )


def test_about_says_which_content_runs_and_what_it_is_not(stateless: TestClient, pack: Pack) -> None:
    about = stateless.get("/v1/about").json()
    assert about["versions"]["digest"] == pack.digest
    assert about["intended_use"] == pack.label.intended_use
    assert about["not_for"]
    assert about["counts"]["questions"] == len(pack.items)


@pytest.mark.parametrize("path", ["exercises/levitation", "rules/R999"])
def test_what_is_not_in_the_pack_is_not_found(stateless: TestClient, path: str) -> None:
    assert problem(stateless.get(f"/v1/{path}"), 404).title == "There is nothing here"


@pytest.mark.parametrize(("path", "pointer"), [("exercises/Bird_Dog", "/path/exercise_id"), ("rules/39", "/path/rule_id")])
def test_what_cannot_be_an_id_is_refused(stateless: TestClient, path: str, pointer: str) -> None:
    assert problem(stateless.get(f"/v1/{path}"), 422).pointers == [pointer]


def test_the_questionnaire_holds_the_weekly_questions_under_the_keys_they_are_told_by(stateless: TestClient, pack: Pack) -> None:
    weekly = stateless.get("/v1/questionnaire").json()["check_in"]
    described = stateless.get("/openapi.json").json()["components"]["schemas"]["CheckInRequest"]["properties"]
    assert [one["key"] for one in weekly["questions"]] == list(described)
    assert [one["text"] for one in weekly["questions"]] == [one["title"] for one in described.values()]
    assert [one["id"] for one in weekly["rules"]] == [rule.id for rule in pack.follow_up.check_in.rules]
