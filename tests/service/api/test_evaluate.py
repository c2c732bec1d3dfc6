"""Guidance for answers: in JSON, Markdown or HTML, as the caller likes best, and with every fault at once."""

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from rules import Pack, evaluate
from tests.service.asking import Answers, problem

URGENCIES = {
    "healthy": "clear",
    "sweeping-ache": "clear",
    "tight-hamstrings": "clear",
    "walking-ache-eased-by-sitting": "clinician-first",
    "emergency": "emergency",
    "side-hip-pain": "restricted",
    "after-birth": "restricted",
}
JSON, MARKDOWN, HTML = "application/json", "text/markdown; charset=utf-8", "text/html; charset=utf-8"
WANTED = {
    "*/*": JSON,
    "": JSON,
    "application/json": JSON,
    "application/*": JSON,
    "Application/JSON": JSON,
    "text/markdown": MARKDOWN,
    "text/markdown;variant=GFM": MARKDOWN,
    "text/html": HTML,
    "text/html;q=0.2, text/markdown;q=0.8": MARKDOWN,
    "text/html;q=0.8, text/markdown;q=0.2": HTML,
    "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8": HTML,
    "image/png, */*;q=0.1": JSON,
    "text/html;q=0, application/json;q=0, */*;q=0.1": MARKDOWN,
}
UNWANTED = ["image/png", "application/problem+json", "application/json;q=0", "text/plain", "nonsense", "a/b/c", "text/", "/", ",;"]


def ask(client: TestClient, answers: Answers, accept: str = "*/*") -> Response:
    """POST /v1/evaluate."""
    return client.post("/v1/evaluate", json={"answers": answers}, headers={"Accept": accept})


@pytest.mark.parametrize(("name", "urgency"), URGENCIES.items())
def test_each_named_example_gives_the_urgency_it_is_about(stateless: TestClient, name: str, urgency: str) -> None:
    body = stateless.get("/openapi.json").json()["paths"]["/v1/evaluate"]["post"]["requestBody"]
    response = stateless.post("/v1/evaluate", json=body["content"][JSON]["examples"][name]["value"])
    assert response.status_code == 200
    assert response.json()["triage"]["urgency"] == urgency


def test_the_answer_is_what_the_rules_say(stateless: TestClient, pack: Pack, answers: Answers) -> None:
    guidance = ask(stateless, answers).json()
    assert guidance == evaluate(pack, answers)
    assert guidance["findings"]
    assert guidance["plan"]["status"] == "issued"


def test_the_same_answers_give_the_same_bytes(stateless: TestClient, answers: Answers) -> None:
    backwards = dict(reversed(answers.items()))
    assert ask(stateless, answers).content == ask(stateless, backwards).content


def test_no_answers_at_all_are_undecided_and_no_fault(stateless: TestClient) -> None:
    assert ask(stateless, {}).json()["plan"]["status"] == "safety-unanswered"


@pytest.mark.parametrize(("accept", "media_type"), WANTED.items())
def test_the_caller_gets_the_format_it_likes_best(stateless: TestClient, answers: Answers, accept: str, media_type: str) -> None:
    response = ask(stateless, answers, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    # JSON goes out as it is: see UNCOMPRESSED in service/app.py.
    compressed = [] if media_type == "application/json" else ["Accept-Encoding"]
    assert response.headers["vary"].split(", ") == ["Accept", "Accept-Language", "Cookie", *compressed]


@pytest.mark.parametrize("accept", UNWANTED)
def test_a_format_that_is_not_offered_is_refused(stateless: TestClient, answers: Answers, accept: str) -> None:
    assert problem(ask(stateless, answers, accept), 406).type.endswith(":not-acceptable")


def test_every_format_tells_the_same_findings(stateless: TestClient, answers: Answers) -> None:
    findings = [finding["name"] for finding in ask(stateless, answers).json()["findings"]]
    assert findings
    for accept in ("text/markdown", "text/html"):
        text = ask(stateless, answers, accept).text
        assert all(name in text for name in findings)


def test_html_is_a_whole_page_without_script(stateless: TestClient, answers: Answers) -> None:
    page = ask(stateless, answers, "text/html").text
    assert page.startswith("<!doctype html>")
    assert "<h1>" in page
    assert "<script" not in page


def test_every_fault_is_named_at_once_and_no_answer_is_repeated(stateless: TestClient) -> None:
    faulty = {"back.sweeping-ache": "sometimes", "tests.trunk-hold.seconds": -7654, "Nobody's key": 1, "nobodys-key": 2}
    response = ask(stateless, faulty)
    said = problem(response, 422)
    assert said.type.endswith(":answers-refused")
    assert sorted(said.pointers) == ["/answers", "/answers/back.sweeping-ache", "/answers/nobodys-key", "/answers/tests.trunk-hold.seconds"]
    assert not any(sent in response.text for sent in ("sometimes", "7654", "Nobody"))
