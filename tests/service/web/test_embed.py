"""The pages for frames on other sites: who may hold them, in which language, and that no way leads out of them unseen."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings

SITES = "https://clinic.example,http://localhost:5000"
ROOT = "/embedded/de/imperial"
OWN_WAY = re.compile(r'(?:action|href)="(/(?!static/)[^"]*)"')
HOME = {"/"}  # opens in a tab of its own


@pytest.fixture(scope="module")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that two sites may embed, in every language."""
    url = f"sqlite:///{tmp_path_factory.mktemp('embed') / 'kept.db'}"
    with TestClient(create_app(Settings(database_url=url, embed_origins=SITES))) as running:
        yield running


def person(pack: Pack, name: str) -> dict[str, list[str]]:
    """Somebody of the examples, as the fields of a form."""
    answers = next(one.answers for one in pack.examples if one.id == name)
    return {f"a.{item}": [str(one) for one in (given if isinstance(given, list | tuple) else [given])] for item, given in answers.items()}


def ancestors(client: TestClient, path: str) -> str:
    """Who may hold this page in a frame."""
    return client.get(path).headers["content-security-policy"].rpartition("frame-ancestors ")[2]


def test_only_the_named_sites_may_hold_a_page_and_only_those_made_for_it(embedding: TestClient) -> None:
    assert ancestors(embedding, f"{ROOT}/take") == "https://clinic.example http://localhost:5000"
    assert {ancestors(embedding, path) for path in ("/", "/take", "/docs", "/my/nobody", "/embed.js", "/v1/about")} == {"'none'"}


def test_where_nobody_may_embed_there_is_nothing_to_embed(stateless: TestClient) -> None:
    assert stateless.get(f"{ROOT}/take").status_code == 404
    assert ancestors(stateless, f"{ROOT}/take") == "'none'"


def test_language_and_units_stand_in_the_address_whatever_the_browser_says(embedding: TestClient) -> None:
    page = embedding.get(f"{ROOT}/take", headers={"Accept-Language": "es", "Cookie": "language=en; units=metric"})
    assert page.headers["content-language"] == "de"
    assert f'action="{ROOT}/take"' in page.text


def test_a_language_that_is_not_there_gives_way_to_the_browsers(embedding: TestClient) -> None:
    page = embedding.get("/embedded/fr/metric/take", headers={"Accept-Language": "es"})
    assert page.headers["content-language"] == "es"
    assert 'action="/embedded/es/metric/take"' in page.text


@pytest.mark.parametrize("example", ["sweeping-ache", "emergency", "healthy"])
def test_no_page_leads_out_of_the_frame_or_into_the_house_around_it(embedding: TestClient, pack: Pack, example: str) -> None:
    answers = person(pack, example)
    pages = [
        embedding.get(f"{ROOT}/take"),
        embedding.post(f"{ROOT}/take", data={**answers, "go": ["check"]}),
        embedding.post(f"{ROOT}/take", data={"a.no-such-question": ["yes"], "asked": ["safety.daily-life"], "at": ["0"]}),
        embedding.post(f"{ROOT}/result", data=answers),
        embedding.post(f"{ROOT}/result/what-if", data=answers),
    ]
    kept = embedding.post(f"{ROOT}/result/keep", data=answers)
    pages += (
        [kept, *(embedding.get(f"{kept.url.path}/{page}") for page in ("check-in", "compare", "erase"))]
        if "/my/" in kept.url.path
        else [kept]
    )
    for page in pages:
        assert page.url.path.startswith(ROOT)
        assert page.headers["content-language"] == "de"
        ways = set(OWN_WAY.findall(page.text)) - HOME
        assert {way for way in ways if not way.startswith(f"{ROOT}/")} == set()
        assert '<header class="site"' not in page.text
        assert "set-cookie" not in page.headers


def test_a_result_says_that_it_is_one_and_a_kept_one_says_its_id_without_the_secret(embedding: TestClient, pack: Pack) -> None:
    answers = person(pack, "sweeping-ache")
    assert "data-completed>" in embedding.post(f"{ROOT}/result", data=answers).text
    kept = embedding.post(f"{ROOT}/result/keep", data=answers)
    name, _, _ = kept.url.path.rpartition("/")[2].partition(".")
    assert f'data-completed="{name}"' in kept.text
    assert f"http://testserver/my/{name}." in kept.text


def test_the_script_may_be_loaded_by_any_page(embedding: TestClient) -> None:
    script = embedding.get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "postMessage" in script.text
    assert '"*"' not in script.text + embedding.get("/static/embedded.js").text


def test_a_page_of_its_own_knows_nothing_of_frames(embedding: TestClient) -> None:
    page = embedding.get("/take").text
    assert "embedded" not in page
    assert "clinic.example" not in page
