"""An assessment as a file: by Accept or by its ending, for its owner alone, and kept nowhere on the way."""

from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from starlette.testclient import TestClient

from rules import Pack
from tests.service.asking import STRANGER, Answers, Posted, examples, post, problem

TYPES = {
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
}
FILES = {"pdf": "exercise-plan.pdf", "ics": "exercise-plan.ics"}


@pytest.mark.parametrize("ending", TYPES)
def test_the_ending_and_the_accept_header_give_the_same(client: TestClient, posted: Posted, ending: str) -> None:
    wanted = TYPES[ending].partition(";")[0]
    named = client.get(f"{posted.path}.{ending}", headers=posted.opens)
    accepted = client.get(posted.path, headers={**posted.opens, "Accept": wanted})
    for answer in (named, accepted):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == TYPES[ending]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-language"] == "en"
        assert answer.headers.get("content-disposition") == (f'attachment; filename="{FILES[ending]}"' if ending in FILES else None)
    assert named.content == accepted.content


def test_the_ending_matters_more_than_the_accept_header(client: TestClient, posted: Posted) -> None:
    for accept in ("text/html", "image/png", "nonsense"):
        answer = client.get(f"{posted.path}.json", headers={**posted.opens, "Accept": accept})
        assert answer.headers["content-type"] == "application/json"


def test_another_ending_is_refused(client: TestClient, posted: Posted) -> None:
    assert problem(client.get(f"{posted.path}.exe", headers=posted.opens), 422).type.endswith(":wrong-shape")


@pytest.mark.parametrize("ending", TYPES)
def test_without_the_token_there_is_no_file(client: TestClient, posted: Posted, ending: str) -> None:
    strangers = [
        client.get(f"{posted.path}.{ending}"),
        client.get(f"{posted.path}.{ending}", headers={"Authorization": f"Bearer {STRANGER}"}),
    ]
    strangers.append(client.get(f"/v1/assessments/{STRANGER}.{ending}", headers=posted.opens))
    assert len({problem(answer, 404).title for answer in strangers}) == 1


def test_the_sheet_leads_to_the_private_page(client: TestClient, posted: Posted) -> None:
    sheet = PdfReader(BytesIO(client.get(f"{posted.path}.pdf", headers=posted.opens).content))
    links = [str(note.get_object()["/A"]["/URI"]) for page in sheet.pages for note in page.get("/Annots", []) or []]
    assert set(links) == {f"http://testserver/my/{posted.id}.{posted.token}"}
    assert client.get(links[0]).status_code == 200


def test_the_calendar_holds_no_secret(client: TestClient, posted: Posted) -> None:
    said = client.get(f"{posted.path}.ics", headers=posted.opens).text
    assert posted.token not in said
    assert posted.id not in said


def test_a_plan_that_is_held_back_has_a_sheet_but_no_calendar(client: TestClient, pack: Pack) -> None:
    held = post(client, examples(pack)["walking-ache-eased-by-sitting"])
    assert client.get(f"{held.path}.pdf", headers=held.opens).status_code == 200
    assert problem(client.get(f"{held.path}.ics", headers=held.opens), 422).type.endswith(":no-plan")


def test_evaluating_gives_files_too_and_leads_nowhere(stateless: TestClient, answers: Answers) -> None:
    def ask(accept: str) -> bytes:
        answer = stateless.post("/v1/evaluate", json={"answers": answers}, headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(accept)
        assert answer.headers["cache-control"] == "no-store"
        return answer.content

    sheet = PdfReader(BytesIO(ask("application/pdf")))
    assert not any("/Annots" in page for page in sheet.pages)
    assert len(Calendar.from_ical(ask("text/calendar")).events) == 4
    assert ask("text/calendar") == ask("text/calendar")


def test_the_document_tells_of_every_form(stateless: TestClient) -> None:
    paths = stateless.get("/openapi.json").json()["paths"]
    for operation in (paths["/v1/assessments/{assessment_id}"]["get"], paths["/v1/evaluate"]["post"]):
        assert list(operation["responses"]["200"]["content"]) == [one.partition(";")[0] for one in TYPES.values()]
    told = paths["/v1/assessments/{assessment_id}"]["get"]["description"]
    assert all(f"`.{ending}`" in told for ending in TYPES)
