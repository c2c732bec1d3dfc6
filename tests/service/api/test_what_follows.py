"""What if, compare and evaluate again: what the rules say, to whoever may hear it, and nothing stored."""

import json

import pytest
from starlette.testclient import TestClient

from rules import Pack, compare, evaluate, reevaluate, what_if
from service.app import create_app
from service.settings import Settings
from tests.planting import changed_pack
from tests.service.asking import STRANGER, Answers, Posted, all_told, everything_kept, examples, post, problem

FEWER = {"tests.trunk-hold.seconds": 20, "tests.trunk-hold.stopped-by": "done"}


def bearer(posted: Posted) -> dict[str, str]:
    """The header that opens the other one."""
    return {"Compare-Authorization": f"Bearer {posted.token}"}


def test_what_if_says_what_the_rules_say(stateless: TestClient, pack: Pack) -> None:
    for answers in examples(pack).values():
        for change in (None, FEWER):
            body = {"answers": answers} | ({"change": change} if change is not None else {})
            response = stateless.post("/v1/what-if", json=body)
            assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
            assert response.json() == json.loads(json.dumps(what_if(pack, answers, change)))


def test_a_change_that_cannot_be_read_is_refused_where_it_stands(stateless: TestClient) -> None:
    response = stateless.post("/v1/what-if", json={"answers": {}, "change": {"back.onset": "x", "nowhere": 1}})
    assert sorted(problem(response, 422).pointers) == ["/change/back.onset", "/change/nowhere"]
    assert problem(stateless.post("/v1/what-if", json={"answers": {}, "change": [1]}), 422).pointers == ["/change"]
    assert problem(stateless.post("/v1/what-if", json={"answers": {"back.onset": "x"}}), 422).pointers == ["/answers/back.onset"]


@pytest.fixture
def later(client: TestClient, answers: Answers) -> Posted:
    """The same person some weeks later."""
    return post(client, answers | {"tests.trunk-hold.seconds": 70})


def test_two_assessments_are_compared_by_who_holds_both_tokens(
    client: TestClient, pack: Pack, posted: Posted, later: Posted, answers: Answers
) -> None:
    response = client.get(f"{posted.path}/compare", params={"to": later.id}, headers=posted.opens | bearer(later))
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    assert response.json() == json.loads(json.dumps(compare(pack, answers, answers | {"tests.trunk-hold.seconds": 70})))


def test_whichever_token_or_id_is_wrong_the_same_is_told(client: TestClient, posted: Posted, later: Posted) -> None:
    other, own = bearer(later), posted.opens
    tries = [
        (posted.id, later.id, own),
        (posted.id, later.id, other),
        (posted.id, later.id, {}),
        (posted.id, later.id, own | bearer(posted)),
        (posted.id, later.id, later.opens | other),
        (posted.id, later.id, own | {"Compare-Authorization": later.token}),
        (posted.id, later.id, own | {"Compare-Authorization": f"Basic {later.token}"}),
        (posted.id, later.id, own | {"Compare-Authorization": f"Bearer {later.token[:-1]}"}),
        (posted.id, STRANGER, own | other),
        (STRANGER, later.id, own | other),
    ]
    refused = [client.get(f"/v1/assessments/{one}/compare", params={"to": to}, headers=headers) for one, to, headers in tries]
    assert problem(refused[0], 404).type.endswith(":assessment-not-found")
    assert [all_told(one) for one in refused] == [all_told(refused[0])] * len(refused)


def test_what_has_expired_or_was_erased_is_not_compared(client: TestClient, posted: Posted, later: Posted) -> None:
    client.delete(later.path, headers=later.opens)
    response = client.get(f"{posted.path}/compare", params={"to": later.id}, headers=posted.opens | bearer(later))
    assert problem(response, 404).title


@pytest.mark.parametrize("query", ["", "to=short", f"to={STRANGER}x"])
def test_the_other_id_must_be_one(client: TestClient, posted: Posted, query: str) -> None:
    assert problem(client.get(f"{posted.path}/compare?{query}", headers=posted.opens), 422).pointers == ["/query/to"]


def test_evaluating_again_under_other_content_tells_the_difference_and_stores_nothing(
    client: TestClient, settings: Settings, tmp_path_factory: pytest.TempPathFactory, pack: Pack, posted: Posted, answers: Answers
) -> None:
    lower = ("{test: trunk-hold, measure: seconds, below: 60, unit: s}", "{test: trunk-hold, measure: seconds, below: 30, unit: s}")
    today = changed_pack(tmp_path_factory.mktemp("pack"), "evidence/back.yaml", lower)
    before = everything_kept(settings.url())
    with TestClient(create_app(settings, today)) as renewed:
        response = renewed.post(f"{posted.path}/reevaluate", headers=posted.opens)
    assert response.status_code == 200
    said = response.json()
    assert said == json.loads(json.dumps(reevaluate(today, answers, evaluate(pack, answers))))
    assert said["difference"]["versions"]["before"]["digest"] != said["difference"]["versions"]["after"]["digest"]
    assert everything_kept(settings.url()) == before
    assert client.get(posted.path, headers=posted.opens).json()["guidance"] == posted.response.json()["guidance"]


def test_only_its_owner_has_an_assessment_evaluated_again(client: TestClient, posted: Posted, later: Posted) -> None:
    refused = [client.post(f"{posted.path}/reevaluate", headers=headers) for headers in ({}, later.opens)]
    refused.append(client.post(f"/v1/assessments/{STRANGER}/reevaluate", headers=posted.opens))
    assert {(problem(one, 404).type, one.content) for one in refused} == {(problem(refused[0], 404).type, refused[0].content)}
