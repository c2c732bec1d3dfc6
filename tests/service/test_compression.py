"""Pages and files come small; what could hold a token comes as it is; a file's address changes when the file does."""

import re

import pytest
from starlette.testclient import TestClient

from tests.service.asking import Answers

PAGES = ["/", "/take", "/docs", "/static/site.css", "/static/take.js", "/static/hero.svg"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_and_files_are_compressed(stateless: TestClient, path: str) -> None:
    small = stateless.get(path, headers={"Accept-Encoding": "gzip"})
    whole = stateless.get(path, headers={"Accept-Encoding": "identity"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.content == whole.content


def test_what_holds_a_token_beside_answers_of_the_callers_choice_is_not(stateless: TestClient, answers: Answers) -> None:
    kept = stateless.post("/v1/assessments", json={"answers": answers}, headers={"Accept-Encoding": "gzip"})
    assert kept.json()["access_token"]
    assert "content-encoding" not in kept.headers


def test_a_page_asks_for_files_that_may_be_kept_for_good(stateless: TestClient) -> None:
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', stateless.get("/take").text)
    assert len(files) >= 4
    for file in files:
        kept = stateless.get(file)
        assert kept.status_code == 200
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_that_is_not_there_is_not_missing_for_a_year(stateless: TestClient) -> None:
    folder = re.findall(r'href="(/static/[0-9a-f]+)/', stateless.get("/take").text)[0]
    gone = stateless.get(f"{folder}/no-such-file.css")
    assert gone.status_code == 404
    assert "immutable" not in gone.headers.get("cache-control", "")
    assert "immutable" not in stateless.get("/static/site.css").headers.get("cache-control", "")
