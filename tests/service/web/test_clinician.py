"""The clinician's page: one intake, everything that speaks for what it says; opened by a link, without script, each step written down."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from rules import Pack, evaluate
from service.app import create_app
from service.assessments import Access, Intake, Submission, submit
from service.check_ins import check_in
from service.settings import Settings
from tests.service.asking import RETENTION, Answers, all_told, connected, examples, problem, rows
from tests.service.clinic_world import World, refuse_lines, world
from tests.service.pictures import png
from tests.service.web.sending import words

FINDING = "gluteus-maximus.weak.left"
WISHES = {
    "contact": ["Mill Lane 4", "Phone <0123>"],
    "language": "es",
    "wording": {"emergency": {"en": "Call 112, then our desk."}, "clear": {"es": "Nos vemos pronto.", "de": "Bis bald."}},
}


def opened(at: World, answers: Answers | None = None) -> Response:
    """The page of somebody's intake."""
    page = at.client.get(at.link(at.ours, at.tell(at.ours, answers)))
    assert page.status_code == 200
    return page


def told(at: World, link: str, **fields: str) -> Response:
    """An opinion, sent as the page's form sends it; and the page that follows."""
    return at.client.post(f"{link}/opinion", data={"finding": FINDING, **fields})


def test_findings_stand_strongest_first_each_with_all_its_reasons_rules_weights_and_answers(at: World) -> None:
    page, said = opened(at), evaluate(at.state.pack, at.answers)
    text = words(page)
    cards = re.findall(r'<article class="finding [^>]*id="finding-([^"]+)"', page.text)
    assert cards == [one["id"] for one in said["findings"]]
    assert [one["band"] for one in said["findings"]] == ["strong", "likely", "possible", "possible"]
    for card, finding in zip(re.split(r'<article class="finding ', page.text)[1:], said["findings"], strict=True):
        for one in (*finding["supporting"], *finding["conflicting"]):
            assert one["text"] in unescape(card)
            assert f'href="/v1/rules/{one["rule"]}"' in card
            assert f"Weight: {one['weight']}" in card
        for still in finding["unanswered"]:
            assert at.state.pack.items[still["link_id"]].text in unescape(card)
    assert "Yes, it starts within about 15 minutes" in text


def test_every_answer_the_plan_what_was_left_out_and_the_versions_are_there(at: World) -> None:
    page, said = opened(at), evaluate(at.state.pack, at.answers)
    text, pack = words(page), at.state.pack
    for item, answer in at.answers.items():
        given = answer if isinstance(answer, list) else [answer]
        assert all(pack.option_text(item, one) in text for one in given if isinstance(one, str)), item
    assert all(one["name"] in text and one["caution"] in text for one in said["plan"]["prescriptions"])
    assert all(one["text"] in text for one in said["plan"]["left_out"])
    assert all(part in text for part in (said["versions"]["digest"], said["versions"]["evidence"], "ref-1", "Patient/1", "UTC, English"))
    assert "left -5 degrees" in text
    assert "38 s less than usual" in text


@pytest.mark.parametrize("name", ["emergency", "walking-ache-eased-by-sitting", "after-birth"])
def test_red_flags_gates_and_what_to_do_come_before_anything_else(at: World, pack: Pack, name: str) -> None:
    given = examples(pack)[name]
    page, said = opened(at, given), evaluate(pack, given)
    text = words(page)
    first = text.partition("Findings")[0] if name != "emergency" else text.partition("Every answer")[0]
    assert all(one["text"] in first for one in said["triage"]["red_flags"])
    assert all(one["because"] in first for one in said["triage"]["gates"])
    assert said["triage"]["advice"] in first
    assert ("Plan" in text) == (name != "emergency")


def test_the_clinics_name_contact_and_own_words_for_the_urgency_are_shown_in_the_readers_language_or_its_own(at: World, pack: Pack) -> None:
    at.settle(at.ours, WISHES, png(120, 40))
    urgent, calm = words(opened(at, examples(pack)["emergency"])), opened(at)
    assert "Call 112, then our desk." in urgent
    assert "Nos vemos pronto." in words(calm)
    assert '<p lang="es" class="lines">' in calm.text
    assert "Phone &lt;0123&gt;" in calm.text
    logo = at.client.get(f"/clinics/{at.ours.id}/logo")
    assert f'<img src="{logo.request.url.path}"' in calm.text
    assert logo.content == png(120, 40)


def test_the_page_needs_no_script_and_sends_to_nobody_else(at: World) -> None:
    page = opened(at).text
    assert "<script" not in page
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []


def test_the_page_speaks_the_readers_language_also_of_what_was_told_in_another(settings: Settings, answers: Answers) -> None:
    app = create_app(settings)
    with TestClient(app) as client:
        at = world(client, app.state.service, answers)
        link = at.link(at.ours, at.tell(at.ours))
        pages = {language: client.get(link, headers={"Accept-Language": language}) for language in ("en", "es", "de")}
        for language, page in pages.items():
            said = evaluate(at.state.readers[language].pack, answers)
            assert page.headers["content-language"] == language
            assert all(one["supporting"][0]["text"] in words(page) for one in said["findings"])
            assert said["triage"]["advice"] in words(page)
        assert "inglés" in words(pages["es"])
        record = client.get(f"{link}/record.pdf", headers={"Accept-Language": "de"})
        assert record.headers["content-language"] == "de"


def test_what_was_told_of_other_content_is_shown_as_it_was_said(at: World, settings: Settings) -> None:
    link = at.link(at.ours, at.tell(at.ours, {**at.answers}))
    with connected(settings.url()) as connection:
        connection.exec_driver_sql("UPDATE assessment SET guidance = replace(guidance, 'sha256:', 'sha256:0')")
        connection.exec_driver_sql(
            "UPDATE assessment SET answers = replace(replace(answers, '\"back.onset\"', '\"back.gone\"'), '-15-min', '-99-min')"
        )
    page = at.client.get(link)
    assert page.status_code == 200
    assert "told as it was said that day" in words(page)
    assert "No longer asked" in words(page)
    assert "back.gone" in words(page)
    assert at.client.get(f"{link}/record.pdf").status_code == 200


def test_an_opinion_is_saved_and_shown_and_can_be_changed_and_taken_back(at: World) -> None:
    intake = at.tell(at.ours)
    link = at.link(at.ours, intake)
    assert "Disagreed: It is the other side" in words(told(at, link, verdict="disagree", reason="other-side"))
    assert "Agreed" in words(told(at, link, verdict="agree", reason="other-side"))
    assert rows(at.state.settings.url(), "opinion") == 1
    assert "Agreed" not in words(told(at, link, verdict="withdraw"))
    assert rows(at.state.settings.url(), "opinion") == 0
    name = f"link_{link.split('.')[1]}"
    steps = [(actor, action, what) for actor, action, kind, what in at.trail(at.ours) if kind == "opinion"]
    own = f"{intake}/{FINDING}"
    assert steps == [(name, "update", own), (name, "update", own), (name, "erase", own)]


def test_disagreeing_needs_a_reason(at: World) -> None:
    link = at.link(at.ours, at.tell(at.ours))
    for fields in ({"verdict": "disagree"}, {"verdict": "disagree", "reason": "because"}, {"verdict": "perhaps"}, {}):
        page = told(at, link, **fields)
        assert page.status_code == 422
        assert "Choose a reason" in words(page)
        assert 'aria-describedby="fault-gluteus-maximus.weak.left"' in page.text
    assert rows(at.state.settings.url(), "opinion") == 0


def test_there_is_no_opinion_on_what_is_not_there(at: World) -> None:
    link = at.link(at.ours, at.tell(at.ours))
    for finding in ("", "x", "a\0b.weak.left", "<b>", "gluteus-maximus.tight.left"):
        page = at.client.post(f"{link}/opinion", data={"finding": finding, "verdict": "agree"})
        assert page.status_code == 404
    assert rows(at.state.settings.url(), "opinion") == 0


def wrong(at: World, link: str) -> Iterator[str]:
    """Links that open nothing: of another secret, of another clinic, of none, and whose time is over."""
    clinic, name, secret = link.removeprefix("/intake/").split(".")
    yield f"/intake/{clinic}.{name}.{secret[::-1]}"
    yield f"/intake/{at.theirs.id}.{name}.{secret}"
    yield f"/intake/{clinic}.{'0' * 16}.{secret}"
    yield f"/intake/{clinic}.{name}"
    yield "/intake/x"
    yield "/intake/%00"
    yield at.link(at.ours, at.tell(at.ours), hours=-1)


def test_a_link_that_is_wrong_or_over_gets_the_very_same_page_however_it_is_wrong(at: World) -> None:
    link = at.link(at.ours, at.tell(at.ours))
    paths = list(wrong(at, link))
    for rest in ("", "/record.pdf"):
        pages = [at.client.get(path + rest) for path in paths]
        assert {page.status_code for page in pages} == {404}
        assert len({re.sub(r'value="/intake/[^"]*"', "", page.text) for page in pages}) == 1
    answers = [told(at, path, verdict="agree") for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert [all_told(one)[0] for one in answers] == [404] * len(paths)
    assert rows(at.state.settings.url(), "opinion") == 0


def test_a_link_opens_its_intake_only(at: World) -> None:
    first, second = at.tell(at.ours, reference="first-one"), at.tell(at.ours, reference="second-one")
    page = at.client.get(at.link(at.ours, first))
    assert "first-one" in page.text
    assert second not in page.text
    assert "second-one" not in page.text


def test_nobody_on_the_way_keeps_lists_or_passes_on_the_link(at: World) -> None:
    link = at.link(at.ours, at.tell(at.ours))
    for path in (link, f"{link}/record.pdf"):
        for answer in (at.client.get(path), at.client.head(path)):
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_each_reading_and_each_export_is_a_line_of_the_trail_with_the_links_name(at: World) -> None:
    intake = at.tell(at.ours)
    link = at.link(at.ours, intake)
    for path in ("", "/record.pdf", ""):
        at.client.get(link + path)
    name = f"link_{link.split('.')[1]}"
    assert at.trail(at.ours)[1:] == [(name, action, "assessment", intake) for action in ("read", "export", "read")]


def test_what_cannot_be_written_down_is_neither_shown_nor_done(at: World, settings: Settings) -> None:
    link = at.link(at.ours, at.tell(at.ours))
    refuse_lines(settings.url())
    for path in ("", "/record.pdf"):
        assert problem(at.client.get(link + path), 503).type.endswith(":not-written-down")
    assert told(at, link, verdict="agree").status_code == 503
    assert [rows(settings.url(), table) for table in ("opinion", "agreement")] == [0, 0]


def test_check_ins_since_are_shown_with_the_plan_as_it_is_now(at: World, pack: Pack) -> None:

    submission = Submission(at.answers, evaluate(pack, at.answers), "en", None, RETENTION, Intake(at.ours.id))
    kept = at.state.database.run_now(lambda session: submit(session, submission), at.ours.id)
    week = {"done": "all", "pain_after": 2, "effort": 3, "signs": "some"}
    at.state.database.run_now(lambda session: check_in(session, pack, Access(kept.id, kept.token), week, None))
    page = at.client.get(at.link(at.ours, kept.id))
    assert "Weekly check-ins" in words(page)
    assert pack.follow_up.check_in.says.stop in words(page)
    assert "About 16 minutes" not in words(page)
