"""Inviting over HTTP: the link is said once, every fault is named, nothing is repeated, and a clinic sees its own."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.asking import Answers, Problem, problem, rows
from tests.service.clinic_world import World, with_key, world
from tests.service.hostile import MARK, TEXTS
from tests.service.inviting import ask, invited

KNOWN = {"safety.injury": "none", "tests.trunk-hold.seconds": 38}


@pytest.fixture
def at(settings: Settings, pack: Pack, answers: Answers) -> Iterator[World]:
    """Two clinics on each database."""
    app = create_app(settings, pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


@pytest.fixture(scope="module")
def quick(pack: Pack) -> Iterator[World]:
    """The same in memory, for what stores nothing."""
    app = create_app(Settings(database_url="sqlite://"), pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, {})


def test_an_invitation_is_an_address_a_code_to_photograph_and_a_line_for_a_page(quick: World) -> None:
    answer = ask(quick, answers=KNOWN, language="en", days=7)
    made = answer.json()
    assert answer.headers["location"] == f"/v1/invitations/{made['id']}"
    assert answer.headers["cache-control"] == "no-store"
    assert made["link"] == f"http://testserver/invited/{made['token']}"
    assert quick.client.get(made["link"]).status_code == 200
    assert made["qr_svg"].startswith("<svg")
    assert made["embed"]["html"] == f'<script src="http://testserver/embed.js" data-invitation="{made["token"]}" async></script>'
    read = quick.client.get(answer.headers["location"], headers=quick.ours.opens)
    assert read.json() == {name: value for name, value in made.items() if name not in ("link", "token", "qr_svg", "embed")}
    assert (made["state"], made["used"], made["intakes"], made["started_at"]) == ("open", 0, [], None)


def test_a_repeated_request_gets_the_first_answer_with_the_same_link(at: World, settings: Settings) -> None:
    key = {"Idempotency-Key": "c1f2"}
    first = ask(at, headers=key, answers=KNOWN)
    assert (first.status_code, ask(at, headers=key, answers=KNOWN).content) == (201, first.content)
    assert problem(ask(at, headers=key, answers={}), 422).type.endswith(":key-reused")
    assert ask(at, at.theirs, headers=key, answers=KNOWN).json()["token"] != first.json()["token"]
    assert rows(settings.url(), "invitation") == 2


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"reference": ""}, ["/reference"]),
        ({"reference": "x" * 65}, ["/reference"]),
        ({"reference": " x"}, ["/reference"]),
        ({"reference": 7}, ["/reference"]),
        ({"reference": None}, ["/reference"]),
        ({"subject": "Patient"}, ["/subject"]),
        ({"subject": "Patient/1\n"}, ["/subject"]),
        ({"subject": f"Patient/{'1' * 65}"}, ["/subject"]),
        ({"subject": "javascript:alert(1)/Patient/1"}, ["/subject"]),
        ({"language": "fr"}, ["/language"]),
        ({"language": "english, please"}, ["/language"]),
        ({"due": "soon"}, ["/due"]),
        ({"due": "2026-02-30"}, ["/due"]),
        ({"due": 1_900_000_000}, ["/due"]),
        ({"due": "20261231"}, ["/due"]),
        ({"days": 0}, ["/days"]),
        ({"days": 366}, ["/days"]),
        ({"days": True}, ["/days"]),
        ({"days": 10**400}, ["/days"]),
        ({"reusable": 1}, ["/reusable"]),
        ({"answers": []}, ["/answers"]),
        ({"answers": {"safety.injury": "perhaps", "tests.trunk-hold.seconds": -1, "nothing.here": "x"}}, None),
        ({"name": "Ann", "reference": ""}, ["", "/reference"]),
        ({"id": "0" * 16}, [""]),
        ({"clinic_id": "0" * 16}, [""]),
    ],
)
def test_every_fault_is_named_and_nothing_is_invited(quick: World, body: dict[str, Any], pointers: list[str] | None) -> None:
    said = problem(ask(quick, **body), 422)
    wanted = ["/answers/nothing.here", "/answers/safety.injury", "/answers/tests.trunk-hold.seconds"] if pointers is None else pointers
    assert sorted(said.pointers) == wanted


def test_a_due_day_that_cannot_be_is_refused(quick: World) -> None:
    assert problem(ask(quick, due="2020-01-01"), 422).type.endswith(":due-out-of-reach")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("member", ["reference", "subject", "language", "due", "answers", "days", "reusable"])
def test_hostile_words_are_refused_or_kept_as_they_are_and_never_repeated(quick: World, member: str, text: str) -> None:
    for value in (text, {text: text}, {"safety.injury": text}, [text]):
        body = json.dumps({"reference": "ref-1", member: value})
        answer = quick.client.post("/v1/invitations", content=body, headers={**quick.ours.opens, "Content-Type": "application/json"})
        if answer.status_code == 201:
            assert (member, value) == ("reference", text)
            assert answer.json()["reference"] == text
        else:
            assert answer.status_code in (400, 422)
            assert MARK not in Problem.model_validate_json(answer.content).model_dump_json()


def test_what_came_of_it_is_told_and_it_can_be_taken_back(at: World) -> None:
    one, other = invited(at), invited(at, reference="ref-2")
    intake = one.send(at.answers, one.once()).headers["location"].rpartition("/")[2].partition(".")[0]
    seen = one.state()
    assert (seen["state"], seen["used"], seen["intakes"]) == ("used", 1, [intake])
    taken_back = at.client.delete(f"/v1/invitations/{other.id}", headers=at.ours.opens)
    assert (taken_back.status_code, taken_back.json()["state"]) == (200, "withdrawn")
    assert at.client.get(other.path).status_code == 410


def test_the_list_goes_on_where_it_ended(at: World) -> None:
    made = [invited(at, reference=f"ref-{place}").id for place in range(3)]
    first = at.client.get("/v1/invitations", params={"most": 2}, headers=at.ours.opens).json()
    rest = at.client.get("/v1/invitations", params={"before": first["next"]}, headers=at.ours.opens).json()
    assert [one["id"] for one in first["invitations"] + rest["invitations"]] == made[::-1]
    assert (first["next"], rest["next"]) == (made[1], None)
    found = at.client.get("/v1/invitations", params={"reference": "ref-0", "open": "true"}, headers=at.ours.opens).json()
    assert [one["id"] for one in found["invitations"]] == made[:1]
    assert at.client.get("/v1/invitations", params={"open": "false"}, headers=at.ours.opens).json()["invitations"] == []


@pytest.mark.parametrize("query", ["most=0", "most=201", "most=x", "before=x", "open=perhaps", "reference="])
def test_a_list_that_is_asked_for_wrongly_is_refused(quick: World, query: str) -> None:
    assert problem(quick.client.get(f"/v1/invitations?{query}", headers=quick.ours.opens), 422).pointers == [
        f"/query/{query.partition('=')[0]}"
    ]


def test_any_key_tells_whose_it_is_and_what_it_may_do(quick: World) -> None:
    for scope, key in quick.ours.by_scope.items():
        told = quick.client.get("/v1/clinic", headers=with_key(key)).json()
        assert (told["id"], told["name"], told["settings"]) == (quick.ours.id, "Ours", {})
        assert told["key"] == {"name": key.rpartition("_")[0], "scopes": [scope], "expires_at": None}
