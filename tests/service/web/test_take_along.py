"""The plan to take along from the pages: with nothing stored, and from behind the private link."""

from io import BytesIO

from icalendar import Calendar
from pypdf import PdfReader
from starlette.testclient import TestClient

from rules import Pack
from service.settings import Settings
from tests.service.asking import Answers, examples, rows
from tests.service.loud import LOUD, in_two_languages
from tests.service.web.sending import form, keep, result

WEEK = {"c.done": "all", "c.pain_after": "2", "c.effort": "3", "c.signs": "none"}


def text(content: bytes) -> str:
    """What a sheet says."""
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\u200b", "").split())


def test_a_result_that_is_not_kept_can_be_printed_and_scheduled(client: TestClient, settings: Settings, answers: Answers) -> None:
    printed, scheduled = (client.post(f"/result/plan.{ending}", data=form(answers)) for ending in ("pdf", "ics"))
    assert "Four weeks to tick off" in text(printed.content)
    assert len(Calendar.from_ical(scheduled.content).events) == 4
    for answer in (printed, scheduled):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith('attachment; filename="exercise-plan.')
    assert rows(settings.url(), "assessment") == 0


def test_the_page_of_a_result_has_a_button_for_each_file(client: TestClient, answers: Answers, pack: Pack) -> None:
    page = result(client, answers).text
    assert 'formaction="/result/plan.pdf"' in page
    assert 'formaction="/result/plan.ics"' in page
    held = result(client, examples(pack)["walking-ache-eased-by-sitting"]).text
    assert 'formaction="/result/plan.pdf"' in held
    assert 'formaction="/result/plan.ics"' not in held


def test_answers_that_do_not_fit_are_refused_as_on_the_page(client: TestClient, answers: Answers) -> None:
    faulty = form(answers) | {"a.back.sweeping-ache": ["nonsense"]}
    for ending in ("pdf", "ics"):
        answer = client.post(f"/result/plan.{ending}", data=faulty)
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("text/html")
    assert "nonsense" not in answer.headers.get("content-disposition", "")


def test_the_sheet_speaks_the_language_of_the_page(settings: Settings, pack: Pack, answers: Answers) -> None:
    with in_two_languages(settings, pack) as client:
        answer = client.post("/result/plan.pdf", data=form(answers) | {"language": ["es"]})
        assert answer.headers["content-language"] == "es"
        assert str(PdfReader(BytesIO(answer.content)).root_object["/Lang"]) == "es"
        assert "FOUR WEEKS TO TICK OFF" in text(answer.content)
        assert "EXERCISES, 16 MIN" in client.post("/result/plan.ics", data=form(answers), headers=LOUD).text.replace("\\", "")


def test_a_kept_result_gives_its_plan_as_it_is_now(client: TestClient, answers: Answers) -> None:
    link = keep(client, answers)
    assert f'href="{link}/plan.pdf"' in client.get(link).text
    before = client.get(f"{link}/plan.ics").content
    assert client.get(f"{link}/plan.ics").content == before
    assert link in text(client.get(f"{link}/plan.pdf").content).replace(" ", "")
    client.post(f"{link}/check-in", data=WEEK)
    after = client.get(f"{link}/plan.ics").content
    assert len(Calendar.from_ical(after).events) == len(Calendar.from_ical(before).events)
    assert {str(one["uid"]) for one in Calendar.from_ical(after).events} == {str(one["uid"]) for one in Calendar.from_ical(before).events}


def test_looking_with_head_gives_the_same_headers(client: TestClient, answers: Answers) -> None:
    link = keep(client, answers)
    for ending in ("pdf", "ics"):
        looked, got = client.head(f"{link}/plan.{ending}"), client.get(f"{link}/plan.{ending}")
        assert looked.status_code == 200
        assert looked.headers["content-length"] == got.headers["content-length"]
        assert got.headers["x-robots-tag"] == "noindex, nofollow"
        assert got.headers["referrer-policy"] == "no-referrer"


def test_a_key_that_opens_nothing_gives_no_file(client: TestClient, answers: Answers) -> None:
    link = keep(client, answers)
    pages = [client.get(f"{path}/plan.{ending}") for path in (link[:-1], f"{link}x", "/my/nobody") for ending in ("pdf", "ics")]
    assert {page.status_code for page in pages} == {404}
    assert {page.headers["content-type"] for page in pages} == {"text/html; charset=utf-8"}
