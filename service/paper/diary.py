"""The plan in a calendar: four weeks of sessions, and the days to look again. Deterministic for the same assessment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from rules import Guidance, NoPlan
from rules.shapes import PlanShape
from service.paper.sheet import WEEKS
from service.paper.visible import visible
from service.readable.words import dose
from service.reader import Reader

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMESPACE = UUID("6a1f0c5e-6d0f-4f0e-9d53-0c0b6f6f8a11")
# A time without a zone is that of wherever the calendar is: we do not know where somebody lives, and an evening goes with them.
BEGINS = time(18)


@dataclass(frozen=True)
class Diary:
    """What goes into the calendar. `made`: when it was answered; `since`: the day before the first session; `name`: what its events are known by."""

    guidance: Guidance
    reader: Reader
    made: datetime
    since: date
    name: str


def calendar(diary: Diary) -> bytes:
    """An iCalendar file. Raises NoPlan when there is no plan."""
    if diary.guidance["plan"]["status"] != "issued":
        raise NoPlan
    said = Calendar()
    said.add("prodid", f"-//{diary.reader.pack.label.id}//{diary.reader.language.upper()}")
    said.add("version", "2.0")
    said.add("calscale", "GREGORIAN")
    said.add_component(_sessions(diary))
    for again in _looking_again(diary):
        said.add_component(again)
    written: bytes = said.to_ical()
    return written


def session_days(first: date, days_a_week: int) -> list[date]:
    """The days of one week, spread as evenly as whole days allow, from the first one on."""
    return [first + timedelta(days=place * 7 // days_a_week) for place in range(days_a_week)]


def _sessions(diary: Diary) -> Event:
    plan, reader = diary.guidance["plan"], diary.reader
    first = diary.since + timedelta(days=1)
    days = session_days(first, plan["days_a_week"])
    # A calendar is often shared, so its headlines say no more than that there is exercise.
    event = _event(diary, "sessions", reader.say("Exercises, %(minutes)s min") % {"minutes": reader.number(plan["minutes"])})
    event.add("dtstart", datetime.combine(first, BEGINS))
    event.add("duration", timedelta(minutes=plan["minutes"]))
    event.add("rrule", {"freq": "weekly", "byday": [DAYS[day.weekday()] for day in days], "count": WEEKS * len(days)})
    event.add("description", visible(_told(reader, plan)))
    return event


def _looking_again(diary: Diary) -> Iterator[Event]:
    for weeks in diary.guidance["recheck_weeks"]:
        event = _event(diary, f"again-{weeks}", diary.reader.say("Look again at your exercises"))
        day = diary.made.date() + timedelta(weeks=weeks)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        yield event


def _event(diary: Diary, what: str, summary: str) -> Event:
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE, f"{diary.name} {what}")))
    event.add("dtstamp", diary.made)
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    return event


def _told(reader: Reader, plan: PlanShape) -> str:
    return "\n".join(f"{place}. {one['name']}: {dose(reader, one)}" for place, one in enumerate(plan["prescriptions"], start=1))
