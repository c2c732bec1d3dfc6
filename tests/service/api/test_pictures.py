"""Pictures over HTTP: SVG with a strong ETag, for either side, still or moving."""

import pytest
from starlette.testclient import TestClient

from tests.service.asking import problem

PATHS = ["/v1/exercises/bird-dog.svg", "/v1/self-tests/thomas.svg"]


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    """One picture of each kind."""
    return str(request.param)


def test_a_picture_is_an_svg_with_a_strong_etag(stateless: TestClient, path: str) -> None:
    response = stateless.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["etag"].startswith('"')
    assert response.text.startswith("<svg ")


@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}', "*"])
def test_who_holds_the_picture_gets_304_and_no_body(stateless: TestClient, path: str, held: str) -> None:
    etag = stateless.get(path).headers["etag"]
    response = stateless.get(path, headers={"If-None-Match": held.format(etag)})
    assert (response.status_code, response.content) == (304, b"")


def test_sides_motions_and_backgrounds_are_different_pictures(stateless: TestClient, path: str) -> None:
    etags = {
        stateless.get(path, params={"side": side, "motion": motion, "background": background}).headers["etag"]
        for side in ("left", "right")
        for motion in ("still", "animated")
        for background in ("card", "none")
    }
    assert len(etags) == 8


def test_unless_asked_otherwise_the_right_side_moves_on_a_card(stateless: TestClient, path: str) -> None:
    chosen = stateless.get(path, params={"side": "right", "motion": "animated", "background": "card"})
    assert stateless.get(path).headers["etag"] == chosen.headers["etag"]


@pytest.mark.parametrize("unknown", ["/v1/exercises/cartwheel.svg", "/v1/self-tests/headstand.svg", "/v1/self-tests/bird-dog.svg"])
def test_what_is_not_there_is_a_problem(stateless: TestClient, unknown: str) -> None:
    assert problem(stateless.get(unknown), 404).title == "There is nothing here"


@pytest.mark.parametrize("query", ["side=both", "motion=slow", "background=blue"])
def test_what_is_not_offered_is_named(stateless: TestClient, path: str, query: str) -> None:
    assert problem(stateless.get(f"{path}?{query}"), 422).status == 422


def test_a_browser_gets_its_image_and_who_wants_json_is_told(stateless: TestClient, path: str) -> None:
    browser = {"Accept": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"}
    assert stateless.get(path, headers=browser).status_code == 200
    assert problem(stateless.get(path, headers={"Accept": "application/json"}), 406).status == 406


def test_the_exercise_itself_is_still_there(stateless: TestClient) -> None:
    assert stateless.get("/v1/exercises/bird-dog").json()["id"] == "bird-dog"
