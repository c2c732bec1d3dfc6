"""The sessions in a calendar: on the right days, four weeks long, the same at every download, and quiet about health."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from rules import Guidance, NoPlan, evaluate
from service.paper.diary import Diary, calendar, session_days
from service.paper.sheet import Paper
from tests.service.asking import examples

MADE = datetime(2026, 11, 23, 21, 5, 3, 999, tzinfo=UTC)  # a Monday
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@pytest.fixture
def diary(paper: Paper) -> Diary:
    """Somebody's sessions: four days a week, sixteen minutes."""
    return Diary(paper.guidance, paper.reader, MADE, MADE.date(), "an-assessment")


def events(diary: Diary) -> list[Any]:
    """What a calendar program reads."""
    return list(Calendar.from_ical(calendar(diary)).events)


def days(event: Any) -> list[date]:
    """Every day of a weekly event, counted by hand."""
    rule, first = event["rrule"], event.start.date()
    every = (first + timedelta(days=place) for place in range(100))
    return [day for day in every if NAMES[day.weekday()] in rule["BYDAY"]][: rule["COUNT"][0]]


def test_sessions_begin_the_day_after_and_are_spread_over_four_weeks(diary: Diary) -> None:
    sessions = events(diary)[0]
    assert sessions.start == datetime(2026, 11, 24, 18)  # noqa: DTZ001 - the time of wherever the calendar is
    assert sessions.duration == timedelta(minutes=diary.guidance["plan"]["minutes"])
    assert [day.isoformat() for day in days(sessions)][:5] == ["2026-11-24", "2026-11-25", "2026-11-27", "2026-11-29", "2026-12-01"]
    assert len(days(sessions)) == 16
    assert days(sessions)[-1] == date(2026, 12, 20)


@pytest.mark.parametrize("count", range(1, 8))
def test_the_days_of_a_week_lie_as_far_apart_as_they_can(count: int) -> None:
    first = date(2026, 11, 24)
    found = session_days(first, count)
    gaps = [(later - earlier).days for earlier, later in zip(found, [*found[1:], first + timedelta(weeks=1)], strict=True)]
    assert found[0] == first
    assert max(gaps) - min(gaps) <= 1


def test_looking_again_takes_whole_days_and_blocks_none(diary: Diary) -> None:
    again = events(diary)[1:]
    assert [one.start for one in again] == [date(2026, 12, 7), date(2027, 1, 4), date(2027, 2, 15)]
    assert all(one["transp"] == "TRANSPARENT" for one in again)


def test_after_a_check_in_the_sessions_begin_anew_and_the_dates_to_look_again_stay(diary: Diary) -> None:
    later = events(replace(diary, since=date(2026, 12, 1)))
    assert later[0].start.date() == date(2026, 12, 2)
    assert later[1].start == date(2026, 12, 7)


def test_headlines_say_nothing_about_health_and_the_note_holds_each_dose(diary: Diary) -> None:
    said = events(diary)
    assert [str(one["summary"]) for one in said] == ["Exercises, 16 min", *["Look again at your exercises"] * 3]
    assert all(one["class"] == "PRIVATE" for one in said)
    lines = str(said[0]["description"]).split("\n")
    assert [line.partition(": ")[0] for line in lines] == [
        f"{place}. {one['name']}" for place, one in enumerate(diary.guidance["plan"]["prescriptions"], start=1)
    ]
    assert "1 set of 6, holding 8 s on each side, and one set more on the right" in lines[2]


def test_the_same_assessment_gives_the_same_bytes_and_another_one_other_events(diary: Diary) -> None:
    assert calendar(diary) == calendar(replace(diary))
    own, other = ({str(one["uid"]) for one in events(one)} for one in (diary, replace(diary, name="another")))
    assert len(own) == 4
    assert not own & other
    assert all(one["dtstamp"].dt == MADE.replace(microsecond=0) for one in events(diary))


def test_what_looks_like_calendar_lines_stays_text(diary: Diary) -> None:
    guidance: Guidance = json.loads(json.dumps(diary.guidance))
    guidance["plan"]["prescriptions"][0]["name"] = "x\r\nEND:VEVENT\nBEGIN:VALARM\\;,\x00" + "é" * 80
    hostile = replace(diary, guidance=guidance)
    said = events(hostile)
    assert len(said) == 4
    assert said[0].subcomponents == []
    assert "END:VEVENT\nBEGIN:VALARM\\;," in str(said[0]["description"])
    assert all(len(line) <= 75 for line in calendar(hostile).split(b"\r\n"))


@pytest.mark.parametrize("name", ["emergency", "walking-ache-eased-by-sitting"])
def test_without_a_plan_there_is_no_calendar(diary: Diary, name: str) -> None:
    guidance = evaluate(diary.reader.pack, examples(diary.reader.pack)[name])
    with pytest.raises(NoPlan):
        calendar(replace(diary, guidance=guidance))
