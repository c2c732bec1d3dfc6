"""The operator makes clinics and hands out keys: shown once, kept as hashes, for some things only, and refused as soon as they are revoked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.clinics.audit import trail
from service.settings import Settings, WeakKey
from service.storage.tenancy import OPERATOR
from tests.service.asking import Answers, Problem, everything_kept, problem
from tests.service.clinic_world import OPERATORS_KEY, World, operated, with_key, world
from tests.service.pictures import JPEG, png

PATH = "/v1/admin/clinics"
PNG = png(40, 20)


@pytest.fixture
def at(settings: Settings, pack: Pack, answers: Answers, tmp_path: Path) -> Iterator[World]:
    """Two clinics and an operator on each database."""
    app = create_app(operated(settings, tmp_path), pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


def operate(at: World, method: str, path: str, **request: Any) -> Response:
    return at.ask(method, f"{PATH}{path}", OPERATORS_KEY, **request)


def test_a_new_clinic_has_a_name_and_nothing_else(at: World) -> None:
    made = operate(at, "POST", "", json={"name": "Praxis am Park"})
    assert made.status_code == 201
    clinic = made.json()
    assert {**clinic, "id": "", "created_at": ""} == {
        "id": "",
        "name": "Praxis am Park",
        "settings": {},
        "has_logo": False,
        "created_at": "",
    }
    assert at.client.get(made.headers["location"], headers=with_key(OPERATORS_KEY)).json() == clinic
    assert [one["name"] for one in operate(at, "GET", "").json()["clinics"]] == ["Ours", "Theirs", "Praxis am Park"]


def test_a_key_is_shown_once_and_the_database_could_not_show_it(at: World, settings: Settings) -> None:
    issued = operate(at, "POST", f"/{at.ours.id}/keys", json={"scopes": ["fhir", "read"], "days": 7}).json()
    assert issued["key"].startswith(f"{issued['name']}_")
    assert issued["scopes"] == ["read", "fhir"]
    listed = operate(at, "GET", f"/{at.ours.id}/keys")
    secret = issued["key"].rpartition("_")[2]
    assert secret not in listed.text
    assert secret.encode() not in everything_kept(settings.url())
    assert next(one for one in listed.json()["keys"] if one["id"] == issued["id"]) == {
        name: value for name, value in issued.items() if name != "key"
    }


def test_when_a_key_was_last_used_is_told(at: World) -> None:
    def used() -> dict[str, str | None]:
        return {one["name"]: one["used_at"] for one in operate(at, "GET", f"/{at.ours.id}/keys").json()["keys"]}

    key = at.ours.by_scope["batch"]
    name = key.rpartition("_")[0]
    assert used()[name] is None
    assert _use(at, key) == 200
    first = used()[name]
    assert first is not None
    assert _use(at, key) == 200
    assert used()[name] == first  # not noted again within a minute


def _use(at: World, key: str) -> int:
    line: dict[str, Any] = {"content": b'{"answers": {}}', "headers": {"Content-Type": "application/x-ndjson"}}
    return at.ask("POST", "/v1/batch", key, **line).status_code


def test_a_rotated_key_goes_on_for_a_while_and_the_new_one_may_do_the_same(at: World) -> None:
    old = at.ours.by_scope["batch"]
    place = f"/{at.ours.id}/keys/{old.split('_')[2]}"
    new = operate(at, "POST", f"{place}/rotate", json={}).json()
    assert new["scopes"] == ["batch"]
    assert [_use(at, key) for key in (old, new["key"])] == [200, 200]
    assert operate(at, "POST", f"{place}/rotate", json={"hours": 0}).status_code == 201
    assert [_use(at, key) for key in (old, new["key"])] == [401, 200]


def test_a_key_lasts_as_long_as_the_one_in_whose_place_it_comes_however_often_that_is_asked(at: World) -> None:
    first = operate(at, "POST", f"/{at.ours.id}/keys", json={"scopes": ["read"], "days": 365}).json()
    place = f"/{at.ours.id}/keys/{first['id']}"
    rotated = [operate(at, "POST", f"{place}/rotate", json={}).json() for _ in range(2)]
    assert {one["expires_at"][:10] for one in rotated} == {first["expires_at"][:10]}
    assert operate(at, "POST", f"{place}/rotate", json={"hours": 0}).status_code == 201
    assert operate(at, "POST", f"{place}/rotate", json={}).status_code == 404  # its time is over


def test_links_end_with_the_key_that_made_them(at: World) -> None:
    key, intake = at.ours.by_scope["read"], at.tell(at.ours)
    made = at.ask("POST", f"/v1/intakes/{intake}/links", key, json={}).json()["link"]
    path = made[made.index("/intake/") :]
    other = at.link(at.ours, intake)
    assert [at.client.get(one).status_code for one in (path, other)] == [200, 200]
    assert operate(at, "DELETE", f"/{at.ours.id}/keys/{key.split('_')[2]}").status_code == 204
    assert [at.client.get(one).status_code for one in (path, other)] == [404, 200]


def test_a_new_key_is_named_in_the_audit_trail(at: World) -> None:
    issued = operate(at, "POST", f"/{at.ours.id}/keys", json={"scopes": ["read"]}).json()
    assert ("operator", "create", "key", issued["id"]) in at.trail(at.ours)


def test_a_revoked_key_is_refused_at_once(at: World) -> None:
    key = at.ours.by_scope["batch"]
    assert _use(at, key) == 200
    assert operate(at, "DELETE", f"/{at.ours.id}/keys/{key.split('_')[2]}").status_code == 204
    assert _use(at, key) == 401


def test_settings_come_in_the_place_of_those_before(at: World) -> None:
    wanted = {
        "retention_days": 30,
        "embed_origins": ["https://praxis.example"],
        "language": "de",
        "contact": ["Parkweg 1", "030 000000"],
        "wording": {"emergency": {"de": "Rufen Sie 112 an.\nDanach uns.", "en": "Call 112."}},
    }
    set_ = operate(at, "PUT", f"/{at.ours.id}/settings", json=wanted)
    assert (set_.status_code, set_.json()["settings"]) == (200, wanted)
    assert operate(at, "PUT", f"/{at.ours.id}/settings", json={"language": "es"}).json()["settings"] == {"language": "es"}


FAULTY: dict[str, tuple[dict[str, Any], set[str]]] = {
    "unknown": ({"Canary": 1}, {""}),
    "types": ({"retention_days": "30", "contact": "Parkweg"}, {"/retention_days", "/contact"}),
    "too long": ({"retention_days": 0, "contact": ["x" * 201]}, {"/retention_days", "/contact/0"}),
    "control characters": ({"contact": ["Canary\u0000"]}, {"/contact/0"}),
    "no such urgency": ({"wording": {"Canary": {"de": "x"}}}, {"/wording"}),
    "no language": ({"wording": {"emergency": {"Canary!": "x"}}}, {"/wording/emergency"}),
    "header injection": ({"embed_origins": ["https://a.example; script-src *"]}, {"/embed_origins/0"}),
    "plain http": ({"embed_origins": ["http://praxis.example"]}, {"/embed_origins/0"}),
}


@pytest.mark.parametrize("wrong", FAULTY)
def test_settings_that_do_not_fit_are_refused_with_every_fault(at: World, wrong: str) -> None:
    body, pointers = FAULTY[wrong]
    refused = operate(at, "PUT", f"/{at.ours.id}/settings", json=body)
    told: Problem = problem(refused, 422)
    assert set(told.pointers) == pointers
    assert "Canary" not in refused.text


@pytest.mark.parametrize(
    ("picture", "media_type", "status"),
    [(PNG, "image/png", 204), (JPEG, "image/jpeg", 204), (b"<svg/>", "image/png", 422), (PNG, "image/svg+xml", 415)],
)
def test_a_logo_is_a_picture_of_pixels(at: World, picture: bytes, media_type: str, status: int) -> None:
    sent = operate(at, "PUT", f"/{at.ours.id}/logo", content=picture, headers={"Content-Type": media_type})
    assert sent.status_code == status
    assert operate(at, "GET", f"/{at.ours.id}").json()["has_logo"] == (status == 204)


def test_a_clinic_that_goes_takes_everything_along_but_its_trail(at: World, settings: Settings) -> None:
    told = at.tell(at.ours, reference="mine-alone")
    theirs = at.tell(at.theirs)
    assert operate(at, "DELETE", f"/{at.ours.id}").status_code == 204
    kept = everything_kept(settings.url())
    assert b"mine-alone" not in kept
    noted = at.state.database.run_now(lambda session: trail(session, at.ours.id), OPERATOR)
    assert [(one.actor, one.act.action, one.act.kind) for one in noted][:2] == [
        ("operator", "erase", "clinic"),
        ("person", "create", "assessment"),
    ]
    assert told in [one.act.what for one in noted]
    assert theirs.encode() in kept
    assert operate(at, "GET", f"/{at.ours.id}").status_code == 404


def test_without_an_operators_key_nobody_operates(client: TestClient) -> None:
    assert client.get(PATH, headers=with_key(OPERATORS_KEY)).status_code == 401
    assert client.get(PATH, headers=with_key("")).status_code == 401


def test_a_short_operators_key_keeps_the_service_from_starting(tmp_path: Path, pack: Pack) -> None:
    file = tmp_path / "key"
    file.write_text("short", encoding="utf-8")
    with pytest.raises(WeakKey):
        create_app(Settings(database_url="sqlite://", admin_key_file=file), pack)
