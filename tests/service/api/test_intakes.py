"""A clinic's side over HTTP: its intakes listed, read, exported and erased; links for its clinicians; every step in the trail."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from httpx2 import Response
from pypdf import PdfReader

from rules import Pack
from service.settings import Settings
from tests.service.asking import examples, leaves_a_trace, problem, rows
from tests.service.clinic_world import AtClinic, World, refuse_lines

PATH = "/v1/intakes"
WRONG = [
    ("limit", "0"),
    ("limit", "101"),
    ("limit", "x"),
    ("status", "finished"),
    ("invitation", "x"),
    ("reference", ""),
    ("reference", "x" * 65),
    ("reference", "\0"),
    ("before", "2026-11-29T10:00:00Z"),
    ("before", "1" * 18 + "-" + "a" * 22),
    ("since", "2026-11-29T10:00:00"),
    ("since", "2026-11-29"),
    ("since", "1764374400"),
    ("since", "2026-02-30T10:00:00Z"),
    ("since", "2026-11-29T10:00:00+99:00"),
    ("since", "9999-12-31T23:59:59-23:59"),
    ("since", "٢٠٢٦-11-29T10:00:00Z"),
]


def get(at: World, path: str, clinic: AtClinic | None = None, **request: Any) -> Response:
    """What a key that may do everything gets."""
    return at.ask("GET", path, (clinic or at.ours).key, **request)


def ids(response: Response) -> list[str]:
    """The intakes of a list, in its order."""
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["intakes"]]


def test_intakes_are_listed_newest_first_at_a_glance_and_without_answers(at: World, pack: Pack) -> None:
    calm = at.tell(at.ours)
    urgent = at.tell(at.ours, examples(pack)["emergency"], reference="ref-2", subject=None)
    response = get(at, PATH)
    assert ids(response) == [urgent, calm]
    first, second = response.json()["intakes"]
    assert (first["reference"], first["subject"], first["status"], first["urgency"]) == ("ref-2", None, "completed", "emergency")
    assert (second["reference"], second["urgency"], second["red_flags"]) == ("ref-1", "clear", [])
    assert all(one.startswith("RF") for one in first["red_flags"])
    assert first["red_flags"]
    assert first.keys() == {
        *("id", "reference", "invitation", "subject", "status", "created_at", "changed_at", "expires_at", "urgency", "red_flags")
    }
    assert datetime.fromisoformat(first["expires_at"]) > datetime.fromisoformat(first["created_at"])
    assert response.json()["next"] is None


def test_a_list_is_narrowed_by_reference_invitation_status_and_moment(at: World) -> None:
    invitation = "0123456789abcdef"
    first, second = at.tell(at.ours, reference="a b/+é"), at.tell(at.ours, invitation=invitation)
    since = get(at, PATH).json()["intakes"][0]["created_at"]
    assert ids(get(at, PATH, params={"reference": "a b/+é"})) == [first]
    assert ids(get(at, PATH, params={"invitation": invitation})) == [second]
    assert ids(get(at, PATH, params={"status": "completed"})) == [second, first]
    assert ids(get(at, PATH, params={"status": "in-progress"})) == []
    assert ids(get(at, PATH, params={"since": since})) == [second]
    assert ids(get(at, PATH, params={"since": "2099-01-01T00:00:00+01:00"})) == []
    assert ids(get(at, PATH, params={"since": "2020-01-01t00:00:00z"})) == [second, first]


def test_page_by_page_every_intake_comes_once_even_those_of_one_moment(at: World, settings: Settings) -> None:
    told = {at.tell(at.ours) for _ in range(5)}
    at.state.database.run_now(
        lambda session: session.connection().exec_driver_sql("UPDATE assessment SET created_at = '2026-11-29 10:00:00.000000'"), at.ours.id
    )
    seen, before = list[str](), None
    while True:
        page = get(at, PATH, params={"limit": 2, **({"before": before} if before else {})})
        seen += ids(page)
        before = page.json()["next"]
        if before is None:
            break
        assert len(ids(page)) == 2
    assert len(seen) == 5
    assert set(seen) == told
    assert rows(settings.url(), "assessment") == 5


def test_what_cannot_be_meant_is_refused_and_not_repeated(at: World) -> None:
    for name, value in WRONG:
        refused = problem(get(at, PATH, params={name: value}), 422)
        assert refused.pointers == [f"/query/{name}"]
        assert len(value) < 3 or value not in refused.model_dump_json()


def test_an_intake_holds_answers_and_guidance_as_they_were_stored(at: World) -> None:
    intake = at.tell(at.ours)
    response = get(at, f"{PATH}/{intake}")
    said = response.json()
    assert said["answers"] == at.answers
    assert said["guidance"]["findings"]
    assert (said["id"], said["reference"]) == (intake, "ref-1")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-language"] == "en"


@pytest.mark.parametrize(("path", "headers"), [(".pdf", {}), ("", {"Accept": "application/pdf"})])
def test_the_record_comes_as_pdf(at: World, path: str, headers: dict[str, str]) -> None:
    intake = at.tell(at.ours)
    response = get(at, f"{PATH}/{intake}{path}", headers=headers)
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == 'attachment; filename="intake-record.pdf"'
    assert (response.headers["cache-control"], response.headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")
    assert "ref-1" in PdfReader(BytesIO(response.content)).pages[0].extract_text()
    assert at.trail(at.ours)[-1][1:] == ("export", "assessment", intake)


def test_other_formats_are_not_offered(at: World) -> None:
    intake = at.tell(at.ours)
    problem(get(at, f"{PATH}/{intake}", headers={"Accept": "text/html"}), 406)


def test_erasing_takes_everything_and_the_clinic_hears_of_it(at: World, settings: Settings) -> None:
    intake = at.tell(at.ours)
    link = at.link(at.ours, intake)
    at.ask("PUT", f"{PATH}/{intake}/findings/gluteus-maximus.weak.left/opinion", at.ours.key, json={"verdict": "agree"})
    assert at.ask("DELETE", f"{PATH}/{intake}", at.ours.by_scope["read"]).status_code == 403
    erased = at.ask("DELETE", f"{PATH}/{intake}", at.ours.by_scope["invite"])
    assert (erased.status_code, erased.content) == (204, b"")
    assert {table: rows(settings.url(), table) for table in ("assessment", "clinician_link", "opinion")} == {
        "assessment": 0,
        "clinician_link": 0,
        "opinion": 0,
    }
    assert at.client.get(link).status_code == 404
    problem(at.ask("DELETE", f"{PATH}/{intake}", at.ours.key), 404)
    assert rows(settings.url(), "event WHERE type = 'assessment.erased'") == 1


@pytest.mark.parametrize(("body", "hours"), [({}, 8), ({"hours": 72}, 72)])
def test_a_link_opens_the_page_for_some_hours_and_its_secret_is_kept_nowhere(
    at: World, settings: Settings, body: dict[str, int], hours: int
) -> None:
    intake = at.tell(at.ours)
    response = at.ask("POST", f"{PATH}/{intake}/links", at.ours.by_scope["read"], json=body)
    assert response.status_code == 201
    said = response.json()
    assert said.keys() == {"link", "expires_at"}
    lasts = datetime.fromisoformat(said["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=hours) - timedelta(minutes=1) < lasts <= timedelta(hours=hours)
    assert said["link"] == f"http://testserver{response.headers['location']}"
    assert at.client.get(response.headers["location"]).status_code == 200
    clinic, name, secret = said["link"].rpartition("/")[2].split(".")
    assert clinic == at.ours.id
    assert not leaves_a_trace(settings.url(), secret)
    assert at.trail(at.ours)[-2:] == [
        (f"mbk_{at.ours.by_scope['read'].split('_')[1]}_{at.ours.by_scope['read'].split('_')[2]}", "create", "link", f"{intake}/{name}"),
        (f"link_{name}", "read", "assessment", intake),
    ]


def test_a_link_for_no_time_or_ever_is_refused(at: World) -> None:
    intake = at.tell(at.ours)
    wrong: list[object] = [
        {"hours": 0},
        {"hours": 73},
        {"hours": "8"},
        {"hours": True},
        {"hours": None},
        {"hours": 8.5},
        {"x": 1},
        [],
        None,
    ]
    for body in wrong:
        sent: dict[str, Any] = {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}
        problem(at.ask("POST", f"{PATH}/{intake}/links", at.ours.key, **sent), 422)


def test_what_cannot_be_written_down_is_not_shown(at: World, settings: Settings) -> None:
    intake = at.tell(at.ours)
    refuse_lines(settings.url())
    for path in (PATH, f"{PATH}/{intake}", f"{PATH}/{intake}.pdf", f"{PATH}/{intake}/opinions", "/v1/audit"):
        refused = get(at, path)
        assert problem(refused, 503).type.endswith(":not-written-down")
        assert refused.headers["retry-after"] == "1"


def test_what_cannot_be_written_down_is_not_done(at: World, settings: Settings) -> None:
    intake = at.tell(at.ours)
    refuse_lines(settings.url())
    finding = f"{PATH}/{intake}/findings/gluteus-maximus.weak.left/opinion"
    problem(at.ask("DELETE", f"{PATH}/{intake}", at.ours.key), 503)
    problem(at.ask("POST", f"{PATH}/{intake}/links", at.ours.key, json={}), 503)
    problem(at.ask("PUT", finding, at.ours.key, json={"verdict": "agree"}), 503)
    assert [rows(settings.url(), table) for table in ("assessment", "clinician_link", "opinion", "agreement")] == [1, 0, 0, 0]
