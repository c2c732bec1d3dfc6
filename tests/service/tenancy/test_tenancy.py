"""No clinic sees another's: every route, by everybody who might try, on each database. The routes are the app's own, so a new one needs a row."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from starlette.testclient import TestClient

from rules import Pack, load_pack
from service.app import create_app
from service.clinics.keys import SCOPES
from service.settings import Settings
from tests.service.asking import ONE_DATABASE, Answers, all_told
from tests.service.clinic_world import OPERATORS_KEY, World, operated, world
from tests.service.tenancy.row import Row
from tests.service.tenancy.rows import ROWS

FRAMES = "/embedded/{language}/{units}"
OF_CLINICS = {name: row for name, row in ROWS.items() if row.by in ("clinic", "either")}
NAMING = {name: row for name, row in OF_CLINICS.items() if row.names}
COLLECTIONS = {name: row for name, row in OF_CLINICS.items() if not row.names and row.by == "clinic"}
OPERATED = {name: row for name, row in ROWS.items() if row.by == "operator"}


@pytest.fixture
def both(settings: Settings, pack: Pack, answers: Answers, tmp_path: Path) -> Iterator[World]:
    """Two clinics on each database."""
    app = create_app(operated(settings, tmp_path), pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


def routes() -> set[str]:
    """What the app offers, pages in frames like those without."""
    app = create_app(Settings(database_url="sqlite://", embed_origins="https://a.example"), load_pack())
    return {
        f"{method} {route.path.removeprefix(FRAMES)}"
        for route in iter_route_contexts(app.routes)
        if route.path
        for method in (route.methods or set()) - {"HEAD"}
    }


def ask(world: World, name: str, row: Row, key: str | None, named: dict[str, str]) -> Response:
    method, path = name.split(" ")
    return world.ask(method, path.format_map({**row.public, **named}), key, **row.ask(world, world.ours))


def made_up(named: dict[str, str]) -> dict[str, str]:
    """Names of the same form that nobody has."""
    return {
        part: re.sub(r"[0-9a-f]{12,}", lambda found: "0" * len(found[0]), name)
        if re.search(r"(^|_)[0-9a-f]{12,}(_|$)", name)
        else re.sub(r"\w", "a", name)
        for part, name in named.items()
    }


def test_every_route_has_its_row_and_no_row_is_without_a_route() -> None:
    assert routes() == set(ROWS)


@pytest.mark.parametrize("name", OF_CLINICS)
def test_a_clinic_reaches_its_own(both: World, name: str) -> None:
    row = OF_CLINICS[name]
    named = row.names(both, both.ours) if row.names else {}
    answer = ask(both, name, row, both.ours.key, named)
    assert answer.status_code == row.status, answer.text


@pytest.mark.parametrize("name", NAMING)
def test_what_is_another_clinics_is_as_if_it_were_not_there(both: World, name: str) -> None:
    row = NAMING[name]
    assert row.names
    named = row.names(both, both.ours)
    foreign, absent = ask(both, name, row, both.theirs.key, named), ask(both, name, row, both.theirs.key, made_up(named))
    assert foreign.status_code == 404, foreign.text
    assert all_told(foreign) == all_told(absent)
    assert ask(both, name, row, both.ours.key, named).status_code == row.status  # and nothing has happened to it


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_list_holds_nothing_of_another_clinic(both: World, name: str) -> None:
    row = COLLECTIONS[name]
    ours = both.tell(both.ours, reference="only-ours", subject="Patient/only-ours")
    answer = ask(both, name, row, both.theirs.key, {})
    assert answer.status_code == row.status, answer.text
    for secret in ("only-ours", ours, ours.replace("_", "."), both.ours.id, both.ours.key):
        assert secret not in answer.text


@ONE_DATABASE
@pytest.mark.parametrize("name", OF_CLINICS)
def test_whoever_has_no_key_for_it_is_refused(both: World, name: str) -> None:
    row = OF_CLINICS[name]
    named = row.names(both, both.ours) if row.names else {}
    half = both.ours.key[:-1]
    forged = both.theirs.key.replace(both.theirs.id, both.ours.id)
    for key in (both.ours.revoked, both.ours.expired, half + ("0" if both.ours.key[-1] != "0" else "1"), forged):
        assert ask(both, name, row, key, named).status_code == 401, key
    if row.by == "clinic":
        for other in (None, "", "x", "a" * 64, half, OPERATORS_KEY):
            assert ask(both, name, row, other, named).status_code == 401, other
    for scope in SCOPES:
        if row.scope is not None and scope != row.scope:
            assert ask(both, name, row, both.ours.by_scope[scope], named).status_code == 403, scope


@ONE_DATABASE
@pytest.mark.parametrize("name", OPERATED)
def test_only_the_operator_operates(both: World, name: str) -> None:
    row = OPERATED[name]
    named = row.names(both, both.ours) if row.names else {}
    for key in (None, "x", both.ours.key, OPERATORS_KEY[:-1]):
        refused = ask(both, name, row, key, named)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    if row.names:
        assert ask(both, name, row, OPERATORS_KEY, made_up(named)).status_code == 404
    assert ask(both, name, row, OPERATORS_KEY, named).status_code == row.status
