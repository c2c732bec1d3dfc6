"""A kept result: its private link reads, checks in, compares and erases; without the whole link there is nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.settings import Settings
from tests.service.asking import Answers, connected, expire, post, rows
from tests.service.loud import LOUD, in_two_languages
from tests.service.serving import serving
from tests.service.web.sending import form, keep, result, words

WEEK = {"c.done": "all", "c.pain_after": "2", "c.effort": "3", "c.signs": "none"}


@pytest.fixture
def link(client: TestClient, answers: Answers) -> str:
    """Somebody's private link."""
    return keep(client, answers)


def test_the_link_shows_what_was_shown_with_its_day_and_its_end(client: TestClient, link: str, answers: Answers) -> None:
    page = client.get(link)
    assert page.status_code == 200
    findings = re.findall(r'id="(finding-[^"]+)"', page.text)
    assert findings == re.findall(r'id="(finding-[^"]+)"', result(client, answers).text)
    told = words(page)
    assert "whoever has it can read this" in told
    assert "It is erased on" in told
    assert link in told


def test_the_link_is_id_and_secret_and_opens_the_same_for_programs(client: TestClient, link: str) -> None:
    identity, _, secret = link.removeprefix("/my/").partition(".")
    assert (len(identity), len(secret)) == (22, 43)
    assert client.get(f"/v1/assessments/{identity}", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_what_a_program_stored_opens_as_a_page(client: TestClient, answers: Answers) -> None:
    posted = post(client, answers, "a-key")
    assert client.get(f"/my/{posted.id}.{posted.token}").status_code == 200


def test_nobody_on_the_way_keeps_lists_or_passes_on_the_link(client: TestClient, link: str) -> None:
    for path in (link, f"{link}/check-in", f"{link}/compare", f"{link}/erase"):
        for answer in (client.get(path), client.head(path)):
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_looking_changes_nothing(client: TestClient, settings: Settings, link: str) -> None:
    for path in (link, f"{link}/check-in", f"{link}/compare", f"{link}/erase"):
        client.head(path)
        client.get(path)
    assert (rows(settings.url(), "assessment"), rows(settings.url(), "check_in")) == (1, 0)


def test_unknown_wrong_and_expired_links_get_the_very_same_page(
    client: TestClient, settings: Settings, link: str, answers: Answers
) -> None:
    other = post(client, answers)
    expire(settings.url(), other)
    identity, _, secret = link.removeprefix("/my/").partition(".")
    wrong = [
        f"/my/{identity}.{secret[::-1]}",
        f"/my/{'a' * 22}.{secret}",
        f"/my/{other.id}.{other.token}",
        "/my/x",
        f"/my/{identity}{secret}",
        "/my/%00",
    ]
    pages = [client.get(path) for path in wrong]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r"/my/[^\"]*", "", page.text) for page in pages}) == 1
    for path in wrong[:3]:
        for way in ("check-in", "compare", "erase"):
            assert client.get(f"{path}/{way}").status_code == 404
            assert client.post(f"{path}/{way}", data={"link": link}).status_code == 404
    assert rows(settings.url(), "assessment") >= 1


def test_a_week_is_told_and_the_page_says_how_the_plan_goes_on(client: TestClient, link: str, pack: Pack) -> None:
    for _ in range(2):
        page = client.post(f"{link}/check-in", data=WEEK)
        assert page.status_code == 200
    assert pack.follow_up.check_in.says.hold in words(page)
    assert "All check-ins" in words(page)


def test_a_warning_sign_stops_the_plan_and_with_it_the_check_ins(client: TestClient, link: str, pack: Pack) -> None:
    page = client.post(f"{link}/check-in", data=WEEK | {"c.signs": "some"})
    assert pack.follow_up.check_in.says.stop in words(page)
    assert "How to do it" not in words(page)
    assert f"{link}/check-in" not in page.text
    assert client.get(f"{link}/check-in", follow_redirects=False).status_code == 303


def test_a_form_that_is_sent_twice_is_one_check_in(client: TestClient, settings: Settings, link: str) -> None:
    once = re.search(r'name="once" value="([^"]+)"', client.get(f"{link}/check-in").text)
    assert once
    for _ in range(2):
        assert client.post(f"{link}/check-in", data=WEEK | {"once": once[1]}).status_code == 200
    assert rows(settings.url(), "check_in") == 1


def test_what_is_left_out_is_undecided_and_what_cannot_be_read_comes_back(
    client: TestClient, settings: Settings, link: str, pack: Pack
) -> None:
    page = client.post(f"{link}/check-in", data=WEEK | {"c.effort": "<i>lots</i>"})
    assert page.status_code == 422
    assert "<i>lots" not in page.text
    assert re.search(r'value="all" checked', page.text)
    assert rows(settings.url(), "check_in") == 0
    assert pack.follow_up.check_in.says.hold_undecided in words(client.post(f"{link}/check-in", data={"c.done": "all"}))


def test_two_results_are_compared_the_earlier_one_first(client: TestClient, answers: Answers) -> None:
    before, after = keep(client, answers), keep(client, answers | {"tests.trunk-hold.seconds": 66})
    for own, other in ((before, after), (after, before)):
        page = client.post(f"{own}/compare", data={"link": f"https://somewhere.example{other} "})
        assert page.status_code == 200
        assert "38 s → becomes 66 s" in words(page)


@pytest.mark.parametrize("pasted", ["", "nothing", "<script>alert(1)</script>", "own"])
def test_a_link_that_opens_no_other_result_is_told_calmly(client: TestClient, link: str, pasted: str) -> None:
    page = client.post(f"{link}/compare", data={"link": link if pasted == "own" else pasted})
    assert page.status_code == 404
    assert "opens no other result" in words(page)
    assert "<script>alert" not in page.text


def test_erasing_is_asked_first_and_then_leaves_nothing(client: TestClient, settings: Settings, link: str) -> None:
    client.post(f"{link}/check-in", data=WEEK)
    assert "nobody can bring them back" in words(client.get(f"{link}/erase"))
    assert "It is erased" in words(client.post(f"{link}/erase"))
    assert (rows(settings.url(), "assessment"), rows(settings.url(), "check_in")) == (0, 0)
    assert client.get(link).status_code == 404


@pytest.fixture
def bilingual(settings: Settings, pack: Pack) -> Iterator[TestClient]:
    """On each database."""
    with in_two_languages(settings, pack) as running:
        yield running


def test_a_result_is_told_in_the_language_of_its_reader_as_long_as_the_content_is_the_same(bilingual: TestClient, answers: Answers) -> None:
    link = keep(bilingual, answers)
    bilingual.post(f"{link}/check-in", data=WEEK)
    page = bilingual.get(link, headers=LOUD)
    assert page.headers["content-language"] == "es"
    assert "KEEP THE PLAN AS IT IS FOR ANOTHER WEEK." in words(page)
    assert "the muscles along your lower spine" not in words(page)
    assert "TO TIRE SOONER" in words(page)


def test_a_result_of_other_content_is_told_as_it_was_said_then(bilingual: TestClient, settings: Settings, answers: Answers) -> None:
    link = keep(bilingual, answers)
    with connected(settings.url()) as connection:
        connection.exec_driver_sql("UPDATE assessment SET guidance = replace(guidance, 'sha256:', 'sha256:0')")
    page = bilingual.get(link, headers=LOUD)
    assert 'lang="en"' in page.text
    assert "told as it was said that day".upper() in words(page)
    assert "to tire sooner" in words(page)


def test_neither_the_link_nor_an_answer_is_printed(database_url: str, tmp_path: Path, answers: Answers) -> None:
    log = tmp_path / "log"
    with serving(database_url, log) as server, httpx2.Client(base_url=server.address) as client:
        link = client.post("/result/keep", data=form(answers)).headers["location"]
        for way in ("", "/check-in", "/compare", "/erase"):
            assert client.get(f"{link}{way}").status_code == 200
        client.post(f"{link}/compare", data={"link": f"x{link}"})
        client.get(f"{link[:-3]}abc")
        client.post(f"{link}/check-in", data=WEEK)
        client.post(f"{link}/erase")
    printed = log.read_text()
    assert "route=/my/{key}/erase status=303" in printed
    identity, _, secret = link.removeprefix("/my/").partition(".")
    assert not any(one in printed for one in (identity, secret, "within-15-min", "c.done"))
