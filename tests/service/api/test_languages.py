"""Every answer comes in the caller's language and says so; what is stored stays as it was given."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.readable import markdown
from service.settings import Settings
from tests.service.asking import Answers, Posted
from tests.service.loud import LOUD, in_two_languages, loud_reader


@pytest.fixture
def bilingual(settings: Settings, pack: Pack) -> Iterator[TestClient]:
    """On each database."""
    with in_two_languages(settings, pack) as running:
        yield running


@pytest.mark.parametrize("path", ["evaluate", "next", "what-if"])
def test_an_answer_comes_in_the_language_of_the_caller(bilingual: TestClient, answers: Answers, path: str) -> None:
    for headers, language in ((LOUD, "es"), ({}, "en")):
        response = bilingual.post(f"/v1/{path}", json={"answers": answers}, headers=headers)
        assert response.headers["content-language"] == language
        assert response.headers["vary"].endswith("Accept-Language, Cookie")


def test_guidance_is_told_in_the_language_of_the_caller(bilingual: TestClient, answers: Answers) -> None:
    loud, quiet = (bilingual.post("/v1/evaluate", json={"answers": answers}, headers=one).json() for one in (LOUD, {}))
    assert loud["triage"]["advice"] == quiet["triage"]["advice"].upper() != quiet["triage"]["advice"]
    assert [one["id"] for one in loud["findings"]] == [one["id"] for one in quiet["findings"]]


def test_what_was_stored_stays_in_its_language(bilingual: TestClient, answers: Answers) -> None:
    posted = Posted(bilingual.post("/v1/assessments", json={"answers": answers}, headers=LOUD))
    assert posted.response.headers["content-language"] == "es"
    for headers in ({}, LOUD):
        stored = bilingual.get(posted.path, headers={**posted.opens, **headers})
        assert stored.headers["content-language"] == "es"
        assert stored.json()["guidance"] == posted.response.json()["guidance"]
    text = bilingual.get(posted.path, headers={**posted.opens, "Accept": "text/markdown"}).text
    assert "## YOUR PLAN" in text


def test_a_check_in_and_a_comparison_are_told_in_the_language_of_the_caller(bilingual: TestClient, answers: Answers) -> None:
    posted = Posted(bilingual.post("/v1/assessments", json={"answers": answers}))
    said = bilingual.post(f"{posted.path}/check-ins", json={"done": "all"}, headers={**posted.opens, **LOUD})
    assert said.headers["content-language"] == "es"
    assert said.json()["outcome"]["advice"].isupper()
    both = {**posted.opens, **LOUD, "Compare-Authorization": posted.opens["Authorization"]}
    compared = bilingual.get(f"{posted.path}/compare", params={"to": posted.id}, headers=both)
    assert compared.headers["content-language"] == "es"
    again = bilingual.post(f"{posted.path}/reevaluate", headers={**posted.opens, **LOUD})
    assert again.json()["guidance"]["triage"]["advice"].isupper()


def test_the_knowledge_has_an_etag_in_each_language(bilingual: TestClient) -> None:
    loud, quiet = (bilingual.get("/v1/questionnaire", headers=headers) for headers in (LOUD, {}))
    assert loud.headers["etag"] != quiet.headers["etag"]
    assert (loud.headers["content-language"], quiet.headers["content-language"]) == ("es", "en")
    held = bilingual.get("/v1/questionnaire", headers={**LOUD, "If-None-Match": quiet.headers["etag"]})
    assert held.status_code == 200


def test_no_word_around_a_result_is_forgotten_in_another_language(bilingual: TestClient, answers: Answers) -> None:
    reader = loud_reader()
    guidance = bilingual.post("/v1/evaluate", json={"answers": answers}, headers=LOUD).json()
    versions = list(guidance["versions"].values())
    quiet = [line for line in markdown(guidance, reader).splitlines() if line != line.upper() and not any(one in line for one in versions)]
    assert quiet == []
