"""How the tests send a form of answers, and read what comes back."""

from collections.abc import Mapping
from html import unescape
from re import sub

from httpx2 import Response
from starlette.testclient import TestClient

from tests.service.asking import Answers


def form(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """Answers as the fields of a form."""
    return {f"a.{item}": [str(one) for one in answer] if isinstance(answer, list) else [str(answer)] for item, answer in answers.items()}


def result(client: TestClient, answers: Answers, **headers: str) -> Response:
    """The page of a result."""
    return client.post("/result", data=form(answers), headers=headers)


def keep(client: TestClient, answers: Answers) -> str:
    """The private link of a result that was kept."""
    response = client.post("/result/keep", data=form(answers), follow_redirects=False)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def words(response: Response) -> str:
    """What a page says, without its markup."""
    return unescape(sub(r"\s+", " ", sub(r"<[^>]+>", " ", response.text)))
