"""Somebody who is invited, without script: they read who asks, agree, confirm what is known, send it, and have their own link. Nothing is stored before."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from rules import Pack
from service.settings import Settings
from tests.service.asking import connected, examples, rows
from tests.service.clinic_world import World
from tests.service.inviting import expire_invitation, invited
from tests.service.pictures import png
from tests.service.web.invited.practice import KNOWN
from tests.service.web.sending import form, words
from tests.service.web.walking import Form


def test_the_start_page_says_who_asks_and_what_will_be_sent(at: World) -> None:
    due = datetime.now(UTC).date() + timedelta(days=9)
    page = at.client.get(invited(at, answers=KNOWN, due=str(due)).path)
    told = words(page)
    for said in (
        "Ours has invited you",
        "go to Ours",
        "12 days",
        "your own private link",
        "3 answers",
        f"{due.day}, {due.year}",
        "Mill Lane 1",
    ):
        assert said in told
    assert f'src="/clinics/{at.ours.id}/logo"' in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(("chosen", "asked", "wanted"), [(None, None, "es"), (None, "de", "de"), ("en", "de", "en"), ("xx", "de", "de")])
def test_the_readers_choice_comes_first_then_the_invitations_language_then_the_clinics(
    spoken: World, chosen: str | None, asked: str | None, wanted: str
) -> None:
    one = invited(spoken, language=asked)
    headers = {"Accept-Language": "en", **({"Cookie": f"language={chosen}"} if chosen else {})}
    for path in (one.path, f"/embedded/auto/metric{one.path}"):
        assert spoken.client.get(path, headers=headers).headers["content-language"] == wanted
    assert spoken.client.get(f"/embedded/en/metric{one.path}").headers["content-language"] == "en"


def test_nothing_is_stored_or_announced_by_reading_and_nothing_is_asked_before_somebody_agrees(at: World, settings: Settings) -> None:
    one = invited(at)
    before = rows(settings.url(), "audit_event")
    for path in (one.path, f"{one.path}/take", f"{one.path}/start", f"{one.path}/result"):
        assert at.client.head(one.path).status_code == 200
        page = at.client.get(path)
        assert page.url.path == one.path
    for path in ("take", "result"):
        page = at.client.post(f"{one.path}/{path}", data={**form(at.answers), "go": "on"})
        assert page.url.path == one.path
    assert [rows(settings.url(), table) for table in ("assessment", "event")] == [0, 0]
    assert rows(settings.url(), "audit_event") == before


def test_the_whole_way_without_script(at: World, settings: Settings) -> None:
    one = invited(at, answers=KNOWN)
    page = one.begin()
    assert page.fields["asked"][0] == "safety.below-waist"
    confirmed: list[str] = []
    for _ in range(60):
        chosen = {
            name: ["questions"] if name == "way" else [next((one for one in ("none", "no") if one in choices), choices[-1])]
            for name, choices in page.choices.items()
            if name not in page.fields
        }
        confirmed += [name for name in page.choices if name in page.fields]
        answer = at.client.post(f"{one.path}/take", data={**page.fields, **chosen, "go": "on"})
        assert answer.status_code == 200
        page = Form()
        page.feed(answer.text)
        if not page.choices:
            break
        assert rows(settings.url(), "assessment") == 0
    assert {f"a.{item}" for item in KNOWN} <= set(confirmed)
    assert "Send to Ours and show my result" in words(answer)
    sent = at.client.post(f"{one.path}/result", data=page.fields)
    assert sent.url.path.startswith(f"{one.path}/my/")
    assert "Sent to Ours on" in words(sent)
    assert one.state()["state"] == "used"


def test_what_is_known_is_shown_page_by_page_safety_first(at: World) -> None:
    pages = invited(at, answers={**KNOWN, "safety.pain-level": 3}).begin().fields["asked"]
    assert pages == ["safety.below-waist", "safety.injury", "safety.pain-level", "way", "about-you.age-band", "back.onset"]


def test_what_is_sent_has_the_clinics_reference_and_end_and_the_persons_own_link(at: World, settings: Settings) -> None:
    one = invited(at, reference="A-17", subject="Patient/9")
    sent = one.send(at.answers, one.once())
    assert (sent.status_code, sent.headers["cache-control"]) == (303, "no-store")
    page = at.client.get(sent.headers["location"])
    key = page.url.path.rpartition("/")[2]
    told = words(page)
    assert ("We see you on Monday." in told, "Mill Lane 1" in told, f"http://testserver/my/{key}" in told) == (True, True, True)
    assert f'data-completed="{key.partition(".")[0]}"' in page.text
    assert "Sent to Ours" in words(at.client.get(f"/my/{key}"))
    with connected(settings.url()) as connection:
        row = connection.exec_driver_sql("SELECT clinic_id, invitation_id, reference, subject, expires_at FROM assessment").one()
    assert tuple(row)[:4] == (at.ours.id, one.id, "A-17", "Patient/9")
    assert str((datetime.now(UTC) + timedelta(days=12)).date()) in str(row[4])
    assert at.client.get(f"{page.url.path}/plan.pdf").headers["content-type"] == "application/pdf"
    assert at.client.post(f"{page.url.path}/erase").url.path == f"{one.path}/my/erased"
    assert one.state()["intakes"] == []


def test_an_answer_that_is_urgent_is_sent_at_once_and_our_advice_stands_first(at: World, pack: Pack) -> None:
    one = invited(at)
    first = one.begin()
    urgent = {name: value for name, value in form(examples(pack)["emergency"]).items() if name.startswith("a.safety.below-waist")}
    page = at.client.post(f"{one.path}/take", data={**first.fields, **urgent, "go": "on"})
    for _ in range(40):
        if "/my/" in page.url.path:
            break
        asked = Form()
        asked.feed(page.text)
        answers = form(examples(pack)["emergency"])
        page = at.client.post(
            f"{one.path}/take", data={**asked.fields, **{name: answers.get(name, ["not-sure"]) for name in asked.choices}, "go": "on"}
        )
    told = words(page)
    assert told.index("Get help now") < told.index("Our night line: 555.")
    assert "Sent to Ours" in told
    assert one.state()["state"] == "used"


@pytest.mark.parametrize("why", ["used", "withdrawn", "expired"])
def test_one_that_is_over_says_so_kindly_and_keeps_the_answers_for_a_way_without_it(at: World, settings: Settings, why: str) -> None:
    one = invited(at)
    once = one.once()
    if why == "used":
        assert one.send(at.answers, one.once()).status_code == 303
    elif why == "withdrawn":
        one.withdraw()
    else:
        expire_invitation(settings.url(), one)
    before = rows(settings.url(), "assessment")
    start = at.client.get(one.path)
    assert (start.status_code, one.state()["state"]) == (410, why)
    assert at.client.post(f"{one.path}/start").status_code == 410
    late = one.send(at.answers, once)
    for page in (start, late, at.client.post(f"{one.path}/take", data={**form(at.answers), "once": once, "go": "stay"})):
        assert page.status_code == 410
        assert 'action="/take"' in page.text
        assert "Mill Lane 1" in words(page)
    without = Form()
    without.feed(late.text)
    assert "once" not in without.fields
    assert "Check your answers" in words(at.client.post("/take", data={**without.fields, "go": "check"}))
    assert rows(settings.url(), "assessment") == before


def test_urgent_advice_is_shown_even_where_it_cannot_be_sent(at: World, pack: Pack) -> None:
    one = invited(at)
    once = one.once()
    one.withdraw()
    page = one.send(examples(pack)["emergency"], once)
    told = words(page)
    assert page.status_code == 200
    assert "Get help now" in told
    assert "could not be sent to Ours" in told


def test_who_used_it_up_may_correct_it_and_a_second_press_changes_nothing(at: World) -> None:
    one = invited(at)
    once = one.once()
    first = one.send(at.answers, once).headers["location"]
    assert one.send(at.answers, once).headers["location"] == first
    assert one.send({**at.answers, "safety.pain-level": 1}, once).headers["location"] != first
    assert len(one.state()["intakes"]) == 2


@pytest.mark.parametrize("once", ["", "x", "a" * 42, "a" * 44, "ä" * 43, "../" * 15, "a" * 42 + "\n"])
def test_a_journey_that_nobody_began_sends_nothing(at: World, settings: Settings, once: str) -> None:
    one = invited(at)
    assert one.send(at.answers, once).headers["location"] == one.path
    assert rows(settings.url(), "assessment") == 0


@pytest.mark.parametrize("part", ["x", "a.b.c", "%00", "0" * 16 + "." + "0" * 16 + "." + "0" * 64, "%F0%9F%A6%B4", "a" * 5000])
def test_a_link_that_opens_nothing_is_one_page_whatever_is_wrong_with_it(spoken: World, part: str) -> None:
    pages = {spoken.client.get(f"/invited/{part}{rest}").status_code for rest in ("", "/take", "/my/nobody", "/start", "/result")}
    pages |= {
        spoken.client.post(f"{root}/invited/{part}/{rest}").status_code
        for rest in ("start", "take", "result")
        for root in ("", "/embedded/en/metric")
    }
    assert pages == {404}


def test_the_link_stands_in_no_log(at: World, caplog: pytest.LogCaptureFixture) -> None:
    one = invited(at)
    with caplog.at_level(logging.DEBUG, logger="muscle_balance"):
        one.send(at.answers, one.once())
        at.client.get(f"{one.path}x")
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "route=/result status=303" in said
    assert one.token.rpartition(".")[2] not in said


def test_a_logo_is_a_picture_for_anybody_and_nothing_else_is_told_of_clinics(spoken: World) -> None:
    picture = spoken.client.get(f"/clinics/{spoken.ours.id}/logo")
    assert (picture.status_code, picture.headers["content-type"], picture.content) == (200, "image/png", png(20, 10))
    assert (picture.headers["cache-control"], picture.headers["x-content-type-options"]) == ("public, max-age=300", "nosniff")
    assert len({spoken.client.get(f"/clinics/{one}/logo").content for one in (spoken.theirs.id, "0" * 16)}) == 1
    assert {spoken.client.get(f"/clinics/{one}/logo").status_code for one in (spoken.theirs.id, "0" * 16)} == {404}
    assert {spoken.client.get(f"/clinics/{one}/logo").status_code for one in ("x", "%00", "*", "''")} == {422}


def test_a_language_that_is_chosen_on_the_last_page_is_that_of_the_result(spoken: World) -> None:
    one = invited(spoken, language="de")
    data = {**form(spoken.answers), "once": one.once(), "language": "en", "units": "imperial"}
    sent = spoken.client.post(f"{one.path}/result", data=data)
    assert sent.headers["content-language"] == "en"
    assert dict(spoken.client.cookies) == {"language": "en", "units": "imperial"}
    spoken.client.cookies.clear()
